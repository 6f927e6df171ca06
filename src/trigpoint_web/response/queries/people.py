"""Who may be asked to do something, and what a meeting may be about."""

from __future__ import annotations

from django.db.models import QuerySet

from trigpoint_web.accounts.models import Agency, Area, User
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import DECIDES
from trigpoint_web.response.models import Meeting, Thing


def owners_for(user: User, child: Child | None = None) -> QuerySet[User]:
    """People who may be given an action: of the agencies involved with the child, and of the person's own.

    Whether each of them sees this child is asked when the action is given; a list must not tell.
    """
    agencies = {user.agency_id}
    if child is not None:
        agencies |= set(child.involvements.values_list("agency_id", flat=True))
    people = User.objects.filter(agency__in=agencies, role__in=DECIDES, is_active=True)
    return people.select_related("agency").order_by("agency__name_en", "full_name")


def owners_for_thing(user: User, thing: Thing) -> QuerySet[User]:
    """People who may be given an action about a thing: of the agency that made it, and of the person's own."""
    people = User.objects.filter(agency__in={user.agency_id, thing.agency_id}, role__in=DECIDES, is_active=True)
    return people.select_related("agency").order_by("agency__name_en", "full_name")


def agencies_for(user: User) -> QuerySet[Agency]:
    """Agencies that may be asked to a meeting: those that serve an area of the person's own."""
    areas = user.agency.areas.values("pk")
    return Agency.objects.filter(areas__in=areas).exclude(pk=user.agency_id).distinct().order_by("name_en")


def agencies_of(child: Child) -> QuerySet[Agency]:
    """The agencies that serve the child's area."""
    return Agency.objects.filter(areas=child.area_id) if child.area_id else Agency.objects.none()


def areas_for(user: User) -> QuerySet[Area]:
    """The areas of the person's team, or of their agency where the team has none."""
    own = user.team.areas.all() if user.team is not None else Area.objects.none()
    areas = own if own.exists() else user.agency.areas.all()
    return areas.order_by("name_en")


def planned_meetings(user: User) -> QuerySet[Meeting]:
    """Meetings that are not closed, to which the person's agency is invited; the soonest first."""
    return Meeting.objects.filter(invited=user.agency_id, closed_at=None).order_by("planned_for")
