"""Make a table of counts fit to be shown to people who may not see the children behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.counts import FRAME, TOTAL, protect


@dataclass(frozen=True)
class Protected:
    """A table as it may be shown: by row and column a number or `c` (hidden); `note` says what was done."""

    cells: dict[str, dict[str, str]]
    note: str


def protect_table(
    counts: Mapping[str, Mapping[str, int]], *, counted: str, by: str, across: str = "group"
) -> Protected:
    """Pass counts through the gate by which every count leaves (`counts.protect`, rule of the DfE).

    `counts` holds, row by row, numbers of children by column; a child stands in one cell. Totals are added, by row
    and by column, under the name "total". Raises CountsError where a count cannot be one.
    """
    filled = _with_totals(counts)
    rows = [(counted, counted, by, row, across, column, None, None, number) for row, column, number in filled]
    if not rows:
        return Protected({}, "")
    frame = pa.Table.from_pylist([dict(zip(FRAME.names, row, strict=True)) for row in rows], schema=FRAME)
    made = protect(frame)
    cells: dict[str, dict[str, str]] = {}
    for one in made.tables[counted].to_pylist():
        cells.setdefault(one["row_value"], {})[one["column_value"]] = one["shown"]
    return Protected(cells, str(made.note))


def _with_totals(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, int]]:
    columns = sorted({column for row in counts.values() for column in row})
    cells = {(row, column): counts[row].get(column, 0) for row in counts for column in columns}
    for row in counts:
        cells[row, TOTAL] = sum(counts[row].values())
    for column in [*columns, TOTAL] if cells else []:
        cells[TOTAL, column] = sum(cells[row, column] for row in counts)
    return [(row, column, number) for (row, column), number in cells.items()]
