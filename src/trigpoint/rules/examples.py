"""Reads the example timelines of an indicator file: they are its tests and its page in the manual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from trigpoint.rules.node import Node, spelling
from trigpoint.rules.words import Words
from trigpoint.terms.pack import Pack

ANSWERS = ("met", "not met", "not known")
START = datetime(2023, 1, 1)
AS_AT = datetime(2025, 12, 31)
EVENT_WORDS = ("until", "agency", "source", "place", "km_east", "km_north", "area", "id", "mentions")


@dataclass(frozen=True)
class ExampleEvent:
    """One event of an example. `east` and `north` are kilometres from the middle of the example's map."""

    kind: str
    on: datetime
    until: datetime | None = None
    id: str | None = None
    agency: str | None = None
    source: str | None = None
    place: str | None = None
    area: str | None = None
    east: float | None = None
    north: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    mentions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ExampleChild:
    """One child of an example: born, sex, area, events, and identifiers that are the child's own."""

    born: date | None = None
    sex: str | None = None
    area: str | None = None
    events: tuple[ExampleEvent, ...] = ()
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Example:
    """A timeline, the answer it must give, and, where stated, the sentence and the evidence."""

    answer: str
    child: ExampleChild
    others: tuple[ExampleChild, ...]
    node: Node
    says: str | None = None
    evidence: tuple[str, ...] | None = None
    coverage: tuple[str, ...] | None = None  # None: every kind the pattern needs
    start: datetime = START
    as_at: datetime = AS_AT
    note: str = ""


class ExampleReader:
    """Reads examples whose events are kinds of the pack."""

    def __init__(self, pack: Pack) -> None:
        self.words = Words.of_pack(pack)

    def read(self, node: Node) -> Example:
        """The example at `node`. Raises TermsError where it is none."""
        node.mapping(
            needs=["answer"],
            may=["says", "child", "coverage", "as_at", "start", "events", "others", "evidence", "note"],
        )
        born = node["child"] if node.has("child") else None
        others = node["others"].items() if node.has("others") and node["others"].value else []
        return Example(
            answer=node["answer"].one_of(ANSWERS, what="answer"),
            child=self._child(born, node),
            others=tuple(self._child(one, one) for one in others),
            node=node,
            says=node["says"].text() if node.has("says") else None,
            evidence=_words(node, "evidence"),
            coverage=self._coverage(node),
            start=node["start"].moment() if node.has("start") else START,
            as_at=node["as_at"].moment() if node.has("as_at") else AS_AT,
            note=node["note"].text() if node.has("note") else "",
        )

    def _coverage(self, node: Node) -> tuple[str, ...] | None:
        if not node.has("coverage"):
            return None
        if node["coverage"].value == []:
            return ()
        return self.words.kinds_at(node["coverage"])

    def _child(self, child: Node | None, holder: Node) -> ExampleChild:
        listed = holder["events"].items() if holder.has("events") and holder["events"].value else []
        events = tuple(self._event(one) for one in listed)
        if child is None:
            return ExampleChild(events=events)
        child.mapping(may=["born", "sex", "area", "mentions", "events"])
        return ExampleChild(
            born=child["born"].day() if child.has("born") else None,
            sex=_text(child, "sex"),
            area=_text(child, "area"),
            events=events,
            own=self._mentions(child),
        )

    def _event(self, node: Node) -> ExampleEvent:
        if not node.has("event"):
            raise node.fail("'event' is missing", mend="Add 'event:' and the kind of event.")
        kind = node["event"].one_of(list(self.words.kinds), what=self.words.what)
        node.mapping(needs=["on", "event"], may=[*EVENT_WORDS, *self.words.kinds[kind]])
        if node.has("until") and kind not in self.words.spells:
            raise node["until"].fail(f"'{kind}' happens at one moment", mend="Take 'until' away.")
        return ExampleEvent(
            kind=kind,
            on=node["on"].moment(),
            until=node["until"].moment() if node.has("until") else None,
            id=_text(node, "id"),
            agency=_text(node, "agency"),
            source=_text(node, "source"),
            place=_text(node, "place"),
            area=_text(node, "area"),
            east=float(node["km_east"].number()) if node.has("km_east") else None,
            north=float(node["km_north"].number()) if node.has("km_north") else None,
            attributes=self._attributes(node, kind),
            mentions=self._mentions(node),
        )

    def _attributes(self, node: Node, kind: str) -> dict[str, Any]:
        named = [name for name in self.words.kinds[kind] if node.has(name)]
        return {
            name: self.words.value_at(node[name], name, self.words.types[name])
            for name in named
            if name not in EVENT_WORDS
        }

    def _mentions(self, node: Node) -> tuple[tuple[str, str], ...]:
        if not node.has("mentions"):
            return ()
        found = []
        for kind in node["mentions"].mapping(may=self.words.mention_kinds).value:
            place = node["mentions"][kind]
            found += [(str(kind), str(one.value)) for one in place.one_or_more()]
        return tuple(found)


def _text(node: Node, key: str) -> str | None:
    return str(node[key].value) if node.has(key) else None


def _words(node: Node, key: str) -> tuple[str, ...] | None:
    if not node.has(key):
        return None
    return tuple(str(one.value) for one in node[key].items()) if node[key].value else ()


def check_ids(example: Example) -> None:
    """Check that the evidence an example names is there. Raises TermsError where it is not."""
    events = [e for child in (example.child, *example.others) for e in child.events]
    known = [e.id for e in events if e.id]
    for i, name in enumerate(example.evidence or ()):
        if name not in known:
            place = example.node["evidence"][i]
            raise place.fail(f"no event here has the id '{name}'", mend=spelling(name, known) if known else None)
