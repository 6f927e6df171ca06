"""A date typed in three boxes, as the design system asks: nobody has to find a day in a calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

EARLIEST = 1900  # a year before it is a year typed short
PARTS = ("day", "month", "year")


class DateBoxes(forms.MultiWidget):
    """Three boxes, named `<field>-day`, `<field>-month`, `<field>-year`."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)
        self.widgets_names = [f"-{part}" for part in PARTS]

    def decompress(self, value: date | None) -> list[Any]:
        """A date as day, month and year."""
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]

    def id_for_label(self, id_: str) -> str:
        """An error is linked to the first box."""
        return f"{id_}-day"


class DateField(forms.MultiValueField):
    """A date from three boxes. Says which part is missing, and never guesses."""

    default_error_messages = {
        "required": _("Enter the date"),
        "incomplete": _("The date must include a day, a month and a year"),
        "invalid": _("Enter a real date, such as 27 3 2026"),
    }

    def __init__(self, **options: Any) -> None:
        parts = [forms.IntegerField(min_value=1, max_value=9999) for _part in PARTS]
        options.setdefault("widget", DateBoxes())
        super().__init__(fields=parts, require_all_fields=False, **options)
        for part in self.fields:
            part.required = False

    def clean(self, value: Any) -> date | None:
        """The date, or None where nothing was typed and nothing is required."""
        try:
            return super().clean(value)  # type: ignore[no-any-return]
        except ValidationError as fault:
            if getattr(fault, "code", None) in ("required", "incomplete"):
                raise
            raise ValidationError(self.error_messages["invalid"], code="invalid") from fault

    def compress(self, data_list: list[int | None]) -> date | None:
        """A date from day, month and year."""
        if not any(data_list):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(data_list):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        day, month, year = (part or 0 for part in data_list)
        if year < EARLIEST:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date(year, month, day)
        except ValueError as fault:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from fault
