"""The inbox: what waits for a person, in lists whose order has a stated reason. Nothing is scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar, overload

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from trigpoint_web.accounts.models import User
from trigpoint_web.casework.agreement import Agreement
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
WAITING: Final = "select proposal_id from casework_waiting(%s, %s, %s, %s, %s, %s, %s)"
QUESTIONS: Final = "select question_id from casework_waiting_questions(%s, %s, %s, %s, %s)"


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


class Lazily(Sequence[Rows]):
    """A list of the inbox that is cut before it is read: its ids in order, then what belongs to those that are shown.

    Each table that a query joins asks anew of each row whether the person may see its child.
    """

    def ids(self, part: slice) -> list[int]:
        """The ids of that part of the list, in its order."""
        raise NotImplementedError

    def read(self, ids: list[int]) -> QuerySet[Rows]:
        """Those rows, as far as the person may see them, with all that is shown of them."""
        raise NotImplementedError

    @overload
    def __getitem__(self, asked: int) -> Rows: ...
    @overload
    def __getitem__(self, asked: slice) -> list[Rows]: ...
    def __getitem__(self, asked: int | slice) -> Rows | list[Rows]:
        """A part of the list, or one row."""
        if isinstance(asked, int):
            return self[asked : asked + 1][0]
        ids = self.ids(asked)
        return list(self.read(ids)) if ids else []

    def __len__(self) -> int:
        return len(self.ids(slice(None)))


class NewestWaiting(Lazily[Proposal]):
    """Of each child whom the person may see the newest proposal that waits; newest evidence first.

    With `known`, of those on which somebody decided before, otherwise of the others. `child.waiting` holds all of that
    child's that wait.
    """

    def __init__(self, user: User, filters: Filters = NO_FILTERS, *, known: bool) -> None:
        self._user, self._filters, self._known = user, filters, known

    def ids(self, part: slice) -> list[int]:
        """Asked of the database's own function, which looks at all of them together."""
        asked = self._filters
        return _called(WAITING, [self._known, asked.form or None, asked.area, asked.agency, asked.team], part)

    def read(self, ids: list[int]) -> QuerySet[Proposal]:
        """With the children's faces and citations."""
        waiting = Proposal.objects.filter(standing__isnull=False, decisions=None).order_by("-to_on", "pk")
        found = _scoped(Proposal.objects.filter(pk__in=ids), self._user, self._filters)
        together = Prefetch("child__proposals", waiting, to_attr="waiting")
        shown = found.select_related("child__face", "child__area", "run").prefetch_related("citations", together)
        return shown.order_by("-to_on", "pk")


class QuestionsWaiting(Lazily[LinkQuestion]):
    """What `identity_questions` gives."""

    def __init__(self, user: User, filters: Filters = NO_FILTERS) -> None:
        self._user, self._filters = user, filters

    def ids(self, part: slice) -> list[int]:
        """Asked of the database's own function."""
        asked = self._filters
        return [] if asked.form else _called(QUESTIONS, [asked.area, asked.agency, asked.team], part)

    def read(self, ids: list[int]) -> QuerySet[LinkQuestion]:
        """With the faces of both children."""
        return questions_for(self._user).filter(pk__in=ids)


class MarkersWaiting(Lazily[MarkerStanding]):
    """A list of markers."""

    def __init__(self, rows: QuerySet[MarkerStanding]) -> None:
        self._rows = rows

    def ids(self, part: slice) -> list[int]:
        """Of the rows without what they join."""
        return list(self._rows.select_related(None).values_list("pk", flat=True)[part])

    def read(self, ids: list[int]) -> QuerySet[MarkerStanding]:
        """With the children's faces."""
        return self._rows.filter(pk__in=ids)


def _called(function: str, given: list[Any], part: slice) -> list[int]:
    first = part.start or 0
    with connection.cursor() as cursor:
        cursor.execute(function, [*given, None if part.stop is None else part.stop - first, first])
        return [row[0] for row in cursor.fetchall()]


def missing_now(user: User, filters: Filters = NO_FILTERS) -> QuerySet[MissingEpisode]:
    """Children who are missing now, the longest first."""
    episodes = MissingEpisode.objects.filter(found_at=None)
    return _scoped(episodes, user, filters).select_related("child__face", "child__area").order_by("opened_at", "pk")


def interviews_due(user: User, filters: Filters = NO_FILTERS) -> QuerySet[MissingEpisode]:
    """Children back within a month whose return interview is not held, declined or explained. Oldest return first."""
    since = timezone.now() - timedelta(days=30)
    episodes = MissingEpisode.objects.filter(found_at__gte=since).exclude(interviews__kind__in=SETTLED)
    if Agreement.of(user.agency).tells_interviews:  # held or declined, says an agency's extract
        episodes = episodes.exclude(told_interview__in=SETTLED)
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
