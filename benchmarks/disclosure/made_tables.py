"""Invented tables with their margins, and what an attacker recovers from a pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from trigpoint.counts import DFE_EXACT_TOTALS, FRAME, TOTAL
from trigpoint.counts.disclosure.family import Family, family
from trigpoint.counts.disclosure.hiding.attack import Attack
from trigpoint.counts.disclosure.knowledge import problem

AXES = ("row", "column", "layer")
NO_GROUPS: Mapping[str, Mapping[str, str]] = {}


def inner(shape: tuple[int, ...], *, seed: int, mean: float = 12.0) -> np.ndarray:
    """Counts of invented children: many noughts and small ones, a few large."""
    chance = np.random.default_rng(seed)
    return chance.poisson(chance.gamma(0.8, mean, size=shape))


def frame(counts: np.ndarray, *, groups: Mapping[str, Mapping[str, str]] = NO_GROUPS) -> pa.Table:
    """The table with all margins, and with the groups of its dimensions (r, c, l by value v0, v1, ...)."""
    names = "rcl"[: counts.ndim]
    lines = [_lines(counts.shape[axis], groups.get(names[axis], {})) for axis in range(counts.ndim)]
    rows = []
    for at in np.ndindex(*(len(line) for line in lines)):
        chosen = [list(lines[axis].items())[i] for axis, i in enumerate(at)]
        count = int(counts[np.ix_(*(members for _, members in chosen))].sum())
        row = {
            "table": "t",
            "counts": "children",
            "count": count,
            **dict.fromkeys([*AXES, *(f"{a}_value" for a in AXES)]),
        }
        for axis, (value, _) in enumerate(chosen):
            row |= {AXES[axis]: names[axis], f"{AXES[axis]}_value": value}
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=FRAME)


def _lines(size: int, group_of: Mapping[str, str]) -> dict[str, list[int]]:
    lines = {f"v{i}": [i] for i in range(size)}
    for group in dict.fromkeys(group_of.values()):
        lines[group] = [i for i in range(size) if _belongs(f"v{i}", group, group_of)]
    return {**lines, TOTAL: list(range(size))}


def _belongs(value: str, group: str, group_of: Mapping[str, str]) -> bool:
    at: str | None = value
    while at is not None and at != group:
        at = group_of.get(at)
    return at == group


def bound(table: pa.Table, *, groups: Mapping[str, Mapping[str, str]] = NO_GROUPS) -> Family:
    """The table as cells and sums."""
    return family({"t": table}, overlapping=(), hierarchies=groups)


def recovered(cells: Family, hidden: np.ndarray, *, plain: bool = False) -> int:
    """How many small counts the attacker has to within less than the width, if these cells are hidden.

    A `plain` one does not know which cells were hidden for being small, and counts only what is had exactly.
    """
    asked = problem(cells, DFE_EXACT_TOTALS)
    if plain:
        size = len(asked.values)
        asked = replace(asked, hidden=(np.zeros(size), np.full(size, np.inf)), need=np.ones(size))
    small = asked.always
    nothing = np.zeros(len(hidden), dtype=np.bool_)
    found = {one.cell for one in Attack(asked).exposed(hidden, nothing, only=small)}
    return len(found | set(np.flatnonzero(small & ~hidden).tolist()))
