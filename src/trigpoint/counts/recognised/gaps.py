"""What agencies do not record: months that fall silent, and what is not said of the children whom they know."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import pyarrow as pa

from trigpoint.counts.comparing.intervals import share_limits
from trigpoint.counts.dimensions import ask

SAID: Final = ("birth_on", "sex", "ethnicity", "disability", "postcode", "nhs_number", "upn")
UNSAID: Final = {"sex": ("U",), "ethnicity": ("REFU", "NOBT")}


def silent_months(recording: pa.Table) -> list[dict[str, Any]]:
    """For each agency, of the months and kinds that it claims, how many are silent, from the table `recording`.

    `claimed` and `silent` count months of a kind; `share` silent with Wilson limits; `kinds` claimed; `never` the
    kinds of which nothing ever came; `last` the last month with an event of a claimed kind (null: none).
    """
    rows = []
    seen: dict[str, list[dict[str, Any]]] = {}
    for row in recording.to_pylist():
        if row["claimed"]:
            seen.setdefault(row["agency"], []).append(row)
    for agency, held in sorted(seen.items()):
        silent = sum(row["gap"] for row in held)
        kinds = {row["kind"] for row in held}
        came = {row["kind"] for row in held if row["events"]}
        low, high = share_limits(silent, len(held))
        rows.append(
            {
                "agency": agency, "claimed": len(held), "silent": silent, "share": silent / len(held),
                "low": float(low), "high": float(high), "kinds": len(kinds), "never": sorted(kinds - came),
                "last": max((row["month"] for row in held if row["events"]), default=None),
            }
        )  # fmt: skip
    return rows


def not_said(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """For each agency and each of SAID, of how many children it says nothing in any of its records.

    Works over `records` and `links`. `children` whom the agency has a record of, `silent` of them, `share` with
    Wilson limits. What is refused or not obtained is not said.
    """
    told = ", ".join(f"bool_or({_said(column)}) AS {column}" for column in SAID)
    sums = ", ".join(f"count(*) FILTER (NOT {column})::BIGINT AS {column}" for column in SAID)
    counted = ask(
        con,
        f"""
        WITH each AS (SELECT agency, child_key, {told} FROM records JOIN links USING (record_id) GROUP BY ALL)
        SELECT agency, count(*)::BIGINT AS children, {sums} FROM each GROUP BY agency ORDER BY agency
        """,
        {},
    )
    rows = []
    for row in counted.to_pylist():
        for column in SAID:
            low, high = share_limits(row[column], row["children"])
            rows.append(
                {
                    "agency": row["agency"], "what": column, "children": row["children"], "silent": row[column],
                    "share": row[column] / row["children"], "low": float(low), "high": float(high),
                }
            )  # fmt: skip
    return rows


def _said(column: str) -> str:
    unsaid = "".join(f" AND {column} <> '{word}'" for word in UNSAID.get(column, ()))
    return f"coalesce({column} IS NOT NULL{unsaid}, false)"
