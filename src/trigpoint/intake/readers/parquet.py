"""Parquet files: typed columns turned to the texts that a mapping reads."""

from __future__ import annotations

from pathlib import Path

import duckdb

from trigpoint.errors import ExtractError
from trigpoint.intake.compile.quoting import name, text
from trigpoint.intake.extract import Extract, name_columns, new_table
from trigpoint.intake.language import Format
from trigpoint.intake.readers.batches import REFUSED_COLUMNS, UNREADABLE


def read_parquet(path: Path, hints: Format, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read a Parquet file; `hints` say nothing for this format. Raises ExtractError for a damaged one."""
    del hints
    cells, table, refused = new_table("cells"), new_table("extract"), new_table("refused")
    origin = f"read_parquet({text(str(path))})"
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {origin}").fetchall()
        columns = name_columns([row[0] for row in described], file=path.name)
        listed = ", ".join(
            f"{_as_text(name(str(row[0])), str(row[1]))} AS {name(column)}"
            for row, column in zip(described, columns, strict=True)
        )
        con.execute(f"CREATE TEMP TABLE {name(cells)} AS SELECT {listed} FROM {origin}")
    except UNREADABLE:
        raise ExtractError(
            f"{path.name} cannot be read as Parquet.", mend="Ask the agency to write the file again."
        ) from None
    con.execute(
        f"CREATE TEMP VIEW {name(table)} AS SELECT *, rowid + 1 AS _row, rowid + 1 AS _line, rowid AS rid "
        f"FROM {name(cells)}"
    )
    con.execute(f"CREATE TEMP TABLE {name(refused)} ({REFUSED_COLUMNS})")
    counted = con.execute(f"SELECT count(*) FROM {name(cells)}").fetchall()[0]
    return Extract(
        file=path.name, table=table, refused=refused, columns=columns, rows=int(counted[0]),
        rows_refused=0, temporary=(table, cells, refused),
    )  # fmt: skip


def _as_text(column: str, sql_type: str) -> str:
    if sql_type.endswith("[]"):
        return f"array_to_string({column}::VARCHAR[], '|')"
    if sql_type in ("DOUBLE", "FLOAT"):
        return f"regexp_replace({column}::VARCHAR, '\\.0$', '')"
    return f"{column}::VARCHAR"
