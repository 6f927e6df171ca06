"""A store with a few commits, and what must hold of it after a writer lived or died."""

from dying_writers import SCHEMAS

from trigpoint.store import Store

BEFORE = {"events": 5, "links": 1, "later": 0}
AFTER = {
    "write": {"events": 40_004, "links": 1, "later": 1},
    "purge": {"events": 4, "links": 0, "later": 0},
    "expire": BEFORE,
    "compact": BEFORE,
}


def counts(store: Store) -> dict[str, int]:
    """The rows of every table, read from the files rather than from the log."""
    return {table: store.read(table).num_rows for table in SCHEMAS}


def assert_only_named_files_are_left(store: Store) -> None:
    oldest, newest = store.head().oldest, store.head().number
    for table in SCHEMAS:
        named = {path for number in range(oldest, newest + 1) for path in store.snapshot(number).files(table)}
        there = {str(path) for path in (store.folder / "tables" / table).glob("*") if path.name != "_delta_log"}
        assert there == named
    assert not list(store.folder.rglob("*.part"))
    assert not list(store.folder.rglob("*.tmp"))
    assert not (store.folder / "writing.json").exists()
    assert list((store.folder / "scratch").iterdir()) == []
