"""Reading the audit: a child's access log, a person's acts. What comes back is bounded by the database too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import QuerySet

from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.models import Act, AuditRow, Purpose

NEWEST: Final = 2**62
LOG: Final = """
    select r.seq, r.at, coalesce(u.full_name, ''), a.name_en, a.name_cy, coalesce(p.code, ''), r.act, r.thing_kind
    from audit_of_child(%s, %s, %s) r
    left join accounts_user u on u.id = r.actor_id left join accounts_agency a on a.id = r.agency_id
    left join audit_purpose p on p.id = r.purpose_id order by r.seq desc
"""


@dataclass(frozen=True)
class Looked:
    """One row of a child's access log, in words: when, who, for which agency and purpose, did what to what."""

    seq: int
    at: datetime
    person: str
    agency_en: str
    agency_cy: str
    purpose: str
    act: str
    thing: str

    @property
    def act_said(self) -> str:
        """What was done, in the reader's language."""
        return str(Act(self.act).label)

    @property
    def purpose_said(self) -> str:
        """The purpose, in the reader's language; empty where none was needed."""
        return str(Purpose.Code(self.purpose).label) if self.purpose else ""


def access_log(child_id: int, *, before: int = NEWEST, most: int = 100) -> list[Looked]:
    """Who did what to a child's record, newest first: lists that showed the child too. Call it after `check_sees`.

    For the next page give `before` the `seq` of the last row. Whoever may not see the child whole is told nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOG, [child_id, before, most])
        return [Looked(*row) for row in cursor.fetchall()]


def acts_of(officer: User, person: User) -> QuerySet[AuditRow]:
    """What one person did, newest first: for the governance officer, and for everybody about themselves."""
    if officer.role != Role.GOVERNANCE_OFFICER and officer.pk != person.pk:
        return AuditRow.objects.none()
    return AuditRow.objects.filter(actor=person).select_related("agency", "purpose").order_by("-seq")
