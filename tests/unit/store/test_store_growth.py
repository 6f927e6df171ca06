"""Columns that come with a newer pack, files that pile up, and what an addition costs."""

import duckdb
import pyarrow as pa
import pytest
from stored_rows import SCHEMAS, ids, opened, put

from trigpoint.errors import StoreError
from trigpoint.store.writing import joining_size

MIB = 1024 * 1024


def wider(**columns: pa.DataType) -> dict[str, pa.Schema]:
    extra = [pa.field(name, kind) for name, kind in columns.items()]
    return {**SCHEMAS, "events": pa.schema([*SCHEMAS["events"], *extra])}


def test_a_new_attribute_is_null_in_what_came_before(tmp_path):
    put(opened(tmp_path), "e1")
    store = opened(tmp_path, schemas=wider(risk=pa.string()))
    con = duckdb.connect()
    store.scan(con, "events")
    assert con.sql("SELECT event_id, risk FROM events").fetchall() == [("e1", None)]
    assert store.read("events").column_names[-1] == "risk"
    with store.write("load") as tx:
        tx.append("events", pa.table({"event_id": ["e2"], "risk": ["high"]}))
    rows = store.read("events", columns=["event_id", "risk"]).to_pylist()
    assert rows == [{"event_id": "e1", "risk": None}, {"event_id": "e2", "risk": "high"}]
    assert store.read("events", columns=["event_id", "risk"], at=1).to_pylist() == rows[:1]
    store.scan(con, "events")
    assert con.sql("SELECT event_id, risk FROM events ORDER BY 1").fetchall() == [("e1", None), ("e2", "high")]
    with store.write("change") as tx:
        assert tx.delete("events", "risk = 'high'") == 1
    store.scan(con, "events")
    assert con.sql("SELECT event_id, risk FROM events").fetchall() == [("e1", None)]


def test_an_attribute_that_the_pack_dropped_is_kept_and_still_read(tmp_path):
    first = opened(tmp_path, schemas=wider(risk=pa.string()))
    with first.write("load") as tx:
        tx.append("events", pa.table({"event_id": ["e1"], "risk": ["high"]}))
    store = opened(tmp_path)
    put(store, "e2")
    assert store.read("events", columns=["event_id", "risk"]).to_pylist() == [
        {"event_id": "e1", "risk": "high"},
        {"event_id": "e2", "risk": None},
    ]


def test_an_attribute_that_changes_its_type_is_refused(tmp_path):
    first = opened(tmp_path, schemas=wider(amount=pa.string()))
    with first.write("load") as tx:
        tx.append("events", pa.table({"event_id": ["e1"], "amount": ["ten"]}))
    store = opened(tmp_path, schemas=wider(amount=pa.int64()))
    with (
        pytest.raises(StoreError, match="Column amount of table events is kept as string"),
        store.write("load") as tx,
    ):
        tx.append("events", pa.table({"event_id": ["e2"], "amount": [10]}))
    assert store.head().number == 1


def test_an_addition_rewrites_nothing_and_costs_its_own_share(tmp_path):
    store = opened(tmp_path)
    rows = "SELECT md5(i::VARCHAR) AS event_id, i::INTEGER AS easting FROM range({}) t(i)"
    con = duckdb.connect()
    with store.write("load") as tx:
        tx.append("events", con.sql(rows.format(200_000)))
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in parquet(store)}
    with store.write("one in a hundred more") as tx:
        tx.append("events", con.sql(rows.format(2_000)))
    after = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in parquet(store)}
    added = sum(after[path][1] for path in set(after) - set(before))
    assert {path: after[path] for path in before} == before
    assert added < 0.02 * sum(size for _, size in before.values())


def test_a_removal_rewrites_only_the_files_that_hold_the_rows(tmp_path):
    store = opened(tmp_path)
    for names in (("a1", "a2"), ("b1", "b2"), ("c1",)):
        put(store, *names)
    before = set(store.snapshot().files("events"))
    with store.write("change") as tx:
        assert tx.delete("events", "event_id IN ('b1', 'c1')") == 2
    after = set(store.snapshot().files("events"))
    assert ids(store.read("events")) == ["a1", "a2", "b2"]
    assert len(before & after) == 1
    assert len(after) == 2
    assert ids(store.read("events", at=3)) == ["a1", "a2", "b1", "b2", "c1"]


