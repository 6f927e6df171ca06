"""A time of day as people write it."""

from __future__ import annotations

import re
from datetime import time
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# 14:30, 14.30, 1430, 930, 2pm, 2.30 pm. Two digits alone are not read: 21 would be taken for one minute past two.
FORMATS: Final = ("%H:%M", "%H.%M", "%H%M", "%I:%M%p", "%I.%M%p", "%I%p")
TOO_SHORT: Final = re.compile(r"\d{1,2}")


class TimeField(forms.TimeField):
    """A time of day. Reads the usual ways of writing it, and never guesses."""

    default_error_messages = {"required": _("Enter the time"), "invalid": _("Enter a time, such as 14:30")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Such as 14:30"))
        options.setdefault("widget", forms.TextInput({"autocomplete": "off"}))
        super().__init__(input_formats=FORMATS, **options)

    def to_python(self, value: Any) -> time | None:
        """The time, or None where nothing was typed and nothing is required."""
        typed = re.sub(r"\s+", "", value) if isinstance(value, str) else value
        if isinstance(typed, str) and TOO_SHORT.fullmatch(typed):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed)
