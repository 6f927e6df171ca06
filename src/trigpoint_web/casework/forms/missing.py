"""Reporting a child missing, and found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.speech import speech
from trigpoint_web.design.forms import DateField, TimeField


class _Moment(forms.Form):
    """A day and a time of England and Wales, not later than now."""

    on = DateField(label=_("Day"))
    at = TimeField(label=_("Time"))
    request_key = forms.UUIDField(widget=forms.HiddenInput)
    look = {"at": {"classes": "govuk-input--width-5"}}

    def clean(self) -> dict[str, Any]:
        """The moment under `moment`."""
        given = super().clean() or {}
        if given.get("on") and given.get("at"):
            try:
                made = timezone.make_aware(datetime.combine(given["on"], given["at"]))
            except (ValueError, OverflowError):
                raise ValidationError({"on": _("Enter a real date, such as 27 3 2026")}) from None
            if made > timezone.now():
                raise ValidationError({"on": _("Give a day and time that is not later than now.")})
            given["moment"] = made
        return given


class MissingForm(_Moment):
    """A child is missing."""

    risk = forms.ChoiceField(
        label=_("Risk"),
        widget=forms.RadioSelect,
        help_text=_("As graded. A child who may be exploited is never at low risk because they often go missing."),
        error_messages={"required": _("Choose the level of risk.")},
    )
    place = forms.CharField(label=_("Missing from"), required=False, max_length=200, help_text=_("A place or postcode"))
    field_order = ["on", "at", "risk", "place", "request_key"]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["on"].label = _("Missing since, day")
        self.fields["risk"].choices = codes("missing_risk")  # type: ignore[attr-defined]


class FoundForm(_Moment):
    """A missing child was found."""

    place = forms.CharField(label=_("Found at"), required=False, max_length=200, help_text=_("A place or postcode"))
    found_with = forms.ChoiceField(label=_("When found, the child was"), required=False, widget=forms.RadioSelect)
    field_order = ["on", "at", "place", "found_with", "request_key"]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["on"].label = _("Found, day")
        self.fields["found_with"].choices = codes("found_with")  # type: ignore[attr-defined]


def codes(name: str) -> list[tuple[str, str]]:
    """A code list of the pack as choices."""
    return [(code, entry.title) for code, entry in speech().pack.codes[name].values.items()]
