"""What was planted in the rows that reached the files, and whether its indicators ought to see it there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from trigpoint.synthetic.clock import AS_AT, DAY, NONE, spelt
from trigpoint.synthetic.files.extracts import Written
from trigpoint.synthetic.life.cast import YEAR
from trigpoint.synthetic.life.drawing import World
from trigpoint.synthetic.life.stories import Pattern, book
from trigpoint.synthetic.people.places import UNITS, places

Whole = npt.NDArray[np.int64]
_BESIDE: Final = 12 * 60  # minutes in which two children at a place are together
_SHARED_BY: Final = 6  # children; what more have is too common to say anything
_HALF_YEAR: Final = 180 * DAY


@dataclass(frozen=True)
class _Row:
    child: int
    at: int
    kind: str
    place: int
    readable: bool
    fits: bool
    shared: object  # what another child must have too; None where it does not matter or there is none


def pattern_rows(world: World, written: list[Written]) -> list[tuple[Any, ...]]:
    """A line for each child and pattern planted in its rows, with whether its indicators ought to see it."""
    bases = _Bases(world, written)
    rows: dict[str, list[_Row]] = defaultdict(list)
    for told in written:
        for i in np.flatnonzero(told.events.pattern != "").tolist():
            for name in told.events.pattern[i].split():
                rows[name].append(_row(world, told, i, book().patterns[name], bases))
    made = []
    for name, found in rows.items():
        pattern = book().patterns[name]
        falls = _falls(written, pattern.fall) if pattern.fall else set()
        made.extend(_lines(world, name, pattern, found, falls))
    return sorted(made)


def _row(world: World, told: Written, i: int, pattern: Pattern, bases: _Bases) -> _Row:
    events = told.events
    child, at, place = int(events.child[i]), int(events.at[i]), int(events.place[i])
    fits = bool(told.readable[i]) and all(events.word(n)[i] in values for n, values in pattern.where.items())
    end = int(events.end[i])
    fits &= end != NONE or not pattern.ended
    fits &= not pattern.hours or end == NONE or end - at >= pattern.hours * 60
    fits &= at < world.people.born[child] * DAY + (pattern.age + 1) * YEAR * DAY
    fits &= at >= (AS_AT - pattern.since) * DAY
    fits &= not pattern.km or bases.km(child, at, place) >= pattern.km
    shared = place if pattern.shared == "place" else events.word(pattern.shared)[i] if pattern.shared else None
    return _Row(child, at, told.kind[i], place, bool(told.readable[i]), fits, shared)


def _lines(world: World, name: str, pattern: Pattern, rows: list[_Row], falls: set[int]) -> list[tuple[Any, ...]]:
    forms = world.cast.forms()
    if pattern.shared:
        rows = _shared(rows, by_time=pattern.shared == "place")
    by_child: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        by_child[row.child].append(row)
    made = []
    for child, found in by_child.items():
        found.sort(key=lambda r: r.at)
        seen = child in falls if pattern.fall else _enough([r for r in found if r.fits], pattern)
        days = spelt(np.array([found[0].at, found[-1].at]), "%Y-%m-%d").tolist()
        key = f"T{world.people.number[child]:07d}"
        ids = " ".join(pattern.indicators)
        made.append((key, name, forms[child], *days, len(found), "yes" if seen else "no", ids))
    return made


def _shared(rows: list[_Row], *, by_time: bool) -> list[_Row]:
    """A row fits where a few other children's rows have the same."""
    holders: dict[object, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.fits and row.shared is not None:
            holders[row.shared].append(row)
    made = []
    for row in rows:
        others = {
            r.child
            for r in holders.get(row.shared, ())
            if r.child != row.child and (not by_time or abs(r.at - row.at) <= _BESIDE)
        }
        fits = row.fits and 1 <= len(others) <= _SHARED_BY
        made.append(_Row(row.child, row.at, row.kind, row.place, row.readable, fits, row.shared))
    return made


def _enough(rows: list[_Row], pattern: Pattern) -> bool:
    """Whether `at_least` of the rows, in order of time, lie `within` days."""
    for last in rows:
        window = [r for r in rows if last.at - pattern.within * DAY <= r.at <= last.at]
        count = len({getattr(r, pattern.distinct) for r in window}) if pattern.distinct else len(window)
        if count >= pattern.at_least:
            return True
    return False


def _falls(written: list[Written], points: int) -> set[int]:
    """Children of whom a planted attendance lies so far below the mean of at least two in the half year before."""
    found: set[int] = set()
    for told in written:
        if told.layout.kinds != ("attendance",):
            continue
        percent = told.events.word("percent").astype(np.int64)
        order = np.lexsort((told.events.at, told.events.child))
        order = order[told.readable[order]]
        for i in np.flatnonzero(told.events.pattern[order] != "").tolist():
            e = order[i]
            before = [
                int(percent[b])
                for b in order[max(0, i - 6) : i]
                if told.events.child[b] == told.events.child[e] and told.events.at[e] - told.events.at[b] <= _HALF_YEAR
            ]
            if len(before) >= 2 and sum(before) - points * len(before) >= percent[e] * len(before):
                found.add(int(told.events.child[e]))
    return found


class _Bases:
    """Where a child lives at a time, as far as the files tell: the placement, else the home."""

    def __init__(self, world: World, written: list[Written]) -> None:
        self._world = world
        self._placed: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self._homes: set[int] = set()
        for told in written:
            if told.layout.kinds == ("placement",):
                events = told.events
                rows = zip(events.child, events.at, events.end, events.place, told.readable, strict=True)
                for child, at, end, place, ok in rows:
                    if ok:
                        self._placed[int(child)].append((int(at), int(end), int(place)))
            if told.layout.kinds in (("home",), ("known_home",)):
                self._homes.update(told.events.child[told.readable].tolist())

    def km(self, child: int, at: int, place: int) -> float:
        """How far `place` lies from where the child lives; -1 where the files do not tell."""
        held = [p for a, e, p in self._placed[child] if a <= at and (e == NONE or at <= e)]
        if place < 0 or not (held or child in self._homes):
            return -1.0
        home = self._world.people.home_at(np.array([child]), np.array([at // DAY]))[0]
        a, b = (places().sectors[p // UNITS] for p in (place, held[-1] if held else int(home)))
        return float(np.hypot(a.easting - b.easting, a.northing - b.northing) / 1000)
