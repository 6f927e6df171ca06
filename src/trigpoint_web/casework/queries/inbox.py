"""The inbox: what waits for a person, in lists whose order has a stated reason. Nothing is scored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import (
    Child,
    Involvement,
    MarkerStanding,
    MissingEpisode,
    Proposal,
    ProposalDecision,
)
from trigpoint_web.casework.policy import children_visible_to
from trigpoint_web.review.models import LinkQuestion
from trigpoint_web.review.queries import questions_for

Rows = TypeVar("Rows", bound=Model)
SOON: Final = timedelta(days=14)


@dataclass(frozen=True)
class Filters:
    """What the inbox is narrowed to: ids of a team (its areas), an area and an agency, a form; None shows all."""

    area: int | None = None
    agency: int | None = None
    form: str | None = None
    team: int | None = None


NO_FILTERS: Final = Filters()


def new_proposals(user: User, filters: Filters = NO_FILTERS) -> QuerySet[Proposal]:
    """Proposals that nobody has decided, on children without a marker for that form. Newest evidence first."""
    return _undecided(user, filters).exclude(_known()).order_by("-to_on", "pk")


def new_evidence(user: User, filters: Filters = NO_FILTERS) -> QuerySet[Proposal]:
    """Proposals with findings that are new since somebody decided on this child and form. Newest evidence first."""
    return _undecided(user, filters).filter(_known()).order_by("-to_on", "pk")


def newest_of_each_child(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Of the proposals of a list the newest of each child; `child.waiting` holds all of that child's that wait."""
    same = Proposal.objects.filter(child=OuterRef("child"), standing__isnull=False, decisions=None)
    newer = same.filter(Q(to_on__gt=OuterRef("to_on")) | Q(to_on=OuterRef("to_on"), pk__lt=OuterRef("pk")))
    waiting = Proposal.objects.filter(standing__isnull=False, decisions=None).order_by("-to_on", "pk")
    return proposals.exclude(Exists(newer)).prefetch_related(Prefetch("child__proposals", waiting, to_attr="waiting"))


def missing_now(user: User, filters: Filters = NO_FILTERS) -> QuerySet[MissingEpisode]:
    """Children who are missing now, the longest first."""
    episodes = MissingEpisode.objects.filter(found_at=None)
    return _scoped(episodes, user, filters).select_related("child__face", "child__area").order_by("opened_at", "pk")


def interviews_due(user: User, filters: Filters = NO_FILTERS) -> QuerySet[MissingEpisode]:
    """Children back within a month whose return interview is not held, declined or explained. Oldest return first."""
    since = timezone.now() - timedelta(days=30)
    episodes = MissingEpisode.objects.filter(found_at__gte=since).exclude(interviews__kind__in=SETTLED)
    found = _scoped(episodes, user, filters).select_related("child__face", "child__area")
    return found.prefetch_related("interviews").order_by("found_at", "pk")


SETTLED: Final = ("held", "declined", "not_offered")


def reviews_due(user: User, filters: Filters = NO_FILTERS) -> QuerySet[MarkerStanding]:
    """Markers whose review is due, or that run out within a fortnight. Longest overdue first."""
    soon = Q(status="set", expires_on__lte=today() + SOON)
    markers = MarkerStanding.objects.filter(Q(review_due=True) | soon)
    if filters.form:
        markers = markers.filter(form=filters.form)
    return (
        _scoped(markers, user, filters).select_related("child__face", "child__area").order_by("review_on", "marker_id")
    )


def disputes(user: User, filters: Filters = NO_FILTERS) -> QuerySet[MarkerStanding]:
    """Markers that a child, a parent or an agency says are wrong, and nobody has answered. Oldest first."""
    markers = MarkerStanding.objects.filter(disputed=True)
    return _scoped(markers, user, filters).select_related("child__face", "child__area").order_by("last_at", "marker_id")


def identity_questions(user: User, filters: Filters = NO_FILTERS) -> QuerySet[LinkQuestion]:
    """Questions whether records are one child, where one of the two is among those asked for."""
    if filters.form:
        return LinkQuestion.objects.none()
    asked = _children(user, filters).values("pk")
    return questions_for(user).filter(Q(child_a__in=asked) | Q(child_b__in=asked))


def _undecided(user: User, filters: Filters) -> QuerySet[Proposal]:
    proposals = Proposal.objects.filter(standing__isnull=False, decisions=None)
    if filters.form:
        proposals = proposals.filter(form=filters.form)
    found = _scoped(proposals, user, filters).select_related("child__face", "child__area", "run")
    return found.prefetch_related("citations")


def _known() -> Exists | Q:
    """That somebody has decided on this child and form already."""
    same = {"child": OuterRef("child"), "form": OuterRef("form")}
    marked = Exists(MarkerStanding.objects.filter(**same, status="set"))
    decided = Exists(
        ProposalDecision.objects.filter(proposal__child=OuterRef("child"), proposal__form=OuterRef("form"))
    )
    return marked | decided


def _scoped(rows: QuerySet[Rows], user: User, filters: Filters) -> QuerySet[Rows]:
    """Those rows whose child the person may see whole, is in the area, and has the agency involved."""
    if user.agency.headline_only:
        return rows.none()
    return rows.filter(child__in=_children(user, filters).values("pk"))


def _children(user: User, filters: Filters) -> QuerySet[Child]:
    children = children_visible_to(user).filter(current=True)
    if filters.team is not None:
        children = children.filter(area__teams=filters.team)
    if filters.area is not None:
        children = children.filter(area=filters.area)
    if filters.agency is not None:
        children = children.filter(Exists(Involvement.objects.filter(child=OuterRef("pk"), agency=filters.agency)))
    return children
