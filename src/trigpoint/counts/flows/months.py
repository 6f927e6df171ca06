"""Newly known, known again, still known, no longer known: what changes from month to month, and from year to year.

From a history of who was known at the end of which month. A child is counted once in a month; nobody is known twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import duckdb
import pyarrow as pa

from trigpoint.counts.dimensions import FRAME, TOTAL, ask

KNOWN: Final = "children known with a proposed marker, by month's end"
KNOWN_BEFORE: Final = ("newly known", "known before")
FLOWS: Final = pa.schema(
    [("month_end", pa.date32()), *((name, pa.int64()) for name in ("newly", "again", "still", "ended", "known"))]
)
"""A row a month. `newly`: known for the first time in the history; `again`: known once, not at the end of the month
before, known now; `still`: known then and now (newly + again + still = known); `ended`: known then and not now."""


def flows(history: pa.Table, days: Sequence[date]) -> pa.Table:
    """The flows of the months that end on `days`, in order, as FLOWS, from `history` (child_key, month_end).

    The first month has no month before it: whoever is known then counts as newly known, and the reader is to be told.
    """
    with duckdb.connect() as con:
        return ask(con.cursor(), _FLOWS, _laid_out(con, history, days)).cast(FLOWS)


_FLOWS: Final = """
    WITH months AS (SELECT row_number() OVER (ORDER BY month_end) AS n, month_end
               FROM (SELECT unnest($days::DATE[]) AS month_end)),
    known AS (SELECT DISTINCT child_key, n FROM history JOIN months USING (month_end)),
    told AS (SELECT child_key, n, lag(n) OVER w AS before, lead(n) OVER w AS after, row_number() OVER w AS nth
             FROM known WINDOW w AS (PARTITION BY child_key ORDER BY n)),
    come AS (SELECT n, count(*) FILTER (nth = 1) AS newly,
                count(*) FILTER (nth > 1 AND before < n - 1) AS again, count(*) FILTER (before = n - 1) AS still,
                count(*) AS known FROM told GROUP BY n),
    gone AS (SELECT n + 1 AS n, count(*) AS ended FROM told WHERE after IS NULL OR after > n + 1 GROUP BY n)
    SELECT month_end, coalesce(newly, 0) AS newly, coalesce(again, 0) AS again, coalesce(still, 0) AS still,
           coalesce(ended, 0) AS ended, coalesce(known, 0) AS known
    FROM months LEFT JOIN come USING (n) LEFT JOIN gone USING (n) ORDER BY n
"""


def flows_by_year(history: pa.Table, days: Sequence[date]) -> pa.Table:
    """Children known at the end of some month of each year, newly or before, as a counted table for publishing.

    A `dimensions.FRAME` named `children_known_and_year`: rows are years, columns KNOWN_BEFORE and the total.
    """
    with duckdb.connect() as con:
        rows = ask(
            con.cursor(),
            """
            WITH years AS (SELECT DISTINCT child_key, year(month_end) AS year FROM history
                           WHERE list_contains($days::DATE[], month_end)),
            told AS (SELECT *, row_number() OVER (PARTITION BY child_key ORDER BY year) = 1 AS first FROM years)
            SELECT year::VARCHAR AS year, count(*) FILTER (first) AS newly, count(*) AS known FROM told
            GROUP BY ALL ORDER BY ALL
            """,
            _laid_out(con, history, days),
        ).to_pylist()
    return _frame({row["year"]: (row["newly"], row["known"]) for row in rows})


def _laid_out(con: duckdb.DuckDBPyConnection, history: pa.Table, days: Sequence[date]) -> dict[str, Any]:
    con.register("given", history.select(["child_key", "month_end"]))
    con.execute("CREATE TABLE history AS SELECT * FROM given")
    return {"days": list(days)}


def _frame(years: dict[str, tuple[int, int]]) -> pa.Table:
    """There is no row over all years: whoever is known before in one of them is newly known in another."""
    cells = []
    for year, (newly, known) in years.items():
        cells += [(year, KNOWN_BEFORE[0], newly), (year, KNOWN_BEFORE[1], known - newly), (year, TOTAL, known)]
    rows = [("children_known_and_year", KNOWN, "year", y, "known", c, None, None, n) for y, c, n in cells]
    return pa.Table.from_pylist([dict(zip(FRAME.names, row, strict=True)) for row in rows], schema=FRAME)
