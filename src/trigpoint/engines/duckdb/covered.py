"""Coverage as expressions over a child's area and birth. Coverage is small, so it is written into the SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

from trigpoint.engines.coverage import Coverage, Interval
from trigpoint.engines.duckdb.steps import listed

_Value = TypeVar("_Value", bound=Hashable)


def by_area(
    coverage: Coverage, find: Callable[[str | None], _Value], write: Callable[[_Value], str], *, area: str
) -> str:
    """An expression that depends on the area: areas with an equal value share one branch."""
    usual = find(None)
    special: dict[_Value, list[str]] = defaultdict(list)
    for name in sorted(coverage.areas()):
        if (value := find(name)) != usual:
            special[value].append(name)
    if not special:
        return f"({write(usual)})"
    branches = " ".join(f"WHEN {area} IN ({listed(names)}) THEN {write(v)}" for v, names in special.items())
    return f"(CASE {branches} ELSE {write(usual)} END)"


def told_between(coverage: Coverage, kinds: Collection[str], first: str, last: str, *, area: str) -> str:
    """Whether all the kinds are covered from `first` to `last`."""

    def write(intervals: tuple[Interval, ...]) -> str:
        return " OR ".join(f"({first} >= {a} AND {last} <= {b})" for a, b in intervals) or "FALSE"

    return by_area(coverage, lambda name: tuple(coverage.together(kinds, name)), write, area=area)


def covered_since(coverage: Coverage, kinds: Collection[str], start: int, as_at: int, *, alias: str = "p") -> str:
    """Whether all the kinds are covered from the start, or from birth, to the as-at."""
    born = f"greatest({start}, coalesce({alias}.born_t, {start}))"

    def find(name: str | None) -> int | None:
        found = [coverage.since(kind, name, until=as_at) for kind in kinds]
        return None if None in found else max((one for one in found if one is not None), default=start)

    def write(since: int | None) -> str:
        return f"{born} > {as_at}" if since is None else f"({born} >= {since} OR {born} > {as_at})"

    return by_area(coverage, find, write, area=f"{alias}.area")
