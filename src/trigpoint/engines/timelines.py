"""Children's timelines as plain Python, for the memory engine: events in order, bases, ages, mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import Any

import pyarrow as pa

from trigpoint.records.facts import Facts, Relation, moment

ELSEWHERE = "elsewhere"
FOREVER = 2**62

Value = tuple[str, str]  # kind and value of something mentioned


@dataclass(frozen=True, order=True)
class Event:
    """One event, ordered by time and then by id. `values` holds every column of its row."""

    t: int
    id: str
    kind: str = field(compare=False)
    child: str = field(compare=False)
    values: dict[str, Any] = field(compare=False, hash=False, repr=False)

    def __hash__(self) -> int:
        # Ids tell events apart, and the hash of a text is kept: events go into sets over and over.
        return hash(self.id)

    @property
    def t_end(self) -> int | None:
        """The last second of a spell; None while it is open, and for what is no spell."""
        end: int | None = self.values["t_end"]
        return end

    def at(self, column: str) -> Any:
        """The value of a column, None where it is empty or not there."""
        return self.values.get(column)

    def holds(self, t: int) -> bool:
        """Whether a spell lasts at `t`, its first and last second included."""
        return self.t <= t <= (FOREVER if self.t_end is None else self.t_end)


class Timelines:
    """Every child's events in order, with what they mention, as the facts show them."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.children = {row["child_key"]: row for row in rows(facts.children)}
        self._events: dict[str, list[Event]] = {key: [] for key in self.children}
        for row in rows(facts.events):
            if row["t"] <= facts.as_at_t:
                event = Event(row["t"], row["event_id"], row["kind"], row["child_key"], row)
                self._events[event.child].append(event)
        for events in self._events.values():
            events.sort()
        self.holders: dict[Value, set[str]] = defaultdict(set)
        self.mentioning: dict[Value, list[Event]] = defaultdict(list)
        self.mentions: dict[str, set[Value]] = defaultdict(set)
        self._read_mentions()

    def seen(self, child: str, start: int) -> list[Event]:
        """The child's events that touch the time from `start` to the as-at: a spell may have begun before."""
        return [e for e in self._events[child] if self._last_second(e) >= start]

    def base(self, event: Event) -> Event | None:
        """Where the child lived when it happened.

        The latest spell of a stronger base kind that holds the time; else the last kind's latest before it;
        else the last kind's first after it.
        """
        *spells, last = self.facts.base_kinds or ("",)
        for kind in spells:
            if holding := [e for e in self._of_kind(event.child, kind) if e.holds(event.t)]:
                return max(holding)
        homes = self._of_kind(event.child, last)
        if before := [e for e in homes if e.t <= event.t]:
            return max(before)
        return max((e for e in homes if e.t == homes[0].t), default=None)

    def metres_away(self, event: Event) -> int | None:
        """Distance from the base, in whole metres; None where either point is unknown."""
        base = self.base(event)
        points = [event.at("easting"), event.at("northing")]
        points += [base.at("easting"), base.at("northing")] if base else [None]
        if None in points:
            return None
        return round(sqrt((points[0] - points[2]) ** 2 + (points[1] - points[3]) ** 2))

    def out_of_area(self, event: Event) -> bool | None:
        """Whether its area is not that of the base; unknown where one is, or where both are just 'elsewhere'."""
        base = self.base(event)
        lived = (base.at("area") if base else None) or self.children[event.child]["area"]
        area = event.at("area")
        if area is None or lived is None or area == lived == ELSEWHERE:
            return None
        return bool(area != lived)

    def age(self, event: Event) -> int | None:
        """Whole years at the event; None without a date of birth."""
        born = self.children[event.child]["birth_on"]
        return None if born is None else whole_years(born, moment(event.t).date())

    def _of_kind(self, child: str, kind: str) -> list[Event]:
        return [e for e in self._events[child] if e.kind == kind]

    def _last_second(self, event: Event) -> int:
        if event.kind not in self.facts.spell_kinds:
            return event.t
        return FOREVER if event.t_end is None else event.t_end

    def _read_mentions(self) -> None:
        shown = {e.id: e for key in self._events for e in self.seen(key, self.facts.start_t)}
        for row in rows(self.facts.mentions):
            value = (row["kind"], row["value"])
            if row["event_id"] is None:
                self.holders[value].add(row["child_key"])
            elif event := shown.get(row["event_id"]):
                self.holders[value].add(event.child)
                self.mentioning[value].append(event)
                self.mentions[event.id].add(value)


def whole_years(born: date, day: date) -> int:
    """Age in whole years; a child born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def rows(relation: Relation) -> Iterator[dict[str, Any]]:
    """Yield the rows of an Arrow table as dictionaries."""
    if not isinstance(relation, pa.Table):
        raise TypeError("the memory engine reads Arrow tables, not names of relations")
    yield from relation.to_pylist()
