"""Call a meeting, put children on its agenda, hold it, write minutes and decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Agency, Area
from trigpoint_web.audit.acting import Acting
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.locks import done_before
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.policy import check_acts_on, check_role
from trigpoint_web.response.actions.begin import check_texts, needed, wrote
from trigpoint_web.response.models import AgendaItem, Attendance, Decision, Meeting, Minute
from trigpoint_web.response.policy import check_leads, check_meeting_open, check_takes_part


def call_meeting(
    acting: Acting,
    *,
    kind: str,
    title: str,
    area: Area,
    planned_for: datetime,
    place: str = "",
    invited: Collection[Agency] = (),
    request_key: UUID,
) -> Meeting:
    """Plan a meeting; whoever calls it leads it, or their manager does, and their agency is invited.

    Raises RefusedError, FaultyFormError.
    """
    with transaction.atomic():
        if done := done_before(Meeting, acting.user, request_key):
            return done
        check_role(acting.user, "call_discussion" if kind == Meeting.Kind.STRATEGY else "hold_meeting")
        if kind not in Meeting.Kind.values:
            raise FaultyFormError({"kind": _("Choose a kind of meeting.")})
        said = check_texts({"title": title}, {"title": needed("title")})
        made = Meeting.objects.create(
            kind=kind, title=said["title"][:200], area=area, planned_for=planned_for, place=place[:200],
            chair=acting.user, by=acting.user, request_key=request_key,
        )  # fmt: skip
        made.invited.set({*invited, acting.user.agency})
        wrote(acting, "meeting", thing_id=made.pk, child_id=None, kind=kind)
        return made


def add_to_agenda(
    acting: Acting, meeting: Meeting, *, child: Child, reasons: Sequence[str], asked: str = ""
) -> AgendaItem:
    """Put a child on the agenda with the stated reasons. A child who is on it already stays there once."""
    with transaction.atomic():
        check_takes_part(acting.user, meeting)
        check_meeting_open(meeting)
        check_acts_on(acting.user, child, act="write")
        said = check_texts({"asked": asked}, {})
        if done := AgendaItem.objects.filter(meeting=meeting, child=child).first():
            return done
        last = meeting.items.aggregate(last=Max("order"))["last"] or 0
        made = AgendaItem.objects.create(
            meeting=meeting, child=child, reasons=list(reasons), asked=said["asked"], order=last + 1, by=acting.user
        )
        wrote(acting, "agenda", thing_id=made.pk, child_id=child.pk, meeting=meeting.pk, reasons=list(reasons))
        return made


def hold_meeting(acting: Acting, meeting: Meeting, *, present: Collection[tuple[Agency, str]]) -> None:
    """Write down that the meeting was held, and who was there for which agency."""
    with transaction.atomic():
        check_leads(acting.user, meeting)
        if not present:
            raise FaultyFormError({"present": _("Say who was there.")})
        if not Meeting.objects.filter(pk=meeting.pk, held_at=None).update(held_at=timezone.now()):
            raise ChangedMeanwhileError([Meeting.objects.get(pk=meeting.pk)])
        Attendance.objects.bulk_create(
            [Attendance(meeting=meeting, agency=agency, name=name[:200]) for agency, name in present]
        )
        wrote(acting, "meeting", thing_id=meeting.pk, child_id=None, held=True, present=len(present))


def close_meeting(acting: Acting, meeting: Meeting) -> None:
    """Close the meeting: its minutes and decisions are complete."""
    with transaction.atomic():
        check_leads(acting.user, meeting)
        if meeting.held_at is None:
            raise FaultyFormError({"": _("Say first that the meeting was held, and who was there.")})
        if not Meeting.objects.filter(pk=meeting.pk, closed_at=None).update(closed_at=timezone.now()):
            raise ChangedMeanwhileError([Meeting.objects.get(pk=meeting.pk)])
        wrote(acting, "meeting", thing_id=meeting.pk, child_id=None, closed=True)


def write_minute(
    acting: Acting, item: AgendaItem, *, text: str, request_key: UUID, corrects: Minute | None = None
) -> Minute:
    """Write down what was said of a child. A correction names the minute that it corrects, which stays."""
    with transaction.atomic():
        if done := done_before(Minute, acting.user, request_key):
            return done
        check_takes_part(acting.user, item.meeting)
        check_acts_on(acting.user, item.child, act="write")
        if corrects is None:
            check_meeting_open(item.meeting)
        elif corrects.item_id != item.pk:
            raise FaultyFormError({"": _("That minute belongs to another child or meeting.")})
        said = check_texts({"text": text}, {"text": needed("text")})
        made = Minute.objects.create(
            item=item, text=said["text"], corrects=corrects, by=acting.user, request_key=request_key
        )
        wrote(acting, "minute", thing_id=made.pk, child_id=item.child_id, meeting=item.meeting_id)
        return made


def decide(
    acting: Acting,
    child: Child,
    *,
    kind: str,
    text: str,
    reason: str,
    request_key: UUID,
    item: AgendaItem | None = None,
    replaces: Decision | None = None,
) -> Decision:
    """Write down what was agreed for a child, with the reason; in a meeting (`item`) or outside one."""
    with transaction.atomic():
        if done := done_before(Decision, acting.user, request_key):
            return done
        check_acts_on(acting.user, child, act="write")
        _same_child(child, item, replaces)
        _not_replaced_yet(replaces)
        if item is not None:
            check_takes_part(acting.user, item.meeting)
            check_meeting_open(item.meeting)
        if kind not in Decision.Kind.values:
            raise FaultyFormError({"kind": _("Choose what was decided.")})
        said = check_texts({"text": text, "reason": reason}, {"text": needed("text"), "reason": needed("reason")})
        made = Decision.objects.create(
            child=child, item=item, kind=kind, replaces=replaces, by=acting.user, request_key=request_key, **said
        )
        wrote(acting, "decision", thing_id=made.pk, child_id=child.pk, kind=kind)
        return made


def _not_replaced_yet(replaces: Decision | None) -> None:
    """Two people replace one decision at once: the second reads what the first decided."""
    if replaces is not None:
        Decision.objects.select_for_update(of=("self",), no_key=True).get(pk=replaces.pk)
        if later := list(replaces.replaced_by.select_related("by")):
            raise ChangedMeanwhileError(later)


def _same_child(child: Child, item: AgendaItem | None, replaces: Decision | None) -> None:
    if any(one is not None and one.child_id != child.pk for one in (item, replaces)):
        raise FaultyFormError({"": _("That belongs to another child.")})
