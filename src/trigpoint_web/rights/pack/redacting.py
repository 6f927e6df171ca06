"""An entry as it leaves: whole, without some words, as a line that says that something is withheld, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from trigpoint_web.rights.models import ItemDecision
from trigpoint_web.rights.pack.deciding import Decided
from trigpoint_web.rights.pack.exemptions import said
from trigpoint_web.rights.pack.items import Item, in_order, label_of

Verdict = ItemDecision.Verdict


@dataclass(frozen=True)
class Leaving:
    """One entry of the pack that leaves: columns with label and value, what is said of what is missing, a file."""

    section: str
    title: str
    fields: list[tuple[str, str, str]]
    note: str
    stored_as: str


def leaving(decided: Iterable[Decided]) -> list[Leaving]:
    """The entries as they leave. Those withheld without a word are not among them."""
    return [_one(each) for each in decided if each.verdict != Verdict.OMIT]


def _one(each: Decided) -> Leaving:
    item, decision = each.item, each.decision
    if decision is None or decision.verdict == Verdict.DISCLOSE:
        return Leaving(item.section, item.title, _fields(item), "", item.stored_as)
    why = said(decision.exemption)
    if decision.verdict == Verdict.WITHHOLD:
        note = _("An entry is withheld. Ground: %(why)s.") % {"why": why}
        return Leaving(item.section, _("An entry that is withheld"), [], note, "")
    note = _("Some words are left out. Ground: %(why)s.") % {"why": why}
    # Before anything is shortened: half a name that is cut off would not be found.
    cleared = replace(item, fields={name: _without(value, decision.words) for name, value in item.fields.items()})
    return Leaving(item.section, cleared.title, _fields(cleared), note, "")


def _fields(item: Item) -> list[tuple[str, str, str]]:
    return [(name, label_of(name), value) for name, value in in_order(item.fields)]


def _without(text: str, words: Iterable[str]) -> str:
    """The text with each of the words blacked out, however it is written."""
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(re.escape(word), "█████", text, flags=re.IGNORECASE)
    return text
