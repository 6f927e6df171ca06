"""Which seconds are covered for a kind of event and an area: where silence means absence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Interval = tuple[int, int]  # both seconds belong to it


class Coverage:
    """The union of the declared intervals by kind and area. A row without an area counts for every area."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows: dict[str, dict[str | None, list[Interval]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            self._rows[row["kind"]][row["area"]].append((row["from_t"], row["to_t"]))

    def areas(self) -> set[str]:
        """Areas that some row names; every other area is covered by the rows without one."""
        return {area for by_area in self._rows.values() for area in by_area if area is not None}

    def intervals(self, kind: str, area: str | None) -> list[Interval]:
        """The merged intervals for a child of this area; a child without one has the rows without one."""
        by_area = self._rows.get(kind, {})
        found = list(by_area.get(None, []))
        if area is not None:
            found += by_area.get(area, [])
        return merged(found)

    def together(self, kinds: Iterable[str], area: str | None) -> list[Interval]:
        """The intervals in which every one of the kinds is covered."""
        lists = [self.intervals(kind, area) for kind in kinds]
        both = lists[0]
        for other in lists[1:]:
            both = [(max(a, c), min(b, d)) for a, b in both for c, d in other if max(a, c) <= min(b, d)]
        return both

    def since(self, kind: str, area: str | None, *, until: int) -> int | None:
        """From which second on, up to `until`, the kind is covered without a gap; None if not at `until`."""
        return next((a for a, b in self.intervals(kind, area) if a <= until <= b), None)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Join intervals that overlap or stand next to one another."""
    found: list[Interval] = []
    for start, end in sorted(i for i in intervals if i[0] <= i[1]):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
