"""What the dashboard counts: over the children whom the person sees; for the equality view over all, without names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from trigpoint_web.accounts.models import Agency, User
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.queries import inbox
from trigpoint_web.response.queries.plans import InterviewState, interview_clock

YEAR: Final = timedelta(days=365)
COUNTS: Final = "select counted, name, level, number, since, took, last_on from response_dashboard(%s)"
EQUALITY: Final = "select dimension, value, stage, number from response_equality()"


@dataclass(frozen=True)
class Waiting:
    """What waits now: how many of each, and since when the oldest proposal does."""

    proposals: int
    evidence: int
    missing: int
    reviews: int
    disputes: int
    interviews_overdue: int
    actions_overdue: int
    oldest: datetime | None


@dataclass(frozen=True)
class Deciding:
    """Decisions on proposals within a year: how many of each verdict, and the middle time from run to decision."""

    accepted: int
    declined: int
    median: timedelta | None


@dataclass(frozen=True)
class AgencyLine:
    """An agency: how many of the children it knows, and the last day that one of its records speaks of."""

    agency: Any
    children: int
    last_on: date | None


@dataclass(frozen=True)
class Gap:
    """A kind of event that nobody reports: for how many children an answer is not known for want of it."""

    kind: str
    children: int


@dataclass(frozen=True)
class Counted:
    """One row of what the database counts of all children whom the person sees whole."""

    counted: str
    name: str
    level: str
    number: int
    since: datetime | None
    took: timedelta | None
    last_on: date | None


class Counts:
    """All that the dashboard counts of those children, from one question to the database."""

    def __init__(self, user: User) -> None:
        self._user = user
        with connection.cursor() as cursor:
            cursor.execute(COUNTS, [timezone.now() - YEAR])
            self._rows = [Counted(*row) for row in cursor.fetchall()]

    def of(self, what: str) -> list[Counted]:
        """The rows that count this."""
        return [one for one in self._rows if one.counted == what]

    def number(self, what: str) -> int:
        """How many there are of this."""
        return sum(one.number for one in self.of(what))

    def waiting(self, overdue: Sequence[Any]) -> Waiting:
        """What waits now. `overdue` are the actions that are past their day."""
        tells = Agreement.of(self._user.agency).tells_interviews
        clocks = [interview_clock(one, told=tells) for one in inbox.EpisodesWaiting(self._user, back=True)[:]]
        return Waiting(
            proposals=self.number("proposals"),
            evidence=self.number("evidence"),
            missing=self.number("missing"),
            reviews=self.number("reviews"),
            disputes=self.number("disputes"),
            interviews_overdue=sum(one.state == InterviewState.OVERDUE for one in clocks),
            actions_overdue=len(overdue),
            oldest=min((one.since for one in self.of("proposals") if one.since), default=None),
        )

    def markers_by_form(self) -> dict[str, dict[str, int]]:
        """Markers that stand: by form, by level."""
        counted: dict[str, dict[str, int]] = {}
        for one in sorted(self.of("marker"), key=lambda one: (one.name, one.level)):
            counted.setdefault(one.name, {})[one.level] = one.number
        return counted

    def deciding(self) -> Deciding:
        """How proposals were decided within a year, and how long that took."""
        verdicts = {one.name: one.number for one in self.of("decided")}
        (middle,) = self.of("deciding")
        return Deciding(verdicts.get("accepted", 0), verdicts.get("declined", 0), middle.took)

    def agencies(self) -> list[AgencyLine]:
        """Agencies involved with those children, those that know most first."""
        rows = self.of("agency")
        known = Agency.objects.in_bulk([int(one.name) for one in rows])
        lines = [AgencyLine(known[int(one.name)], one.number, one.last_on) for one in rows]
        return sorted(lines, key=lambda one: (-one.children, one.agency.name))

    def gaps(self) -> list[Gap]:
        """Kinds of event that nobody reports, and for how many children an answer is not known for want of them."""
        return sorted((Gap(one.name, one.number) for one in self.of("gap")), key=lambda one: (-one.children, one.kind))


def overdue_by_agency(overdue: Iterable[Any]) -> list[tuple[str, int]]:
    """Overdue actions by the agency of their owner, the most first."""
    numbers: dict[str, int] = {}
    for action in overdue:
        owner = max(action.steps.all(), key=lambda step: step.number).owner
        numbers[owner.agency.name] = numbers.get(owner.agency.name, 0) + 1
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


def equality_counts() -> dict[str, dict[str, dict[str, int]]]:
    """Numbers of children by dimension, value and stage. Not to be shown as they are."""
    counted: dict[str, dict[str, dict[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(EQUALITY)
        for dimension, value, stage, number in cursor.fetchall():
            counted.setdefault(dimension, {}).setdefault(value, {})[stage] = number
    return counted
