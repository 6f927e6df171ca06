"""What is forgotten is gone from every byte of the folder; what is personal never enters a log."""

import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from stored_rows import SCHEMAS, events, everything_in, ids, links, logs_in, opened, put

from trigpoint.errors import StoreError

MARKS = ["Quillfeather", "Zephyrine", "900 000 0017", "+447700900123", "RV9 9ZZ"]


def record(record_id: str, surname: str, phone: str = "+447700900999") -> pa.Table:
    row = {"record_id": record_id, "surname": surname, "birth_on": date(2010, 1, 2), "phones": [phone]}
    return pa.Table.from_pylist([row], schema=SCHEMAS["records"])


@pytest.fixture
def store(tmp_path):
    """A store in which one child stands in several tables, versions and files, some of them long superseded."""
    store = opened(tmp_path)
    with store.write("load") as tx:
        tx.append("records", pa.concat_tables([record("r1", "Quillfeather", "+447700900123"), record("r2", "Staying")]))
        tx.append("events", events("Zephyrine-1", "stays-1"))
        tx.replace("links", links({"r1": "Quillfeather-key", "r2": "c2"}))
    with store.write("load again") as tx:
        tx.append("records", record("r1", "Quillfeather"))
        tx.replace("links", links({"r2": "c2"}))
    with suppress(KeyError), store.write("a load that fails") as tx:
        tx.append("events", events("Zephyrine-2"))
        raise KeyError
    for number in range(12):
        put(store, f"later-{number}")
    store.compact()
    return store


def test_the_marks_are_there_before_they_are_forgotten(store):
    kept = everything_in(store.folder)
    assert all(mark in kept for mark in ("Quillfeather", "Zephyrine-1", "+447700900123", "Quillfeather-key"))
    assert "Zephyrine-2" not in kept


def test_a_child_is_forgotten_in_every_byte_of_every_table_version_and_log(store):
    gone = store.purge(
        {
            "records": pa.table({"record_id": ["r1"]}),
            "events": "event_id LIKE 'Zephyrine%'",
            "links": "child_key = 'Quillfeather-key'",
        },
        what="forget one child",
    )
    assert gone == {"records": 2, "events": 1, "links": 0}
    kept = everything_in(store.folder)
    assert not [mark for mark in MARKS if mark in kept]
    assert store.read("records").column("surname").to_pylist() == ["Staying"]
    assert ids(store.read("events"))[-1] == "stays-1"
    assert store.count("events") == 13


def test_after_forgetting_the_store_is_one_version_and_goes_on(store):
    before = store.head().number
    store.purge({"records": "record_id = 'r1'"}, what="forget one child")
    assert store.head().oldest == store.head().number == before + 1
    with pytest.raises(StoreError, match="can no longer be read"):
        store.read("events", at=before)
    assert len(store.commits()) == before + 1
    put(store, "after")
    assert store.count("events", at=before + 1) == 14
    assert store.count("events") == 15
    assert store.purge({"records": "record_id = 'r2'"}, what="forget another") == {"records": 1}
    assert store.read("records").num_rows == 0
    assert "Staying" not in everything_in(store.folder)


def test_forgetting_shortens_the_logs_too(store):
    store.purge({"events": "event_id = 'stays-1'"}, what="forget one event")
    for table, version in store.head().tables.items():
        log = store.folder / "tables" / table / "_delta_log"
        assert {path.name.split(".")[0] for path in log.glob("[0-9]*")} == {f"{version:020d}"}


def test_older_versions_go_even_where_the_newest_holds_none_of_the_rows(store):
    assert "Quillfeather-key" in everything_in(store.folder)
    assert store.purge({}, what="forget what is superseded") == {}
    assert "Quillfeather-key" not in everything_in(store.folder)
    assert store.read("links").to_pylist() == [{"record_id": "r2", "child_key": "c2"}]


def test_forgetting_rewrites_only_the_files_that_hold_the_rows(store):
    put(store, "new-1")
    put(store, "new-2")
    untouched = set(store.snapshot().files("events"))
    store.purge({"events": "event_id = 'new-2'"}, what="forget one event")
    assert len(untouched - set(store.snapshot().files("events"))) == 1


