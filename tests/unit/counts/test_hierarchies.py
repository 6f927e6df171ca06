"""Groups of values: a table of areas, regions and the whole is attacked over all its levels at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from trigpoint.counts import DFE_EXACT_TOTALS, FRAME, TOTAL, protect
from trigpoint.errors import CountsError

GROUPS = {"area": {"a0": "north", "a1": "north", "a2": "south", "a3": "south"}}
ROWS = {"a0": [0], "a1": [1], "a2": [2], "a3": [3], "north": [0, 1], "south": [2, 3], TOTAL: [0, 1, 2, 3]}


def frame(inner: np.ndarray) -> pa.Table:
    columns = {**{f"s{j}": [j] for j in range(inner.shape[1])}, TOTAL: list(range(inner.shape[1]))}
    cells = [
        ["t", "children", "area", row, "sex", column, None, None, int(inner[np.ix_(at, across)].sum())]
        for row, at in ROWS.items()
        for column, across in columns.items()
    ]
    return pa.Table.from_pylist([dict(zip(FRAME.names, cell, strict=True)) for cell in cells], FRAME)


def least_range(inner: np.ndarray, shown: list[dict]) -> float:
    """The least range of any hidden cell, in terms of the inner cells alone: groups are sums of them."""
    size, wide = inner.size, inner.shape[1]
    columns = {**{f"s{j}": [j] for j in range(wide)}, TOTAL: list(range(wide))}
    weights, low, high = [], [], []
    for row in shown:
        weight = np.zeros(inner.shape)
        weight[np.ix_(ROWS[row["row_value"]], columns[row["column_value"]])] = 1
        count = int((weight * inner).sum())
        weights.append(weight.reshape(size))
        hidden = row["shown"] in ("c", ":")
        low.append((1 if count <= 5 else 6) if hidden and count else count)
        high.append((5 if count <= 5 else count + 300) if hidden and count else count)
        if row["shown"] == ":":
            low[-1], high[-1] = 0, count + 300
    rules = [LinearConstraint(np.array(weights), np.array(low), np.array(high))]
    least = np.inf
    for weight, bottom, top in zip(weights, low, high, strict=True):
        if bottom < top and weight @ inner.reshape(size):
            ends = [
                weight
                @ np.round(
                    milp(sign * weight, integrality=np.ones(size), bounds=Bounds(0, np.inf), constraints=rules).x
                )
                for sign in (1, -1)
            ]
            least = min(least, ends[1] - ends[0])
    return least


@pytest.mark.parametrize("seed", range(25))
def test_no_cell_of_any_level_is_recovered(seed: int) -> None:
    chance = np.random.default_rng(seed)
    inner = chance.poisson(chance.gamma(0.8, 9.0, size=(4, 3)))
    published = protect(frame(inner), DFE_EXACT_TOTALS, overlapping=(), hierarchies=GROUPS)
    assert least_range(inner, published.tables["t"].to_pylist()) >= DFE_EXACT_TOTALS.width


def test_without_the_groups_such_a_table_contradicts_itself() -> None:
    with pytest.raises(CountsError, match="do not make up"):
        protect(frame(np.full((4, 3), 9)), DFE_EXACT_TOTALS, overlapping=())


@pytest.mark.parametrize("groups", [{"a0": "north", "north": "a0"}, {"a0": TOTAL}, {"a0": "a0"}])
def test_groups_that_go_round_in_a_circle_are_refused(groups: dict[str, str]) -> None:
    with pytest.raises(CountsError, match="circle"):
        protect(frame(np.full((4, 3), 9)), DFE_EXACT_TOTALS, overlapping=(), hierarchies={"area": groups})
