"""A child's access log in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from trigpoint_web.audit.queries import Looked

THINGS: Final = {
    "child": gettext_lazy("Summary"),
    "markers": gettext_lazy("Markers"),
    "marker": gettext_lazy("Marker"),
    "proposal": gettext_lazy("Proposal"),
    "chronology": gettext_lazy("Chronology"),
    "findings": gettext_lazy("Findings"),
    "as_known": gettext_lazy("What was known on a day"),
    "missing": gettext_lazy("Missing episodes"),
    "connections": gettext_lazy("Connections"),
    "documents": gettext_lazy("Documents"),
    "document": gettext_lazy("A document"),
    "access_log": gettext_lazy("Who has looked"),
    "access": gettext_lazy("Who may see this record"),
    "restriction": gettext_lazy("Restriction of the record"),
    "conflict": gettext_lazy("Conflict of interest"),
    "emergency": gettext_lazy("Emergency access"),
    "audit": gettext_lazy("Who read what"),
    "unusual": gettext_lazy("Unusual reading"),
    "inbox": gettext_lazy("A list with other children"),
    "search": gettext_lazy("Search"),
    "erasure": gettext_lazy("Erasure"),
    "hold": gettext_lazy("Hold on the record"),
    "rights_request": gettext_lazy("A request about the person's own information"),
    "pack": gettext_lazy("Pack of everything that is held"),
    "rights": gettext_lazy("Retention and requests"),
    "rights_requests": gettext_lazy("Requests about people's own information"),
    "due": gettext_lazy("Records that are due to go"),
    "erasures": gettext_lazy("Erasures"),
    "holds": gettext_lazy("Holds"),
    "identity": gettext_lazy("Why these records are one child"),
    "question": gettext_lazy("Question about identity"),
    "key_question": gettext_lazy("Question about a child's key"),
    "judgement": gettext_lazy("Judgement on identity"),
    "response": gettext_lazy("Response"),
    "decision": gettext_lazy("Decision"),
    "action": gettext_lazy("Action"),
    "actions": gettext_lazy("Actions"),
    "step": gettext_lazy("Step of a marker"),
    "note": gettext_lazy("Note"),
    "plan": gettext_lazy("Safety plan"),
    "interview": gettext_lazy("Return interview"),
    "referral_check": gettext_lazy("Questions before a referral"),
    "strategy": gettext_lazy("Strategy discussion"),
    "agenda": gettext_lazy("Agenda of a panel"),
    "meeting": gettext_lazy("Meeting"),
    "item": gettext_lazy("Child on an agenda"),
    "minute": gettext_lazy("Minutes"),
    "thing": gettext_lazy("Place, group, line or online space"),
    "around": gettext_lazy("Child around a place, group, line or online space"),
    "involvement": gettext_lazy("Agency that is involved"),
    "event": gettext_lazy("Event that a system posted"),
    "dashboard": gettext_lazy("Dashboard"),
    "area": gettext_lazy("Area"),
    "chain": gettext_lazy("The chain of the audit"),
    "run": gettext_lazy("Run of the core"),
    "extract": gettext_lazy("Extract for the core"),
    "client": gettext_lazy("System of an agency"),
    "subscription": gettext_lazy("Notices to a system"),
    "people": gettext_lazy("People of an agency"),
    "user": gettext_lazy("Account"),
    "purpose": gettext_lazy("Purpose"),
    "session": gettext_lazy("Casework"),
    "role": gettext_lazy("A page for other roles"),
    "review:list": gettext_lazy("Questions about identity"),
    "review:question": gettext_lazy("Question about identity"),
    "review:key": gettext_lazy("Question about a child's key"),
    "api:look-up": gettext_lazy("Marker, asked for by a system"),
    "api:marker": gettext_lazy("Marker, asked for by a system"),
    "api:event": gettext_lazy("Marker, told to a system that posted an event"),
    "nightly": gettext_lazy("Nightly files for agencies"),
    "notices": gettext_lazy("Notices to systems"),
}


@dataclass(frozen=True)
class LogLine:
    """One line: when, who of which agency, did what, and why."""

    at: datetime
    person: str
    agency: str
    what: str
    purpose: str


def thing_said(kind: str) -> str:
    """What was read, changed or refused, in words; what an older version recorded by its own name."""
    return str(THINGS.get(kind, kind.replace("_", " ")))


def log_lines(rows: Iterable[Looked]) -> list[LogLine]:
    """The rows of an access log in words."""
    return [_line(row) for row in rows]


def _line(row: Looked) -> LogLine:
    agency = (row.agency_cy if get_language() == "cy" else "") or row.agency_en
    what = _("%(act)s: %(thing)s") % {"act": row.act_said, "thing": thing_said(row.thing)}
    return LogLine(row.at, row.person or _("The service itself"), agency or "", what, row.purpose_said)
