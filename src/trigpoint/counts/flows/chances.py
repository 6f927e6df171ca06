"""Missed earlier chances, and children referred again: what an earlier look at the same facts would have shown."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import duckdb
import pyarrow as pa

from trigpoint.counts.comparing.intervals import share_limits
from trigpoint.counts.dimensions import ask

EARLIER: Final = ("not before", "less than 3 months", "3 to 5 months", "6 to 11 months", "12 months or more")

CHANCES: Final = """
    WITH shown AS (SELECT child_key, min(month_end) AS shown_on FROM history WHERE NOT statement GROUP BY ALL),
    recognised AS (
        SELECT child_key, min(happened_at)::DATE AS on_day FROM events JOIN links USING (record_id)
        WHERE kind IN ('marker_set', 'nrm_referral') AND happened_at < $as_at::DATE + 1 GROUP BY ALL
        HAVING $since IS NULL OR min(happened_at) >= $since),
    apart AS (
        SELECT child_key, on_day, shown_on, datediff('day', shown_on, on_day) AS days,
            datesub('month', shown_on, on_day) AS months
        FROM recognised LEFT JOIN shown USING (child_key))
    SELECT CASE WHEN coalesce(days <= 0, true) THEN $names[1] WHEN months < 3 THEN $names[2] WHEN months < 6
        THEN $names[3] WHEN months < 12 THEN $names[4] ELSE $names[5] END AS earlier, count(*)::BIGINT AS children
    FROM apart GROUP BY ALL
"""

WAITING: Final = """
    WITH shown AS (SELECT child_key, min(month_end) AS shown_on FROM history WHERE NOT statement GROUP BY ALL
                   HAVING max(month_end) = $as_at)
    SELECT count(*)::BIGINT AS children, count(*) FILTER (datesub('month', shown_on, $as_at::DATE) >= 6)::BIGINT AS long
    FROM shown ANTI JOIN (SELECT child_key FROM events JOIN links USING (record_id)
                          WHERE kind IN ('marker_set', 'nrm_referral')) USING (child_key)
"""


def chances(
    con: duckdb.DuckDBPyConnection, history: pa.Table, *, as_at: date, since: date | None = None
) -> dict[str, Any]:
    """Children whom somebody recognised (a marker set, an NRM referral): how much earlier a run would have proposed.

    `recognised`, and `earlier`: children by how long before their recognition a run at a month's end would first have
    proposed a marker, from what then was known and without what professionals stated. `missed` is how many would have
    been proposed before at all, `share` of the recognised with Wilson limits. `proposed_still` are children proposed
    at `as_at` whom nobody has recognised yet, `six_months` those proposed first six months ago or more.
    Children recognised before `since`, the first day that the history can show, are left out.
    A chance missed says that facts lay in several places, not that a person overlooked them.
    """
    con.register("history", history)
    rows = ask(con, CHANCES, {"as_at": as_at, "since": since, "names": list(EARLIER)}).to_pylist()
    (waiting,) = ask(con, WAITING, {"as_at": as_at}).to_pylist()
    con.unregister("history")
    counted = {row["earlier"]: row["children"] for row in rows}
    recognised = sum(counted.values())
    missed = recognised - counted.get(EARLIER[0], 0)
    low, high = share_limits(missed, recognised)
    return {
        "recognised": recognised, "missed": missed, "share": missed / recognised if recognised else None,
        "low": float(low) if recognised else None, "high": float(high) if recognised else None,
        "earlier": [{"earlier": name, "children": counted.get(name, 0)} for name in EARLIER],
        "proposed_still": waiting["children"], "six_months": waiting["long"],
    }  # fmt: skip


AGAIN: Final = """
    WITH days AS (SELECT DISTINCT child_key, kind, happened_at::DATE AS on_day
                  FROM events JOIN links USING (record_id)
                  WHERE kind IN ('referral', 'nrm_referral') AND happened_at < $as_at::DATE + 1),
    told AS (SELECT *, lag(on_day) OVER (PARTITION BY child_key, kind ORDER BY on_day) AS before FROM days),
    kept AS (SELECT *, year(on_day) - (month(on_day) < 4)::INT AS y, coalesce(on_day <= before + INTERVAL 1 YEAR, false)
                AS again FROM told WHERE $since IS NULL OR on_day >= $since::DATE + INTERVAL 1 YEAR)
    SELECT kind, format('{}/{:02d}', y, (y + 1) % 100) AS year, count(*)::BIGINT AS referrals,
        count(*) FILTER (again)::BIGINT AS again, count(DISTINCT child_key) FILTER (again)::BIGINT AS children
    FROM kept GROUP BY ALL ORDER BY ALL
"""


def referred_again(con: duckdb.DuckDBPyConnection, *, as_at: date, since: date | None = None) -> list[dict[str, Any]]:
    """Referrals within twelve months of an earlier one of the child, by financial year, of each kind of referral.

    `kind` is referral (to children's services) or nrm_referral; `referrals` on different days, `again` of them,
    `children` so referred again, `share` with Wilson limits. Referrals in the first year after `since`, the start of
    what was sent, are left out: what came before them is not known. The Department for Education counts re-referrals
    in the same way (Children in need: within twelve months of a previous referral to the same authority).
    """
    rows = []
    for row in ask(con, AGAIN, {"as_at": as_at, "since": since}).to_pylist():
        low, high = share_limits(row["again"], row["referrals"])
        rows.append({**row, "share": row["again"] / row["referrals"], "low": float(low), "high": float(high)})
    return rows
