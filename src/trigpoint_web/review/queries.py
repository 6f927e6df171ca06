"""Which questions a person may see, and what stands about a pair of records."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Greatest, Least

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.policy import children_visible_to
from trigpoint_web.review.models import Judgement, KeyQuestion, LinkQuestion


def questions_for(user: User, *, answered: bool | None = False) -> QuerySet[LinkQuestion]:
    """The questions that the last run still asks, of children whom the person sees; newest run first.

    `answered` False: nobody has judged them; True: somebody has, and the next run follows it; None: every question,
    asked still or not.
    """
    if user.agency.headline_only:
        return LinkQuestion.objects.none()
    mine = children_visible_to(user).values("pk")
    found = LinkQuestion.objects.filter(child_a__in=mine, child_b__in=mine)
    if answered is not None:
        judged = Exists(Judgement.objects.filter(record_a=OuterRef("first"), record_b=OuterRef("second")))
        found = _in_order(found).filter(standing__isnull=False).filter(judged if answered else ~judged)
    return found.select_related("child_a__face", "child_a__area", "child_b__face", "run").order_by(
        "-run_id", "question_id"
    )


def _in_order(questions: QuerySet[LinkQuestion]) -> QuerySet[LinkQuestion]:
    """With the pair as judgements keep it: the smaller id first."""
    return questions.annotate(first=Least("record_a", "record_b"), second=Greatest("record_a", "record_b"))


def judgements_about(question: LinkQuestion) -> QuerySet[Judgement]:
    """What people said of the pair, oldest first; the last one holds."""
    pair = sorted((question.record_a, question.record_b))
    return (
        Judgement.objects.filter(record_a=pair[0], record_b=pair[1]).select_related("by__agency").order_by("at", "pk")
    )


def judgements_of_child(user: User, child_id: int) -> QuerySet[Judgement]:
    """Judgements about records of a child, newest first, as far as the person sees the other child too."""
    mine = children_visible_to(user).values("pk")
    return (
        (Judgement.objects.filter(child_a=child_id) | Judgement.objects.filter(child_b=child_id))
        .filter(child_a__in=mine, child_b__in=mine)
        .select_related("by__agency", "child_a", "child_b")
        .order_by("-at")
    )


def key_questions_for(user: User) -> QuerySet[KeyQuestion]:
    """Changed keys that nobody has answered yet, of children whom the person sees."""
    mine = children_visible_to(user).values("pk")
    return (
        KeyQuestion.objects.filter(old__in=mine, new__in=mine, answer__isnull=True)
        .select_related("old__face", "new__face", "run")
        .order_by("-at")
    )
