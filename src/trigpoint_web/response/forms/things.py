"""What is filled in for a place, group, line or online space."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import Area
from trigpoint_web.casework.forms.sending import WritingForm, narrative, one_of
from trigpoint_web.design.forms import DateField
from trigpoint_web.response.models import Thing


class ThingForm(WritingForm):
    """What it is, what it is called, where it is."""

    narratives = ("describes",)
    kind = one_of(
        _("What is it?"), Thing.Kind.choices, missing=_("Choose a place, a group, a line or an online space.")
    )
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As people here call it. Do not name a child."),
        error_messages={"required": _("Give it a name.")},
    )  # fmt: skip
    describes = narrative(_("What is known of it? (optional)"), required=False)
    area = one_of(_("In which area? (optional)"), [], missing=_("Choose an area."), required=False)
    postcode = forms.CharField(label=_("Postcode (optional)"), max_length=10, required=False)
    look = {"postcode": {"classes": "govuk-input--width-10"}}

    def __init__(self, *given: Any, areas: Iterable[Area], **named: Any) -> None:
        super().__init__(*given, **named)
        self.areas = {str(area.pk): area for area in areas}
        offered: Any = self.fields["area"]
        offered.choices = [*((key, area.name) for key, area in self.areas.items()), ("", _("None of these"))]

    def filled(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        return {
            "kind": given["kind"], "name": given["name"], "describes": given["describes"],
            "postcode": given["postcode"], "area": self.areas.get(given["area"]), "request_key": given["request_key"],
        }  # fmt: skip


class AroundForm(WritingForm):
    """That the child is around a thing, and how that is known."""

    narratives = ("how",)
    thing = forms.ChoiceField(label=_("Which one?"), widget=forms.Select, error_messages={"required": _("Choose one.")})
    how = narrative(_("How is it known?"), rows=3, missing=_("Say how this is known."))
    since = DateField(label=_("Since when? (optional)"), required=False)

    def __init__(self, *given: Any, things: Iterable[Thing], **named: Any) -> None:
        super().__init__(*given, **named)
        self.things = {str(thing.pk): thing for thing in things}
        offered: Any = self.fields["thing"]
        offered.choices = [("", _("Choose one"))] + [
            (key, f"{thing.name} ({thing.get_kind_display().lower()})") for key, thing in self.things.items()
        ]
