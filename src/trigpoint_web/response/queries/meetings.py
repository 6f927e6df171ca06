"""Meetings, and which children are due for one, each with the stated reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.models import Child, EmergencyAccess, MarkerStanding, MissingEpisode
from trigpoint_web.casework.policy import check_sees_whole, children_visible_to
from trigpoint_web.casework.queries.inbox import Filters, reviews_due
from trigpoint_web.response.models import Action, AgendaItem, Decision, Meeting, Minute
from trigpoint_web.response.queries.plans import IS_REPLACED
from trigpoint_web.response.queries.tasks import overdue_actions, steps_with_people

EVIDENCE: Final = "select child_id from response_new_evidence(%s)"
REASONS: Final[dict[str, str | Promise]] = {
    "missing_now": _("Missing now"),
    "missing_often": _("Missing three times or more in 90 days"),
    "set_since": _("Marker set since the last meeting"),
    "review_due": _("Marker review due"),
    "new_evidence": _("New findings since the last decision"),
    "disputed": _("The marker is disputed"),
    "overdue": _("Actions overdue"),
    "emergency": _("Emergency access in the last week"),
}


@dataclass(frozen=True)
class Due:
    """A child who is due for a meeting, with the reasons in the order of REASONS."""

    child: Child
    reasons: tuple[str, ...]


def meetings_of(user: User) -> QuerySet[Meeting]:
    """The meetings that the person's agency is invited to, newest first."""
    return (
        Meeting.objects.filter(invited=user.agency_id).select_related("area", "chair__agency").order_by("-planned_for")
    )


def agenda_of(user: User, meeting: Meeting) -> QuerySet[AgendaItem]:
    """The items of the agenda whose child the person may see, with minutes and decisions."""
    minutes = Minute.objects.select_related("by__agency", "corrects")
    actions = Prefetch("actions", Action.objects.prefetch_related(steps_with_people()))
    decisions = (
        Decision.objects.select_related("by__agency").prefetch_related(actions).annotate(is_replaced=IS_REPLACED)
    )
    return (
        meeting.items.filter(child__in=children_visible_to(user).values("pk"))
        .select_related("child__face", "by")
        .prefetch_related(Prefetch("minutes", minutes), Prefetch("decisions", decisions))
        .order_by("order")
    )


def due_for(user: User, meeting: Meeting) -> list[Due]:
    """Children of the meeting's area who are due and not on its agenda yet; who has the most pressing reason first.

    The order of REASONS is the order of pressing; within it, child keys. Nothing is added up.
    """
    filters = Filters(area=meeting.area_id)
    since = _last_held(meeting)
    by_reason: dict[str, set[int]] = {
        **_missing(user, filters),
        **_marked(user, filters, since),
        "review_due": _children(reviews_due(user, filters)),
        "new_evidence": _with_new_evidence(meeting),
        "overdue": {action.child_id for action in overdue_actions(user).prefetch_related(None) if action.child_id},
        "emergency": _emergencies(),
    }
    wanted = set().union(*by_reason.values()) - set(meeting.items.values_list("child_id", flat=True))
    children = children_visible_to(user).filter(pk__in=wanted, area=meeting.area_id).select_related("face")
    due = [Due(one, tuple(name for name in REASONS if one.pk in by_reason[name])) for one in children]
    order = list(REASONS)
    return sorted(due, key=lambda one: (order.index(one.reasons[0]), one.child.key))


def _children(rows: QuerySet[MissingEpisode] | QuerySet[MarkerStanding] | QuerySet[object]) -> set[int]:  # type: ignore[type-var]  # any row of a child
    return set(rows.order_by().values_list("child_id", flat=True))


def _with_new_evidence(meeting: Meeting) -> set[int]:
    """Asked of the database's own function: it says of all of them together what `inbox.new_evidence` says."""
    with connection.cursor() as cursor:
        cursor.execute(EVIDENCE, [meeting.area_id])
        return {child for (child,) in cursor.fetchall()}


def _last_held(meeting: Meeting) -> object:
    held = Meeting.objects.filter(kind=meeting.kind, area=meeting.area_id, held_at__isnull=False).exclude(pk=meeting.pk)
    last = held.order_by("-held_at").values_list("held_at", flat=True).first()
    return last or timezone.now() - timedelta(days=84)  # local panels meet within twelve weeks (domain 10.2)


def _marked(user: User, filters: Filters, since: object) -> dict[str, set[int]]:
    """Children with a marker that was set since a time, and with one that is disputed."""
    children = children_visible_to(user).filter(area=filters.area).values("pk")
    fresh = Q(status="set", set_at__gte=since)
    rows = MarkerStanding.objects.filter(fresh | Q(disputed=True), child__in=children).annotate(is_fresh=Q(fresh))
    found: dict[str, set[int]] = {"set_since": set(), "disputed": set()}
    for child, disputed, is_fresh in rows.values_list("child_id", "disputed", "is_fresh"):
        found["disputed"] |= {child} if disputed else set()
        found["set_since"] |= {child} if is_fresh else set()
    return found


def _missing(user: User, filters: Filters) -> dict[str, set[int]]:
    """Children missing now, and on three different days within 90: one night reported by two agencies counts once."""
    since = timezone.now() - timedelta(days=90)
    children = children_visible_to(user).filter(area=filters.area).values("pk")
    rows = MissingEpisode.objects.filter(Q(opened_at__gte=since) | Q(found_at=None), child__in=children)
    days: dict[int, set[object]] = {}
    now: set[int] = set()
    for child, opened_at, found_at in rows.values_list("child_id", "opened_at", "found_at"):
        now |= {child} if found_at is None else set()
        if opened_at >= since:
            days.setdefault(child, set()).add(timezone.localtime(opened_at).date())
    return {"missing_now": now, "missing_often": {child for child, opened in days.items() if len(opened) >= 3}}


def _emergencies() -> set[int]:
    since = timezone.now() - timedelta(days=7)
    return set(EmergencyAccess.objects.filter(at__gte=since).values_list("child_id", flat=True))


def meeting_of(user: User, meeting_id: int) -> Meeting:
    """One of the meetings that the person's agency is invited to. Raises NotThereError."""
    found = meetings_of(user).prefetch_related("invited", "attendances__agency").filter(pk=meeting_id).first()
    if found is None:
        raise NotThereError(thing="meeting", thing_id=meeting_id)
    return found


def items_about(user: User, child: Child) -> QuerySet[AgendaItem]:
    """The agendas that the child is on, of meetings that the person's agency is invited to; newest first."""
    check_sees_whole(user, child)
    items = child.agenda_items.filter(meeting__invited=user.agency_id).select_related("meeting")
    return items.order_by("-meeting__planned_for")


def meeting_item(user: User, child: Child, item_id: int) -> AgendaItem:
    """One of these. Raises NotThereError."""
    found = items_about(user, child).filter(pk=item_id).first()
    if found is None:
        raise NotThereError(thing="item", thing_id=item_id)
    return found
