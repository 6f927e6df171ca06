"""The counted tables over a small invented partnership laid into DuckDB relations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from trigpoint.counts import known, protect, to_publish
from trigpoint.counts.recording import RECORDING_BY_AGENCY
from trigpoint.records.tables import EVENT_BASE, FIXED
from trigpoint.report.data import COLUMNS
from trigpoint.report.data import PUBLISHED as REPORT_PUBLISHED

EXTRA = [(name, pa.string()) for name in ("offence", "search_object", "search_found", "exploitation_type")]
SCHEMAS = {**FIXED, "events": pa.schema([*EVENT_BASE, *EXTRA])}


def lay(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist([{column: row.get(column) for column in SCHEMAS[name].names} for row in rows])
    con.register(name, table.cast(SCHEMAS[name]) if rows else SCHEMAS[name].empty_table())


def child(key: str, **others: Any) -> dict[str, Any]:
    return {"child_key": key, "birth_on": date(2009, 6, 1), "sex": "F", "ethnicity": "WBRI", "area": "RV"} | others


def arrest(key: str, on: str, offence: str, **others: Any) -> dict[str, Any]:
    happened = datetime.fromisoformat(on)
    return {
        "event_id": f"{key}{on}", "record_id": f"r{key}", "source": "police", "agency": "police", "kind": "arrest",
        "happened_at": happened, "offence": offence, "area": "RV",
    } | others  # fmt: skip


def proposal(key: str, form: str, on: str, sources: list[str]) -> dict[str, Any]:
    return {"child_key": key, "form": form, "to_on": date.fromisoformat(on), "sources": sources}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        lay(
            connection,
            "children",
            [
                child("a", in_care=True),
                child("b", sex="M", ethnicity="BCRB", in_care=False, area="LF"),
                child("c", birth_on=None, ethnicity="REFU", area=None),
                child("d", birth_on=date(2016, 3, 1), ethnicity="CHNE", in_care=False),
            ],
        )
        lay(connection, "links", [{"record_id": f"r{key}", "child_key": key} for key in "abcd"])
        lay(
            connection,
            "proposals",
            [
                proposal("a", "county_lines", "2024-05-31", ["police", "missing"]),
                proposal("a", "county_lines", "2025-07-01", ["police"]),
                proposal("a", "financial_exploitation", "2025-01-02", ["bank"]),
                proposal("b", "county_lines", "2025-06-01", ["police"]),
                proposal("d", "county_lines", "2026-02-28", []),
            ],
        )
        lay(connection, "findings", [])
        lay(
            connection,
            "events",
            [
                arrest("a", "2025-03-31 23:00", "pwits_class_a"),
                arrest("a", "2025-04-01 01:00", "possession"),
                arrest("b", "2025-04-02 01:00", "pwits_other", area="LF"),
                arrest("c", "2025-05-01 10:00", "possession", area=None),
                arrest("d", "2025-05-01 10:00", "possession"),
                arrest("a", "2025-05-05 10:00", "theft"),
                arrest(
                    "a", "2025-05-06 10:00", None, kind="stop_search", search_object="drugs", search_found="weapons"
                ),
                arrest("b", "2025-05-06 11:00", None, kind="nrm_referral", exploitation_type="criminal"),
                arrest("b", "2025-08-06 11:00", None, kind="nrm_referral", exploitation_type="criminal"),
            ],
        )
        claim = {"source": "police", "agency": "police", "from_on": date(2025, 3, 5), "to_on": date(2025, 6, 30)}
        lay(connection, "coverage", [claim | {"kind": "arrest"}, claim | {"kind": "custody"}])
        yield connection


def cells(table: pa.Table) -> dict[tuple[str, str], int]:
    return {(row["row_value"], row["column_value"]): row["count"] for row in table.to_pylist()}


def test_children_are_counted_once_not_by_proposal(con: duckdb.DuckDBPyConnection) -> None:
    by_area = cells(known(con)["children_by_form_and_area"])
    assert by_area["county_lines", "RV"] == 2
    assert by_area["county_lines", "total"] == 3
    assert by_area["total", "RV"] == 2  # a, under two forms, and d
    assert by_area["financial_exploitation", "LF"] == 0
    assert by_area["total", "total"] == 3


def test_age_is_that_when_first_seen_and_under_tens_stand_apart(con: duckdb.DuckDBPyConnection) -> None:
    by_age = cells(known(con)["children_by_form_and_age"])
    assert next(iter(by_age)) == ("county_lines", "under 10")
    assert by_age["county_lines", "under 10"] == 1  # nine until the day after
    assert by_age["county_lines", "13-15"] == 1  # a, fifteen until the next day
    assert by_age["county_lines", "16-17"] == 1
    assert by_age["financial_exploitation", "13-15"] == 1


def test_broad_groups_care_and_source(con: duckdb.DuckDBPyConnection) -> None:
    tables = known(con)
    groups = cells(tables["children_by_form_and_ethnic_group"])
    assert groups["total", "Asian"] == groups["total", "Black"] == groups["total", "White"] == 1
    assert cells(tables["children_by_form_and_care"])["county_lines", "looked after"] == 1
    by_source = cells(tables["children_by_form_and_source"])
    assert by_source["county_lines", "police"] == 2
    assert by_source["county_lines", "not known"] == 1
    assert by_source["total", "bank"] == 1


def test_month_is_that_of_the_first_time_and_bounds_hold(con: duckdb.DuckDBPyConnection) -> None:
    months = cells(known(con)["children_by_form_and_month"])
    assert months["county_lines", "2024-05"] == 1
    assert ("county_lines", "2025-07") not in months
    later = cells(known(con, since=date(2025, 1, 1), as_at=date(2025, 12, 31))["children_by_form_and_month"])
    assert later["county_lines", "2025-07"] == 1
    assert ("county_lines", "2026-02") not in later


def test_a_child_referred_twice_is_one_child(con: duckdb.DuckDBPyConnection) -> None:
    assert cells(known(con)["children_referred_to_nrm_and_sex"])["criminal", "boys"] == 1


def test_recording_gaps(con: duckdb.DuckDBPyConnection) -> None:
    tables = known(con, as_at=date(2025, 5, 31))
    gaps = {(row["kind"], row["month"]) for row in tables["recording"].to_pylist() if row["gap"]}
    assert gaps == {("custody", "2025-03"), ("custody", "2025-04"), ("custody", "2025-05")}
    may = next(row for row in tables["recording_by_agency"].to_pylist() if row["month"] == "2025-05")
    assert may == {
        "agency": "police", "month": "2025-05", "kinds_claimed": 2, "kinds_silent": 1, "kinds_unclaimed": 2,
        "events": 5,
    }  # fmt: skip


def test_proxies_by_financial_year_with_and_without_an_area(con: duckdb.DuckDBPyConnection) -> None:
    tables = known(con, apart=["LF"])
    arrests = cells(tables["arrests_pwits_and_possession"])
    assert arrests["2024/25", "PWITS, class A"] == 1
    assert arrests["2025/26", "possession"] == 1  # nine year olds are not counted, unknown ages stand apart
    assert arrests["2025/26", "age not known"] == 1
    layers = {
        (row["row_value"], row["column_value"], row["layer_value"]): row["count"]
        for row in tables["arrests_pwits_and_possession_with_and_without_LF"].to_pylist()
    }
    assert layers["2025/26", "PWITS, other", "LF"] == 1
    assert layers["2025/26", "PWITS, other", "without LF"] == 0
    assert layers["total", "total", "total"] == arrests["total", "total"] == 4
    assert cells(tables["drug_searches_and_weapons"])["2025/26", "weapons"] == 1


def test_all_that_is_meant_to_leave_passes_the_gate_together(con: duckdb.DuckDBPyConnection) -> None:
    tables = to_publish(known(con, apart=["LF"]))
    assert "children_by_form_and_area" in tables
    assert not any("month" in name or "indicator" in name for name in tables)
    published = protect(tables)
    numbers = {row["shown"] for table in published.tables.values() for row in table.to_pylist()}
    assert not numbers & {"1", "2", "3", "4", "5"}


def test_what_leaves_has_the_columns_that_the_report_shows(con: duckdb.DuckDBPyConnection) -> None:
    published = protect(to_publish(known(con, apart=["LF"])))
    assert all(table.schema.names == REPORT_PUBLISHED.names for table in published.tables.values())
    assert RECORDING_BY_AGENCY.names == COLUMNS["recording"].names


def test_nothing_known_gives_empty_tables(con: duckdb.DuckDBPyConnection) -> None:
    for name in ("proposals", "events", "coverage", "children", "links"):
        lay(con, name, [])
    assert all(len(table) == 0 for table in known(con).values())
