"""Timelines drawn as text, one character a day from 1 January 2025, and what the engines make of them.

    M missing, risk high     m missing, risk not recorded     l missing, risk low
    A arrest                 R return interview               0-9 attendance of 0 to 90 per cent, ? not recorded
    <--> looked after, from < to > (a day drawn twice needs a second line); without > it lasts on
    . a day without events

Under a timeline stands what must come out: ^ under each event that must be evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from trigpoint.engines.answers import Engine
from trigpoint.records.facts import CHILDREN, COVERAGE, EVENTS_BASE, MENTIONS, Facts, seconds
from trigpoint.rules.tree import DAY, Indicator, Pattern

FIRST = seconds(date(2025, 1, 1))
LETTERS: Mapping[str, dict[str, Any]] = {
    "M": {"kind": "missing", "risk": "high"},
    "m": {"kind": "missing", "risk": None},
    "l": {"kind": "missing", "risk": "low"},
    "A": {"kind": "arrest"},
    "R": {"kind": "return_interview"},
    "?": {"kind": "attendance"},
    **{str(n): {"kind": "attendance", "percent": n * 10} for n in range(10)},
}
KINDS = ("missing", "arrest", "return_interview", "attendance", "looked_after")
SCHEMA = pa.schema([*EVENTS_BASE, ("risk", pa.string()), ("percent", pa.int64())])
LONG = 60  # days: every drawn timeline ends well before the as-at


@dataclass
class Drawn:
    """One child's lines, and for other children theirs. `where` gives columns of the events of a day."""

    lines: Sequence[str]
    others: Sequence[Sequence[str]] = ()
    where: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mentions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    own: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    covered: Sequence[str] = KINDS
    coverage: Sequence[tuple[str, str | None, int, int]] = ()
    born: date | None = date(2010, 1, 1)
    area: str | None = "RV"
    days: int = LONG

    def facts(self) -> Facts:
        named = {"child": self.lines} | {f"other{n}": lines for n, lines in enumerate(self.others, 1)}
        events = [e for key, lines in named.items() for e in self._events(key, lines)]
        people = [{"child_key": k, "birth_on": self.born, "sex": "F", "area": self.area} for k in named]
        mentions = [{"child_key": k, "event_id": None, "kind": "person", "value": k} for k in named]
        mentions += [
            {"child_key": e["child_key"], "event_id": e["event_id"], "kind": kind, "value": value}
            for e in events
            for kind, value in [self.mentions.get(e["event_id"], (None, None))]
            if kind
        ]
        mentions += [
            {"child_key": key, "event_id": None, "kind": kind, "value": value}
            for key, (kind, value) in self.own.items()
        ]
        return Facts(
            children=pa.Table.from_pylist(people, schema=CHILDREN),
            events=pa.Table.from_pylist(events, schema=SCHEMA),
            mentions=pa.Table.from_pylist(mentions, schema=MENTIONS),
            coverage=pa.Table.from_pylist(list(self._coverage()), schema=COVERAGE),
            start_t=FIRST,
            as_at_t=FIRST + self.days * DAY - 1,
            base_kinds=("looked_after",),
            spell_kinds=frozenset({"missing", "looked_after"}),
        )

    def _coverage(self) -> Iterator[dict[str, Any]]:
        whole = [(kind, None, 0, self.days) for kind in self.covered]
        for kind, area, first, days in [*whole, *self.coverage]:
            start = FIRST + first * DAY
            yield {"kind": kind, "area": area, "from_t": start, "to_t": start + days * DAY - 1}

    def _events(self, key: str, lines: Sequence[str]) -> Iterator[dict[str, Any]]:
        short = "" if key == "child" else key + ":"
        for line in lines:
            for day, letter in enumerate(line):
                if letter in LETTERS or letter == "<":
                    yield self._event(key, f"{short}{letter}{day}", line, day)

    def _event(self, key: str, event_id: str, line: str, day: int) -> dict[str, Any]:
        t = FIRST + day * DAY
        blank = dict.fromkeys(SCHEMA.names)
        found = blank | {"child_key": key, "event_id": event_id, "t": t, "agency": "police", "source": "police"}
        if line[day] == "<":
            end = line.find(">", day)
            found |= {"kind": "looked_after", "t_end": None if end < 0 else FIRST + end * DAY}
        else:
            found |= LETTERS[line[day]]
        return found | dict(self.where.get(event_id, {}))


@dataclass(frozen=True)
class Said:
    """What an engine said of the child: answer, evidence in order, days of each episode, what is missing."""

    answer: str
    evidence: list[str]
    episodes: list[tuple[int, int]]
    missing: list[str]


def ask(engine: Engine, pattern: Pattern, drawn: Drawn, *, looks_back: int | None = None) -> Said:
    """Answer one pattern for the drawn child."""
    indicator = Indicator("asked", 1, "", "", pattern, "", looks_back=looks_back)
    rows = engine.answer([indicator], drawn.facts()).full(["child"]).to_pylist()
    start = date(2025, 1, 1)
    return Said(
        rows[0]["answer"],
        list(dict.fromkeys(e for row in rows for e in row["event_ids"])),
        [((r["from_on"] - start).days, (r["to_on"] - start).days) for r in rows if r["from_on"]],
        rows[0]["missing"],
    )


def marked(timeline: str, marks: str) -> list[str]:
    """The ids of the events that have ^ under them."""
    return [f"{timeline[day]}{day}" for day, mark in enumerate(marks) if mark == "^"]
