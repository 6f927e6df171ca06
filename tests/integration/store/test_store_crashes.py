"""A writer killed at any stage leaves the last whole state; the next one works."""

import pytest
from dying_writers import SCHEMAS, rows
from stores_begun import AFTER, BEFORE, assert_only_named_files_are_left, counts

from trigpoint.store import Store

STAGES = {
    "write": [
        "took the turn",
        "announced",
        "half the rows are streamed",
        "wrote events",
        "wrote links",
        "began later",
        "wrote later",
        "before the end of the block",
        "flushed",
        "committed",
    ],
    "purge": ["announced", "wrote events", "wrote links", "flushed", "committed", "swept"],
    "expire": ["announced", "committed", "swept"],
    "compact": ["announced", "wrote events", "flushed", "committed"],
}


@pytest.mark.parametrize("act", STAGES)
def test_the_stages_named_here_are_all_there_are(writers, folder, act):
    lived = writers(folder=folder, act=act)
    assert lived["status"] == 0
    assert list(dict.fromkeys(lived["reached"])) == list(dict.fromkeys(["took the turn", *STAGES[act]]))
    assert counts(Store.open(folder, schemas=SCHEMAS)) == AFTER[act]


@pytest.mark.parametrize(("act", "stage"), [(act, stage) for act in STAGES for stage in STAGES[act]])
def test_a_writer_killed_at_any_stage_leaves_a_whole_state(writers, folder, act, stage):
    before = Store.open(folder, schemas=SCHEMAS).head().number
    assert writers(folder=folder, act=act, stage=stage)["killed"]
    stood = stage in ("committed", "swept")
    store = Store.open(folder, schemas=SCHEMAS, wait=5.0)
    assert store.head().number == before + stood
    assert counts(store) == (AFTER[act] if stood else BEFORE)
    assert_only_named_files_are_left_after_opening(store, stage=stage)
    if act == "write" or not stood:
        assert store.count("events", at=3) == 3
    with store.write("the next load") as tx:
        tx.append("events", rows(2, stem="next"))
    assert store.count("events") == (AFTER[act] if stood else BEFORE)["events"] + 2
    assert_only_named_files_are_left(store)


def assert_only_named_files_are_left_after_opening(store: Store, *, stage: str) -> None:
    if stage != "took the turn":
        assert_only_named_files_are_left(store)


@pytest.mark.parametrize("stage", ["committed", "swept"])
def test_forgetting_that_was_cut_short_is_finished_when_the_store_is_opened(writers, folder, stage):
    assert writers(folder=folder, act="purge", stage=stage)["killed"]
    store = Store.open(folder, schemas=SCHEMAS)
    every_byte = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert b"old-1" not in every_byte
    assert b"old-2" in every_byte


def test_a_writer_killed_again_and_again_harms_nothing(writers, folder):
    for stage in ("wrote events", "announced", "half the rows are streamed", "announced", "flushed"):
        assert writers(folder=folder, act="write", stage=stage)["killed"]
    store = Store.open(folder, schemas=SCHEMAS)
    assert counts(store) == BEFORE
    assert_only_named_files_are_left(store)
