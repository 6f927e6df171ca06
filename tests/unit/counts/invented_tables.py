"""Invented counted tables, and an attacker written apart from the code that it attacks.

The attacker sees only what is published, knows every sum, and is told besides which counts were small.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from scipy.optimize import Bounds, LinearConstraint, milp

from trigpoint.counts import FRAME, TOTAL, Published, Rule

AXES = ("row", "column", "layer")


def cross(
    inner: np.ndarray, *, name: str = "t", row: str = "r", column: str = "c", marginal: np.ndarray | None = None
) -> pa.Table:
    """A table of two dimensions with its margins; `marginal` overrides the counts of the total row (overlap)."""
    high, wide = inner.shape
    full = np.zeros((high + 1, wide + 1), dtype=int)
    full[:high, :wide] = inner
    full[:high, wide] = inner.sum(axis=1)
    full[high, :wide] = inner.sum(axis=0) if marginal is None else marginal
    full[high, wide] = full[high, :wide].sum()
    rows = [f"{row}{i}" for i in range(high)] + [TOTAL]
    columns = [f"{column}{j}" for j in range(wide)] + [TOTAL]
    cells = [
        [name, "children", row, rows[i], column, columns[j], None, None, int(full[i, j])]
        for i in range(high + 1)
        for j in range(wide + 1)
    ]
    return pa.Table.from_pylist([dict(zip(FRAME.names, cell, strict=True)) for cell in cells], FRAME)


def open_cells(
    frames: dict[str, pa.Table], published: Published, rule: Rule, *, overlapping: Sequence[str] = ()
) -> list[str]:
    """The hidden or small cells whose count the attacker has to within less than the width; a nought may be known."""
    known, truth = _read(frames, published, rule)
    keys = list(known)
    at = {key: i for i, key in enumerate(keys)}
    low = np.array([known[key][0] for key in keys], float)
    high = np.array([known[key][1] for key in keys], float)
    sums = _sums(frames, at, truth=truth, overlapping=overlapping)
    watched = [key for key in keys if truth[key] and (known[key][2] or rule.small(truth[key]))]
    found = []
    for key in watched:
        ends = [_end(at[key], sums, low=low, high=high, sign=sign) for sign in (1, -1)]
        if ends[1] - ends[0] < rule.width:
            found.append(f"{sorted(key)}: {ends[0]} to {ends[1]}, is {truth[key]}")
    return found


def _read(frames: dict[str, pa.Table], published: Published, rule: Rule) -> tuple[dict, dict]:
    known: dict = {}
    truth: dict = {}
    for name, table in published.tables.items():
        for cell, open_ in zip(table.to_pylist(), frames[name].to_pylist(), strict=True):
            key = _key(cell)
            truth[key] = open_["count"]
            now = _range(cell, open_["count"], rule)
            assert known.setdefault(key, now) == now, "one cell, two ways of showing it"
    return known, truth


def _key(cell: dict) -> frozenset:
    pairs = [(cell[axis], cell[f"{axis}_value"]) for axis in AXES if cell[axis]]
    return frozenset(pair for pair in pairs if pair[1] != TOTAL)


def _range(cell: dict, count: int, rule: Rule) -> tuple[float, float, bool]:
    shown = cell["shown"]
    if shown == ":":
        return 0, count + 500, True
    if shown == "c":
        small = rule.small(count)
        return (rule.hide_from, rule.hide_to, True) if small else (rule.hide_to + 1, count + 500, True)
    if shown == "k":
        assert rule.round_totals_to
        return 1, rule.round_totals_to - 1 - rule.round_totals_to // 2, False
    number = int(shown)
    if cell["why"] == "rounded":
        assert rule.round_totals_to
        half = rule.round_totals_to // 2
        assert max(1, number - half) <= count < number + rule.round_totals_to - half
        return max(1, number - half), number + rule.round_totals_to - half - 1, False
    assert number == count
    assert not rule.small(number), "a small count is shown"
    return number, number, False


def _sums(
    frames: dict[str, pa.Table], at: dict, *, truth: dict, overlapping: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, lows, highs = [], [], []
    for frame in frames.values():
        cells = frame.to_pylist()
        for axis in AXES:
            parts_of: dict = {}
            for cell in cells:
                if cell[axis] and cell[f"{axis}_value"] != TOTAL:
                    part = _key(cell)
                    parts_of.setdefault(part - {(cell[axis], cell[f"{axis}_value"])}, set()).add(part)
            for total, parts in parts_of.items():
                if total not in at:
                    continue
                row = np.zeros(len(at))
                row[[at[part] for part in parts]] = 1
                row[at[total]] = -1
                exact = cells[0][axis] not in overlapping or sum(truth[part] for part in parts) == truth[total]
                rows.append(row)
                lows.append(0)
                highs.append(0 if exact else np.inf)
                for part in parts:
                    one = np.zeros(len(at))
                    one[at[part]], one[at[total]] = -1, 1
                    rows.append(one)
                    lows.append(0)
                    highs.append(np.inf)
    return np.array(rows).reshape(-1, len(at)), np.array(lows), np.array(highs)


def _end(cell: int, sums: tuple, *, low: np.ndarray, high: np.ndarray, sign: int) -> int:
    objective = np.zeros(len(low))
    objective[cell] = sign
    answer = milp(
        objective,
        integrality=np.ones(len(low)),
        bounds=Bounds(low, high),
        constraints=[LinearConstraint(sums[0], sums[1], sums[2])] if len(sums[0]) else [],
    )
    assert answer.x is not None, "what is published contradicts itself"
    return round(answer.x[cell])
