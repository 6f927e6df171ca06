"""Decide that something is erased, and confirm it as another officer. What may not go is refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.actions.refused import FaultyFormError
from trigpoint_web.rights.due import Due, due_of
from trigpoint_web.rights.models import Erasure, Request
from trigpoint_web.rights.policy import check_at_work, check_confirms

CHILD: Final = "select rights_child(%s)"
ON_ITS_WAY: Final = {"stopped_at": None, "done_at": None}
SENT_BACK, HELD, NOT_DUE = "sent_back", "held", "not_due"


def child_number(key: str) -> int:
    """The number of the child of this key. Raises NotThereError where there is none for this officer."""
    with connection.cursor() as cursor:
        cursor.execute(CHILD, [key.strip()[:20]])
        (found,) = cursor.fetchone() or (None,)
    if found is None:
        raise NotThereError(thing="child", thing_id=key.strip()[:20])
    return int(found)


def decide_retention(acting: Acting, keys: Sequence[str]) -> list[Erasure]:
    """Decide that these records go because their time is over: all of them, or none.

    Raises RefusedError, NotThereError, and FaultyFormError where one is not due, is held, or has a marker set.
    """
    check_at_work(acting)
    if not keys:
        raise FaultyFormError({"keys": _("Choose at least one record.")})
    with transaction.atomic():
        return [_decide(acting, _due(key, by_age=True), Erasure.Ground.RETENTION) for key in dict.fromkeys(keys)]


def decide_request(acting: Acting, request: Request, *, ground: str = Erasure.Ground.REQUEST) -> Erasure:
    """Decide that a record goes because somebody asked for it. Raises FaultyFormError where it is held."""
    check_at_work(acting)
    with transaction.atomic():
        return _decide(acting, _due(request.child_key, by_age=False), ground, request=request)


def decide_agreements(acting: Acting) -> Erasure:
    """Decide that the store's rows go that are past their agreements' time. Twice is once."""
    check_at_work(acting)
    with transaction.atomic():
        waiting = Erasure.objects.filter(ground=Erasure.Ground.AGREEMENT, **ON_ITS_WAY).first()
        if waiting:
            return waiting
        made = Erasure.objects.create(ground=Erasure.Ground.AGREEMENT, decided_by=acting.user)
        record(acting, Act.WRITE, thing="erasure", thing_id=made.pk, detail={"ground": made.ground})
        return made


def confirm_erasures(acting: Acting, ids: Sequence[str]) -> int:
    """Confirm what another officer decided; it is carried out by the next `trigpoint web erase`. Returns how many.

    Raises RefusedError where the person decided one themselves, FaultyFormError where one may not go any more.
    """
    check_at_work(acting)
    with transaction.atomic():
        waiting = _waiting(ids)
        for one in waiting:
            check_confirms(acting.user, one)
            if one.child_number is not None:
                check_may_go(one)
            Erasure.objects.filter(pk=one.pk).update(confirmed_by=acting.user, confirmed_at=timezone.now())
            record(acting, Act.WRITE, thing="erasure", thing_id=one.pk, child_id=one.child_number,
                   detail={"confirmed": True, "ground": one.ground})  # fmt: skip
        return len(waiting)


def send_back(acting: Acting, ids: Sequence[str]) -> int:
    """Do not confirm: what was decided is not carried out. Whoever decided may take it back too."""
    check_at_work(acting)
    with transaction.atomic():
        waiting = _waiting(ids)
        for one in waiting:
            stopped = {"stopped_by": acting.user, "stopped_at": timezone.now(), "stopped_why": SENT_BACK}
            Erasure.objects.filter(pk=one.pk).update(**stopped)
            record(acting, Act.WRITE, thing="erasure", thing_id=one.pk, child_id=one.child_number,
                   detail={"confirmed": False})  # fmt: skip
        return len(waiting)


def what_stops(erasure: Erasure) -> str:
    """What stands against an erasure of a child now: a hold, or that it is not due any more. Empty: nothing."""
    due = due_of(erasure.child_number or 0)
    if due and due.held:
        return HELD
    past = due is None or (due.due_on is not None and due.due_on <= timezone.localdate() and not due.live)
    return "" if past or erasure.ground != Erasure.Ground.RETENTION else NOT_DUE


def check_may_go(erasure: Erasure) -> None:
    """Raise FaultyFormError where something stands against it now."""
    sentences = {
        HELD: _("There is a hold on %(key)s. End the hold first, with its reason."),
        NOT_DUE: _("%(key)s is not due any more: something was done with it since."),
    }
    if why := what_stops(erasure):
        raise FaultyFormError({"keys": sentences[why] % {"key": erasure.child_key}})


def _waiting(ids: Sequence[str]) -> list[Erasure]:
    if not ids:
        raise FaultyFormError({"keys": _("Choose at least one record.")})
    found = Erasure.objects.filter(pk__in=ids, confirmed_at=None, **ON_ITS_WAY).select_for_update(of=("self",))
    return list(found.order_by("pk"))


def _due(key: str, *, by_age: bool) -> Due:
    due = due_of(child_number(key))
    if due is None:
        raise NotThereError(thing="child", thing_id=key[:20])
    if due.held:
        raise FaultyFormError({"keys": _("There is a hold on %(key)s. End the hold first, with its reason.")
                               % {"key": due.child_key}})  # fmt: skip
    if due.on_its_way:
        raise FaultyFormError({"keys": _("%(key)s was decided on already.") % {"key": due.child_key}})
    early = due.due_on is None or due.due_on > timezone.localdate()
    if by_age and (due.live or early):
        raise FaultyFormError({"keys": _("%(key)s is not due.") % {"key": due.child_key}})
    return due


def _decide(acting: Acting, due: Due, ground: str, *, request: Request | None = None) -> Erasure:
    made = Erasure.objects.create(
        child_number=due.child_number, child_key=due.child_key, ground=ground,
        rule=due.rule if ground == Erasure.Ground.RETENTION else "", request_number=request.pk if request else None,
        decided_by=acting.user,
    )  # fmt: skip
    record(acting, Act.WRITE, thing="erasure", thing_id=made.pk, child_id=due.child_number,
           detail={"ground": ground, "rule": made.rule})  # fmt: skip
    return made
