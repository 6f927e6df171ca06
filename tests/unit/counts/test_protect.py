from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented_tables import cross, open_cells

from trigpoint.counts import DFE, DFE_EXACT_TOTALS, FRAME, Rule, protect
from trigpoint.errors import CountsError

counts = st.one_of(st.integers(0, 7), st.integers(0, 3), st.integers(8, 60))
rules = st.sampled_from(
    [
        DFE,
        DFE_EXACT_TOTALS,
        Rule(name="narrow", width=1, round_totals_to=None),
        Rule(name="to five", round_totals_to=5),
    ]
)
often = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None
)


@st.composite
def inner_tables(draw: st.DrawFn, most: int = 4) -> np.ndarray:
    high, wide = draw(st.integers(1, most)), draw(st.integers(1, most))
    cells = draw(st.lists(counts, min_size=high * wide, max_size=high * wide))
    return np.array(cells).reshape(high, wide)


@often
@given(inner=inner_tables(), rule=rules)
def test_no_cell_of_a_table_can_be_had_by_an_attack(inner: np.ndarray, rule: Rule) -> None:
    frames = {"t": cross(inner)}
    assert open_cells(frames, protect(frames, rule, overlapping=()), rule) == []


@settings(often, max_examples=25)
@given(first=inner_tables(3), split=st.integers(0, 10_000), rule=rules)
def test_nor_of_linked_tables_with_a_margin_in_common(first: np.ndarray, split: int, rule: Rule) -> None:
    chance = np.random.default_rng(split)
    second = np.array([chance.multinomial(total, [0.6, 0.3, 0.1]) for total in first.sum(axis=1)])
    frames = {"one": cross(first, name="one"), "two": cross(second, name="two", column="d")}
    assert open_cells(frames, protect(frames, rule, overlapping=()), rule) == []


@settings(often, max_examples=25)
@given(inner=inner_tables(3), cut=st.integers(0, 100), rule=rules)
def test_nor_where_children_stand_under_several_values(inner: np.ndarray, cut: int, rule: Rule) -> None:
    most, summed = inner.max(axis=0), inner.sum(axis=0)
    frames = {"t": cross(inner, marginal=most + (summed - most) * cut // 100)}
    assert open_cells(frames, protect(frames, rule, overlapping=("r",)), rule, overlapping=("r",)) == []


def test_the_attacker_of_these_tests_recovers_a_cell_where_only_small_ones_are_hidden() -> None:
    frames = {"t": cross(np.array([[3, 20, 30], [10, 12, 14], [9, 8, 40]]))}
    careless = protect(frames, Rule(name="none small", hide_from=3, hide_to=4, width=1, round_totals_to=None))
    assert open_cells(frames, careless, careless.note.rule, overlapping=()) == []
    assert len(careless.hidden) == 4
    rows = careless.tables["t"].to_pylist()
    seen = [row["shown"] for row in rows]
    for cell, row in zip(rows, frames["t"].to_pylist(), strict=True):
        if row["count"] > 4:
            cell["shown"], cell["why"] = str(row["count"]), None
    assert seen.count("c") == 4
    laid_open = pa.Table.from_pylist(rows, careless.tables["t"].schema)
    published = type(careless)({"t": laid_open}, laid_open, careless.note)
    assert open_cells(frames, published, careless.note.rule) == [
        "[('c', 'c0'), ('r', 'r0')]: 3 to 3, is 3",
    ]


def _shown(frame: pa.Table, rule: Rule, overlapping: tuple[str, ...] = ()) -> list[str]:
    return protect(frame, rule, overlapping=overlapping).tables["t"]["shown"].to_pylist()


def test_noughts_are_shown_small_counts_are_not_and_totals_are_rounded() -> None:
    shown = _shown(cross(np.array([[0, 3, 41], [4, 12, 17]])), DFE)
    assert shown[0] == "0"
    assert shown[1] == shown[4] == "c"
    assert shown[3] == "40"
    assert shown[-1] == "80"


def test_a_total_that_rounds_to_nought_is_k() -> None:
    assert _shown(cross(np.array([[2, 0], [0, 30]])), DFE)[2] == "k"


def test_a_small_total_that_is_not_rounded_is_hidden() -> None:
    assert _shown(cross(np.array([[2, 0], [0, 30]])), DFE_EXACT_TOTALS)[2] == "c"


def test_five_single_children_make_up_no_known_total() -> None:
    shown = _shown(cross(np.array([[1, 1, 1, 1, 1]])), DFE_EXACT_TOTALS)
    assert ":" in shown  # hiding all still tells: five cells of at least one that make at most five
    assert set(shown) <= {"c", ":"}


def test_a_margin_is_treated_the_same_in_every_table() -> None:
    frames = {
        "one": cross(np.array([[3, 9], [30, 2]]), name="one"),
        "two": cross(np.array([[6, 6], [16, 16]]), name="two", column="d"),
    }
    published = protect(frames, DFE_EXACT_TOTALS, overlapping=())
    margins = [
        {row["row_value"]: row["shown"] for row in table.to_pylist() if row["column_value"] == "total"}
        for table in published.tables.values()
    ]
    assert margins[0] == margins[1]


def test_what_was_done_is_said_and_the_hidden_part_holds_no_counts() -> None:
    published = protect(cross(np.array([[3, 20, 30], [10, 12, 14], [9, 8, 40]])), DFE_EXACT_TOTALS, overlapping=())
    assert published.note.small == 1
    assert published.note.also_hidden == 3
    assert len(published.hidden) == 4
    assert "count" not in published.hidden.schema.names
    assert "1 of 16 cells" in str(published.note)


def test_the_same_table_is_always_protected_in_the_same_way() -> None:
    frame = cross(np.random.default_rng(4).poisson(6, size=(6, 5)))
    assert protect(frame, DFE).tables["t"].equals(protect(frame, DFE).tables["t"])


def test_parts_that_do_not_make_up_their_total_are_refused() -> None:
    frame = cross(np.array([[3, 20], [10, 12]])).to_pylist()
    frame[-1]["count"] += 1
    with pytest.raises(CountsError, match="do not make up"):
        protect(pa.Table.from_pylist(frame, FRAME), DFE, overlapping=())


def test_two_counts_for_one_cell_are_refused() -> None:
    frames = {"one": cross(np.array([[3, 20]]), name="one"), "two": cross(np.array([[4, 20]]), name="two")}
    with pytest.raises(CountsError, match="different counts"):
        protect(frames, DFE, overlapping=())


def test_a_count_below_nought_is_refused() -> None:
    with pytest.raises(CountsError, match="below nought"):
        protect(cross(np.array([[-3, 3]])), DFE)


def test_a_rule_that_protects_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="width"):
        Rule(name="none", width=5)


def test_nothing_to_protect_is_no_fault() -> None:
    assert protect({"t": FRAME.empty_table()}).tables == {}
