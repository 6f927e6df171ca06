"""Sums are hidden where one contributor could be told, and cannot be worked out by subtraction."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import linprog

from trigpoint.counts import TOTAL, PublishedSums, SumRule, protect_sums
from trigpoint.errors import CountsError


@pytest.mark.parametrize(
    ("amounts", "confidential"),
    [
        ([100, 90, 80, 70], False),
        ([1000, 5, 4, 3], True),  # two of four hold more than 90 per cent; the second knows the first
        ([100, 60, 3, 3], True),  # the rest is less than a tenth of the largest
        ([100, 60, 20, 20], False),
        ([50, 50], True),  # fewer than three
        ([0, 0, 0], False),
    ],
)
def test_the_rules_of_dominance(amounts: list[float], confidential: bool) -> None:
    assert (SumRule().need(np.array(amounts, float)) > 0) == confidential


def test_how_wide_a_cell_must_stay_follows_from_the_rule() -> None:
    assert SumRule(least=1, k=100).need(np.array([100.0, 60, 3, 3])) == pytest.approx(4)  # 10 per cent less the rest
    assert SumRule(least=1, p=0.0001).need(np.array([90.0, 6, 4])) == pytest.approx(100 / 90 * 96 - 100)


def rows(seed: int) -> pa.Table:
    chance = np.random.default_rng(seed)
    size = 60
    return pa.table(
        {
            "area": chance.choice(["a", "b", "c"], size).tolist(),
            "kind": chance.choice(["x", "y", "z"], size).tolist(),
            "child": [f"invented-{i}" for i in chance.integers(0, 25, size)],
            "pounds": chance.gamma(0.5, 400, size).tolist(),
        }
    )


@pytest.mark.parametrize("seed", range(20))
def test_no_confidential_sum_is_had_more_closely_than_the_rule_allows(seed: int) -> None:
    table, rule = rows(seed), SumRule()
    out = protect_sums(table, ("area", "kind"), value="pounds", who="child", rule=rule)
    taken = table.to_pylist()
    truth, need = [], []
    for area, kind in out.values:
        here = [r for r in taken if area in (r["area"], TOTAL) and kind in (r["kind"], TOTAL)]
        each: dict[str, int] = {}
        for r in here:
            each[r["child"]] = each.get(r["child"], 0) + round(r["pounds"])
        truth.append(sum(each.values()))
        need.append(rule.need(np.array(list(each.values()), float)))
    for at, (said, sum_) in enumerate(zip(out.shown, truth, strict=True)):
        assert said in ("c", str(sum_))
        if need[at] > 0:
            assert said == "c"
            assert _range(out, truth, at) >= need[at] - 1e-4


def _range(out: PublishedSums, truth: list[int], cell: int) -> float:
    at = {value: i for i, value in enumerate(out.values)}
    lines = []
    for axis in (0, 1):
        for other in sorted({value[1 - axis] for value in out.values}):
            line = np.zeros(len(truth))
            for value, i in at.items():
                if value[1 - axis] == other:
                    line[i] = -1 if value[axis] == TOTAL else 1
            lines.append(line)
    bounds = [(0, None) if said == "c" else (sum_, sum_) for said, sum_ in zip(out.shown, truth, strict=True)]
    aim = np.zeros(len(truth))
    aim[cell] = 1
    low = linprog(aim, A_eq=np.array(lines), b_eq=np.zeros(len(lines)), bounds=bounds)
    high = linprog(-aim, A_eq=np.array(lines), b_eq=np.zeros(len(lines)), bounds=bounds)
    assert low.status == 0
    return np.inf if high.status == 3 else -high.fun - low.fun


def test_amounts_that_cannot_be_are_refused() -> None:
    bad = pa.table({"area": ["a"], "child": ["x"], "pounds": [-3.0]})
    with pytest.raises(CountsError, match="below nought"):
        protect_sums(bad, ("area",), value="pounds", who="child")
