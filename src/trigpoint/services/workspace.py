"""A partnership at work: its settings, its store, and a database on disk to work in that leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from trigpoint.errors import SettingsError
from trigpoint.records.partnership import Partnership, read_partnership
from trigpoint.records.tables import table_schemas
from trigpoint.store import Store

MEMORY = "TRIGPOINT_MEMORY"
THREADS = "TRIGPOINT_THREADS"


@dataclass(frozen=True)
class Workspace:
    """What every service works with. Close it through `open_workspace`."""

    partnership: Partnership
    store: Store
    con: duckdb.DuckDBPyConnection
    scratch: Path


@contextmanager
def open_workspace(folder: Path, *, turn: str | None = None) -> Iterator[Workspace]:
    """Open the partnership in `folder`; with `turn`, which says what for, as the only one that writes in it.

    Whatever reads first and then writes by what it read takes the turn: a second one waits for it to end.

    The working database lies in a scratch folder inside the store, spills to disk there, and goes when the
    block ends. TRIGPOINT_MEMORY (such as "3GB") and TRIGPOINT_THREADS bound what it uses.
    Raises SettingsError or StoreError with the way to mend.
    """
    partnership = read_partnership(folder)
    store = Store.open(folder, schemas=table_schemas(partnership.pack))
    held = nullcontext() if turn is None else store.hold(turn)
    with held, _scratch(store.folder) as scratch, _database(scratch) as con:
        yield Workspace(partnership, store, con, scratch)


def arrow(con: duckdb.DuckDBPyConnection, query: str, params: object = None) -> pa.Table:
    """The rows of a query as an Arrow table."""
    return con.sql(query, params=params).to_arrow_table()


@contextmanager
def _scratch(inside: Path) -> Iterator[Path]:
    inside.mkdir(parents=True, exist_ok=True)
    _sweep(inside)
    folder = Path(tempfile.mkdtemp(prefix=f"work-{os.getpid()}-", dir=inside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(inside: Path) -> None:
    """Remove scratch folders whose process is gone: they hold people's data and serve nobody."""
    for left in inside.glob("work-*-*"):
        pid = int(left.name.split("-")[1])
        if not _alive(pid):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def _database(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(str(scratch / "work.duckdb"))
    try:
        _bound(con, scratch)
        yield con
    finally:
        con.close()


def _bound(con: duckdb.DuckDBPyConnection, scratch: Path) -> None:
    settings = {
        "enable_progress_bar": False,  # we say ourselves what is being done
        "temp_directory": str(scratch / "spill"),
        "memory_limit": os.environ.get(MEMORY, "3GB"),
    }
    if threads := os.environ.get(THREADS):
        settings["threads"] = threads
    for key, value in settings.items():
        try:
            con.execute(f"SET {key} = ?", [value])
        except duckdb.Error as fault:
            raise SettingsError(
                f"{key} cannot be '{value}': {fault}",
                where=f"environment variable {MEMORY} or {THREADS}",
                mend=f'Give {MEMORY} a size such as "3GB" and {THREADS} a whole number.',
            ) from None
