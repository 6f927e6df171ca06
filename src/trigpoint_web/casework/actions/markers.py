"""Set, change, review, end, dispute and correct a marker; decline a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.marker_form import MarkerForm, checked, reason_alone
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.locks import done_before, lock_child
from trigpoint_web.casework.models import (
    Child,
    Citation,
    Marker,
    MarkerStep,
    Proposal,
    ProposalDecision,
    StepCitation,
)
from trigpoint_web.casework.models.markers import Level
from trigpoint_web.casework.policy import check_acts_on, check_role
from trigpoint_web.casework.status import MAY_FOLLOW, Standing, open_disputes, standing_of

Kind = MarkerStep.Kind


def set_marker(
    acting: Acting,
    child: Child,
    *,
    form: MarkerForm,
    proposals: Sequence[Proposal] = (),
    seen: int,
    request_key: UUID,
) -> MarkerStep:
    """Set a marker on the child; the proposals that it answers count as accepted.

    `seen` is what `decisions_seen` gave when the page was made. The same `request_key` again gives the same step.
    Raises RefusedError, FaultyFormError, ChangedMeanwhileError.
    """
    with transaction.atomic():
        if done := _done_already(acting, request_key):
            return done
        _may_set(acting, child, form=form, act="set_marker")
        lock_child(child.pk)
        _nothing_since(child, seen)
        filled = checked(form, child=child, on=today(), proposals=proposals)
        if _open_marker(child, filled.form):
            raise FaultyFormError({"form": _("There is a marker for this form already. Change or review that one.")})
        marker = Marker.objects.create(child=child, form=filled.form)
        step = _write(acting, marker, Kind.SET, form=filled, number=1, request_key=request_key)
        for proposal in proposals:
            _decide(acting, proposal, ProposalDecision.Verdict.ACCEPTED, reason=filled.reason, step=step)
        return step


def change_marker(
    acting: Acting, marker: Marker, *, form: MarkerForm, seen: int, request_key: UUID, kind: str = Kind.CHANGED
) -> MarkerStep:
    """Change a marker, or with `kind` reviewed, look at it again: what it says from now on, and why.

    `seen` is the number of steps that the person saw. Raises RefusedError, FaultyFormError, ChangedMeanwhileError.
    """
    with transaction.atomic():
        if done := _done_already(acting, request_key):
            return done
        _may_set(acting, marker.child, form=form, act="set_marker")
        standing, steps = _take(marker, kind, seen=seen)
        filled = checked(form, child=marker.child, on=today(), earlier=standing.last)
        if filled.form != marker.form:
            raise FaultyFormError({"form": _("The form of a marker stays. End this one and set another.")})
        return _write(acting, marker, kind, form=filled, number=len(steps) + 1, request_key=request_key)


def review_marker(acting: Acting, marker: Marker, *, form: MarkerForm, seen: int, request_key: UUID) -> MarkerStep:
    """Look at a marker again and say what it says from now on. It may then run up to twelve months more."""
    return change_marker(acting, marker, form=form, seen=seen, request_key=request_key, kind=Kind.REVIEWED)


def end_marker(acting: Acting, marker: Marker, *, reason: str, seen: int, request_key: UUID) -> MarkerStep:
    """End a marker, with the reason. What stood stays readable."""
    return _repeat(acting, marker, Kind.ENDED, reason=reason, seen=seen, request_key=request_key, act="end_marker")


def dispute_marker(acting: Acting, marker: Marker, *, by: str, reason: str, seen: int, request_key: UUID) -> MarkerStep:
    """Write down that the child, a parent or an agency says that the marker is wrong. Shown until it is answered."""
    if by not in MarkerStep.DisputedBy.values:
        raise FaultyFormError({"disputed_by": _("Say who disputes the marker.")})
    return _repeat(
        acting, marker, Kind.DISPUTED, reason=reason, seen=seen, request_key=request_key, disputed_by=by,
        act="dispute_marker",
    )  # fmt: skip


def answer_dispute(acting: Acting, dispute: MarkerStep, *, reason: str, seen: int, request_key: UUID) -> MarkerStep:
    """Answer a dispute and leave the marker as it is, with the reason."""
    return _repeat(
        acting, dispute.marker, Kind.ANSWERED, reason=reason, seen=seen, request_key=request_key, about=dispute,
        act="dispute_marker",
    )  # fmt: skip


def correct_marker(acting: Acting, wrong: MarkerStep, *, form: MarkerForm, seen: int, request_key: UUID) -> MarkerStep:
    """Say what should have stood instead of a step, or in answer to a dispute. The wrong step stays, and is named."""
    with transaction.atomic():
        if done := _done_already(acting, request_key):
            return done
        marker = wrong.marker
        _may_set(acting, marker.child, form=form, act="set_marker")
        standing, steps = _take(marker, Kind.CORRECTED, seen=seen)
        filled = checked(form, child=marker.child, on=today(), earlier=standing.last)
        return _write(
            acting, marker, Kind.CORRECTED, form=filled, number=len(steps) + 1, request_key=request_key, about=wrong
        )


def decline_proposal(
    acting: Acting, proposal: Proposal, *, reason: str, seen: int, request_key: UUID
) -> ProposalDecision:
    """Decline a proposal with a reason. It comes back only with findings that it did not have."""
    with transaction.atomic():
        if same := done_before(ProposalDecision, acting.user, request_key):
            return same
        check_acts_on(acting.user, proposal.child, act="decline_proposal")
        said = reason_alone(reason)
        lock_child(proposal.child_id)
        _nothing_since(proposal.child, seen)
        decision = _decide(acting, proposal, ProposalDecision.Verdict.DECLINED, reason=said, request_key=request_key)
        record(
            acting, Act.WRITE, thing="proposal", thing_id=proposal.pk, child_id=proposal.child_id,
            detail={"verdict": "declined", "form": proposal.form},
        )  # fmt: skip
        return decision


def decisions_seen(child: Child) -> int:
    """How many steps and decisions a child has: a page keeps it, and an action refuses where it has grown."""
    return (
        MarkerStep.objects.filter(marker__child=child).count()
        + ProposalDecision.objects.filter(proposal__child=child, verdict="declined").count()
    )


def _may_set(acting: Acting, child: Child, *, form: MarkerForm, act: str) -> None:
    check_acts_on(acting.user, child, act=act)
    if form.level == Level.CONFIRMED:
        check_role(acting.user, "confirm_marker")


def _done_already(acting: Acting, request_key: UUID) -> MarkerStep | None:
    return done_before(MarkerStep, acting.user, request_key)


def _nothing_since(child: Child, seen: int) -> None:
    steps = list(MarkerStep.objects.filter(marker__child=child).select_related("by", "agency", "marker"))
    declined = list(
        ProposalDecision.objects.filter(proposal__child=child, verdict="declined").select_related("by", "proposal")
    )
    if len(steps) + len(declined) != seen:
        changes: list[MarkerStep | ProposalDecision] = [*steps, *declined]
        raise ChangedMeanwhileError(sorted(changes, key=lambda one: one.at)[seen:])


def _open_marker(child: Child, form: str) -> Marker | None:
    markers = Marker.objects.filter(child=child, form=form).prefetch_related("steps")
    on = today()
    return next((one for one in markers if standing_of(list(one.steps.all()), on=on).is_open), None)


def _take(marker: Marker, kind: str, *, seen: int) -> tuple[Standing, list[MarkerStep]]:
    """The marker's standing, held until the transaction ends; refused where it moved on or the step may not follow."""
    lock_child(marker.child_id)
    steps = list(marker.steps.select_related("by", "agency").order_by("number"))
    if len(steps) != seen:
        raise ChangedMeanwhileError(steps[seen:])
    standing = standing_of(steps, on=today())
    if kind not in MAY_FOLLOW[standing.status]:
        raise FaultyFormError({"": _("This marker has ended or run out. Set a new one if it is needed.")})
    return standing, steps


