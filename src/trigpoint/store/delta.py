"""One Delta table in a folder: the only module that talks to the `deltalake` library.

The log of a Delta table is small text that outlives the rows, so nothing personal may enter it: column statistics are
off (`delta.dataSkippingNumIndexedCols = 0`) and rows are removed by swapping files, because the library writes the
predicate of its own delete into the log.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable, PostCommitHookProperties, Schema, WriterProperties, write_deltalake
from deltalake.transaction import AddAction, RemoveAction

from trigpoint.store.durable import flush
from trigpoint.store.parts import LARGEST_FILE, ROWS_IN_GROUP, Part, write_parts

PROPERTIES: Final = {
    "delta.dataSkippingNumIndexedCols": "0",
    "delta.enableExpiredLogCleanup": "false",
}
NO_HOOKS: Final = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
WRITER: Final = WriterProperties(compression="ZSTD", max_row_group_size=ROWS_IN_GROUP)


@dataclass(frozen=True)
class State:
    """What a table is at one version."""

    version: int
    schema: pa.Schema
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class DeltaFolder:
    """One table of the store. The caller holds the writer's turn wherever something is written."""

    path: Path

    @property
    def log(self) -> Path:
        """The folder of the log."""
        return self.path / "_delta_log"

    def state(self, version: int) -> State:
        """The columns and files of one version."""
        try:
            entry = self._entry(version).stat()
        except FileNotFoundError:  # trimmed: a checkpoint alone tells of it
            return self._state(version)
        return _remembered(self, version, (entry.st_ino, entry.st_mtime_ns, entry.st_size))

    def _state(self, version: int) -> State:
        table = self._open(version)
        actions = pa.table(table.get_add_actions(flatten=True))
        # Oldest first: rows then come out about in the order in which they went in.
        actions = actions.sort_by([("modification_time", "ascending"), ("path", "ascending")])
        columns = (actions.column(name).to_pylist() for name in ("path", "size_bytes", "num_records"))
        parts = tuple(Part(unquote(n), size, rows) for n, size, rows in zip(*columns, strict=True))
        return State(version, pa.schema(table.schema().to_arrow()), parts)

    def create(self, schema: pa.Schema) -> int:
        """Begin the table, empty; its first version."""
        DeltaTable.create(
            str(self.path),
            schema=schema,
            configuration=PROPERTIES,
            post_commithook_properties=NO_HOOKS,
        )
        return 0

    def append(self, rows: pa.RecordBatchReader, *, schema: pa.Schema, version: int) -> int:
        """Add rows, and with them any column of `schema` that is new; the new version.

        The rows need not have every column: one that they lack is null in them.
        """
        table = self._open(version)
        stored = pa.schema(table.schema().to_arrow())
        fresh = [field for field in schema if stored.get_field_index(field.name) < 0]
        if fresh:
            table.alter.add_columns(Schema.from_arrow(pa.schema(fresh)).fields, post_commithook_properties=NO_HOOKS)
        parts = write_parts(rows, folder=self.path)
        table.create_write_transaction(_added(parts), "append", table.schema(), post_commithook_properties=NO_HOOKS)
        return self._head()

    def replace(self, rows: pa.RecordBatchReader, *, version: int) -> int:
        """Put `rows` in the place of all rows, and their columns in the place of the columns; the new version."""
        table = self._open(version)
        write_deltalake(
            table,
            rows,
            mode="overwrite",
            schema_mode="overwrite",
            target_file_size=LARGEST_FILE,
            writer_properties=WRITER,
            post_commithook_properties=NO_HOOKS,
        )
        return self._head()

    def swap(self, out: Iterable[Part], *, into: Iterable[Part], version: int) -> int:
        """Take files out of the table and put others, already written, in; the new version."""
        now = int(time.time() * 1000)
        table = self._open(version)
        removed = [RemoveAction(part.name, True, now, part.size, {}) for part in out]
        actions: list[AddAction | RemoveAction] = [*_added(into), *removed]
        table.create_write_transaction(actions, "append", table.schema(), post_commithook_properties=NO_HOOKS)
        return self._head()

    def compact(self, *, target_size: int, version: int) -> int:
        """Join the files smaller than `target_size` bytes; the new version, or the old one if none could be."""
        table = self._open(version)
        table.optimize.compact(
            target_size=target_size,
            max_concurrent_tasks=2,
            writer_properties=WRITER,
            post_commithook_properties=NO_HOOKS,
        )
        return self._head()

    def checkpoint(self, version: int) -> None:
        """Write the state of a version into the log whole, so that opening it need not read what came before."""
        self._open(version).create_checkpoint()

    def last_checkpoint(self) -> int:
        """The version of the newest checkpoint; 0 without one."""
        return max((_version(path) for path in self.log.glob("*.checkpoint.parquet")), default=0)

    def flush(self, *, since: int, newest: int) -> None:
        """Put the files and the log of versions `since` to `newest` on the disk for good."""
        for name in self._added(since, newest):
            if (self.path / name).exists():
                flush(self.path / name)
        for version in range(since, newest + 1):
            flush(self._entry(version))
        for folder in (self.log, self.path, self.path.parent):
            flush(folder)

    def unwind(self, version: int | None) -> None:
        """Take back whatever the log says after `version`; the whole table if it was never named.

        Newest first, so that an interruption leaves a log without a gap. `DeltaTable.restore` would keep the rows
        of the dead writer in the folder, where no `forget` would look for them, and cannot read a torn log.
        """
        if version is None:
            shutil.rmtree(self.path, ignore_errors=True)
            return
        for path in sorted(self.log.glob("[0-9]*"), key=_version, reverse=True):
            if _version(path) > version:
                path.unlink()

    def sweep(self, *, oldest: int, newest: int) -> None:
        """Remove every file that no version from `oldest` to `newest` names: leftovers and what has expired."""
        named = {part.name for part in self.state(oldest).parts} | self._added(oldest + 1, newest)
        for path in self.path.iterdir():
            if path != self.log and path.name not in named:
                path.unlink()
        for path in self.log.iterdir():
            if not path.name[0].isdigit() and path.name != "_last_checkpoint":
                path.unlink()

    def trim(self, oldest: int) -> None:
        """Remove the log before version `oldest`, which becomes a checkpoint."""
        older = [path for path in self.log.glob("[0-9]*") if _version(path) < oldest]
        if older:
            self.checkpoint(oldest)
        for path in sorted(older, key=_version):
            path.unlink()

    def _added(self, since: int, newest: int) -> set[str]:
        """The names of the files that the log adds in versions `since` to `newest`."""
        entries = (self._entry(version).read_text(encoding="utf-8") for version in range(since, newest + 1))
        actions = (json.loads(line).get("add") for entry in entries for line in entry.splitlines())
        return {unquote(action["path"]) for action in actions if action}

    def _entry(self, version: int) -> Path:
        return self.log / f"{version:020d}.json"

    def _open(self, version: int) -> DeltaTable:
        return DeltaTable(str(self.path), version=version)

    def _head(self) -> int:
        return max(_version(path) for path in self.log.glob("[0-9]*.json"))


def _added(parts: Iterable[Part]) -> list[AddAction | RemoveAction]:
    """What the log says of new files: how many rows, and nothing of any row."""
    now = int(time.time() * 1000)
    return [AddAction(part.name, part.size, {}, now, True, json.dumps({"numRecords": part.rows})) for part in parts]


@lru_cache(maxsize=256)
def _remembered(folder: DeltaFolder, version: int, _written: tuple[int, int, int]) -> State:
    """A version read once. Its log entry never changes, but a dead writer's may be unwound and written anew."""
    return folder._state(version)


def _version(path: Path) -> int:
    return int(path.name.split(".", 1)[0])
