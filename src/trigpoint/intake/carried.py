"""Cells that a file leaves empty because they repeat the row above: the child's name over several episodes."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from trigpoint.errors import MappingError, nearest
from trigpoint.intake.compile.quoting import name
from trigpoint.intake.extract import Extract, new_table
from trigpoint.intake.language import Mapping


def fill_down(extract: Extract, mapping: Mapping, con: duckdb.DuckDBPyConnection) -> Extract:
    """The extract with the columns of `format.fill_down` taken from the row above where all of them are empty.

    Never where only some are: an unknown birth date must not become another child's. Never across a row that was
    refused: whose the rows below it are, nobody can tell. Raises MappingError for a column that is not there.
    """
    columns = [_found(extract, mapping, column) for column in mapping.format.fill_down]
    if not columns:
        return extract
    cells = {c: f"nullif(trim({name(c)}), '')" for c in columns}
    rows = (
        f"SELECT _row, coalesce({', '.join(cells.values())}) IS NOT NULL AS told, "
        f"{', '.join(f'{cell} AS {name(c)}' for c, cell in cells.items())} FROM {name(extract.table)}"
    )
    broken = f'SELECT "row", true, {", ".join(["NULL"] * len(columns))} FROM {name(extract.refused)}'
    numbered = f"SELECT *, count(*) FILTER (told) OVER (ORDER BY _row) AS child FROM ({rows} UNION ALL {broken})"
    first = ", ".join(f"max({name(c)}) FILTER (told) OVER (PARTITION BY child) AS {name(c)}" for c in columns)
    filled = new_table("filled")
    taken = ", ".join(f"f.{name(c)} AS {name(c)}" for c in columns)
    con.execute(
        f"CREATE TEMP TABLE {name(filled)} AS SELECT e.* REPLACE ({taken}) FROM {name(extract.table)} e "
        f"JOIN (SELECT _row, {first} FROM ({numbered})) f USING (_row) ORDER BY e.rid"
    )
    return replace(extract, table=filled, temporary=(*extract.temporary, filled))


def _found(extract: Extract, mapping: Mapping, column: str) -> str:
    found = extract.find(mapping, column)
    if found is None:
        near = nearest(column, list(extract.columns))
        raise MappingError(
            f"mapping '{mapping.name}': the file {extract.file} has no column '{column}'",
            where="format.fill_down",
            mend=f"Did you mean '{near}'?" if near else f"The file's columns: {', '.join(extract.columns[:40])}.",
        )
    return found
