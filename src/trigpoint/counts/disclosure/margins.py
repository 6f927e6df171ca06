"""Rows about people, counted or summed into a table with all its margins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa

from trigpoint.counts.dimensions import AXES, FRAME, TOTAL
from trigpoint.counts.disclosure.hiding.problem import Ints
from trigpoint.errors import CountsError


@dataclass(frozen=True)
class Margins:
    """The cells of a table with its margins: their values along each dimension, and which rows are in each."""

    by: tuple[str, ...]
    values: list[tuple[str, ...]]
    members: list[Ints]

    def frame(self, counts: Sequence[int], *, name: str, said: str) -> pa.Table:
        """The cells as a counted table (FRAME)."""
        columns: dict[str, list[object]] = {"table": [name] * len(counts), "counts": [said] * len(counts)}
        for axis, where in enumerate(AXES):
            known = axis < len(self.by)
            columns[where] = [self.by[axis] if known else None] * len(counts)
            columns[f"{where}_value"] = [value[axis] if known else None for value in self.values]
        return pa.table({**columns, "count": list(counts)}, schema=FRAME)


def margins(rows: pa.Table, by: Sequence[str]) -> Margins:
    """Every combination of the values of one to three columns, each with its total. Raises CountsError otherwise."""
    if not 1 <= len(by) <= len(AXES) or set(by) - set(rows.schema.names):
        raise CountsError(
            "A table is made by one to three columns of its rows.",
            where=", ".join(by),
            mend=f"There are: {', '.join(rows.schema.names)}.",
        )
    columns = [np.array([str(value) for value in rows[one].to_pylist()], dtype=object) for one in by]
    cells = list(_cells(columns, size=len(rows)))
    return Margins(tuple(by), [values for values, _ in cells], [members for _, members in cells])


def _cells(columns: Sequence[np.ndarray], *, size: int) -> Iterator[tuple[tuple[str, ...], Ints]]:
    masks = [
        [*((value, column == value) for value in sorted(set(column.tolist()))), (TOTAL, np.ones(size, dtype=np.bool_))]
        for column in columns
    ]
    for chosen in product(*masks):
        yield tuple(value for value, _ in chosen), np.flatnonzero(np.logical_and.reduce([mask for _, mask in chosen]))
