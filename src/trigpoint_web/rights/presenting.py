"""What pages of rights say: tabs, lines of lists, and proofs in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trigpoint_web.casework.presenters.wording import day, moment
from trigpoint_web.rights.clocks import due_on
from trigpoint_web.rights.due import RULES, Due
from trigpoint_web.rights.models import Erasure, Request
from trigpoint_web.rights.pack.deciding import Decided
from trigpoint_web.rights.pack.items import SECTION_OF, SECTIONS

STOPPED: Final[dict[str, str | Promise]] = {
    "sent_back": gettext_lazy("Sent back by an officer"),
    "held": gettext_lazy("Stopped: there is a hold on the record"),
    "not_due": gettext_lazy("Stopped: the record is not due any more"),
}
ELSEWHERE: Final[dict[str, str | Promise]] = {
    "design_draft": gettext_lazy("Drafts"), "django_session": gettext_lazy("Sessions"),
    "audit_purpose": gettext_lazy("Words of purposes, emptied"), "api_notice": gettext_lazy("Notices to systems"),
}  # fmt: skip
PAGES: Final = (
    ("rights:requests", gettext_lazy("Requests")),
    ("rights:due", gettext_lazy("Due to go")),
    ("rights:waiting", gettext_lazy("To be confirmed")),
    ("rights:erasures", gettext_lazy("Erased")),
    ("rights:holds", gettext_lazy("Holds")),
)


@dataclass(frozen=True)
class RequestLine:
    """One request in a list: until when, and whether that is past."""

    request: Request
    due_on: date | None
    late: bool
    answered: str


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages of rights, as `sub_navigation` takes them."""
    return [{"text": words, "href": reverse(route), "active": route == current} for route, words in PAGES]


def due_line(one: Due) -> str:
    """A record that is due, in one line."""
    return _("%(key)s: due since %(day)s. %(rule)s") % {
        "key": one.child_key, "day": day(one.due_on), "rule": one.rule_said
    }  # fmt: skip


def erasure_line(one: Erasure) -> str:
    """An erasure that waits, in one line."""
    what = one.child_key or _("Rows of the store that are past their agreements' time")
    return _("%(what)s: %(why)s. Decided by %(who)s on %(day)s") % {
        "what": what, "why": one.get_ground_display(), "who": one.decided_by.full_name, "day": day(one.decided_at)
    }  # fmt: skip


def state_of(one: Erasure) -> str:
    """Where an erasure stands."""
    if one.stopped_at:
        return str(STOPPED.get(one.stopped_why, one.stopped_why))
    if one.done_at:
        return _("Carried out on %(at)s") % {"at": moment(one.done_at)}
    if one.begun_at:
        return _("Begun on %(at)s, not finished yet") % {"at": moment(one.begun_at)}
    return _("Confirmed: waits to be carried out") if one.confirmed_at else _("Waits for another officer")


def rule_of(one: Erasure) -> str:
    """By which rule its time was over, in words; empty where it was none."""
    return str(RULES[one.rule]) if one.rule in RULES else ""


def counts_of(one: Erasure) -> list[tuple[str, int]]:
    """How many rows went, by part of the record."""
    counted: dict[str, int] = {}
    for table, number in one.counts.items():
        said = (
            str(SECTIONS[SECTION_OF[table]][0])
            if table in SECTION_OF
            else str(ELSEWHERE.get(table, _("Links between rows")))
        )
        counted[said] = counted.get(said, 0) + number
    return list(counted.items())


def request_lines(requests: Iterable[Request]) -> list[RequestLine]:
    """The requests: those that wait first, the earliest due on top."""
    return sorted(map(request_line, requests), key=lambda one: (bool(one.answered), one.due_on or date.min))


def request_line(request: Request) -> RequestLine:
    """One request with its clock."""
    answer = getattr(request, "answer", None)
    until = due_on(request)
    late = answer is None and until is not None and until < timezone.localdate()
    return RequestLine(request, until, late, answer.get_outcome_display() if answer else "")


def item_line(each: Decided) -> str:
    """An entry of a pack in a list that is ticked."""
    return each.item.title


def verdict_of(each: Decided) -> dict[str, str]:
    """What becomes of an entry, as the component `tag` takes it."""
    if each.waits:
        return {"text": _("To be decided"), "classes": "govuk-tag--yellow"}
    said = each.decision.get_verdict_display() if each.decision else _("Nothing pointed out")
    return {"text": said, "classes": "govuk-tag--grey"}
