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
}


@dataclass(frozen=True)
class LogLine:
    """One line: when, who of which agency, did what, and why."""

    at: datetime
    person: str
    agency: str
    what: str
    purpose: str


def log_lines(rows: Iterable[Looked]) -> list[LogLine]:
    """The rows of an access log in words."""
    return [_line(row) for row in rows]


def _line(row: Looked) -> LogLine:
    agency = (row.agency_cy if get_language() == "cy" else "") or row.agency_en
    thing = str(THINGS.get(row.thing, row.thing.replace("_", " ")))
    what = _("%(act)s: %(thing)s") % {"act": row.act_said, "thing": thing}
    return LogLine(row.at, row.person or _("The service itself"), agency or "", what, row.purpose_said)
