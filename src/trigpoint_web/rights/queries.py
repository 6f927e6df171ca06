"""What officers read: requests, holds, erasures, and how much is held."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from trigpoint.errors import TrigpointError
from trigpoint.services.due_retention import SourceDue, due_retention
from trigpoint.services.workspace import open_workspace
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.queries.child_page import partnership_folder
from trigpoint_web.rights.models import Disclosure, Erasure, Hold, Request
from trigpoint_web.rights.policy import check_at_work


def looked(acting: Acting, page: str, children: list[int]) -> None:
    """Record that an officer saw these children's keys on a page."""
    record(acting, Act.READ, thing=page, detail={"children": children} if children else {})


def requests_of(acting: Acting) -> QuerySet[Request]:
    """All requests with their answers."""
    check_at_work(acting)
    return Request.objects.select_related("answer", "by")


def holds_of(acting: Acting) -> QuerySet[Hold]:
    """All holds; those that last first."""
    check_at_work(acting)
    return Hold.objects.select_related("by", "ended_by").order_by("-ended_at", "review_on")


def hold_of(acting: Acting, hold_id: int) -> Hold:
    """One hold that lasts. Raises NotThereError."""
    found = holds_of(acting).filter(pk=hold_id, ended_at=None).first()
    if found is None:
        raise NotThereError(thing="hold", thing_id=hold_id)
    return found


def erasures_of(acting: Acting) -> QuerySet[Erasure]:
    """All erasures, newest first."""
    check_at_work(acting)
    return Erasure.objects.select_related("decided_by", "confirmed_by", "stopped_by")


def erasure_of_request(acting: Acting, request: Request) -> Erasure | None:
    """What became of the erasure that was granted, or None where none was."""
    return erasures_of(acting).filter(request_number=request.pk).first()


def waiting_of(acting: Acting) -> list[Erasure]:
    """Those that wait for a second officer."""
    return list(erasures_of(acting).filter(confirmed_at=None, stopped_at=None, done_at=None).order_by("decided_at"))


def disclosures_of(request: Request) -> list[Disclosure]:
    """The packs that left for a request."""
    return list(Disclosure.objects.filter(request_number=request.pk).select_related("by"))


def agreements_due() -> list[SourceDue]:
    """What agreements ask to have deleted from the store; empty where it cannot be read now."""
    try:
        with open_workspace(partnership_folder()) as workspace:
            return due_retention(workspace)
    except TrigpointError:
        return []


def held_counts(child_number: int) -> dict[str, int]:
    """How many rows casework holds of a child, by table."""
    with connection.cursor() as cursor:
        cursor.execute("select held, number from rights_count(%s)", [child_number])
        return dict(cursor.fetchall())