def test_a_purge_that_cannot_be_answered_changes_nothing(store):
    before = (store.head(), everything_in(store.folder))
    with pytest.raises(StoreError, match="condition on table records"):
        store.purge({"events": "event_id LIKE 'Z%'", "records": "surnam = 'x'"}, what="forget")
    assert (store.head(), everything_in(store.folder)) == before


def test_a_reader_at_work_while_rows_are_forgotten_fails_or_sees_the_whole(store):
    con = duckdb.connect()
    store.scan(con, "events")
    store.purge({"events": "event_id = 'stays-1'"}, what="forget one event")
    with pytest.raises(duckdb.Error):
        con.sql("SELECT count(*) FROM events").fetchall()
    store.scan(con, "events")
    assert con.sql("SELECT count(*) FROM events").fetchall() == [(13,)]


def test_a_read_that_meets_a_purge_begins_again_at_the_newer_state(store, monkeypatch):
    from trigpoint.store.snapshot import Snapshot

    plain, seen = Snapshot.read, []

    def overtaken(self, table, **asked):
        if not seen:
            seen.append(self)
            store.purge({"events": "event_id = 'stays-1'"}, what="forget one event")
        return plain(self, table, **asked)

    monkeypatch.setattr(Snapshot, "read", overtaken)
    assert "stays-1" not in ids(store.read("events"))
    assert seen


def test_no_log_ledger_or_checkpoint_holds_a_value_of_a_row(store):
    with store.write("change") as tx:
        tx.append("records", record("r7", "Zephyrine", "+447700900123"))
        tx.delete("records", "surname = 'Quillfeather' AND birth_on = DATE '2010-01-02'")
        tx.delete("records", pa.table({"surname": ["Zephyrine"]}))
        tx.replace("links", links({"r9": "RV9 9ZZ"}))
    store.purge({"records": "surname = 'Staying'"}, what="forget one child")
    for number in range(30):
        with store.write("more") as tx:
            tx.append("records", record(f"r{number}", "Quillfeather"))
    store.compact()
    logs = logs_in(store.folder)
    assert "checkpoint" in " ".join(path.name for path in store.folder.rglob("*"))
    assert "numRecords" in logs
    assert not [mark for mark in [*MARKS, "Staying", "2010-01-02"] if mark in logs]
    assert '"minValues":{"' not in logs.replace("\\", "")


def test_old_versions_expire_by_number_and_the_newest_rows_stay(store):
    rows = store.read("events")
    assert "Quillfeather-key" in everything_in(store.folder)
    before = store.head().number
    assert store.expire(keep=2) == before - 1
    assert "Quillfeather-key" not in everything_in(store.folder)
    assert "Quillfeather" in everything_in(store.folder)
    assert store.read("events").sort_by("event_id") == rows.sort_by("event_id")
    assert store.count("events", at=before - 1) == 14
    with pytest.raises(StoreError, match="can no longer be read"):
        store.read("events", at=before - 2)
    put(store, "after")
    assert store.count("events") == 15


def test_old_versions_expire_by_age_and_the_one_that_stood_then_stays(tmp_path):
    store = opened(tmp_path)
    put(store, "e1")
    put(store, "e2")
    then = datetime.now(UTC)
    put(store, "e3")
    assert store.expire(before=then) == 2
    assert ids(store.read("events", at=then)) == ["e1", "e2"]
    with pytest.raises(StoreError, match="can no longer be read"):
        store.read("events", at=1)
    assert store.expire(before=then - timedelta(days=1)) == 2
    assert store.expire(before=then) == 2
    assert store.expire(keep=100) == 2
    assert store.head().number == 4


def test_expiry_in_an_empty_store_and_with_no_version_to_keep(tmp_path):
    store = opened(tmp_path)
    assert store.expire(keep=1) == 0
    assert store.head().number == 0
    with pytest.raises(StoreError, match="At least one version"):
        store.expire(keep=0)


def test_the_disk_is_given_back(tmp_path):
    store = opened(tmp_path)
    con = duckdb.connect()
    for _ in range(4):
        with store.write("run") as tx:
            tx.replace("events", con.sql("SELECT md5(i::VARCHAR) AS event_id FROM range(20000) t(i)"))
    full = size_of(store.folder)
    store.expire(keep=1)
    assert size_of(store.folder) < 0.3 * full
    assert store.count("events") == 20_000


def size_of(folder) -> int:
    return sum(os.stat(path).st_size for path in folder.rglob("*") if path.is_file())
