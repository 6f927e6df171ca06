"""Rows from a Python reader put into DuckDB a batch at a time, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from trigpoint.intake.compile.quoting import name
from trigpoint.intake.extract import Extract, new_table

BATCH = 20_000
# DuckDB quotes the file in its messages, which may not be text at all.
UNREADABLE = (duckdb.Error, UnicodeDecodeError)
Row = tuple[int, int, Sequence[str | None]]
"""(data row from 1, physical line, cells in the order of the columns)"""
Refusal = tuple[int, int, str | None, str | None, str, str]
"""(row, line, column, value kept, reason, mend)"""
REFUSED_COLUMNS = '"row" BIGINT, line BIGINT, "column" VARCHAR, value_kept VARCHAR, reason VARCHAR, mend VARCHAR'


def store_rows(
    rows: Iterable[Row | Refusal],
    columns: Sequence[str],
    *,
    file: str,
    con: duckdb.DuckDBPyConnection,
    remarks: tuple[str, ...] = (),
) -> Extract:
    """Put rows and refusals into new tables. A refusal is told by its six parts."""
    table, refused = new_table("extract"), new_table("refused")
    listed = ", ".join(f"{name(c)} VARCHAR" for c in columns)
    con.execute(f"CREATE TEMP TABLE {name(table)} ({listed}, _row BIGINT, _line BIGINT, rid BIGINT)")
    con.execute(f"CREATE TEMP TABLE {name(refused)} ({REFUSED_COLUMNS})")
    good: list[Row] = []
    bad: list[Refusal] = []
    count = 0
    for row in rows:
        if len(row) == 6:
            bad.append(row)
            continue
        good.append(row)
        if len(good) == BATCH:
            count = _put(con, table, columns, good, count)
            good = []
    count = _put(con, table, columns, good, count)
    if bad:
        con.executemany(f"INSERT INTO {name(refused)} VALUES (?, ?, ?, ?, ?, ?)", bad)
    return Extract(
        file=file, table=table, refused=refused, columns=tuple(columns), rows=count, rows_refused=len(bad),
        remarks=remarks, temporary=(table, refused),
    )  # fmt: skip


def _put(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Row], count: int) -> int:
    if not rows:
        return count
    cells = [pa.array([r[2][i] for r in rows], pa.string()) for i in range(len(columns))]
    numbers = [
        pa.array([r[0] for r in rows], pa.int64()),
        pa.array([r[1] for r in rows], pa.int64()),
        pa.array(range(count, count + len(rows)), pa.int64()),
    ]
    batch = pa.Table.from_arrays([*cells, *numbers], names=[*columns, "_row", "_line", "rid"])
    con.register("batch_of_rows", batch)
    con.execute(f"INSERT INTO {name(table)} SELECT * FROM batch_of_rows")
    con.unregister("batch_of_rows")
    return count + len(rows)
