"""What the dashboard counts: over the children whom the person sees; for the equality view over all, without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Max, Min
from django.utils import timezone

from trigpoint_web.accounts.models import Agency, User
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.models import Involvement, MarkerStanding, NotKnown, ProposalDecision
from trigpoint_web.casework.policy import children_visible_to
from trigpoint_web.casework.queries import inbox
from trigpoint_web.response.queries.plans import InterviewState, interview_clock
from trigpoint_web.response.queries.tasks import overdue_actions

YEAR: Final = timedelta(days=365)
EQUALITY: Final = "select dimension, value, stage, number from response_equality()"


class Median(Aggregate):
    """The middle one."""

    function = "PERCENTILE_CONT"
    name = "median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


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


def waiting(user: User) -> Waiting:
    """What waits now on the children whom the person sees."""
    new = inbox.new_proposals(user)
    told = Agreement.of(user.agency).tells_interviews
    clocks = [interview_clock(one, told=told) for one in inbox.interviews_due(user).prefetch_related("interviews")]
    return Waiting(
        proposals=new.count(),
        evidence=inbox.new_evidence(user).count(),
        missing=inbox.missing_now(user).count(),
        reviews=inbox.reviews_due(user).filter(review_due=True).count(),
        disputes=inbox.disputes(user).count(),
        interviews_overdue=sum(one.state == InterviewState.OVERDUE for one in clocks),
        actions_overdue=overdue_actions(user).count(),
        oldest=new.order_by().aggregate(oldest=Min("run__registered_at"))["oldest"],
    )


def markers_by_form(user: User) -> dict[str, dict[str, int]]:
    """Markers that stand on the children whom the person sees: by form, by level."""
    standing = MarkerStanding.objects.filter(status="set", child__in=_children(user))
    counted: dict[str, dict[str, int]] = {}
    for form, level, number in standing.values_list("form", "level").annotate(n=Count("pk")).order_by("form", "level"):
        counted.setdefault(form, {})[level] = number
    return counted


def deciding(user: User) -> Deciding:
    """How proposals were decided within a year, and how long that took."""
    since = timezone.now() - YEAR
    decisions = ProposalDecision.objects.filter(at__gte=since, proposal__child__in=_children(user))
    taken = ExpressionWrapper(F("at") - F("proposal__run__registered_at"), output_field=DurationField())
    verdicts = dict(decisions.values_list("verdict").annotate(n=Count("pk")))
    median = decisions.aggregate(median=Median(taken, output_field=DurationField()))["median"]
    return Deciding(verdicts.get("accepted", 0), verdicts.get("declined", 0), median)


def overdue_by_agency(user: User) -> list[tuple[str, int]]:
    """Overdue actions by the agency of their owner, the most first."""
    numbers: dict[str, int] = {}
    for action in overdue_actions(user):
        owner = max(action.steps.all(), key=lambda step: step.number).owner
        numbers[owner.agency.name] = numbers.get(owner.agency.name, 0) + 1
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


def agencies(user: User) -> list[AgencyLine]:
    """Agencies involved with the children whom the person sees."""
    rows = (
        Involvement.objects.filter(child__in=_children(user))
        .values("agency")
        .annotate(children=Count("child", distinct=True), last=Max("last_on"))
    )
    known = Agency.objects.in_bulk([row["agency"] for row in rows])
    lines = [AgencyLine(known[row["agency"]], row["children"], row["last"]) for row in rows]
    return sorted(lines, key=lambda one: -one.children)


def gaps(user: User) -> list[Gap]:
    """Kinds of event that nobody reports, and for how many children an answer is not known for want of them."""
    children: dict[str, set[int]] = {}
    rows = NotKnown.objects.filter(child__in=_children(user)).values_list("child_id", "missing")
    for child, kinds in rows:
        for kind in kinds:
            children.setdefault(kind, set()).add(child)
    return sorted((Gap(kind, len(who)) for kind, who in children.items()), key=lambda one: (-one.children, one.kind))


def equality_counts() -> dict[str, dict[str, dict[str, int]]]:
    """Numbers of children by dimension, value and stage. Not to be shown as they are."""
    counted: dict[str, dict[str, dict[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(EQUALITY)
        for dimension, value, stage, number in cursor.fetchall():
            counted.setdefault(dimension, {}).setdefault(value, {})[stage] = number
    return counted


def _children(user: User) -> Any:
    """The children whom the person sees whole; none for an agency that sees headlines alone."""
    children = children_visible_to(user).filter(current=True)
    return (children.none() if user.agency.headline_only else children).values("pk")
