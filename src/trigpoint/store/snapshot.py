"""One whole state of the store, to read from: every table as one commit names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from trigpoint.errors import NotFoundError, StoreError
from trigpoint.store.columns import as_read
from trigpoint.store.delta import DeltaFolder, State


@dataclass(frozen=True)
class Snapshot:
    """Tables at the versions of one commit. Reading takes no lock and sees nothing that comes later.

    `versions` names them; `schemas` are the declared columns. A table that the commit does not name is empty.
    """

    folder: Path
    versions: Mapping[str, int]
    schemas: Mapping[str, pa.Schema]
    _states: dict[str, State] = field(default_factory=dict, init=False, repr=False, compare=False)

    def schema(self, table: str) -> pa.Schema:
        """The columns that a reader of `table` sees."""
        state = self._state(table)
        declared = self.schemas.get(table, pa.schema([]))
        return as_read(state.schema, declared) if state else declared

    def count(self, table: str) -> int:
        """The rows of `table`, from the log alone."""
        state = self._state(table)
        return sum(part.rows for part in state.parts) if state else 0

    def files(self, table: str) -> list[str]:
        """The Parquet files of `table`, as paths."""
        state = self._state(table)
        return self._paths(table, state) if state else []

    def read(self, table: str, *, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of `table` (or some of its columns) in memory, in no promised order."""
        schema = self.schema(table)
        wanted = list(columns) if columns is not None else schema.names
        _refuse_missing(wanted, schema=schema, table=table)
        paths = self.files(table)
        if not paths:
            return pa.schema([schema.field(name) for name in wanted]).empty_table()
        return ds.dataset(paths, schema=schema, format="parquet").to_table(columns=wanted)

    def scan(self, con: duckdb.DuckDBPyConnection, table: str, *, name: str | None = None) -> str:
        """Make a DuckDB view over the files of `table`, with no copy; the view's name (`table` unless given)."""
        view = name or table
        con.execute(f"CREATE OR REPLACE VIEW {quoted(view)} AS {self.query(con, table)}")
        return view

    def query(self, con: duckdb.DuckDBPyConnection, table: str, *, with_file: bool = False) -> str:
        """The SELECT over the files of `table`, its columns in the reader's order and types.

        `with_file` adds `filename`, the file that each row lies in.
        """
        schema = self.schema(table)
        types = zip(schema.names, con.from_arrow(schema.empty_table()).types, strict=True)
        paths = self.files(table)
        if not paths:
            return f"SELECT {', '.join(f'NULL::{kind} AS {quoted(name)}' for name, kind in types)} WHERE false"
        listed = ", ".join(text(_no_pattern(path)) for path in paths)
        source = f"read_parquet([{listed}], union_by_name = true, filename = {str(with_file).lower()})"
        # A column that came with a newer pack is in none of the older files.
        there = set(con.sql(f"SELECT * FROM {source}").columns)
        picks = [quoted(name) if name in there else f"NULL::{kind} AS {quoted(name)}" for name, kind in types]
        return f"SELECT {', '.join([*picks, *(['filename'] if with_file else [])])} FROM {source}"

    def _state(self, table: str) -> State | None:
        if table in self.versions:
            if table not in self._states:
                self._states[table] = DeltaFolder(self.folder / table).state(self.versions[table])
            return self._states[table]
        if table in self.schemas:
            return None
        raise NotFoundError(
            f"There is no table {table} in the store.",
            where=str(self.folder),
            mend=f"Its tables are: {', '.join(sorted({*self.schemas, *self.versions}))}.",
        )

    def _paths(self, table: str, state: State) -> list[str]:
        return [str(self.folder / table / part.name) for part in state.parts]


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A value as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def _no_pattern(path: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in path)


def _refuse_missing(wanted: Sequence[str], *, schema: pa.Schema, table: str) -> None:
    missing = [name for name in wanted if name not in schema.names]
    if missing:
        raise StoreError(
            f"Table {table} has no column {', '.join(missing)}.",
            where=f"table {table}",
            mend=f"Its columns are: {', '.join(schema.names)}.",
        )
