"""Holds and requests: put on, ended, received, answered. Each act is one transaction with its row in the audit."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.marker_form import reason_alone
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.locks import done_before
from trigpoint_web.rights.clocks import extendable_until
from trigpoint_web.rights.erasing.deciding import child_number, decide_request
from trigpoint_web.rights.models import Answer, Erasure, Hold, Request
from trigpoint_web.rights.policy import check_at_work

Kind, Outcome = Request.Kind, Answer.Outcome


def put_on_hold(acting: Acting, key: str, *, ground: str, reason: str, review_on: date) -> Hold:
    """Keep a record from being deleted. Raises NotThereError, FaultyFormError."""
    check_at_work(acting)
    said = reason_alone(reason)
    if review_on <= timezone.localdate():
        raise FaultyFormError({"review_on": _("Choose a day that is still to come.")})
    with transaction.atomic():
        number = child_number(key)
        made = Hold.objects.create(
            child_id=number, child_key=key.strip(), ground=ground, reason=said, review_on=review_on, by=acting.user
        )
        record(acting, Act.WRITE, thing="hold", thing_id=made.pk, child_id=number, detail={"ground": ground})
        return made


def end_hold(acting: Acting, hold: Hold, *, reason: str) -> None:
    """End a hold: the record is due again as the facts say. Raises ChangedMeanwhileError where it ended already."""
    check_at_work(acting)
    said = reason_alone(reason)
    with transaction.atomic():
        ended = {"ended_at": timezone.now(), "ended_by": acting.user, "ended_reason": said}
        if not Hold.objects.filter(pk=hold.pk, ended_at=None).update(**ended):
            raise ChangedMeanwhileError([Hold.objects.get(pk=hold.pk)])
        record(acting, Act.WRITE, thing="hold", thing_id=hold.pk, child_id=hold.child_id, detail={"ended": True})


def receive_request(
    acting: Acting,
    key: str,
    *,
    kind: str,
    asked_by: str,
    received_on: date,
    identity_on: date | None,
    text: str,
    request_key: UUID,
) -> Request:
    """Write down that a request came; the same key again gives the same. Raises NotThereError, FaultyFormError."""
    check_at_work(acting)
    for name, on in {"received_on": received_on, "identity_on": identity_on}.items():
        if on and on > timezone.localdate():
            raise FaultyFormError({name: _("This day is still to come.")})
    with transaction.atomic():
        number = child_number(key)
        if done := done_before(Request, acting.user, request_key):
            return done
        made = Request.objects.create(
            child_id=number, child_key=key.strip(), kind=kind, asked_by=asked_by, received_on=received_on,
            identity_on=identity_on, text=text.strip(), by=acting.user, request_key=request_key,
        )  # fmt: skip
        record(acting, Act.WRITE, thing="rights_request", thing_id=made.pk, child_id=number, detail={"kind": kind})
        return made


def confirm_identity(acting: Acting, request: Request, *, on: date) -> None:
    """Write down since when it is known who asks: the clock starts then."""
    check_at_work(acting)
    if not request.received_on <= on <= timezone.localdate():
        raise FaultyFormError({"identity_on": _("Choose a day from when the request came until today.")})
    _change(acting, request, {"identity_on": on}, only={"identity_on": None})


def extend(acting: Acting, request: Request, *, reason: str) -> None:
    """Take two months more, where a request is complex: within the first month, with the reason that is told."""
    check_at_work(acting)
    said = reason_alone(reason)
    until = extendable_until(request)
    if until is None or timezone.localdate() > until:
        raise FaultyFormError({"reason": _("More time can be taken within the first month alone.")})
    _change(acting, request, {"extended_at": timezone.now(), "extension_reason": said}, only={"extended_at": None})


def answer_request(acting: Acting, request: Request, *, outcome: str, ground: str, reason: str) -> Answer:
    """Answer a request, once. A granted erasure is decided with it; another officer confirms it.

    Raises FaultyFormError where it is refused on no ground, the identity is not known, or a hold stands against it.
    """
    check_at_work(acting)
    said = reason_alone(reason)
    if outcome in (Outcome.REFUSED, Outcome.PARTLY) and not ground:
        raise FaultyFormError({"ground": _("Choose the ground on which it is refused.")})
    if request.identity_on is None and outcome in (Outcome.GRANTED, Outcome.PARTLY):
        raise FaultyFormError({"outcome": _("Write down first since when it is known who asks.")})
    with transaction.atomic():
        if earlier := Answer.objects.filter(request=request).first():
            raise ChangedMeanwhileError([earlier])
        made = Answer.objects.create(request=request, outcome=outcome, ground=ground, reason=said, by=acting.user)
        record(acting, Act.WRITE, thing="rights_request", thing_id=request.pk, child_id=request.child_id,
               detail={"kind": request.kind, "outcome": outcome, "ground": ground})  # fmt: skip
        if request.kind == Kind.ERASURE and outcome == Outcome.GRANTED:
            decide_request(acting, request, ground=Erasure.Ground.REQUEST)
        return made


def _change(acting: Acting, request: Request, values: dict[str, object], *, only: dict[str, object]) -> None:
    with transaction.atomic():
        if not Request.objects.filter(pk=request.pk, **only).update(**values):
            raise ChangedMeanwhileError([Request.objects.get(pk=request.pk)])
        record(acting, Act.WRITE, thing="rights_request", thing_id=request.pk, child_id=request.child_id,
               detail={"changed": sorted(values)})  # fmt: skip
