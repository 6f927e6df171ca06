"""Flows against a plain judge that walks from month to month."""

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.counts import DFE, protect
from trigpoint.counts.flows import flows, flows_by_year

DAYS = [date(2024, 10, 31), date(2024, 11, 30), date(2024, 12, 31), date(2025, 1, 31), date(2025, 2, 10)]
HISTORIES = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(DAYS)), max_size=40)


def history(rows):
    return pa.table(
        {
            "child_key": pa.array([child for child, _ in rows], pa.string()),
            "month_end": pa.array([day for _, day in rows], pa.date32()),
        }
    )


@settings(deadline=None, max_examples=40)
@given(HISTORIES)
def test_flows_are_those_of_somebody_who_walks_through_the_months(rows):
    ever, before = set(), set()
    for row, day in zip(flows(history(rows), DAYS).to_pylist(), DAYS, strict=True):
        now = {child for child, at in rows if at == day}
        assert row == {
            "month_end": day,
            "newly": len(now - ever),
            "again": len(now & ever - before),
            "still": len(now & before),
            "ended": len(before - now),
            "known": len(now),
        }
        ever, before = ever | now, now


@settings(deadline=None, max_examples=40)
@given(HISTORIES)
def test_years_count_each_child_once_and_newly_in_one_year_alone(rows):
    cells = {(r["row_value"], r["column_value"]): r["count"] for r in flows_by_year(history(rows), DAYS).to_pylist()}
    by_year = {year: {child for child, day in rows if day.year == year} for year in (2024, 2025)}
    if by_year[2024]:
        assert cells["2024", "newly known"] == cells["2024", "total"] == len(by_year[2024])
    if by_year[2025]:
        assert cells["2025", "known before"] == len(by_year[2025] & by_year[2024])
        assert cells["2025", "total"] == len(by_year[2025])


def test_the_table_of_years_passes_the_gate():
    rows = [(f"c{i}", DAYS[0]) for i in range(30)] + [(f"c{i}", DAYS[3]) for i in range(27, 45)]
    published = protect(flows_by_year(history(rows), DAYS), DFE).tables["children_known_and_year"].to_pylist()
    shown = {(r["row_value"], r["column_value"]): r["shown"] for r in published}
    assert shown["2025", "known before"] == "c"
    assert shown["2025", "newly known"] == "c" or shown["2025", "total"] == "20"


def test_nobody_known_makes_noughts_and_no_table():
    assert sum(flows(history([]), DAYS)["known"].to_pylist()) == 0
    assert flows_by_year(history([]), DAYS).num_rows == 0
