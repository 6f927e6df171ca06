"""A transaction over many tables stands as a whole or not at all, and every state of it can be read again."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from stored_rows import SCHEMAS, events, ids, links, opened, put

from trigpoint.errors import NotFoundError, StoreError


@pytest.fixture
def store(tmp_path):
    return opened(tmp_path)


def test_a_new_store_is_empty_and_has_every_declared_table(store):
    assert store.head().number == 0
    assert store.commits() == []
    for name, schema in SCHEMAS.items():
        assert store.read(name).schema == schema
        assert store.count(name) == 0


def test_without_schemas_the_tables_are_those_of_the_pack(tmp_path):
    from trigpoint.records.tables import table_schemas
    from trigpoint.store import Store
    from trigpoint.terms.pack import load_pack

    assert Store.open(tmp_path).schemas == table_schemas(load_pack())


def test_a_block_that_ends_well_stands_in_every_table(store):
    with store.write("load") as tx:
        assert tx.append("events", events("e1", "e2")) == 2
        assert tx.replace("links", links({"r1": "c1"})) == 1
    assert ids(store.read("events")) == ["e1", "e2"]
    assert store.read("links").to_pylist() == [{"record_id": "r1", "child_key": "c1"}]
    head = store.head()
    assert (head.number, head.what, head.changed) == (1, "load", {"events": 2, "links": 1})


def test_a_block_that_fails_leaves_no_trace(store):
    put(store, "e1")
    files = sorted(store.folder.rglob("*"))
    with suppress(ZeroDivisionError), store.write("load") as tx:
        tx.append("events", events("e2"))
        tx.append("records", pa.table({"record_id": ["r1"]}))
        tx.delete("events", "event_id = 'e1'")
        raise ZeroDivisionError
    assert sorted(store.folder.rglob("*")) == files
    assert ids(store.read("events")) == ["e1"]
    put(store, "e3")
    assert ids(store.read("events")) == ["e1", "e3"]
    assert store.count("records") == 0


def test_nobody_sees_a_block_before_it_ends_but_the_block_itself(store):
    con = duckdb.connect()
    with store.write("load") as tx:
        tx.append("events", events("e1"))
        tx.append("events", events("e2"))
        tx.delete("events", "event_id = 'e1'")
        assert ids(tx.read("events")) == ["e2"]
        tx.scan(con, "events", name="mine")
        assert con.sql("SELECT event_id FROM mine").fetchall() == [("e2",)]
        assert store.count("events") == 0
    assert ids(store.read("events")) == ["e2"]


def test_a_block_that_changes_nothing_makes_no_commit(store):
    put(store, "e1")
    with store.write("nothing") as tx:
        assert tx.append("events", events()) == 0
        assert tx.replace("links", links({})) == 0
        assert tx.delete("events", "event_id = 'absent'") == 0
        assert tx.delete("records", "surname IS NULL") == 0
    assert store.head().number == 1


def test_every_commit_can_be_read_as_it_was(store):
    first = put(store, "e1")
    second = put(store, "e2")
    with store.write("change") as tx:
        tx.replace("events", events("e9"))
    assert ids(store.read("events", at=first)) == ["e1"]
    assert ids(store.read("events", at=second)) == ["e1", "e2"]
    assert ids(store.read("events")) == ["e9"]
    assert store.read("events", at=0).num_rows == 0
    with pytest.raises(StoreError, match="no commit 99"):
        store.read("events", at=99)


def test_a_moment_names_the_state_that_stood_then(store):
    put(store, "e1")
    between = datetime.now(UTC)
    put(store, "e2")
    assert ids(store.read("events", at=between)) == ["e1"]
    assert ids(store.read("events", at=between + timedelta(hours=1))) == ["e1", "e2"]
    assert store.count("events", at=between - timedelta(hours=1)) == 0


def test_a_snapshot_keeps_tables_together_while_others_write(store):
    with store.write("one") as tx:
        tx.append("events", events("e1"))
        tx.replace("links", links({"r1": "c1"}))
    seen = store.snapshot()
    with store.write("two") as tx:
        tx.replace("events", events("e2"))
        tx.replace("links", links({"r2": "c2"}))
    assert ids(seen.read("events")) == ["e1"]
    assert seen.read("links", columns=["child_key"]).to_pydict() == {"child_key": ["c1"]}


def test_all_kinds_of_column_come_back_as_they_went_in(store):
    row = {"record_id": "r1", "surname": "Ó'Brien", "birth_on": date(2012, 2, 29), "phones": ["+447700900001"]}
    bare = {"record_id": "r2", "surname": None, "birth_on": None, "phones": []}
    event = {"event_id": "e", "happened_at": datetime(2025, 3, 30, 1, 30), "easting": 7, "days": 0.5, "weapon": True}
    with store.write("load") as tx:
        tx.append("records", pa.Table.from_pylist([row, bare], schema=SCHEMAS["records"]))
        tx.append("events", pa.Table.from_pylist([event], schema=SCHEMAS["events"]))
    assert store.read("records").to_pylist() == [row, bare]
    assert store.read("events").to_pylist() == [event]
    con = duckdb.connect()
    store.scan(con, "events")
    assert con.sql("FROM events").fetchall() == [tuple(event.values())]


@pytest.mark.parametrize("make", ["table", "batch", "reader", "relation", "duckdb reader"])
def test_rows_may_come_as_any_arrow(store, make):
    con = duckdb.connect()
    query = "SELECT 'e' || i AS event_id, i::INTEGER AS easting FROM range(5) t(i)"
    table = con.sql(query).to_arrow_table()
    rows = {
        "table": lambda: table,
        "batch": lambda: table.combine_chunks().to_batches()[0],
        "reader": table.to_reader,
        "relation": lambda: con.sql(query),
        "duckdb reader": lambda: con.sql(query).to_arrow_reader(2),
    }[make]()
    with store.write("load") as tx:
        assert tx.append("events", rows) == 5
    assert sorted(store.read("events").column("easting").to_pylist()) == [0, 1, 2, 3, 4]


def test_rows_of_no_arrow_make_are_refused(store):
    with pytest.raises(TypeError, match="Arrow rows, not list"), store.write("load") as tx:
        tx.append("events", [{"event_id": "e1"}])


def test_a_column_that_is_not_declared_is_refused(store):
    with pytest.raises(StoreError, match="no column surnam"), store.write("load") as tx:
        tx.append("records", pa.table({"record_id": ["r1"], "surnam": ["Typo"]}))
    assert store.head().number == 0


def test_a_value_that_does_not_fit_is_refused_without_being_told(store):
    rows = pa.table({"event_id": ["e1"], "easting": ["MARKED VALUE"]})
    with pytest.raises(StoreError, match="Column easting of table events") as caught, store.write("load") as tx:
        tx.append("events", rows)
    assert "MARKED" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert store.head().number == 0


def test_a_fault_of_the_stream_itself_comes_through_as_it_is(store):
    def failing():
        yield from events(*(f"e{i}" for i in range(10))).to_batches(max_chunksize=5)
        raise KeyError("of the caller")

    with pytest.raises(KeyError, match="of the caller"), store.write("load") as tx:
        tx.append("events", pa.RecordBatchReader.from_batches(events("e").schema, failing()))
    assert store.count("events") == 0


def test_a_table_or_a_column_that_is_not_there_is_named_with_those_that_are(store):
    for ask in (lambda: store.read("evnts"), lambda: store.scan(duckdb.connect(), "evnts")):
        with pytest.raises(NotFoundError, match=r"(?s)no table evnts.*events, links, records"):
            ask()
    with pytest.raises(NotFoundError, match="no table evnts"), store.write("load") as tx:
        tx.append("evnts", events("e1"))
    with pytest.raises(StoreError, match="no column when"):
        store.read("events", columns=["when"])


def test_a_view_of_an_empty_table_has_its_columns(store):
    con = duckdb.connect()
    store.scan(con, "records")
    assert con.sql("FROM records").fetchall() == []
    kinds = {row[0]: row[1] for row in con.sql("DESCRIBE records").fetchall()}
    assert kinds == {"record_id": "VARCHAR", "surname": "VARCHAR", "birth_on": "DATE", "phones": "VARCHAR[]"}


def test_a_view_stays_at_its_commit(store):
    con = duckdb.connect()
    first = put(store, "e1")
    put(store, "e2")
    store.scan(con, "events")
    store.scan(con, "events", at=first, name="events_then")
    put(store, "e3")
    assert con.sql("SELECT count(*) FROM events").fetchall() == [(2,)]
    assert con.sql("SELECT count(*) FROM events_then").fetchall() == [(1,)]


def test_a_view_reads_the_files_and_no_copy(store):
    put(store, "e1")
    con = duckdb.connect()
    store.scan(con, "events")
    plan = con.sql("EXPLAIN SELECT easting FROM events WHERE event_id = 'e1'").fetchall()[0][1]
    assert "PARQUET" in plan.upper()
    assert "Projections" in plan or "easting" in plan
    assert "UNION" not in plan.upper()


@pytest.mark.parametrize("name", ["a b", "a'b", "{x} *?", "é#%"])
def test_a_folder_may_have_an_odd_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    store = opened(folder)
    put(store, "e1", "e2")
    con = duckdb.connect()
    with store.write("change") as tx:
        tx.delete("events", "event_id = 'e1'")
    store.scan(con, "events")
    assert con.sql("SELECT event_id FROM events").fetchall() == [("e2",)]
    assert ids(opened(folder).read("events")) == ["e2"]


@pytest.mark.parametrize("name", ["[x]", "a|b", "a%20b", "a^b"])
def test_a_name_that_the_library_cannot_take_is_refused_at_once(tmp_path, name):
    with pytest.raises(StoreError, match="Rename the folder"):
        opened(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_spoilt_ledger_and_a_missing_file_are_told_plainly(store):
    put(store, "e1")
    for part in (store.folder / "tables" / "events").glob("*.parquet"):
        part.unlink()
    for ask in (lambda: store.read("events"), lambda: store.scan(duckdb.connect(), "events")):
        with pytest.raises(StoreError, match=r"(?s)is missing.*backup"):
            ask()
    (store.folder / "ledger" / "00000001.json").write_text("{half")
    with pytest.raises(StoreError, match="Commit 1 of the store's ledger is not readable"):
        store.read("events")
