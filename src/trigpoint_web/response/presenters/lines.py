"""Actions, decisions, notes and meetings as rows of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.presenters.wording import called, day, moment
from trigpoint_web.response.models import Action, ActionStep, AgendaItem, Decision, PlanVersion
from trigpoint_web.response.queries.meetings import REASONS
from trigpoint_web.response.queries.tasks import OPEN
from trigpoint_web.response.sections import SECTIONS

COLOURS = {"done": "govuk-tag--green", "dropped": "govuk-tag--grey"}


@dataclass(frozen=True)
class ActionLine:
    """An action: what, whose, by when, and where it stands."""

    pk: int
    what: str
    owner: str
    due_on: date
    tag: dict[str, str]
    is_open: bool
    is_overdue: bool
    steps: Sequence[ActionStep]
    child_key: str
    child_name: str
    thing: Any


def action_lines(actions: Iterable[Action], *, whose: bool = False) -> list[ActionLine]:
    """Each action with its steps at hand: open ones by their day, then the others. `whose`: with the child."""
    lines = [_action(one, whose=whose) for one in actions]
    return sorted(lines, key=lambda one: (not one.is_open, one.due_on))


def _action(action: Action, *, whose: bool) -> ActionLine:
    steps = sorted(action.steps.all(), key=lambda step: step.number)
    last = steps[-1]
    is_open = last.kind in OPEN
    overdue = is_open and last.due_on < today()
    child = action.child if whose else None
    return ActionLine(
        pk=action.pk, what=action.what, owner=f"{last.owner.full_name}, {last.owner.agency.name}",
        due_on=last.due_on, tag=_tag(last, overdue=overdue), is_open=is_open, is_overdue=overdue, steps=steps,
        child_key=child.key if child else "", child_name=name_of(child.face) if child else "",
        thing=action.thing if whose else None,
    )  # fmt: skip


def _tag(last: ActionStep, *, overdue: bool) -> dict[str, str]:
    if last.kind in OPEN:
        words, colour = (_("Overdue"), "govuk-tag--red") if overdue else (_("Open"), "govuk-tag--blue")
        return {"text": words, "classes": colour}
    return {"text": str(ActionStep.Kind(last.kind).label), "classes": COLOURS[last.kind]}


def name_of(face: Any) -> str:
    """A child's name from its face."""
    return called({"given_names": face.given_names, "surname": face.surname}) if face is not None else ""


@dataclass(frozen=True)
class DecisionLine:
    """A decision in words, with what follows from it."""

    pk: int
    kind: str
    text: str
    reason: str
    by: str
    at: str
    meeting: Any
    replaced: bool
    actions: list[ActionLine]


def decision_lines(decisions: Iterable[Decision], *, actions: Iterable[Action] | None = None) -> list[DecisionLine]:
    """Each decision, the newest first; one that a later one replaced says so.

    `actions` are those about the child, with their steps; without them each decision has its own at hand, as in a
    meeting, which is not named then.
    """
    known = None if actions is None else list(actions)
    return [_decision(one, actions=known) for one in decisions]


def _decision(one: Any, *, actions: list[Action] | None) -> DecisionLine:
    own = one.actions.all() if actions is None else [each for each in actions if each.decision_id == one.pk]
    return DecisionLine(
        pk=one.pk, kind=one.get_kind_display(), text=one.text, reason=one.reason,
        by=f"{one.by.full_name}, {one.by.agency.name}", at=moment(one.at), replaced=one.is_replaced,
        meeting=one.item.meeting if actions is not None and one.item else None, actions=action_lines(own),
    )  # fmt: skip


@dataclass(frozen=True)
class ItemLine:
    """A child on an agenda: why, what is asked, what was said and decided."""

    pk: int
    key: str
    name: str
    reasons: list[str]
    asked: str
    minutes: list[Any]
    decisions: list[DecisionLine]


def item_lines(items: Iterable[AgendaItem]) -> list[ItemLine]:
    """The items of an agenda, in their order."""
    return [
        ItemLine(
            pk=one.pk, key=one.child.key, name=name_of(one.child.face), reasons=reasons_said(one.reasons),
            asked=one.asked, minutes=list(one.minutes.all()),
            decisions=decision_lines(one.decisions.all()),
        )
        for one in items
    ]  # fmt: skip


def reasons_said(reasons: Iterable[str]) -> list[str]:
    """Reasons for being on an agenda, in words."""
    return [str(REASONS[one]) for one in reasons if one in REASONS] or [_("Somebody asked for it")]


def plan_rows(version: PlanVersion) -> list[dict[str, Any]]:
    """A plan as rows of a summary list: what it says, whose it is, when it is looked at again."""
    said = [(title, version.sections.get(name, "")) for name, title in SECTIONS.items()]
    said += [
        (_("Who keeps it going"), version.owner.full_name),
        (_("To be looked at again on"), day(version.review_on)),
    ]
    return [{"key": {"text": str(key)}, "value": {"text": value}} for key, value in said if value]


def owners_first(people: Iterable[User], user: User) -> list[User]:
    """People of one's own agency first."""
    return sorted(people, key=lambda one: (one.pk != user.pk, one.agency_id != user.agency_id, one.agency.name_en))
