"""What the flows are counted from: one row a child, or a child and an agency, of who saw what first and when.

Works set-wise over `children`, `findings`, `proposals`, `events` and `links` of a DuckDB connection, and over a history
of proposals by month. A first sign is the child's own earliest event that a finding counts: not a home from which it
measures a distance, and not what only repeats a professional's statement. `signs`, a table of indicator and kind, says
which kinds an indicator counts; indicators that are statements are not in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from trigpoint.counts.dimensions import AGE_BANDS, FRAME, TOTAL, age_band, ask
from trigpoint.counts.flows.agreement import Ratings

ENDS: Final = {
    "proposed": "a marker would have been proposed",
    "marked": "an agency or casework set a marker",
    "referred": "referred to the NRM",
}

SIGNS: Final = """
    SELECT f.child_key, e.agency, min(e.happened_at)::DATE AS first_on
    FROM (SELECT child_key, indicator, unnest(event_ids) AS event_id FROM findings) f
    JOIN events e USING (event_id) JOIN links l ON l.record_id = e.record_id AND l.child_key = f.child_key
    SEMI JOIN signs s ON s.indicator = f.indicator AND s.kind = e.kind
    GROUP BY ALL
"""

WAITS: Final = f"""
    WITH first AS (SELECT child_key, min(first_on) AS first_on FROM ({SIGNS}) GROUP BY ALL),
    ends AS (
        SELECT child_key, min(month_end) AS end_on, 'proposed' AS what FROM history WHERE NOT statement GROUP BY ALL
        UNION ALL
        SELECT child_key, min(happened_at)::DATE,
            CASE kind WHEN 'marker_set' THEN 'marked' ELSE 'referred' END AS what
        FROM events JOIN links USING (record_id) WHERE kind IN ('marker_set', 'nrm_referral') GROUP BY ALL),
    last AS (SELECT child_key, first_on, what, end_on,
                least($as_at::DATE, coalesce(birth_on + INTERVAL 18 YEAR, $as_at)::DATE) AS last_on
             FROM first JOIN children USING (child_key) CROSS JOIN (SELECT unnest($whats::VARCHAR[]) AS what)
             LEFT JOIN ends USING (child_key, what))
    SELECT what, child_key, end_on < first_on AS before, coalesce(end_on <= last_on, false) AS ended,
        datediff('day', first_on, CASE WHEN end_on <= last_on THEN end_on ELSE last_on END)::BIGINT AS days
    FROM last WHERE last_on >= first_on ORDER BY ALL
"""


def waits(
    con: duckdb.DuckDBPyConnection, history: pa.Table, *, as_at: date, signs: pa.Table
) -> dict[str, dict[str, Any]]:
    """For each of ENDS the days from first sign to it: `days` and `ended` (see `waiting`), and `before`.

    A child for whom it has not happened waits to `as_at`, or to the eighteenth birthday where that is earlier.
    `before` counts children with whom it came before any sign that was kept: they did not wait, and are left out.
    `history` has child_key, month_end and statement; being proposed is known to the month.
    """
    with _given(con, history=history, signs=signs):
        rows = ask(con, WAITS, {"as_at": as_at, "whats": list(ENDS)})
    told = {}
    for what in ENDS:
        of = [row for row in rows.to_pylist() if row["what"] == what]
        held = [row for row in of if not row["before"]]
        told[what] = {
            "days": np.array([row["days"] for row in held], np.int64),
            "ended": np.array([row["ended"] for row in held], np.bool_),
            "before": len(of) - len(held),
        }
    return told


def first_seen(con: duckdb.DuckDBPyConnection, *, signs: pa.Table) -> pa.Table:
    """Which agency saw the first sign of children with a proposed marker, by age then, as a FRAME for publishing.

    Two agencies that saw it on one day both count, so that parts can sum to more than their total. The table is
    `children_first_seen_and_age`.
    """
    with _given(con, signs=signs):
        seen = ask(
            con,
            f"""
            WITH each AS (SELECT *, min(first_on) OVER (PARTITION BY child_key) = first_on AS first FROM ({SIGNS})
                          SEMI JOIN proposals USING (child_key)),
            told AS (SELECT child_key, agency, {age_band("birth_on", "first_on")} AS age
                     FROM each JOIN children USING (child_key) WHERE first)
            SELECT coalesce(agency, $total) AS agency, coalesce(age, $total) AS age,
                count(DISTINCT child_key) AS children
            FROM told GROUP BY CUBE (agency, age) ORDER BY ALL
            """,
            {"total": TOTAL},
        )
    counted = {(row["agency"], row["age"]): row["children"] for row in seen.to_pylist()}
    agencies = sorted({agency for agency, _ in counted} - {TOTAL})
    rows = [
        ("children_first_seen_and_age", "children with a proposed marker, by who saw the first sign", "agency", agency,
         "age", age, None, None, counted.get((agency, age), 0))
        for agency in ([*agencies, TOTAL] if agencies else [])
        for age in (*AGE_BANDS, TOTAL)
    ]  # fmt: skip
    return pa.Table.from_pylist([dict(zip(FRAME.names, row, strict=True)) for row in rows], schema=FRAME)


def own_marks(con: duckdb.DuckDBPyConnection, *, statements: Collection[str]) -> tuple[Ratings, list[str]]:
    """Who marked whom: ratings of the agencies that marked any child, and their names, for `agreement`.

    An agency's own mark is a finding that repeats its statement: a marker that it set, an assessment that found
    exploitation, a referral to the NRM. Rows are the children with a finding whom one of these agencies knows.
    """
    rows = ask(
        con,
        """
        WITH marks AS (SELECT DISTINCT child_key, unnest(agencies) AS agency FROM findings
                       WHERE list_contains($statements::VARCHAR[], indicator)),
        markers AS (SELECT DISTINCT agency FROM marks),
        known AS (SELECT child_key, unnest(agencies) AS agency FROM children SEMI JOIN findings USING (child_key))
        SELECT child_key, agency, m.child_key IS NOT NULL AS marked
        FROM (SELECT * FROM known SEMI JOIN markers USING (agency) UNION SELECT * FROM marks) k
        LEFT JOIN marks m USING (child_key, agency) ORDER BY child_key, agency
        """,
        {"statements": sorted(statements)},
    )
    agencies = sorted(set(rows["agency"].to_pylist()))
    children = sorted(set(rows["child_key"].to_pylist()))
    ratings = np.full((len(children), len(agencies)), -1, np.int8)
    at = np.searchsorted(np.array(children, dtype=str), np.array(rows["child_key"].to_pylist(), dtype=str))
    by = np.searchsorted(np.array(agencies, dtype=str), np.array(rows["agency"].to_pylist(), dtype=str))
    ratings[at, by] = rows["marked"].to_numpy(zero_copy_only=False)
    return ratings, agencies


@contextmanager
def _given(con: duckdb.DuckDBPyConnection, **tables: pa.Table) -> Iterator[None]:
    """The tables by name while the block runs."""
    for name, table in tables.items():
        con.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            con.unregister(name)
