"""What the inbox is narrowed to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.presenters import pack_words
from trigpoint_web.casework.queries import choices
from trigpoint_web.casework.queries.inbox import NO_FILTERS, Filters

ALL = [("", _("All"))]


class InboxForm(forms.Form):
    """Filters in the address of the page."""

    team = forms.ChoiceField(label=_("Team"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    agency = forms.ChoiceField(label=_("Agency involved"), required=False)
    form = forms.ChoiceField(label=_("Form of exploitation"), required=False)

    def __init__(self, *given: Any, user: User, **named: Any) -> None:
        super().__init__(*given, **named)
        forms_of_pack = [(code, one.title) for code, one in pack_words.forms().items()]
        offered = {
            "team": choices.teams(user),
            "area": choices.areas(),
            "agency": choices.agencies(),
            "form": sorted(forms_of_pack, key=lambda one: one[1]),
        }
        for name, found in offered.items():
            self.fields[name].choices = ALL + found  # type: ignore[attr-defined]  # each is a field with choices

    def filters(self) -> Filters:
        """The filters asked for; none where they cannot be read."""
        if not self.is_valid():
            return NO_FILTERS
        given: dict[str, str] = self.cleaned_data
        numbers = {name: int(given[name]) if given[name] else None for name in ("team", "area", "agency")}
        return Filters(form=given["form"] or None, **numbers)
