"""A store with a few commits, writers that die on it, and what must hold of it afterwards."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
from dying_writers import SCHEMAS

from trigpoint.store import Store

BEFORE = {"events": 5, "links": 1, "later": 0}
AFTER = {
    "write": {"events": 40_004, "links": 1, "later": 1},
    "purge": {"events": 4, "links": 0, "later": 0},
    "expire": BEFORE,
    "compact": BEFORE,
}


@contextmanager
def dying_writers() -> Iterator[Callable[..., dict]]:
    """Ask for one more writer to live and perhaps die; what became of it."""
    program = Path(__file__).with_name("dying_writers.py")
    with subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(**order) -> dict:
            process.stdin.write(json.dumps(order, default=str) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


def begun(folder: Path) -> Path:
    """A store with five commits in `folder`."""
    store = Store.open(folder, schemas=SCHEMAS)
    for number in range(5):
        with store.write("load") as tx:
            tx.append("events", pa.table({"event_id": [f"old-{number}"]}))
            tx.replace("links", pa.table({"record_id": ["r1"], "child_key": [f"c{number}"]}))
    return folder


def copied(begun: Path, *, into: Path) -> Path:
    """A copy of a store for one writer to die on."""
    return Path(shutil.copytree(begun, into / "partnership"))


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
