"""What the governance officer looks for in the audit, and says about unusual reading."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trigpoint_web.audit.models import Act, UnusualReadingReview
from trigpoint_web.audit.overseeing.seen import Asked
from trigpoint_web.design.forms import DateField

USUAL_DAYS, MOST_DAYS = 7, 92


class AuditForm(forms.Form):
    """Person, child, act and days; in the address of the page, which names a child by key alone."""

    person = forms.CharField(
        label=_("Person"), required=False, max_length=200, help_text=_("A part of the name, or the email address")
    )
    child = forms.CharField(
        label=_("Child"), required=False, max_length=20, help_text=_("The child's key, as it stands in addresses here")
    )
    act = forms.ChoiceField(label=_("What was done"), required=False, choices=[("", _("All")), *Act.choices])
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)

    def asked(self) -> Asked | None:
        """What is looked for; None where it cannot be read."""
        return Asked(**self.cleaned_data) if self.is_valid() else None


class DaysForm(forms.Form):
    """From which day to which."""

    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        """The days in order, and not too many of them."""
        given = super().clean() or {}
        until = given.get("until") or timezone.localdate()
        since = given.get("since") or until - timedelta(days=USUAL_DAYS - 1)
        if not self.errors and since > until:
            self.add_error("since", _("The first day has to be before the last."))
        elif not self.errors and until - since > timedelta(days=MOST_DAYS):
            self.add_error("since", _("Look at three months at most at once."))
        return given | {"since": since, "until": until}

    def days(self) -> tuple[date, date]:
        """The first and the last day; those of the last week where they cannot be read."""
        if self.is_valid():
            return self.cleaned_data["since"], self.cleaned_data["until"]
        today = timezone.localdate()
        return today - timedelta(days=USUAL_DAYS - 1), today


class ReviewForm(forms.Form):
    """What the officer says about something that a rule pointed out."""

    outcome = forms.ChoiceField(
        label=_("What did you find?"),
        choices=UnusualReadingReview._meta.get_field("outcome").flatchoices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you found.")},
    )
    reason = forms.CharField(
        label=_("What it rests on"), max_length=4000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Whom you asked and what they said. Name no child."),
        error_messages={"required": _("Give a reason.")},
    )  # fmt: skip
