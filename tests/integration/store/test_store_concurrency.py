"""Several processes write at once while others read: every write stands, and every read is of a whole state."""

import subprocess
import sys
import time
from pathlib import Path

import duckdb
from dying_writers import SCHEMAS

from trigpoint.store import Store

PROGRAM = Path(__file__).with_name("writing_in_turn.py")
WRITERS, COMMITS = 3, 4


def test_processes_write_in_turn_and_readers_see_whole_states(tmp_path):
    store = Store.open(tmp_path, schemas=SCHEMAS, wait=60.0)
    writers = [
        subprocess.Popen([sys.executable, str(PROGRAM), str(tmp_path), f"w{n}", str(COMMITS)]) for n in range(WRITERS)
    ]
    seen, give_up_at = [], time.monotonic() + 60
    while any(writer.poll() is None for writer in writers) and time.monotonic() < give_up_at:
        state = store.snapshot()
        con = duckdb.connect()
        for table in ("events", "links"):
            state.scan(con, table)
        events, links = con.sql("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM links)").fetchall()[0]
        assert events == 3 * links
        seen.append(links)
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    assert seen == sorted(seen)
    assert store.count("links") == WRITERS * COMMITS
    assert store.head().number == WRITERS * COMMITS
    # Each writer read, within its own block, the state that the one before it had left.
    assert sorted(map(int, store.read("links").column("child_key").to_pylist())) == list(range(WRITERS * COMMITS))


def test_a_reader_is_not_harmed_by_compaction_and_forgetting(tmp_path):
    store = Store.open(tmp_path, schemas=SCHEMAS, wait=60.0)
    writer = subprocess.Popen([sys.executable, str(PROGRAM), str(tmp_path), "w", "6"])
    while writer.poll() is None:
        store.compact(more_than=1)
        store.purge({"events": "event_id = 'w-0'"}, what="forget one event")
        events = store.read("events").column("event_id").to_pylist()
        assert len(events) % 3 == 0
    assert writer.wait() == 0
    store.purge({"events": "event_id = 'w-0'"}, what="forget one event")
    assert store.count("events") == 15
    assert store.read("links").num_rows == 6
