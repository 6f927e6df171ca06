"""Controlled rounding: multiples near the counts, tables that add up, and small counts that stay uncertain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_tables import cross
from scipy.optimize import Bounds, LinearConstraint, milp
from test_ten_thousand_tables import frames_of, sums_of

from trigpoint.counts import round_controlled
from trigpoint.errors import CountsError


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(
    shape=st.sampled_from([(2, 2), (3, 3), (4, 3), (2, 2, 2), (3, 3, 2)]),
    seed=st.integers(0, 10_000),
    base=st.sampled_from([3, 5, 10]),
)
def test_rounded_tables_add_up_and_give_no_small_count_away(shape: tuple[int, ...], seed: int, base: int) -> None:
    full = np.random.default_rng(seed).poisson(np.random.default_rng(seed + 1).gamma(0.8, 9.0, size=shape))
    for axis in range(len(shape)):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    published = round_controlled(frames_of([full]), base, overlapping=())
    shown = published.tables["t0"]["shown"].to_pylist()
    numbers = np.array([np.nan if one == ":" else float(one) for one in shown])
    truth, sums = full.reshape(-1), sums_of(full.shape)
    told = ~np.isnan(numbers)
    assert (numbers[told] % base == 0).all()
    assert (np.abs(numbers - truth)[told] < 2 * base).all()
    whole = [row for row in sums if told[row != 0].all()]
    assert all(abs(row[told] @ numbers[told]) < 1e-9 for row in whole)
    low = np.array(published.kept["t0"]["low"].to_pylist(), float)
    high = np.array([np.inf if one is None else one for one in published.kept["t0"]["high"].to_pylist()])
    assert ((low <= truth) & (truth <= high)).all()
    for cell in np.flatnonzero((truth >= 1) & (truth <= 5)):
        assert _range(cell, sums, low, np.minimum(high, truth + 200)) >= 2


def _range(cell: int, sums: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    aim = np.zeros(len(low))
    aim[cell] = 1
    ends = [
        milp(
            sign * aim, integrality=np.ones(len(low)), bounds=Bounds(low, high),
            constraints=[LinearConstraint(sums, 0, 0)],
        ).x
        for sign in (1, -1)
    ]  # fmt: skip
    return round(aim @ ends[1]) - round(aim @ ends[0])


def test_it_rounds_to_the_nearest_where_that_adds_up() -> None:
    published = round_controlled({"t": cross(np.array([[9, 11], [21, 19]]))}, 10, overlapping=())
    assert published.tables["t"]["shown"].to_pylist() == ["10", "10", "20", "20", "20", "40", "30", "30", "60"]
    assert "multiple of 10" in published.done["t"]
    assert published.note.loss.mean_rounding == pytest.approx(4 / 9)


def test_a_base_that_protects_nothing_is_refused() -> None:
    with pytest.raises(CountsError, match="protects too little"):
        round_controlled({"t": cross(np.array([[9, 11]]))}, 2)
