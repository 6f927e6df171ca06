"""Loading again: repeated, corrected, and back again."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest
from intake_loading import MISSING, Load, Loaded

JAN, FEB, MARCH = datetime(2026, 1, 31), datetime(2026, 2, 28), datetime(2026, 3, 31)
A = "CHILD,START,RISK\n1,2026-01-02,high\n2,2026-01-03,low\n"
B = "CHILD,START,RISK\n1,2026-01-02,medium\n2,2026-01-03,low\n"


class Shelf:
    """A store of one table, as the services keep it."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.seq = con, 0
        con.execute(
            'CREATE TABLE known (source VARCHAR, feed VARCHAR, extract_id VARCHAR, file VARCHAR, "row" BIGINT, '
            "line BIGINT, "
            "row_key VARCHAR, row_id VARCHAR, record_id VARCHAR, learnt_at TIMESTAMP, seq BIGINT)"
        )
        con.execute("CREATE TABLE events (event_id VARCHAR, row_id VARCHAR, risk VARCHAR)")

    def put(self, loaded: Loaded) -> None:
        self.seq += 1
        self.con.execute(f"INSERT INTO known SELECT *, {self.seq} FROM {loaded.shaped.sightings}")
        self.con.execute(f"INSERT INTO events SELECT event_id, row_id, risk FROM {loaded.shaped.events}")

    def current(self) -> list[str]:
        return [
            r[0]
            for r in self.con.execute(
                "SELECT e.risk FROM events e JOIN (SELECT row_key, "
                "arg_max(coalesce(row_id, ''), (learnt_at, seq, \"row\")) AS row_id "
                "FROM known GROUP BY row_key) USING (row_id) ORDER BY 1"
            ).fetchall()
        ]


@pytest.fixture
def shelf(con: duckdb.DuckDBPyConnection) -> Shelf:
    return Shelf(con)


def test_the_same_extract_again_changes_nothing(load: Load, shelf: Shelf) -> None:
    first = load(MISSING, A, known="known", received_at=JAN)
    shelf.put(first)
    assert first.totals == (2, 2, 0, 0, 0)
    again = load(MISSING, A, known="known", received_at=FEB)
    assert again.totals == (2, 0, 0, 2, 0)
    assert [again.rows(t, "row_id") for t in ("sightings", "records", "events")] == [[], [], []]


def test_a_corrected_row_supersedes_and_both_stay(load: Load, shelf: Shelf) -> None:
    shelf.put(load(MISSING, A, known="known", received_at=JAN))
    fixed = load(MISSING, B, known="known", received_at=FEB)
    assert fixed.totals == (2, 1, 0, 1, 1)
    shelf.put(fixed)
    assert shelf.current() == ["low", "medium"]
    assert fixed.rows("sightings", "learnt_at") == [FEB]


def test_there_and_back_ends_with_the_first_content_and_adds_no_event_twice(load: Load, shelf: Shelf) -> None:
    for content, at in ((A, JAN), (B, FEB), (A, MARCH)):
        shelf.put(load(MISSING, content, known="known", received_at=at))
    assert shelf.current() == ["high", "low"]
    assert shelf.con.execute("SELECT count(*), count(DISTINCT event_id) FROM events").fetchall() == [(3, 3)]


def test_an_extract_that_arrives_late_does_not_become_current(load: Load, shelf: Shelf) -> None:
    shelf.put(load(MISSING, B, known="known", received_at=FEB))
    shelf.put(load(MISSING, A, known="known", received_at=JAN))
    assert shelf.current() == ["low", "medium"]


def test_a_row_twice_in_one_extract_is_repeated(load: Load, shelf: Shelf) -> None:
    loaded = load(MISSING, A + "1,2026-01-02,high\n", known="known")
    assert loaded.totals == (3, 2, 0, 1, 0)


def test_one_key_with_two_contents_in_one_extract_the_later_row_stands(load: Load, shelf: Shelf) -> None:
    loaded = load(MISSING, A + "1,2026-01-02,medium\n", known="known")
    assert loaded.totals == (3, 3, 0, 0, 1)
    shelf.put(loaded)
    assert shelf.current() == ["low", "medium"]


def test_without_a_key_a_changed_row_stands_beside_the_old_one(load: Load, shelf: Shelf) -> None:
    keyless = MISSING.replace("key: [CHILD, START]\n", "")
    shelf.put(load(keyless, A, known="known", received_at=JAN))
    assert load(keyless, B, known="known", received_at=FEB).totals == (2, 1, 0, 1, 0)


def test_a_file_that_replaces_withdraws_what_it_no_longer_holds(load: Load, shelf: Shelf) -> None:
    shelf.put(load(MISSING, A, known="known", received_at=JAN))
    fewer = "CHILD,START,RISK\n2,2026-01-03,low\n"
    shelf.put(load(MISSING, fewer, known="known", received_at=FEB, replaces=True))
    assert shelf.current() == ["low"]
    shelf.put(load(MISSING, fewer, known="known", received_at=FEB, replaces=True))
    assert shelf.con.execute("SELECT count(*) FROM known").fetchall() == [(3,)]
    back = load(MISSING, A, known="known", received_at=MARCH, replaces=True)
    assert back.totals == (2, 1, 0, 1, 1)
    shelf.put(back)
    assert shelf.current() == ["high", "low"]


def test_a_row_that_is_refused_in_a_replacing_file_is_not_withdrawn(load: Load, shelf: Shelf) -> None:
    shelf.put(load(MISSING, A, known="known", received_at=JAN))
    worse = MISSING.replace("risk: RISK", "risk: {column: RISK, required: true}")
    broken = A.replace("high", "??")
    assert load(worse, broken, known="known", received_at=FEB, replaces=True).totals == (2, 0, 1, 1, 0)
    assert shelf.current() == ["high", "low"]
