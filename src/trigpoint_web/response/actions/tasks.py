"""Give somebody something to do by a day; change, finish, drop or reopen it."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.locks import done_before
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import check_acts_on, check_role
from trigpoint_web.response.actions.begin import check_texts, needed, wrote
from trigpoint_web.response.models import Action, ActionStep, Decision, Thing

Kind = ActionStep.Kind
MAY_FOLLOW: Final = {
    Kind.GIVEN: frozenset({Kind.CHANGED, Kind.DONE, Kind.DROPPED}),
    Kind.CHANGED: frozenset({Kind.CHANGED, Kind.DONE, Kind.DROPPED}),
    Kind.REOPENED: frozenset({Kind.CHANGED, Kind.DONE, Kind.DROPPED}),
    Kind.DONE: frozenset({Kind.REOPENED}),
    Kind.DROPPED: frozenset({Kind.REOPENED}),
}


def give_action(
    acting: Acting,
    *,
    child: Child | None = None,
    thing: Thing | None = None,
    decision: Decision | None = None,
    what: str,
    owner: User,
    due_on: date,
    request_key: UUID,
) -> Action:
    """Give an action about a child or a thing to an owner, who has to see the child too."""
    with transaction.atomic():
        if done := done_before(Action, acting.user, request_key):
            return done
        _may_write(acting, child)
        if (child is None) == (thing is None):
            raise FaultyFormError({"": _("Say what the action is about.")})
        said = check_texts({"what": what}, {"what": needed("what")})
        check_owner(owner, child)
        _check_due(due_on)
        made = Action.objects.create(
            child=child, thing=thing, decision=decision, what=said["what"], by=acting.user, request_key=request_key
        )
        _step(acting, made, Kind.GIVEN, number=1, owner=owner, due_on=due_on, note="")
        return made


def take_step(
    acting: Acting,
    action: Action,
    *,
    kind: str,
    seen: int,
    note: str = "",
    owner: User | None = None,
    due_on: date | None = None,
) -> ActionStep:
    """Change, finish, drop or reopen an action. `seen` is the number of steps that the person saw.

    Dropping, reopening and changing need a note. Raises RefusedError, FaultyFormError, ChangedMeanwhileError.
    """
    with transaction.atomic():
        _may_write(acting, action.child)
        Action.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
        steps = list(action.steps.select_related("owner", "by"))
        if len(steps) != seen:
            raise ChangedMeanwhileError(steps[seen:])
        last = steps[-1]
        if kind not in MAY_FOLLOW[Kind(last.kind)]:
            raise FaultyFormError({"": _("This cannot be done with the action as it stands.")})
        missing = {} if kind == Kind.DONE else {"note": _("Say why.")}
        said = check_texts({"note": note}, missing)
        if owner is not None:
            check_owner(owner, action.child)
        if due_on is not None:
            _check_due(due_on)
        return _step(
            acting, action, kind, number=seen + 1, owner=owner or last.owner, due_on=due_on or last.due_on,
            note=said["note"],
        )  # fmt: skip


def _step(acting: Acting, action: Action, kind: str, *, number: int, **more: object) -> ActionStep:
    made = ActionStep.objects.create(action=action, kind=kind, number=number, by=acting.user, **more)
    wrote(acting, "action", thing_id=action.pk, child_id=action.child_id, kind=str(kind), step=number)
    return made


def _may_write(acting: Acting, child: Child | None) -> None:
    if child is None:
        check_role(acting.user, "write")
    else:
        check_acts_on(acting.user, child, act="write")


def check_owner(owner: User, child: Child | None) -> None:
    """Raise FaultyFormError where the owner is not at work here, or would not see the child."""
    # One sentence for every reason: whoever asks must not learn that the owner may not see this child.
    if not owner.is_active or (child is not None and not _would_see(owner, child)):
        raise FaultyFormError({"owner": _("Choose somebody who works with this child.")})


def _would_see(owner: User, child: Child) -> bool:
    """Whether the owner sees the child whole. Asked behind the wall, where their conflicts of interest are known."""
    with connection.cursor() as cursor:
        cursor.execute("select response_would_see(%s, %s)", [owner.pk, child.pk])
        (sees,) = cursor.fetchone() or (False,)
        return bool(sees)


def _check_due(due_on: date) -> None:
    if due_on < today():
        raise FaultyFormError({"due_on": _("Give a day that is not past.")})
