"""Say whether records are one child, and what follows from a key that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext as _

from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.casework.actions.marker_form import reason_alone
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.border.successions import WORK
from trigpoint_web.casework.locks import done_before, lock_child
from trigpoint_web.casework.models import Child, Marker, MarkerStep
from trigpoint_web.casework.policy import check_acts_on
from trigpoint_web.review.models import Judgement, KeyAnswer, KeyQuestion, LinkQuestion

MOST_RECORDS = 200  # of one child: more in one judgement is a mistake
MOVE = "update {table} set child_id = %s where child_id = %s"


def answer_question(
    acting: Acting, question: LinkQuestion, *, verdict: str, reason: str, seen: int, request_key: UUID
) -> Judgement:
    """Judge the two records of a question. `seen` is how many judgements of it the person saw.

    Raises RefusedError, FaultyFormError, ChangedMeanwhileError.
    """
    with transaction.atomic():
        if done := done_before(Judgement, acting.user, request_key):
            return done
        _may_judge(acting, question.child_a, question.child_b)
        lock_child(question.child_a_id)
        earlier = list(question.judgements.select_related("by").order_by("at", "pk"))
        if len(earlier) != seen:
            raise ChangedMeanwhileError(earlier[seen:])
        return _judge(
            acting, (question.record_a, question.record_b), verdict=verdict, reason=reason, request_key=request_key,
            children=(question.child_a, question.child_b), question=question,
        )  # fmt: skip


def unlink_records(
    acting: Acting, child: Child, *, away: Collection[str], stay: Collection[str], reason: str, request_key: UUID
) -> list[Judgement]:
    """Say that the records `away` are not the child of the records `stay`; both are records of this child now.

    Each of one side is judged different from each of the other, so that no third record joins them again.
    """
    with transaction.atomic():
        done = list(Judgement.objects.filter(request_key__in=_keys(request_key, away, stay), by=acting.user))
        if done:
            return done
        _may_judge(acting, child, child)
        if not away or not stay or set(away) & set(stay) or len(away) + len(stay) > MOST_RECORDS:
            raise FaultyFormError({"records": _("Choose the records that are another child's, and leave some.")})
        lock_child(child.pk)
        return [
            _judge(
                acting,
                pair,
                verdict=Judgement.Verdict.DIFFERENT,
                reason=reason,
                children=(child, child),
                request_key=_key(request_key, pair),
            )
            for pair in _pairs(away, stay)
        ]


def answer_key_question(acting: Acting, question: KeyQuestion, *, choice: str, reason: str) -> KeyAnswer:
    """Say whether the case on the old key moves to the new one. What people wrote is moved, not changed."""
    with transaction.atomic():
        _may_judge(acting, question.old, question.new)
        said = reason_alone(reason)
        if choice not in KeyAnswer.Choice.values:
            raise FaultyFormError({"choice": _("Say whether the case moves.")})
        for child in sorted((question.old_id, question.new_id)):
            lock_child(child)
        if earlier := KeyAnswer.objects.filter(question=question).first():
            raise ChangedMeanwhileError([earlier])
        if choice == KeyAnswer.Choice.MOVE:
            _move_case(acting, question, reason=said)
        answer = KeyAnswer.objects.create(question=question, choice=choice, reason=said, by=acting.user)
        record(
            acting, Act.WRITE, thing="key_question", thing_id=question.pk, child_id=question.old_id,
            detail={"choice": choice, "new": question.new_id},
        )  # fmt: skip
        return answer


def _may_judge(acting: Acting, *children: Child) -> None:
    for child in children:
        check_acts_on(acting.user, child, act="judge_records")


def _judge(
    acting: Acting,
    pair: tuple[str, str],
    *,
    verdict: str,
    reason: str,
    children: tuple[Child, Child],
    request_key: UUID,
    question: LinkQuestion | None = None,
) -> Judgement:
    said = reason_alone(reason)
    if verdict not in Judgement.Verdict.values:
        raise FaultyFormError({"verdict": _("Say whether these are the same child.")})
    one, other = sorted(pair)
    made = Judgement.objects.create(
        record_a=one, record_b=other, verdict=verdict, reason=said, question=question, child_a=children[0],
        child_b=children[1], by=acting.user, request_key=request_key,
    )  # fmt: skip
    for child in {child.pk for child in children}:
        record(
            acting, Act.WRITE, thing="judgement", thing_id=made.pk, child_id=child,
            detail={"verdict": verdict, "records": [one, other]},
        )  # fmt: skip
    return made


def _pairs(away: Iterable[str], stay: Iterable[str]) -> list[tuple[str, str]]:
    return [(one, other) for one in sorted(set(away)) for other in sorted(set(stay))]


def _key(request_key: UUID, pair: tuple[str, str]) -> UUID:
    return uuid5(request_key, "|".join(sorted(pair)))


def _keys(request_key: UUID, away: Iterable[str], stay: Iterable[str]) -> list[UUID]:
    return [_key(request_key, pair) for pair in _pairs(away, stay)]


def _move_case(acting: Acting, question: KeyQuestion, *, reason: str) -> None:
    old, new = question.old, question.new
    for marker in Marker.objects.filter(child=old):
        _follow(acting, marker, reason=reason, request_key=uuid5(UUID(int=question.pk), str(marker.pk)))
    with connection.cursor() as cursor:
        for table in WORK:
            cursor.execute(MOVE.format(table=table), [new.pk, old.pk])


def _follow(acting: Acting, marker: Marker, *, reason: str, request_key: UUID) -> None:
    """A step that says why the marker stands under another key from now on, all else as it was."""
    last = marker.steps.order_by("-number").first()
    if last is None:
        return
    kept = {
        field.attname: getattr(last, field.attname)
        for field in MarkerStep._meta.concrete_fields
        if field.attname
        not in ("id", "number", "kind", "reason", "by_id", "agency_id", "at", "request_key", "about_id")
    }
    MarkerStep.objects.create(
        **kept, number=last.number + 1, kind=MarkerStep.Kind.FOLLOWED, reason=reason, by=acting.user,
        agency=acting.user.agency, request_key=request_key,
    )  # fmt: skip
