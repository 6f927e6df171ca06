"""The same tables are protected in the same way: on a slow machine, in another order, and when the search broke off.

A report, an export and a release would otherwise show different symbols for one count, and two patterns beside one
another tell more than each.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_tables import cross
from test_ten_thousand_tables import _frame, invented

from trigpoint.counts import DFE, DFE_EXACT_TOTALS, Published, Rule, protect
from trigpoint.counts.disclosure.hiding import solver

often = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)
LITTLE = 300_000  # so little effort that the search for the fewest is broken off


def shown(published: Published) -> dict[tuple[str, ...], str]:
    return {
        (name, *(str(row[f"{axis}_value"]) for axis in ("row", "column", "layer"))): row["shown"]
        for name, table in published.tables.items()
        for row in table.to_pylist()
    }


@pytest.fixture(scope="module")
def large() -> pa.Table:
    return _frame("t", invented(np.random.default_rng(4), (4, 4, 3)))


@pytest.fixture(scope="module")
def broken_off(large: pa.Table) -> Published:
    return protect(large, DFE_EXACT_TOTALS, overlapping=(), effort=LITTLE)


def test_a_search_that_is_broken_off_says_so(broken_off: Published) -> None:
    assert "broken off" in str(broken_off.note)


def test_a_slow_clock_changes_nothing(large: pa.Table, broken_off: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look at any clock finds that a day has gone by."""
    days: Iterator[int] = count(1)
    for name in ("time", "monotonic", "perf_counter", "process_time"):
        monkeypatch.setattr(time, name, lambda: float(next(days) * 86_400))
    again = protect(large, DFE_EXACT_TOTALS, overlapping=(), effort=LITTLE)
    assert shown(again) == shown(broken_off)
    assert again.note == broken_off.note


def test_no_engine_has_a_limit_of_time() -> None:
    engine = solver._engine(solver.sparse.csr_matrix((1, 2)), least=np.zeros(1), most=np.zeros(1))
    assert engine.getOptionValue("time_limit")[1] == float("inf")
    for options in (solver._OPTIONS, solver._AFRESH, solver._CHOOSING):
        assert "time_limit" not in dict(options)


def test_a_search_that_is_broken_off_does_not_hang_on_the_order_either(large: pa.Table, broken_off: Published) -> None:
    mixed = large.take(np.random.default_rng(2).permutation(len(large)))
    assert shown(protect(mixed, DFE_EXACT_TOTALS, overlapping=(), effort=LITTLE)) == shown(broken_off)


@often
@given(seed=st.integers(0, 10_000), rule=st.sampled_from([DFE, DFE_EXACT_TOTALS]))
def test_neither_the_order_of_tables_nor_that_of_rows_changes_anything(seed: int, rule: Rule) -> None:
    chance = np.random.default_rng(seed)
    inner = chance.poisson(chance.gamma(0.8, 12.0, size=(4, 3)))
    other = np.array([chance.multinomial(total, [0.6, 0.3, 0.1]) for total in inner.sum(axis=1)])
    frames = {"one": cross(inner, name="one"), "two": cross(other, name="two", column="d")}
    mixed = {name: frames[name].take(chance.permutation(len(frames[name]))) for name in ("two", "one")}
    assert shown(protect(frames, rule, overlapping=())) == shown(protect(mixed, rule, overlapping=()))
