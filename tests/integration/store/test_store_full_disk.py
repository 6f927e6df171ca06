"""A disk that fills up at any byte ends in a clear error, the state before, and a next write that works."""

import pytest
from dying_writers import SCHEMAS, rows
from stores_begun import AFTER, BEFORE, assert_only_named_files_are_left, counts

from trigpoint.store import Store


@pytest.mark.parametrize("act", ["write", "purge", "compact", "expire"])
@pytest.mark.parametrize("limit", [0, 60, 150, 400, 900, 20_000])
def test_a_full_disk_ends_in_a_clear_error_and_the_state_before(writers, folder, act, limit):
    """The limit is on the size of a file, which fails a write as a full disk does, at another byte each time."""
    lived = writers(folder=folder, act=act, limit=limit)
    assert lived["status"] == 0
    store = Store.open(folder, schemas=SCHEMAS, wait=5.0)
    if "error" in lived:
        assert "The disk is full or a limit on it was reached" in lived["error"]
        assert "Free some space" in lived["error"]
        assert counts(store) == BEFORE
        assert store.count("events", at=3) == 3
    else:
        assert counts(store) == AFTER[act]
    if limit < 300 or act == "write":
        assert "error" in lived
    assert_only_named_files_are_left(store)
    with store.write("the next load") as tx:
        tx.append("events", rows(2, stem="next"))
    assert store.read("events").num_rows == store.count("events")
