"""Rows taken out of a table: only the files that hold such a row are written again, without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa

from trigpoint.errors import StoreError
from trigpoint.store.delta import State
from trigpoint.store.parts import ROWS_IN_GROUP, Part, new_part
from trigpoint.store.snapshot import Snapshot, quoted, text

# An SQL condition over the table's columns, a table of keys, or several of these: a row goes if any picks it.
Predicate: TypeAlias = "str | pa.Table | Sequence[str | pa.Table]"


def rewrite_without(
    rows: Predicate, *, snapshot: Snapshot, table: str, state: State, scratch: Path
) -> tuple[list[Part], list[Part]]:
    """Write each file of `table` that holds a picked row again without those rows; (the old files, the new)."""
    if not state.parts:
        return [], []
    with _connection(scratch) as con:
        con.execute(f"CREATE VIEW {quoted(table)} AS {snapshot.query(con, table, with_file=True)}")
        source, condition = f"{quoted(table)} AS t", _condition(con, rows, table=table)
        try:
            hit = _rows_by_file(con, f"FROM {source} WHERE {condition}")
        except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException):
            raise StoreError(
                f"The condition on table {table} is not one that it can answer.",
                where=f"table {table}",
                mend=f"Use SQL over its columns: {', '.join(snapshot.schema(table).names)}.",
            ) from None
        out = [part for part in state.parts if part.name in hit]
        kept = f"SELECT t.* EXCLUDE (filename) FROM {source} WHERE {condition} IS NOT TRUE"
        folder = snapshot.folder / table
        into = [
            _write(con, f"{kept} AND filename = {text(str(folder / part.name))}", folder=folder)
            for part in out
            if part.rows > hit[part.name]
        ]
    return out, into


def _rows_by_file(con: duckdb.DuckDBPyConnection, picked: str) -> dict[str, int]:
    found = con.execute(f"SELECT filename, count(*) {picked} GROUP BY filename").fetchall()
    return {Path(name).name: count for name, count in found}


def _write(con: duckdb.DuckDBPyConnection, query: str, *, folder: Path) -> Part:
    path = folder / new_part()
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_IN_GROUP}"
    written = con.execute(f"COPY ({query}) TO {text(str(path))} ({options})").fetchall()
    return Part(path.name, path.stat().st_size, int(written[0][0]))


def _condition(con: duckdb.DuckDBPyConnection, rows: Predicate, *, table: str) -> str:
    each = [rows] if isinstance(rows, str | pa.Table) else rows
    picks = [_pick(con, one, table=table, keys=f"keys_{number}") for number, one in enumerate(each)]
    return f"({' OR '.join(picks) or 'false'})"


def _pick(con: duckdb.DuckDBPyConnection, rows: str | pa.Table, *, table: str, keys: str) -> str:
    if isinstance(rows, str):
        return f"({rows})"
    if not rows.num_columns:
        raise StoreError(
            f"The keys of rows to remove from table {table} have no column.",
            where=f"table {table}",
            mend="Hand in at least one column of the table.",
        )
    con.register(keys, rows)
    same = " AND ".join(f"k.{quoted(name)} = t.{quoted(name)}" for name in rows.column_names)
    return f"EXISTS (SELECT 1 FROM {keys} AS k WHERE {same})"


@contextmanager
def _connection(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills into the store's own scratch folder, which every writer clears."""
    con = duckdb.connect(config={"temp_directory": str(scratch)})
    try:
        con.execute("SET preserve_insertion_order = true")
        yield con
    finally:
        con.close()
