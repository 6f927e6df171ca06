"""One transaction over many tables, while it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from trigpoint.errors import NotFoundError
from trigpoint.store.columns import Rows, Stream, grown
from trigpoint.store.delta import DeltaFolder, State
from trigpoint.store.durable import as_store_error
from trigpoint.store.parts import MEBIBYTE, Part
from trigpoint.store.removal import Predicate, rewrite_without
from trigpoint.store.snapshot import Snapshot

Step = Callable[[str], None]


@dataclass
class Writing:
    """The tables as this transaction has left them so far. Get one from `Store.write`.

    Reads through it see its own writes. Nothing that it does can be seen by others until it ends well.
    """

    tables: Path
    scratch: Path
    schemas: Mapping[str, pa.Schema]
    versions: dict[str, int]
    step: Step
    named: Mapping[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)

    def append(self, table: str, rows: Rows) -> int:
        """Add rows to `table` as they stream in; how many. Columns left out become null, unknown ones are refused."""
        schema = self._growing(table)
        stream = Stream(rows, schema=schema, table=table, whole=False)
        if not stream.empty:
            with self._storing(table, stream) as folder:
                version = self._begun(table, schema)
                self.versions[table] = folder.append(stream.reader(), schema=schema, version=version)
            self._count(table, stream.count)
        return stream.count

    def replace(self, table: str, rows: Rows) -> int:
        """Put `rows` in the place of every row of `table`; how many."""
        schema = self._declared(table)
        stream = Stream(rows, schema=schema, table=table, whole=True)
        before = self.snapshot().count(table)
        if stream.empty and not before:
            return 0
        with self._storing(table, stream) as folder:
            version = self._begun(table, schema)
            self.versions[table] = folder.replace(stream.reader(), version=version)
        self._count(table, stream.count - before)
        return stream.count

    def delete(self, table: str, rows: Predicate) -> int:
        """Remove the rows that `rows` picks, rewriting only the files that hold one; how many.

        `rows` is an SQL condition over the table's columns, or an Arrow table of keys: a row goes if it equals one
        of them in every column that the keys have. Of several such, any may pick a row. Older versions keep the
        rows: `Store.purge` does not.
        """
        self._declared(table)
        if table not in self.versions:
            return 0
        with self._storing(table) as folder:
            state = folder.state(self.versions[table])
            out, into = self._rewritten(table, state=state, rows=rows)
            if out:
                self.versions[table] = folder.swap(out, into=into, version=state.version)
        gone = sum(part.rows for part in out) - sum(part.rows for part in into)
        self._count(table, -gone)
        return gone

    def compact(self, table: str, *, more_than: int) -> int:
        """Join small files where there are more than `more_than` of like size; how many files fewer."""
        if table not in self.versions:
            return 0
        folder = self._folder(table)
        before = folder.state(self.versions[table])
        target = joining_size([part.size for part in before.parts], more_than=more_than)
        if target is None:
            return 0
        with self._storing(table):
            self.versions[table] = folder.compact(target_size=target, version=before.version)
        return len(before.parts) - len(folder.state(self.versions[table]).parts)

    def read(self, table: str, *, columns: list[str] | None = None) -> pa.Table:
        """The rows of `table` as this transaction sees them."""
        return self.snapshot().read(table, columns=columns)

    def scan(self, con: duckdb.DuckDBPyConnection, table: str, *, name: str | None = None) -> str:
        """A DuckDB view of `table` as this transaction sees it now."""
        return self.snapshot().scan(con, table, name=name)

    def snapshot(self) -> Snapshot:
        """All tables as this transaction sees them now."""
        return Snapshot(self.tables, dict(self.versions), self.schemas)

    def touched(self) -> list[str]:
        """The tables whose version this transaction has moved."""
        return [name for name, version in self.versions.items() if self.named.get(name) != version]

    def _rewritten(self, table: str, *, state: State, rows: Predicate) -> tuple[list[Part], list[Part]]:
        seen = self.snapshot()
        return rewrite_without(rows, snapshot=seen, table=table, state=state, scratch=self.scratch)

    def _growing(self, table: str) -> pa.Schema:
        declared = self._declared(table)
        if table not in self.versions:
            return declared
        stored = self._folder(table).state(self.versions[table]).schema
        return grown(stored, declared, table=table, where=self.tables / table)

    def _begun(self, table: str, schema: pa.Schema) -> int:
        folder = self._folder(table)
        if table not in self.versions:
            folder.unwind(None)
            self.versions[table] = folder.create(schema)
            self.step(f"began {table}")
        return self.versions[table]

    @contextmanager
    def _storing(self, table: str, stream: Stream | None = None) -> Iterator[DeltaFolder]:
        folder = self._folder(table)
        try:
            yield folder
        except Exception as fault:
            if stream is not None and stream.fault is not None:
                raise stream.fault from None
            raise as_store_error(fault, doing=f"writing table {table}", where=self.tables) from None
        self.step(f"wrote {table}")

    def _folder(self, table: str) -> DeltaFolder:
        return DeltaFolder(self.tables / table)

    def _declared(self, table: str) -> pa.Schema:
        if table in self.schemas:
            return self.schemas[table]
        raise NotFoundError(
            f"There is no table {table} to write.",
            where=str(self.tables),
            mend=f"The tables are: {', '.join(sorted(self.schemas))}.",
        )

    def _count(self, table: str, rows: int) -> None:
        self.changed[table] = self.changed.get(table, 0) + rows


def joining_size(sizes: list[int], *, more_than: int) -> int | None:
    """The size in bytes under which files should be joined: the smallest step that holds too many; None for none.

    Steps of four, from one mebibyte: a row is rewritten about once a step, so that joining costs in proportion to
    what was added and never rewrites a large table for the sake of a few new rows.
    """
    for step in range(4):
        target = MEBIBYTE << 2 * step
        if sum(size < target for size in sizes) > more_than:
            return target
    return None
