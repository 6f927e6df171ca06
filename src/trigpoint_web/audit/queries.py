"""Reading the audit: a child's access log, a person's acts. What comes back is bounded by row-level security too."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.models import AuditRow


def access_log(child_id: int) -> QuerySet[AuditRow]:
    """Who did what to a child's record, newest first. Call it after `check_sees`.

    Lists that showed the child among others are in it too, as far as the person asking may see those rows.
    """
    rows = AuditRow.objects.filter(Q(child_id=child_id) | Q(detail__children__contains=[child_id]))
    return rows.select_related("actor", "agency", "purpose").order_by("-seq")


def acts_of(officer: User, person: User) -> QuerySet[AuditRow]:
    """What one person did, newest first: for the governance officer, and for everybody about themselves."""
    if officer.role != Role.GOVERNANCE_OFFICER and officer.pk != person.pk:
        return AuditRow.objects.none()
    return AuditRow.objects.filter(actor=person).select_related("agency", "purpose").order_by("-seq")