def _repeat(
    acting: Acting,
    marker: Marker,
    kind: str,
    *,
    reason: str,
    seen: int,
    request_key: UUID,
    act: str,
    **more: object,
) -> MarkerStep:
    """A step that leaves what the marker says as it was."""
    with transaction.atomic():
        if done := _done_already(acting, request_key):
            return done
        check_acts_on(acting.user, marker.child, act=act)
        said = reason_alone(reason)
        _standing, steps = _take(marker, kind, seen=seen)
        about = more.get("about")
        if kind == Kind.ANSWERED and about not in open_disputes(steps):
            raise FaultyFormError({"": _("This dispute was answered already.")})
        form = MarkerForm.like(steps[-1], form=marker.form, reason=said)
        return _write(acting, marker, kind, form=form, number=len(steps) + 1, request_key=request_key, **more)


def _write(
    acting: Acting, marker: Marker, kind: str, *, form: MarkerForm, number: int, request_key: UUID, **more: object
) -> MarkerStep:
    step = MarkerStep.objects.create(
        marker=marker, number=number, kind=kind, by=acting.user, agency=acting.user.agency, request_key=request_key,
        **form.columns(), **more,
    )  # fmt: skip
    StepCitation.objects.bulk_create(
        [StepCitation(step=step, citation=one) for one in Citation.objects.filter(pk__in=form.citations)]
    )
    record(
        acting, Act.WRITE, thing="marker", thing_id=marker.pk, child_id=marker.child_id,
        detail={"step": number, "kind": str(kind), "form": marker.form, "level": step.level},
    )  # fmt: skip
    return step


def _decide(acting: Acting, proposal: Proposal, verdict: str, **more: object) -> ProposalDecision:
    if ProposalDecision.objects.filter(proposal=proposal).exists():
        raise FaultyFormError({"": _("This proposal was decided already.")})
    return ProposalDecision.objects.create(proposal=proposal, verdict=verdict, by=acting.user, **more)
