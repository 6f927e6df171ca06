"""What is filled in to set, change, review, correct, end or dispute a marker, and to decline a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from trigpoint_web.casework.actions.marker_form import MarkerForm
from trigpoint_web.casework.agreement import CitationShown
from trigpoint_web.casework.clocks import MOST_MONTHS, REVIEW_MONTHS, add_months, today
from trigpoint_web.casework.forms.sending import WritingForm, narrative, one_of, words
from trigpoint_web.casework.models import MarkerStep
from trigpoint_web.casework.models.markers import Level, YesNoUnknown
from trigpoint_web.casework.presenters import pack_words
from trigpoint_web.design.forms import DateField

Told = MarkerStep.Told
LEVELS = {
    Level.CONCERN: _("Something worries you, and it may be exploitation"),
    Level.SUSPECTED: _("There is reason to believe that the child is being exploited"),
    Level.CONFIRMED: _("Professionals agree, on evidence, that the child is or was exploited"),
}
TOLD_HOW = (Told.SPOKEN, Told.WRITTEN, Told.BOTH)


class MarkerFields(WritingForm):
    """A marker: form, level, evidence, what the child was told, why it may be shared, until when it stands."""

    narratives = ("observation", "not_told_why", "sharing_conditions", "reason")

    form = one_of(_("Which form does it take?"), [], missing=_("Choose a form of exploitation."))
    sub_forms = forms.MultipleChoiceField(
        label=_("Other forms that it takes too (optional)"), required=False, widget=forms.CheckboxSelectMultiple
    )
    level = one_of(_("How sure are you?"), [], missing=_("Choose concern, suspected or confirmed."))
    online = one_of(
        _("Does some of it happen online?"), YesNoUnknown.choices, missing=_("Say whether it happens online too.")
    )
    overlap = one_of(
        _("Is sexual exploitation feared too?"),
        YesNoUnknown.choices,
        missing=_("Say whether sexual exploitation is feared too."),
    )
    citations = forms.MultipleChoiceField(
        label=_("Which findings does it stand on?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    observation = narrative(
        _("What have you seen or been told yourself?"),
        hint=_("Needed where no finding is chosen. Say who said what, and when; put the child's own words in “”."),
        required=False,
    )
    told = one_of(
        _("Was the child told of the marker?"), Told.choices, missing=_("Say whether the child was told of the marker.")
    )
    told_on = DateField(label=_("If the child was told: when?"), required=False)
    not_told_why = narrative(
        _("If the child was not told: why not?"),
        hint=_("Tell the child and parents, unless that puts somebody at risk or spoils an investigation."),
        required=False,
        rows=3,
    )
    sharing_basis = one_of(
        _("On what basis is it shared?"),
        MarkerStep.SharingBasis.choices,
        missing=_("Choose the basis on which the marker is shared."),
        hint=_("For most safeguarding work it is the public task. Consent is not the basis."),
    )
    sharing_conditions = words(
        _("Conditions of sharing (optional)"),
        hint=_("Such as: do not tell a named adult, ring before visiting."),
        required=False,
        rows=2,
    )
    reason = narrative(
        _("Why do you set it?"),
        hint=_("What the findings mean for this child, in plain words."),
        missing=_("Give a reason."),
    )
    review_on = DateField(
        label=_("When is it looked at again?"),
        required=False,
        help_text=_("Three months from now at the latest is usual."),
    )
    expires_on = DateField(
        label=_("When does it run out?"), required=False, help_text=_("Twelve months from now at most.")
    )

    def __init__(
        self,
        *given: Any,
        citations: Iterable[CitationShown] = (),
        may_confirm: bool = False,
        step_kind: str = MarkerStep.Kind.SET,
        **named: Any,
    ) -> None:
        named["initial"] = _usual() | dict(named.get("initial") or {})
        super().__init__(*given, **named)
        self.may_confirm = may_confirm
        self.shown = list(citations)
        _choose(self, form=_forms(), sub_forms=_forms(), level=self._levels(), citations=self._citations())
        self.fields["reason"].label = REASONS.get(step_kind) or self.fields["reason"].label
        if not self.shown:
            del self.fields["citations"]
        if step_kind not in (MarkerStep.Kind.SET, MarkerStep.Kind.CORRECTED):
            self.fields["form"].widget = forms.HiddenInput()

    @cached_property
    def look(self) -> dict[str, dict[str, Any]]:
        """How the fields are drawn: small, and hints with the choices whose names do not say it all."""
        return {
            "form": {
                "classes": "govuk-radios--small",
                "items": [item | {"hint": pack_words.forms()[item["value"]].plain} for item in self._items("form")],
            },
            "level": {"items": [item | {"hint": LEVELS[item["value"]]} for item in self._items("level")]},
            "sub_forms": {"classes": "govuk-checkboxes--small"},
            "online": {"classes": "govuk-radios--inline govuk-radios--small"},
            "overlap": {"classes": "govuk-radios--inline govuk-radios--small"},
            "told": {"classes": "govuk-radios--small"},
            "sharing_basis": {"classes": "govuk-radios--small"},
        }

    @property
    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The fields in the order in which they are asked, under the headings of the page."""
        return [
            (heading, [self[name] for name in names if name in self.fields and not self[name].is_hidden])
            for heading, names in PARTS
        ]

    @property
    def hidden(self) -> list[Any]:
        """The fields that are carried along."""
        return self.hidden_fields()

    def filled(self) -> MarkerForm:
        """What was filled in, as the actions take it."""
        kept = {one.name: self.cleaned_data[one.name] for one in fields(MarkerForm) if one.name in self.cleaned_data}
        told = self.cleaned_data["told"]
        kept["told_on"] = kept["told_on"] if told in TOLD_HOW else None
        kept["not_told_why"] = "" if told in TOLD_HOW else kept["not_told_why"]
        kept["sub_forms"] = tuple(one for one in kept["sub_forms"] if one != kept["form"])
        kept["citations"] = tuple(int(one) for one in kept.get("citations", ()))
        return MarkerForm(**kept)

    def _items(self, name: str) -> list[dict[str, Any]]:
        chosen: Any = self.fields[name]
        return [{"value": str(value), "text": text} for value, text in chosen.choices if value]

    def _levels(self) -> list[tuple[str, Any]]:
        return [(level.value, level.label) for level in Level if level != Level.CONFIRMED or self.may_confirm]

    def _citations(self) -> list[tuple[str, str]]:
        return [(str(one.citation.pk), one.sentence.text) for one in self.shown]


