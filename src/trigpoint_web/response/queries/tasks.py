"""Actions as their steps leave them: whose, by when, and what became of them."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import children_visible_to
from trigpoint_web.response.models import Action, ActionStep, Thing

OPEN: Final = (ActionStep.Kind.GIVEN, ActionStep.Kind.CHANGED, ActionStep.Kind.REOPENED)


def steps_with_people() -> Prefetch[str, QuerySet[ActionStep], str]:
    """The steps of actions with their owners and writers, in one query."""
    return Prefetch("steps", ActionStep.objects.select_related("owner__agency", "by"))


def actions_with_state() -> QuerySet[Any]:
    """Actions with `state` (kind of the last step), `owner_id`, `due_on` and `number` of steps from their steps."""
    last = ActionStep.objects.filter(action=OuterRef("pk")).order_by("-number")
    actions: QuerySet[Any] = Action.objects.annotate(
        state=Subquery(last.values("kind")[:1]),
        owner_id=Subquery(last.values("owner")[:1]),
        due_on=Subquery(last.values("due_on")[:1]),
        number=Subquery(last.values("number")[:1]),
    )
    return actions


def open_actions(user: User) -> QuerySet[Any]:
    """Open actions about children whom the person sees, and about things; soonest first."""
    mine = children_visible_to(user).values("pk")
    return (
        actions_with_state()
        .filter(Q(child=None) | Q(child__in=mine), state__in=OPEN)
        .select_related("child__face", "thing", "decision")
        .prefetch_related(steps_with_people())
        .order_by(F("due_on").asc(), "pk")
    )


def my_actions(user: User) -> QuerySet[Any]:
    """The open actions that the person owns, soonest first."""
    return open_actions(user).filter(owner_id=user.pk)


def overdue_actions(user: User) -> QuerySet[Any]:
    """The open actions that are past their day, longest first."""
    return open_actions(user).filter(due_on__lt=today())


def actions_of(child: Child) -> QuerySet[Any]:
    """Every action about a child, with its steps; open ones first, then newest. Call after `check_sees_whole`."""
    return actions_with_state().filter(child=child).prefetch_related(steps_with_people()).order_by("-at")


def action_about(child: Child, action_id: int) -> Action:
    """One action about a child, with its steps. Raises NotThereError. Call after `check_sees_whole`."""
    return _one(Action.objects.filter(child=child), action_id)


def action_about_thing(thing: Thing, action_id: int) -> Action:
    """One action about a thing, with its steps. Raises NotThereError. Call with a thing that the person may see."""
    return _one(Action.objects.filter(thing=thing), action_id)


def _one(actions: QuerySet[Action], action_id: int) -> Action:
    found = actions.prefetch_related(steps_with_people()).filter(pk=action_id).first()
    if found is None:
        raise NotThereError(thing="action", thing_id=action_id)
    return found


def actions_about_thing(thing: Thing) -> QuerySet[Any]:
    """Every action about a thing, with its steps. Call with a thing that the person may see."""
    found = actions_with_state().filter(thing=thing).prefetch_related(steps_with_people())
    return found.order_by("-at")
