"""What a search found: children whom the person may open, and agencies to ask about those whom they may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from trigpoint_web.accounts.models import Agency, User
from trigpoint_web.casework.agreement import Agreement, show_face
from trigpoint_web.casework.policy import can_take_emergency_access
from trigpoint_web.casework.presenters.wording import age, called, day
from trigpoint_web.casework.queries.search import Elsewhere, Found, Hit


@dataclass(frozen=True)
class HitLine:
    """A child who was found, and what agrees."""

    key: str
    name: str
    facts: str
    agrees: str


@dataclass(frozen=True)
class AskLine:
    """A child whom the person may not open: whom to ask. Nothing of the child is said."""

    agencies: list[Agency]
    emergency_at: str


def hit_lines(user: User, hits: Iterable[Hit]) -> list[HitLine]:
    """The children who were found, in the order of the search."""
    agreement = Agreement.of(user.agency)
    return [_hit(one, show_face(one.child.face, agreement)) for one in hits]


def _hit(one: Hit, face: dict[str, Any]) -> HitLine:
    born = face.get("birth_on")
    area = one.child.area.name if one.child.area and face.get("area") else ""
    facts = [_("born %(day)s") % {"day": day(born)} if born else "", age(born), area]
    agrees = [
        _("same number") if one.same_number else "",
        _("same date of birth") if one.same_birth else "",
        _("name very close") if one.same_name else "",
    ]
    said = ", ".join(filter(None, agrees)) or _("name somewhat like it")
    return HitLine(one.child.key, called(face), ", ".join(filter(None, facts)), said)


def ask_lines(user: User, elsewhere: Iterable[Elsewhere]) -> list[AskLine]:
    """Whom to ask about each child whom the person may not open, and where to go in an emergency (who may)."""
    may = can_take_emergency_access(user)
    return [
        AskLine(list(one.agencies), reverse("casework:take-emergency", args=[one.child_key]) if may else "")
        for one in elsewhere
    ]


def surely_there(found: Found) -> list[Hit]:
    """Those who are so alike that making another child would probably be wrong."""
    return [one for one in found.hits if one.same_number or (one.same_birth and one.same_name)]