class ReasonForm(WritingForm):
    """A reason alone: to end a marker, to answer a dispute, to decline a proposal."""

    narratives = ("reason",)
    reason = narrative(_("What is the reason?"), missing=_("Give a reason."))

    def __init__(self, *given: Any, label: Any = None, hint: Any = "", **named: Any) -> None:
        super().__init__(*given, **named)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = hint


class DisputeForm(WritingForm):
    """That somebody says that the marker is wrong."""

    narratives = ("reason",)
    disputed_by = one_of(
        _("Who says that it is wrong?"), MarkerStep.DisputedBy.choices, missing=_("Say who disputes the marker.")
    )
    reason = narrative(
        _("What do they say?"), hint=_("In their words, in “” where you can."), missing=_("Give a reason.")
    )


PARTS: list[tuple[Any, tuple[str, ...]]] = [
    (_("What it is"), ("form", "sub_forms", "level", "online", "overlap")),
    (_("What it stands on"), ("citations", "observation")),
    (_("What the child knows"), ("told", "told_on", "not_told_why")),
    (_("Sharing"), ("sharing_basis", "sharing_conditions")),
    (_("Your reason, and when it is looked at again"), ("reason", "review_on", "expires_on")),
]
REASONS: dict[str, Any] = {
    MarkerStep.Kind.CHANGED: _("Why do you change it?"),
    MarkerStep.Kind.REVIEWED: _("What did the review find?"),
    MarkerStep.Kind.CORRECTED: _("What was wrong, and how do you know?"),
}


def like(step: MarkerStep, form: str) -> dict[str, Any]:
    """What a marker says after a step, as a form begins with it; its dates begin anew."""
    names = ("level", "sub_forms", "online", "overlap", "told", "told_on", "not_told_why", "sharing_basis")
    return {name: getattr(step, name) for name in (*names, "sharing_conditions")} | {"form": form}


def _usual() -> dict[str, Any]:
    day: date = today()
    return {
        "online": YesNoUnknown.UNKNOWN,
        "overlap": YesNoUnknown.UNKNOWN,
        "sharing_basis": MarkerStep.SharingBasis.PUBLIC_TASK,
        "review_on": add_months(day, REVIEW_MONTHS),
        "expires_on": add_months(day, MOST_MONTHS),
    }


def _forms() -> list[tuple[str, Any]]:
    return [(code, form.title) for code, form in pack_words.forms().items()]


def _choose(asked: forms.Form, /, **choices: list[tuple[str, Any]]) -> None:
    for name, offered in choices.items():
        field: Any = asked.fields[name]
        field.choices = offered
