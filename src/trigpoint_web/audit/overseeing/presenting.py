"""Audit rows in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.presenters.access_log import thing_said


@dataclass(frozen=True)
class AuditLine:
    """One audit row: when, who of which agency, did what, to which child, and why."""

    seq: int
    at: datetime
    person: str
    agency: str
    what: str
    child_key: str
    others: str
    purpose: str


def audit_lines(rows: Iterable[AuditRow], keys: Mapping[int, str]) -> list[AuditLine]:
    """The rows in words; `keys` names the children by id."""
    return [_line(row, keys) for row in rows]


def _line(row: AuditRow, keys: Mapping[int, str]) -> AuditLine:
    return AuditLine(
        seq=row.seq,
        at=row.at,
        person=row.actor.full_name if row.actor else _("The service itself"),
        agency=row.agency.name if row.agency else "",
        what=_("%(act)s: %(thing)s") % {"act": row.get_act_display(), "thing": thing_said(row.thing_kind)},
        child_key=keys.get(row.child_id or 0, ""),
        others=_others(row.detail),
        purpose=str(row.purpose) if row.purpose else "",
    )


def _others(detail: Any) -> str:
    named = detail.get("children") if isinstance(detail, dict) else None
    number = named if isinstance(named, int) else len(named or [])  # a run says how many, a list says whom
    return ngettext("%(number)s child", "%(number)s children", number) % {"number": number} if number else ""


def tabs(current: str, waiting: int | None = None) -> list[dict[str, Any]]:
    """The pages of overseeing, as `sub_navigation` takes them."""
    emergencies = _("Emergency access") if not waiting else _("Emergency access (%(number)s)") % {"number": waiting}
    pages = (
        ("audit:overview", _("Who read what")),
        ("audit:unusual", _("Unusual reading")),
        ("casework:emergencies", emergencies),
        ("audit:chain", _("The chain")),
    )
    return [{"text": words, "href": reverse(route), "active": route == current} for route, words in pages]
