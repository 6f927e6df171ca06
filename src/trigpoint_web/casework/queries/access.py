"""Who may see a child beside the facts: restrictions, conflicts of interest, emergency access."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.models import Child, ConflictOfInterest, EmergencyAccess, Restriction
from trigpoint_web.casework.policy import SEES_CHILDREN, check_role

PEOPLE = SEES_CHILDREN - {Role.SYSTEM_CLIENT}
KEYS = "select child_id, child_key from casework_keys_overseen(%s)"


def colleagues(user: User) -> list[User]:
    """People of the person's agency who see children, the person first."""
    found = User.objects.filter(agency=user.agency_id, is_active=True, role__in=PEOPLE).order_by("full_name")
    return sorted(found, key=lambda one: one.pk != user.pk)


def people_at(addresses: Sequence[str]) -> dict[str, User]:
    """People who see children, by their email address in lower case."""
    asked = [one.lower() for one in addresses]
    found = User.objects.annotate(at=Lower("email")).filter(at__in=asked, is_active=True, role__in=PEOPLE)
    return {one.email.lower(): one for one in found}


def restriction_of(child: Child) -> Restriction | None:
    """The restriction that stands, with who may see. Call it for a child whom the person sees."""
    standing = Restriction.objects.filter(child=child, ended_at=None).select_related("by")
    return standing.prefetch_related("may_see__agency").first()


def one_restriction(child: Child, restriction_id: int) -> Restriction:
    """A restriction of this child, whether it stands or not. Raises NotThereError."""
    found = Restriction.objects.filter(child=child, pk=restriction_id).select_related("child", "ended_by").first()
    if found is None:
        raise NotThereError(thing="restriction", thing_id=restriction_id)
    return found


def conflicts_of(user: User, child: Child) -> list[ConflictOfInterest]:
    """Conflicts of interest of the person's agency with this child, as far as the person oversees them."""
    if user.role not in (Role.SUPERVISOR, Role.PANEL_CHAIR):
        return []
    standing = ConflictOfInterest.objects.filter(child=child, ended_at=None, user__agency=user.agency_id)
    return list(standing.select_related("user", "by").order_by("at"))


def one_conflict(user: User, child: Child, conflict_id: int) -> ConflictOfInterest:
    """One of them, or one that has ended. Raises NotThereError."""
    found = ConflictOfInterest.objects.filter(child=child, pk=conflict_id, user__agency=user.agency_id)
    one = found.exclude(user=user).select_related("user", "child").first()
    if one is None:
        raise NotThereError(thing="conflict", thing_id=conflict_id)
    return one


def own_emergency(user: User, child: Child) -> EmergencyAccess | None:
    """The emergency access under which the person sees the child now, if they do."""
    mine = EmergencyAccess.objects.filter(user=user, child=child, until__gt=timezone.now())
    return mine.exclude(outcome="not_justified").first()


def emergency_to_review(user: User, access_id: int) -> EmergencyAccess:
    """An emergency access that the person oversees, reviewed or not. Raises RefusedError, NotThereError."""
    check_role(user, "review_emergency")
    overseen = Q() if user.role == Role.GOVERNANCE_OFFICER else Q(user__agency=user.agency_id)
    found = EmergencyAccess.objects.filter(overseen, pk=access_id).select_related("user__agency", "reviewed_by").first()
    if found is None:
        raise NotThereError(thing="emergency", thing_id=access_id)
    return found


def keys_overseen(accesses: Sequence[EmergencyAccess]) -> dict[int, str]:
    """The keys of the children that were opened, by id: whoever reviews need not see the child."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [[one.child_id for one in accesses]])
        return dict(cursor.fetchall())
