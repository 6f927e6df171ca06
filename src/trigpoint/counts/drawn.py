"""Counts that carry the uncertainty of links: how far each moves when unsure links fall otherwise.

Child keys of the relations counted here begin with the number of a draw and '|': every draw is a world of its own, and
all are counted at once. The limits are the middle 95 % over the draws. They hold linkage alone, and are a lower bound
of what it adds: draws leave out what the model is sure of and wrong about (see `linkage.sureness.draws`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from trigpoint.counts.dimensions import TOTAL, ask
from trigpoint.counts.disclosure.rule import Rule
from trigpoint.counts.tables import PUBLISHED_BY, SUBJECTS, TO_PUBLISH, materialise

NOW: Final = 0
"""The draw that is the clustering as it stands; the others count from 1."""
CELL: Final = ("table", "row_value", "column_value")
DRAWS: Final = pa.schema([("draw", pa.int64()), *((name, pa.string()) for name in CELL), ("count", pa.int64())])
LIMITS: Final = pa.schema(
    [*((name, pa.string()) for name in CELL), ("count", pa.int64()), ("low", pa.int64()), ("high", pa.int64())]
)
"""A row for each cell that some draw moves: the count as it stands, and the limits of it over the draws."""


def counts_by_draw(con: duckdb.DuckDBPyConnection, *, since: date | None = None, as_at: date | None = None) -> pa.Table:
    """Every cell of the tables of children that are meant to leave, for each draw, as DRAWS; noughts are left out.

    The relations are those of `counts.tables.known`, with child keys that begin with their draw.
    """
    found = [DRAWS.empty_table()]
    for subject in SUBJECTS:
        names = {dimension: f"{subject.name}_and_{dimension.replace(' ', '_')}" for dimension in PUBLISHED_BY}
        if not set(names.values()) & set(TO_PUBLISH):
            continue
        materialise(con, subject, since=since, as_at=as_at)
        found += [ask(con, _cells(dimension), {"table": name}).cast(DRAWS) for dimension, name in names.items()]
    return pa.concat_tables(found)


def _cells(dimension: str) -> str:
    """A child under two values stands once in each and once in the total, as `counts.tables` has it."""
    return f"""
        SELECT split_part(child_key, '|', 1)::BIGINT AS draw, $table AS "table",
            coalesce(value, '{TOTAL}') AS row_value, coalesce("{dimension}", '{TOTAL}') AS column_value,
            count(DISTINCT child_key)::BIGINT AS count
        FROM counted GROUP BY draw, CUBE (value, "{dimension}")
    """


def limits(frames: Mapping[str, pa.Table], by_draw: pa.Table, *, draws: int) -> pa.Table:
    """The limits of every cell that moves, as LIMITS, from the counted tables and the counts of `draws` draws.

    `by_draw` may hold only the children whom a draw can touch: what counts is how each draw differs from NOW.
    """
    count = {
        (name, row["row_value"], row["column_value"]): row["count"]
        for name, frame in frames.items()
        for row in frame.to_pylist()
        if row["layer_value"] is None
    }
    seen: dict[tuple[str, str, str], np.ndarray] = {}
    for row in by_draw.to_pylist():
        cell = (row["table"], row["row_value"], row["column_value"])
        seen.setdefault(cell, np.zeros(draws + 1, np.int64))[row["draw"]] = row["count"]
    moved = []
    for cell, at in sorted(seen.items()):
        apart = at[NOW + 1 :] - at[NOW]
        if not apart.any():
            continue
        low, high = np.quantile(apart, [0.025, 0.975], method="inverted_cdf")
        now = count.get(cell, 0)
        moved.append((*cell, now, now + min(0, int(low)), now + max(0, int(high))))
    return pa.Table.from_pylist([dict(zip(LIMITS.names, row, strict=True)) for row in moved], schema=LIMITS)


def shown_limits(shown: str, why: str | None, *, below: int, above: int, rule: Rule) -> tuple[str, str] | None:
    """The limits beside a published number, or None beside a symbol.

    They stand about the number as shown. Beside a rounded one their widths are rounded up to the same base, so that
    they do not tell where within the rounding the count lies: a width is a property of links, not of the rest.
    """
    if not shown.isdecimal():
        return None
    base = rule.round_totals_to if why == "rounded" and rule.round_totals_to else 1
    down, up = (-(-width // base) * base for width in (below, above))
    return str(max(0, int(shown) - down)), str(int(shown) + up)
