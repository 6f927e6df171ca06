"""Make tables of counts fit to be shown to people who may not see the children behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.counts import DFE, FRAME, TOTAL, Rule, protect

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Protected:
    """Tables as they may be shown: by table, row and column a number or a symbol; `note` says what was done."""

    cells: dict[str, dict[str, dict[str, str]]]
    note: str


def protect_tables(tables: Mapping[str, Counts], *, across: str, rule: Rule = DFE) -> Protected:
    """Pass tables of the same children through the gate by which every count leaves (`counts.protect`), together.

    `tables` holds, by what the rows are ("sex"), row by row, numbers of children by column (`across`); a child stands
    in one cell of each table. Totals are added, by row and by column, under the name "total". Raises CountsError
    where the tables contradict one another.
    """
    frames = {by: _frame(by, counts, across=across) for by, counts in tables.items() if counts}
    if not frames:
        return Protected({}, "")
    made = protect(frames, rule)
    cells: dict[str, dict[str, dict[str, str]]] = {}
    for by, table in made.tables.items():
        for one in table.to_pylist():
            cells.setdefault(by, {}).setdefault(one["row_value"], {})[one["column_value"]] = one["shown"]
    return Protected(cells, str(made.note))


def _frame(by: str, counts: Counts, *, across: str) -> pa.Table:
    rows = [
        (by, "children", by, row, across, column, None, None, number) for row, column, number in _with_totals(counts)
    ]
    return pa.Table.from_pylist([dict(zip(FRAME.names, row, strict=True)) for row in rows], schema=FRAME)


def _with_totals(counts: Counts) -> list[tuple[str, str, int]]:
    columns = sorted({column for row in counts.values() for column in row})
    cells = {(row, column): counts[row].get(column, 0) for row in counts for column in columns}
    for row in counts:
        cells[row, TOTAL] = sum(counts[row].values())
    for column in [*columns, TOTAL]:
        cells[TOTAL, column] = sum(cells[row, column] for row in counts)
    return [(row, column, number) for (row, column), number in cells.items()]
