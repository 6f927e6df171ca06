"""One writer at a time: the next one waits, and is told who keeps it waiting."""

import json
import os
import threading
from contextlib import suppress

import pytest
from stored_rows import events, ids, opened, put

from trigpoint.errors import StoreError


def in_thread(act):
    """Run `act` in another thread and hand back what it raised."""
    caught = []

    def run():
        try:
            act()
        except Exception as fault:
            caught.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, caught


def test_the_second_writer_is_told_who_writes_what_and_since_when(tmp_path):
    store = opened(tmp_path)
    with store.write("load police") as tx:
        tx.append("events", events("e1"))
        thread, caught = in_thread(lambda: opened(tmp_path, wait=0.1).purge({}, what="forget"))
        thread.join()
    (fault,) = caught
    assert isinstance(fault, StoreError)
    assert f"Process {os.getpid()} writes to this store (load police, since 20" in fault.what
    assert "0.1 seconds" in fault.what
    assert f"If process {os.getpid()} hangs, end it" in fault.mend
    assert ids(store.read("events")) == ["e1"]


def test_the_second_writer_waits_and_then_builds_on_the_first(tmp_path):
    store = opened(tmp_path)
    with store.write("load police") as tx:
        thread, caught = in_thread(lambda: put(opened(tmp_path), "e2"))
        thread.join(0.2)
        assert thread.is_alive()
        tx.append("events", events("e1"))
    thread.join()
    assert caught == []
    assert ids(store.read("events")) == ["e1", "e2"]
    assert ids(store.read("events", at=1)) == ["e1"]


def test_readers_wait_for_nobody(tmp_path):
    store = opened(tmp_path)
    put(store, "e1")
    with store.write("load") as tx:
        tx.append("events", events("e2"))
        thread, caught = in_thread(lambda: ids(opened(tmp_path, wait=0.0).read("events")) == ["e1"] or 1 / 0)
        thread.join()
    assert caught == []


def test_many_threads_write_in_turn_through_one_store(tmp_path):
    store = opened(tmp_path, wait=30.0)
    threads = [in_thread(lambda n=n: put(store, f"e{n}")) for n in range(8)]
    for thread, caught in threads:
        thread.join()
        assert caught == []
    assert ids(store.read("events")) == [f"e{n}" for n in range(8)]
    assert store.head().number == 8


def test_a_thread_that_waits_for_itself_is_told_at_once(tmp_path):
    store = opened(tmp_path, wait=60.0)
    with store.write("outer") as tx:
        with pytest.raises(StoreError, match="already being written by the same thread"):
            put(store, "inner")
        tx.append("events", events("e1"))
    assert ids(store.read("events")) == ["e1"]


def test_a_wait_may_be_set_for_one_write(tmp_path):
    store = opened(tmp_path, wait=60.0)
    caught = []

    def impatient():
        try:
            with store.write("second", wait=0.05):
                pass
        except StoreError as fault:
            caught.append(fault)

    with store.write("first"):
        thread = threading.Thread(target=impatient)
        thread.start()
        thread.join()
    assert len(caught) == 1


@pytest.mark.parametrize("note", ["{half", "[]", '{"process": 1}'])
def test_a_note_that_cannot_be_read_stops_nobody(tmp_path, note):
    store = opened(tmp_path)
    (store.folder / "writing.json").write_text(note)
    put(store, "e1")
    assert not (store.folder / "writing.json").exists()


def test_the_note_names_the_process_and_the_work_and_nothing_else(tmp_path):
    store = opened(tmp_path)
    with store.write("load police"):
        note = json.loads((store.folder / "writing.json").read_text())
    assert set(note) == {"process", "what", "since"}
    assert not (store.folder / "writing.json").exists()


def test_a_turn_may_be_held_over_what_is_read_and_written_by_it(tmp_path):
    store = opened(tmp_path)
    with store.hold("run"):
        thread, caught = in_thread(lambda: put(opened(tmp_path, wait=10.0), "other"))
        put(store, "e1")
        assert ids(store.read("events")) == ["e1"]
        thread.join(0.2)
        assert thread.is_alive()
        put(store, "e2")
        store.purge({"events": "event_id = 'e1'"}, what="forget")
        store.compact(more_than=1)
        store.expire(keep=1)
        assert ids(store.read("events")) == ["e2"]
    thread.join()
    assert caught == []
    assert ids(store.read("events")) == ["e2", "other"]
    assert not (store.folder / "writing.json").exists()


def test_a_held_turn_says_what_it_is_held_for_and_what_is_written_now(tmp_path):
    store = opened(tmp_path)
    told = []

    def ask():
        thread, caught = in_thread(lambda: put(opened(tmp_path, wait=0.01), "other"))
        thread.join()
        told.append(caught[0].what)

    with store.hold("run"):
        ask()
        with store.write("load police"):
            ask()
        ask()
    assert ["(run, " in told[0], "(load police, " in told[1], "(run, " in told[2]] == [True, True, True]


def test_a_turn_may_be_held_within_a_held_turn(tmp_path):
    store = opened(tmp_path)
    with store.hold("run"):
        with store.hold("load"):
            put(store, "e1")
        thread, caught = in_thread(lambda: put(opened(tmp_path, wait=0.01), "other"))
        thread.join()
        put(store, "e2")
    assert "(run, " in caught[0].what
    assert ids(store.read("events")) == ["e1", "e2"]
    put(opened(tmp_path, wait=0.0), "e3")


def test_a_transaction_that_fails_in_a_held_turn_falls_alone(tmp_path):
    store = opened(tmp_path)
    with suppress(ZeroDivisionError), store.hold("run"):
        put(store, "e1")
        with suppress(KeyError), store.write("load") as tx:
            tx.append("events", events("e2"))
            raise KeyError
        put(store, "e3")
        raise ZeroDivisionError
    assert ids(store.read("events")) == ["e1", "e3"]
    assert not (store.folder / "writing.json").exists()
    put(opened(tmp_path, wait=0.0), "e4")


def test_a_transaction_within_a_transaction_is_refused_in_a_held_turn_too(tmp_path):
    store = opened(tmp_path)
    with store.hold("run"), store.write("outer") as tx:
        with pytest.raises(StoreError, match="already being written by the same thread"):
            put(store, "inner")
        tx.append("events", events("e1"))
    assert ids(store.read("events")) == ["e1"]
