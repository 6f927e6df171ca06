"""The inbox: what waits for a person, in lists whose order has a stated reason. Nothing is scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
BACK: Final = timedelta(days=30)  # an interview that is older is looked for in what agencies sent
WAITING: Final = "select proposal_id from casework_waiting(%s, %s, %s, %s, %s, %s, %s)"
EPISODES: Final = "select episode_id from casework_waiting_episodes(%s, %s, %s, %s, %s, %s, %s)"
MARKERS: Final = "select marker_id from casework_waiting_markers(%s, %s, %s, %s, %s, %s, %s, %s)"
INBOX: Final = "select list, id from casework_inbox(%s, %s, %s, %s, %s, %s, %s, %s) order by list, place"
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
        """Those rows, as far as the person may see them, with all that is shown of them; in any order."""
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
        rows = {row.pk: row for row in self.read(ids)} if ids else {}
        return [rows[found] for found in ids if found in rows]

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
        return found.select_related("child__face", "child__area", "run").prefetch_related("citations", together)


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


class EpisodesWaiting(Lazily[MissingEpisode]):
    """What `missing_now` gives, or, of children who are `back`, what `interviews_due` does."""

    def __init__(self, user: User, filters: Filters = NO_FILTERS, *, back: bool) -> None:
        self._user, self._filters, self._back = user, filters, back

    def ids(self, part: slice) -> list[int]:
        """Asked of the database's own function."""
        asked, tells = self._filters, Agreement.of(self._user.agency).tells_interviews
        since = timezone.now() - BACK if self._back else None
        return _called(EPISODES, [since, tells, asked.area, asked.agency, asked.team], part)

    def read(self, ids: list[int]) -> QuerySet[MissingEpisode]:
        """With the children's faces, and what was said of interviews."""
        found = _scoped(MissingEpisode.objects.filter(pk__in=ids), self._user, self._filters)
        return found.select_related("child__face", "child__area").prefetch_related("interviews")


class MarkersWaiting(Lazily[MarkerStanding]):
    """What `reviews_due` gives, or, of `disputed` markers, what `disputes` does."""

    def __init__(self, user: User, filters: Filters = NO_FILTERS, *, disputed: bool) -> None:
        self._user, self._filters, self._disputed = user, filters, disputed

    def ids(self, part: slice) -> list[int]:
        """Asked of the database's own function."""
        asked = self._filters
        given: list[Any] = [self._disputed, today() + SOON, asked.form or None, asked.area, asked.agency, asked.team]
        return _called(MARKERS, given, part)

    def read(self, ids: list[int]) -> QuerySet[MarkerStanding]:
        """With the children's faces."""
        found = _scoped(MarkerStanding.objects.filter(pk__in=ids), self._user, self._filters)
        return found.select_related("child__face", "child__area")


def first_of(lists: Mapping[str, Lazily[Any]], user: User, filters: Filters, *, most: int) -> dict[str, list[Any]]:
    """The beginning of each list, by its name in addresses: one question for all ids, then one for each kind of row."""
    narrowed = [filters.form or None, filters.area, filters.agency, filters.team]
    tells = Agreement.of(user.agency).tells_interviews
    with connection.cursor() as cursor:
        cursor.execute(INBOX, [today() + SOON, timezone.now() - BACK, tells, *narrowed, most])
        places = cursor.fetchall()
    ids = {name: [found for place, found in places if place == name] for name in lists}
    rows: dict[type[Lazily[Any]], dict[int, Any]] = {}
    for kind in {type(one) for one in lists.values()}:
        alike = [name for name, one in lists.items() if type(one) is kind]
        wanted = [found for name in alike for found in ids[name]]
        rows[kind] = {row.pk: row for row in lists[alike[0]].read(wanted)} if wanted else {}
    return {name: [row for found in ids[name] if (row := rows[type(one)].get(found))] for name, one in lists.items()}


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
    episodes = MissingEpisode.objects.filter(found_at__gte=timezone.now() - BACK).exclude(interviews__kind__in=SETTLED)
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
