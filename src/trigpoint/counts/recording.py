"""Who records what, and where recording falls silent: events of each kind by month against what a source claims.

A month that a source claims to cover without one event of the kind is a gap. It may be a quiet month; it may be that
nobody sent it. These tables are about recording, say nothing about children, and are for the partnership itself.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb
import pyarrow as pa

from trigpoint.counts.dimensions import ask

RECORDING: Final = pa.schema(
    [
        ("agency", pa.string()),
        ("source", pa.string()),
        ("kind", pa.string()),
        ("month", pa.string()),
        ("events", pa.int64()),
        ("claimed", pa.bool_()),
        ("gap", pa.bool_()),
    ]
)
RECORDING_BY_AGENCY: Final = pa.schema(
    [
        ("agency", pa.string()),
        ("month", pa.string()),
        ("kinds_claimed", pa.int64()),
        ("kinds_silent", pa.int64()),
        ("kinds_unclaimed", pa.int64()),
        ("events", pa.int64()),
    ]
)


def recording(con: duckdb.DuckDBPyConnection, *, as_at: date | None = None) -> dict[str, pa.Table]:
    """Events by source, kind and month against claimed coverage, and the same by agency.

    `recording` (RECORDING): a row for each month claimed or with events, up to `as_at`; `gap` is a claimed month
    with no event. `recording_by_agency` (RECORDING_BY_AGENCY): for each agency and month, over its sources, the
    kinds it claims, those of them that are silent, and the kinds it sent without claiming them.
    """
    detail = ask(
        con,
        """
        WITH claimed AS (
            SELECT DISTINCT agency, source, kind, strftime(unnest(generate_series(
                date_trunc('month', from_on)::TIMESTAMP, least(to_on, coalesce($as_at, to_on))::TIMESTAMP,
                INTERVAL 1 MONTH)), '%Y-%m') AS month
            FROM coverage),
        happened AS (
            SELECT agency, source, kind, strftime(happened_at, '%Y-%m') AS month, count(*) AS events FROM events
            WHERE happened_at IS NOT NULL AND ($as_at IS NULL OR happened_at < $as_at::DATE + 1) GROUP BY ALL)
        SELECT agency, source, kind, month, coalesce(events, 0) AS events, c.kind IS NOT NULL AS claimed,
               events IS NULL AS gap
        FROM claimed c FULL JOIN happened h USING (agency, source, kind, month)
        ORDER BY ALL
        """,
        {"as_at": as_at},
    )
    con.register("recording_detail", detail)
    summary = ask(
        con,
        """
        WITH by_kind AS (SELECT agency, month, kind, sum(events) AS events, bool_or(claimed) AS claimed
                         FROM recording_detail GROUP BY ALL)
        SELECT agency, month, count(*) FILTER (claimed) AS kinds_claimed,
               count(*) FILTER (claimed AND events = 0) AS kinds_silent,
               count(*) FILTER (NOT claimed) AS kinds_unclaimed, sum(events)::BIGINT AS events
        FROM by_kind GROUP BY ALL ORDER BY ALL
        """,
        {},
    )
    con.unregister("recording_detail")
    return {"recording": detail.cast(RECORDING), "recording_by_agency": summary.cast(RECORDING_BY_AGENCY)}
