"""Ten thousand invented tables, protected and attacked: no protected cell is recovered.

The tables go through the gate by the hundred. The attacker here is written apart from the code: one linear programme
over all tables at once, which pushes one hidden cell of every table in each question. In a table of two dimensions
such bounds are whole numbers (the sums are a network), so that they are exact; in three dimensions they are the
bounds of a linear attacker.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy import sparse
from scipy.optimize import linprog

from trigpoint.counts import DFE, DFE_EXACT_TOTALS, FRAME, TOTAL, Rule, protect

BATCH = 100
BATCHES = {(2, 2): 70, (2, 3): 20, (3, 3): 6, (3, 4): 2, (2, 2, 2): 2}
RULES = (DFE, DFE_EXACT_TOTALS, Rule(name="to five", round_totals_to=5))


def invented(chance: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """One table with its margins: many noughts and small numbers, a few large."""
    inner = chance.poisson(chance.gamma(0.7, chance.choice([3.0, 9.0, 30.0]), size=shape))
    for axis in range(len(shape)):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner


def frames_of(tables: list[np.ndarray]) -> dict[str, pa.Table]:
    return {f"t{i}": _frame(f"t{i}", full) for i, full in enumerate(tables)}


def _frame(name: str, full: np.ndarray) -> pa.Table:
    at = np.indices(full.shape).reshape(full.ndim, -1)
    columns: dict[str, list] = {"table": [name] * full.size, "counts": [name] * full.size}
    for axis, which in enumerate(("row", "column", "layer")):
        known = axis < full.ndim
        columns[which] = [which if known else None] * full.size
        columns[f"{which}_value"] = [_value(i, full.shape[axis]) for i in at[axis]] if known else [None] * full.size
    columns["count"] = full.reshape(-1).tolist()
    return pa.table(columns, schema=FRAME)


def _value(i: int, size: int) -> str:
    return TOTAL if i == size - 1 else f"v{i}"


def sums_of(shape: tuple[int, ...]) -> np.ndarray:
    """The sums of one table as rows: parts less their total."""
    number = np.arange(np.prod(shape)).reshape(shape)
    rows = []
    for axis in range(len(shape)):
        for line in np.moveaxis(number, axis, -1).reshape(-1, shape[axis]):
            row = np.ones(len(line))
            row[-1] = -1
            rows.append(np.bincount(line, weights=row, minlength=number.size))
    return np.array(rows)


def told(full: np.ndarray, shown: list[str], why: list[str | None], rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """What the published table tells of each cell, to somebody who knows which were hidden for being small."""
    low, high = np.empty(full.size), np.empty(full.size)
    for i, (count, word, reason) in enumerate(zip(full.reshape(-1), shown, why, strict=True)):
        if word == "c":
            low[i], high[i] = (rule.hide_from, rule.hide_to) if rule.small(count) else (rule.hide_to + 1, count + 500)
        elif word == ":":
            low[i], high[i] = 0, count + 500
        elif reason == "rounded":
            low[i], high[i] = rule.rounded_from(0 if word == "k" else int(word))
        else:
            assert int(word) == count
            assert not rule.small(count)
            low[i] = high[i] = count
        assert low[i] <= count <= high[i]
    return low, high


def recovered(tables: list[np.ndarray], low: list[np.ndarray], high: list[np.ndarray], rule: Rule) -> int:
    """How many hidden or small counts the attacker has to within less than the width."""
    size = tables[0].size
    block = sparse.csr_matrix(sums_of(tables[0].shape))
    sums = sparse.block_diag([block] * len(tables), format="csr")
    lows, highs, truth = np.concatenate(low), np.concatenate(high), np.concatenate([t.reshape(-1) for t in tables])
    watched = (truth > 0) & (lows < highs) & ((truth <= rule.hide_to) | (highs - lows > 20))
    watched |= (truth >= rule.hide_from) & (truth <= rule.hide_to)
    ends = {1: truth.astype(float), -1: truth.astype(float)}
    for cell in range(size):
        here = np.flatnonzero(watched & (np.arange(len(truth)) % size == cell))
        for sign in (1, -1) if len(here) else ():
            costs = np.zeros(len(truth))
            costs[here] = -sign
            answer = linprog(
                costs, A_eq=sums, b_eq=np.zeros(sums.shape[0]), bounds=np.column_stack([lows, highs]), method="highs"
            )
            assert answer.status == 0, "what is published contradicts itself"
            ends[sign][here] = answer.x[here]
    return int((watched & (np.floor(ends[1] + 1e-6) - np.ceil(ends[-1] - 1e-6) < rule.width)).sum())


@pytest.mark.parametrize("shape", BATCHES, ids=lambda shape: "x".join(map(str, shape)))
def test_no_protected_cell_is_recovered(shape: tuple[int, ...]) -> None:
    chance = np.random.default_rng(sum(shape))
    for batch in range(BATCHES[shape]):
        rule = RULES[batch % len(RULES)]
        tables = [invented(chance, shape) for _ in range(BATCH)]
        published = protect(frames_of(tables), rule, overlapping=())
        ranges = [
            told(full, out["shown"].to_pylist(), out["why"].to_pylist(), rule)
            for full, out in zip(tables, published.tables.values(), strict=True)
        ]
        assert recovered(tables, [r[0] for r in ranges], [r[1] for r in ranges], rule) == 0


def test_they_are_ten_thousand() -> None:
    assert BATCH * sum(BATCHES.values()) == 10_000


def test_the_attacker_recovers_what_is_not_protected() -> None:
    full = invented(np.random.default_rng(3), (3, 3))
    full[:] = np.array([[3, 20, 30, 53], [10, 12, 14, 36], [9, 8, 40, 57], [22, 40, 84, 146]])
    low = high = full.reshape(-1).astype(float)
    low, high = low.copy(), high.copy()
    low[0], high[0] = 1, 5
    assert recovered([full, full], [low, low], [high, high], DFE_EXACT_TOTALS) == 2
