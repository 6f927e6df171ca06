"""Which pages a person's menu shows. What somebody may not open is not offered; each page checks again by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CASEWORKERS = frozenset({"practitioner", "supervisor", "panel_chair"})
READERS = CASEWORKERS | {"analyst"}


@dataclass(frozen=True)
class Entry:
    """A page of the menu: its words, its route, and the roles to which it is offered."""

    words: Promise
    route: str
    roles: frozenset[str]


ENTRIES = [
    Entry(_("Inbox"), "casework:inbox", READERS),
    Entry(_("Search"), "casework:search", READERS),
    Entry(_("Identity questions"), "review:list", READERS),
    Entry(_("Panel meetings"), "response:meeting-list", CASEWORKERS),
    Entry(_("Dashboards"), "response:dashboards", READERS | {"governance_officer"}),
    Entry(_("Use of information"), "audit:overview", frozenset({"governance_officer"})),
    Entry(_("Retention and requests"), "rights:requests", frozenset({"governance_officer"})),
    Entry(_("Emergency access"), "casework:emergencies", frozenset({"supervisor"})),
    Entry(_("People and teams"), "accounts:people", frozenset({"agency_administrator"})),
]


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The items of the menu for the person of this request, as `service_navigation` takes them."""
    role = getattr(request.user, "role", "")
    found = [(entry, _address(entry.route)) for entry in ENTRIES if role in entry.roles]
    longest = max((at for _, at in found if at and request.path.startswith(at)), key=len, default=None)
    return [{"text": entry.words, "href": at, "current": at == longest} for entry, at in found if at]


def _address(route: str) -> str | None:
    try:
        return reverse(route)
    except NoReverseMatch:  # an app that is not installed
        return None
