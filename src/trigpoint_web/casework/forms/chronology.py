"""What a chronology is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.clocks import today
from trigpoint_web.design.forms import DateField


@dataclass(frozen=True)
class Asked:
    """Which part of a chronology is asked for; empty and None ask for all. `as_at`: as known on that day.

    `events` are the ids of those on which a finding stands.
    """

    agency: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    as_at: date | None = None
    events: frozenset[str] = frozenset()

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return any((self.agency, self.kind, self.since, self.until, self.as_at, self.events))


def not_in_future(day: date) -> None:
    """Raise ValidationError where the day is still to come."""
    if day > today():
        raise ValidationError(_("Give a day that is not later than today"))


class ChronologyForm(forms.Form):
    """Filters in the address of the page."""

    agency = forms.CharField(label=_("Agency"), required=False, max_length=80, widget=forms.Select)
    kind = forms.CharField(label=_("What happened"), required=False, max_length=80, widget=forms.Select)
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("Up to"), required=False)
    as_at = DateField(
        label=_("As it was known on"),
        required=False,
        validators=[not_in_future],
        help_text=_("Leaves out what any agency learnt or corrected after that day."),
    )

    def asked(self) -> Asked:
        """What is asked for; everything where a filter cannot be read."""
        if not self.is_valid():
            return Asked()
        given: dict[str, Any] = self.cleaned_data
        return Asked(**{name: given.get(name) or getattr(Asked(), name) for name in Asked.__dataclass_fields__})

    def offer(self, *, agencies: Iterable[tuple[str, str]], kinds: Iterable[tuple[str, str]]) -> None:
        """Offer the agencies and kinds that the chronology has, as (code, words)."""
        for name, choices in (("agency", agencies), ("kind", kinds)):
            in_order = sorted(set(choices), key=lambda one: one[1])
            widget: Any = self.fields[name].widget
            widget.choices = [("", _("All")), *in_order]
