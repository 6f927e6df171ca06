"""Who leads a meeting, who takes part, and what may be done when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.refusals import NotThereError, RefusedError, allows
from trigpoint_web.casework.policy import check_role
from trigpoint_web.response.models import Meeting


def check_takes_part(user: User, meeting: Meeting) -> None:
    """Raise NotThereError where the person's agency is not invited to the meeting."""
    check_role(user, "write")
    if user.agency_id not in [agency.pk for agency in meeting.invited.all()]:
        raise NotThereError(thing="meeting", thing_id=meeting.pk)


def check_leads(user: User, meeting: Meeting) -> None:
    """Raise where the person neither chairs the meeting nor may take the chair for their agency."""
    check_takes_part(user, meeting)
    check_role(user, "hold_meeting")
    if meeting.chair_id != user.pk and meeting.chair.agency_id != user.agency_id:
        raise RefusedError(
            _("The chair, or somebody of the chair's agency, leads the meeting."), rule="leads", thing="meeting"
        )


def check_meeting_open(meeting: Meeting) -> None:
    """Raise where the meeting is closed: its agenda, minutes and decisions are complete."""
    if meeting.closed_at is not None:
        raise RefusedError(
            _("The meeting is closed. Correct a minute, or decide outside the meeting."), rule="closed", thing="meeting"
        )


can_take_part = allows(check_takes_part)
can_lead = allows(check_leads)