@pytest.mark.parametrize(
    ("picked", "left"),
    [
        ("easting > 1", ["e0", "e1"]),
        ("t.easting = 0 OR days IS NULL", []),
        ("easting = NULL", ["e0", "e1", "e2"]),
        (pa.table({"event_id": ["e1", "absent"]}), ["e0", "e2"]),
        (pa.table({"event_id": ["e1", "e2"], "easting": pa.array([1, 1])}), ["e0", "e2"]),
        (pa.table({"event_id": pa.array([None], pa.string())}), ["e0", "e1", "e2"]),
        (pa.table({"event_id": pa.array([], pa.string())}), ["e0", "e1", "e2"]),
        (["easting = 2", pa.table({"event_id": ["e0"]}), pa.table({"easting": [2]})], ["e1"]),
        ([], ["e0", "e1", "e2"]),
    ],
    ids=[
        "condition",
        "names",
        "unknown is kept",
        "keys",
        "two columns",
        "null key",
        "no key",
        "any of several",
        "none of none",
    ],
)
def test_rows_are_picked_by_condition_or_by_keys(tmp_path, picked, left):
    store = opened(tmp_path)
    with store.write("load") as tx:
        tx.append("events", pa.table({"event_id": ["e0", "e1", "e2"], "easting": [0, 1, 2]}))
    with store.write("change") as tx:
        assert tx.delete("events", picked) == 3 - len(left)
    assert ids(store.read("events")) == left


@pytest.mark.parametrize("picked", ["evnt_id = 'x'", "event_id = ", pa.table({"evnt_id": ["x"]})])
def test_a_condition_that_cannot_be_answered_is_refused(tmp_path, picked):
    store = opened(tmp_path)
    put(store, "e1")
    with pytest.raises(StoreError, match="condition on table events"), store.write("change") as tx:
        tx.delete("events", picked)
    assert ids(store.read("events")) == ["e1"]


def test_small_files_are_joined_and_nothing_else_changes(tmp_path):
    store = opened(tmp_path)
    for number in range(12):
        put(store, f"e{number:02}")
    rows = store.read("events")
    assert store.compact(more_than=20) == 0
    assert store.head().number == 12
    assert store.compact() == 11
    assert len(store.snapshot().files("events")) == 1
    assert store.read("events").sort_by("event_id") == rows.sort_by("event_id")
    assert ids(store.read("events", at=5)) == [f"e{number:02}" for number in range(5)]
    assert store.compact() == 0
    assert store.head().number == 13


def test_a_large_file_is_not_rewritten_for_the_sake_of_small_ones(tmp_path):
    store = opened(tmp_path)
    con = duckdb.connect()
    with store.write("load") as tx:
        tx.append("events", con.sql("SELECT md5(i::VARCHAR) AS event_id FROM range(60000) t(i)"))
    (large,) = store.snapshot().files("events")
    for number in range(12):
        put(store, f"e{number:02}")
    assert store.compact() == 11
    assert large in store.snapshot().files("events")
    assert len(store.snapshot().files("events")) == 2


def test_files_are_joined_in_steps_so_that_the_cost_follows_what_was_added():
    assert joining_size([100] * 8, more_than=8) is None
    assert joining_size([100] * 9, more_than=8) == MIB
    assert joining_size([2 * MIB] * 5 + [100] * 4, more_than=8) == 4 * MIB
    assert joining_size([60 * MIB] * 9, more_than=8) == 64 * MIB
    assert joining_size([70 * MIB] * 100, more_than=8) is None


def test_a_log_stays_quick_to_open(tmp_path):
    store = opened(tmp_path)
    for number in range(30):
        put(store, f"e{number:02}")
    log = store.folder / "tables" / "events" / "_delta_log"
    assert [path.name for path in log.glob("*.checkpoint.parquet")] == [f"{25:020d}.checkpoint.parquet"]
    for at in (3, 25, 30):
        assert store.count("events", at=at) == at
    assert store.read("events").num_rows == 30


def parquet(store):
    return list((store.folder / "tables" / "events").glob("*.parquet"))
