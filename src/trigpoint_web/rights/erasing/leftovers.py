"""What mentions a child where no key leads to it: drafts, sessions, the words of a purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from trigpoint_web.audit.models import AuditRow, Purpose
from trigpoint_web.casework.models import ChildFace, Marker, MarkerStep, MissingEpisode, Name, Proposal
from trigpoint_web.design.models import Draft
from trigpoint_web.response.models import Action, AgendaItem, Decision

# Kinds of draft by what their key numbers; the others carry the child's key.
NUMBERED: Final = {
    "decline": Proposal.objects.filter, "interview": MissingEpisode.objects.filter, "step": Action.objects.filter,
    "minute": AgendaItem.objects.filter, "end": Marker.objects.filter, "dispute": Marker.objects.filter,
    "changed": Marker.objects.filter, "reviewed": Marker.objects.filter,
    "corrected": Marker.objects.filter, "replace": Decision.objects.filter,
}  # fmt: skip


@dataclass(frozen=True)
class Spoken:
    """What a child is called: its keys, and each name as given names and surname."""

    keys: Sequence[str]
    names: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, kids: Sequence[int], keys: Sequence[str]) -> Spoken:
        """What these records call the child."""
        names = set(Name.objects.filter(child__in=kids).values_list("given_names", "surname"))
        names |= set(ChildFace.objects.filter(child__in=kids).values_list("given_names", "surname"))
        return cls(keys, frozenset(pair for pair in names if all(pair)))

    def named_in(self, text: str) -> bool:
        """Whether a key stands in the text, or a whole name: another child may share the first name alone."""
        whole = any(all(_stands(part, text) for part in pair) for pair in self.names)
        return whole or any(_stands(key, text) for key in self.keys)

    def hinted_in(self, text: str) -> bool:
        """Whether a key or any part of a name stands in the text."""
        parts = {part for pair in self.names for name in pair for part in name.split() if len(part) > 2}
        return any(_stands(part, text) for part in {*parts, *self.keys})


def _stands(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def drop_leftovers(kids: Sequence[int], keys: Sequence[str]) -> dict[str, int]:
    """Delete drafts and sessions that concern the child, and empty purposes that name it; how many of each."""
    spoken = Spoken.of(kids, keys)
    found = {
        "design_draft": _drop_drafts(kids, spoken),
        "django_session": _drop_sessions(spoken),
        "audit_purpose": _empty_purposes(kids, spoken),
    }
    return {name: number for name, number in found.items() if number}


def _drop_drafts(kids: Sequence[int], spoken: Spoken) -> int:
    of = {f"{kind}:{pk}" for kind, rows in NUMBERED.items() for pk in _numbers(rows, kids)}
    of |= {f"answer:{pk}" for pk in MarkerStep.objects.filter(marker__child__in=kids).values_list("pk", flat=True)}
    asked = Q(key__in=of)
    for key in spoken.keys:
        asked |= Q(key__endswith=f":{key}")
    going = set(Draft.objects.filter(asked).values_list("pk", flat=True))
    going |= {one.pk for one in Draft.objects.exclude(pk__in=going).iterator() if spoken.named_in(str(one.fields))}
    Draft.objects.filter(pk__in=going).delete()
    return len(going)


def _numbers(rows: Any, kids: Sequence[int]) -> list[int]:
    return list(rows(child__in=kids).values_list("pk", flat=True))


def _drop_sessions(spoken: Spoken) -> int:
    """Notices and forms that were held while somebody confirmed who they are may quote; those people sign in again."""
    going = [
        one.pk
        for one in Session.objects.iterator()
        if one.expire_date < timezone.now() or spoken.named_in(str(one.get_decoded()))
    ]
    Session.objects.filter(pk__in=going).delete()
    return len(going)


def _empty_purposes(kids: Sequence[int], spoken: Spoken) -> int:
    """The audit's rows name a purpose by number and hash none of its words, so the chain holds without them."""
    used = AuditRow.objects.filter(child_id__in=kids).values("purpose_id")
    going = [one.pk for one in Purpose.objects.filter(pk__in=used).exclude(text="") if spoken.hinted_in(one.text)]
    return Purpose.objects.filter(pk__in=going).update(text="")
