"""An entry of a pack: one row of one home, as fields that a person can read, with what may be other people's in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

Said = str | Promise

# Parts of a pack, in order, with the tables of both homes that each holds.
SECTIONS: Final[dict[str, tuple[Said, str]]] = {
    "person": (_("Who the records are about"), """casework_child casework_childface casework_name casework_identifier
        store.records store.successions"""),
    "involved": (_("Agencies involved, and who may see the record"), """casework_involvement casework_restriction
        casework_conflictofinterest casework_emergencyaccess"""),
    "events": (_("What agencies reported"), "store.events store.mentions casework_postedevent store.sightings"),
    "missing": (_("Missing episodes"), "casework_missingepisode response_returninterview"),
    "findings": (_("What Trigpoint worked out from it"), """casework_citation casework_notknown store.findings
        store.unanswered"""),
    "markers": (_("Markers"), """casework_proposal store.proposals casework_proposaldecision casework_marker
        casework_markerstep"""),
    "work": (_("Meetings, decisions and plans"), """response_agendaitem response_minute response_decision
        response_action response_actionstep response_note response_planversion response_referralcheck
        response_thingchild"""),
    "documents": (_("Documents"), "casework_document"),
    "identity": (_("Whether records are of one child"), """review_linkquestion review_judgement review_keyquestion
        review_keyanswer store.questions store.judgements"""),
    "requests": (_("Requests and holds"), "rights_request rights_answer rights_hold"),
}  # fmt: skip
SECTION_OF: Final = {table: name for name, (_title, tables) in SECTIONS.items() for table in tables.split()}

# What an entry is called that has no words of its own.
CALLED: Final[dict[str, Said]] = {
    "casework_child": _("The child's key and area"), "casework_childface": _("What all records say together"),
    "casework_name": _("A name that a record gives"), "casework_identifier": _("A number that a record gives"),
    "casework_involvement": _("An agency that is involved"), "casework_marker": _("A marker"),
    "store.records": _("An agency's record of the person"), "store.sightings": _("Where a row came from"),
    "store.mentions": _("Something that a report mentions"), "casework_notknown": _("What could not be answered"),
    "store.unanswered": _("What could not be answered"), "casework_proposal": _("A proposed marker"),
    "store.proposals": _("A proposed marker"), "casework_missingepisode": _("A missing episode"),
}  # fmt: skip
# The fields by which entries of the same name are told apart.
TOLD_BY: Final[dict[str, tuple[str, ...]]] = {
    "casework_name": ("given_names", "surname"), "casework_identifier": ("value",), "casework_involvement": ("agency",),
    "store.records": ("source",), "store.sightings": ("source", "row"), "store.mentions": ("kind", "value"),
    "casework_notknown": ("title",), "casework_proposal": ("why",), "store.proposals": ("why",),
}  # fmt: skip
# What columns are called. Others carry their own name, in English.
LABELS: Final[dict[str, Said]] = {
    "given_names": _("Given names"), "surname": _("Surname"), "birth_on": _("Date of birth"), "sex": _("Sex"),
    "postcode": _("Postcode"), "area": _("Area"), "agency": _("Agency"), "agencies": _("Agencies"),
    "source": _("Source"), "sources": _("Sources"), "kind": _("Kind"), "kinds": _("Kinds"), "text": _("Text"),
    "reason": _("Reason"), "at": _("When"), "by": _("By"), "since": _("Since"), "last_on": _("Last on"),
    "contact": _("Contact"), "form": _("Form"), "level": _("Level"), "observation": _("Own observation"),
    "review_on": _("Review on"), "expires_on": _("Expires on"), "title": _("Title"), "about": _("About"),
    "sentence": _("Sentence"), "from_on": _("From"), "to_on": _("To"), "why": _("Why"), "said": _("What happened"),
    "happened_at": _("When it happened"), "learnt_at": _("When it was learnt"), "place_name": _("Place"),
    "file": _("File"), "row": _("Row"), "verdict": _("Verdict"), "outcome": _("Outcome"), "owner": _("Owner"),
    "due_on": _("Due on"), "value": _("Value"), "key": _("Key"), "what": _("What"), "note": _("Note"),
    "opened_at": _("Missing since"), "found_at": _("Found at"), "address": _("Address"), "school": _("School"),
}  # fmt: skip
ORDER: Final = tuple(LABELS)
TELLING: Final = ("said", "title", "text", "what", "sentence", "observation", "reason", "kind")
WHEN: Final = ("happened_at", "at", "from_on", "opened_at")


@dataclass(frozen=True)
class Flag:
    """Why an officer has to look at an entry, and the words in it that are meant."""

    why: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One entry. `key` is its table and id; `fields` are column by value in the reader's language, `row` as they lie.

    `stored_as` is a document's file, else empty.
    """

    key: str
    table: str
    fields: Mapping[str, str]
    row: Mapping[str, Any]
    flags: Sequence[Flag] = field(default=())
    stored_as: str = ""

    @property
    def section(self) -> str:
        """The part of the pack that it stands in."""
        return SECTION_OF[self.table]

    @property
    def fingerprint(self) -> str:
        """Changes when any field does: a decision holds for what was read, in whichever language."""
        body = json.dumps([self.key, dict(self.row)], sort_keys=True, default=str).encode()
        return hashlib.blake2b(body, digest_size=16).hexdigest()

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Labels and values, what matters first."""
        return [(label_of(name), value) for name, value in in_order(self.fields)]

    @property
    def title(self) -> str:
        """A few words that tell it from others."""
        when = next((self.fields[name] for name in WHEN if name in self.fields), "")[:10]
        if self.table in CALLED:
            apart = " ".join(self.fields[name] for name in TOLD_BY.get(self.table, ()) if name in self.fields)
            said = f"{CALLED[self.table]}: {apart}" if apart else str(CALLED[self.table])
        else:
            table = self.table.rpartition("_")[2].rpartition(".")[2]
            said = next((self.fields[name] for name in TELLING if name in self.fields), table)
        return " · ".join(part for part in (when, Truncator(said).chars(100)) if part)


def label_of(column: str) -> str:
    """What a column is called in the reader's language, or its own name in English."""
    return str(LABELS.get(column, column.replace("_", " ").capitalize()))


def in_order(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """The fields, those that say most first, the rest by name."""
    known = [name for name in ORDER if name in fields]
    return [(name, fields[name]) for name in (*known, *sorted(set(fields) - set(known)))]


def by_section(items: Iterable[Item]) -> dict[str, list[Item]]:
    """The entries of each part, in the order of the parts."""
    kept: dict[str, list[Item]] = {name: [] for name in SECTIONS}
    for item in items:
        kept[item.section].append(item)
    return {name: each for name, each in kept.items() if each}
