"""What is filled in to call, hold and minute a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import Agency, Area
from trigpoint_web.casework.forms.sending import WritingForm, narrative, one_of
from trigpoint_web.design.forms import DateField, TimeField
from trigpoint_web.response.models import Meeting


class CallForm(WritingForm):
    """A meeting: what, when, where, who is asked to come."""

    kind = one_of(_("What sort of meeting?"), Meeting.Kind.choices, missing=_("Choose a kind of meeting."))
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("Do not name a child."),
        error_messages={"required": _("Give it a title.")},
    )  # fmt: skip
    area = one_of(_("For which area?"), [], missing=_("Choose an area."))
    planned_on = DateField(label=_("On which day?"))
    planned_at = TimeField(label=_("At what time?"))
    place = forms.CharField(label=_("Where? (optional)"), max_length=200, required=False)
    invited = forms.MultipleChoiceField(
        label=_("Which agencies are asked to come?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    look = {"planned_at": {"classes": "govuk-input--width-5"}, "invited": {"classes": "govuk-checkboxes--small"}}

    def __init__(self, *given: Any, areas: Iterable[Area], agencies: Iterable[Agency], **named: Any) -> None:
        super().__init__(*given, **named)
        self.areas = {str(area.pk): area for area in areas}
        self.agencies = {str(agency.pk): agency for agency in agencies}
        _offer(self, "area", self.areas)
        _offer(self, "invited", self.agencies)

    def planned_for(self) -> datetime:
        """The day and time, in England and Wales."""
        moment = datetime.combine(self.cleaned_data["planned_on"], self.cleaned_data["planned_at"])
        return timezone.make_aware(moment)

    def filled(self) -> dict[str, Any]:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        return {
            "kind": given["kind"], "title": given["title"], "place": given["place"],
            "planned_for": self.planned_for(), "area": self.areas[given["area"]],
            "invited": [self.agencies[one] for one in given["invited"]], "request_key": given["request_key"],
        }  # fmt: skip


class HoldForm(WritingForm):
    """Who was there: names, agency by agency."""

    def __init__(self, *given: Any, agencies: Iterable[Agency], **named: Any) -> None:
        super().__init__(*given, **named)
        self.agencies = {f"present_{agency.pk}": agency for agency in agencies}
        for name, agency in self.agencies.items():
            self.fields[name] = forms.CharField(
                label=agency.name, max_length=400, required=False, help_text=_("Names, with commas between them.")
            )

    def present(self) -> list[tuple[Agency, str]]:
        """Each agency with each name."""
        return [
            (agency, one.strip())
            for name, agency in self.agencies.items()
            for one in str(self.cleaned_data.get(name) or "").split(",")
            if one.strip()
        ]


class MinuteForm(WritingForm):
    """What was said of a child."""

    narratives = ("text",)
    text = narrative(_("What was said"), hint=_("Who said what. The child's own words in “”."), rows=6)


class DiscussionForm(CallForm):
    """A strategy discussion about one child: the kind, the area and the title follow from that."""

    narratives = ("asked",)
    asked = narrative(_("What should it answer?"), required=False, rows=3)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name in ("kind", "area", "title"):
            del self.fields[name]
        self.order_fields(["planned_on", "planned_at", "place", "invited", "asked"])


def _offer(form: forms.Form, name: str, choices: dict[str, Any]) -> None:
    field: Any = form.fields[name]
    field.choices = [(key, one.name) for key, one in choices.items()]
