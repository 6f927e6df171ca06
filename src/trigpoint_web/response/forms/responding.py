"""What is filled in for a child: a decision, an action, a note, a safety plan, a return interview, a referral check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.clocks import CLOCKS, today
from trigpoint_web.casework.forms.sending import WritingForm, narrative, one_of
from trigpoint_web.design.forms import DateField
from trigpoint_web.response.models import ActionStep, Decision, PlanVersion, ReturnInterview
from trigpoint_web.response.referral_items import ANSWERS, ITEMS, PARTS
from trigpoint_web.response.sections import SECTIONS

YES_NO = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))]


class DecisionForm(WritingForm):
    """What was agreed, and why."""

    narratives = ("text", "reason")
    kind = one_of(_("What was decided?"), Decision.Kind.choices, missing=_("Choose what was decided."))
    text = narrative(_("What exactly was agreed?"), rows=3)
    reason = narrative(_("Why?"), rows=3, missing=_("Give a reason."))


class OwnedForm(WritingForm):
    """A form that names an owner among those who work with the child."""

    def __init__(self, *given: Any, owners: Iterable[User], **named: Any) -> None:
        super().__init__(*given, **named)
        self.owners = {str(user.pk): user for user in owners}
        field: Any = self.fields["owner"]
        field.choices = [("", _("Choose somebody"))] + [
            (key, f"{user.full_name}, {user.agency.name}") for key, user in self.owners.items()
        ]

    def clean_owner(self) -> User | None:
        """The person who was chosen."""
        return self.owners.get(self.cleaned_data["owner"])


def _owner(label: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=required, widget=forms.Select,
        help_text=_("Everybody here may see this child, or asked to work on this."),
        error_messages={"required": _("Choose an owner.")},
    )  # fmt: skip


class ActionForm(OwnedForm):
    """Something to do: what, by whom, by when."""

    narratives = ("what",)
    what = narrative(_("What is to be done?"), rows=3, missing=_("Say what is to be done."))
    owner = _owner(_("Who does it?"))
    due_on = DateField(label=_("By when?"))

    def __init__(self, *given: Any, **named: Any) -> None:
        named["initial"] = {"due_on": today() + timedelta(days=7)} | dict(named.get("initial") or {})
        super().__init__(*given, **named)


class ActionStepForm(OwnedForm):
    """What became of an action."""

    narratives = ("note",)
    kind = one_of(_("What is to be written down?"), [], missing=_("Choose what is to be written down."))
    note = narrative(_("In words"), hint=_("Needed unless it is done."), rows=3, required=False)
    owner = _owner(_("Another owner (optional)"), required=False)
    due_on = DateField(label=_("Another day (optional)"), required=False)

    def __init__(self, *given: Any, kinds: Iterable[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.kinds = list(kinds)
        # What is sent may have been on offer when the page was made; the action says what became of that.
        self._offer(ActionStep.Kind.values if self.is_bound else self.kinds)

    def stand_at(self, seen: int) -> None:
        """Offer what may follow now."""
        super().stand_at(seen)
        self._offer(self.kinds)

    def _offer(self, kinds: Iterable[str]) -> None:
        offered: Any = self.fields["kind"]
        offered.choices = [(kind, ActionStep.Kind(kind).label) for kind in kinds]


class NoteForm(WritingForm):
    """A note. It does not change once it is kept."""

    narratives = ("text",)
    text = narrative(_("Note"), hint=_("Facts first, then what you make of them. The child's own words in “”."), rows=8)
    happened_on = DateField(label=_("When did it happen? (optional)"), required=False)


class PlanForm(OwnedForm):
    """The safety plan, section by section."""

    narratives = tuple(SECTIONS)
    owner = _owner(_("Who keeps the plan going?"))
    review_on = DateField(label=_("When is the plan looked at again?"))
    reason = narrative(_("Why is it written, or written anew?"), rows=2, missing=_("Give a reason."))

    def __init__(self, *given: Any, **named: Any) -> None:
        usual = {"review_on": CLOCKS["marker_review"].due_on(today())}
        super().__init__(*given, **named | {"initial": usual | dict(named.get("initial") or {})})
        for name, title in SECTIONS.items():
            self.fields[name] = narrative(title, rows=3, required=False)
        self.order_fields([*SECTIONS, "owner", "review_on", "reason"])

    def sections(self) -> dict[str, str]:
        """What was written, by section."""
        return {name: self.cleaned_data.get(name) or "" for name in SECTIONS}

    @staticmethod
    def like(version: PlanVersion | None) -> dict[str, Any]:
        """A plan as a form begins with it."""
        return {} if version is None else dict(version.sections) | {"owner": str(version.owner_id)}


class InterviewFields(WritingForm):
    """What became of a return interview."""

    narratives = ("text", "reason")
    kind = one_of(_("What happened?"), ReturnInterview.Kind.choices, missing=_("Say what happened."))
    on = DateField(label=_("On which day?"))
    interviewer = forms.CharField(label=_("By whom? (optional)"), max_length=200, required=False)
    independent = one_of(
        _("Was it somebody who does not look after the child?"), YES_NO, missing=_("Choose one."), required=False
    )
    harm_told = one_of(_("Did the child tell of harm?"), YES_NO, missing=_("Choose one."), required=False)
    text = narrative(
        _("What did the child say? (optional)"), hint=_("The child's own words in “”."), required=False, rows=6
    )
    reason = narrative(_("If it was not offered: why not?"), required=False, rows=3)
    look = {
        "independent": {"classes": "govuk-radios--inline govuk-radios--small"},
        "harm_told": {"classes": "govuk-radios--inline govuk-radios--small"},
    }


class ReferralForm(WritingForm):
    """The check before a referral: each item yes, not yet, or does not apply."""

    narratives = ("note",)
    note = narrative(_("Note (optional)"), required=False, rows=3)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for name, item in ITEMS.items():
            self.fields[name] = one_of(
                item.question, ANSWERS.items(), missing=_("Choose one."), hint=item.help, required=False
            )
        self.look = {name: {"classes": "govuk-radios--inline govuk-radios--small"} for name in ITEMS}

    @property
    def parts(self) -> list[tuple[Any, list[Any]]]:
        """The items under their headings."""
        return [(title, [self[name] for name in items]) for title, items in PARTS]

    def answers(self) -> dict[str, str]:
        """What was answered, by item."""
        return {name: self.cleaned_data[name] for name in ITEMS if self.cleaned_data.get(name)}


class AgendaForm(WritingForm):
    """A child for the agenda of a meeting that is planned."""

    narratives = ("asked",)
    meeting = one_of(_("Which meeting?"), [], missing=_("Choose a meeting."))
    asked = narrative(_("What should the meeting answer?"), required=False, rows=3)

    def __init__(self, *given: Any, meetings: Iterable[Any], **named: Any) -> None:
        super().__init__(*given, **named)
        offered: Any = self.fields["meeting"]
        offered.choices = [(str(one.pk), one.title) for one in meetings]
