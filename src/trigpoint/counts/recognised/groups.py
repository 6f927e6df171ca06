"""Who is missed: how often children are recognised, group by group, beside others in whom the same was seen.

Works set-wise over `children`, `findings`, `proposals`, `events` and `links` of a DuckDB connection. A stratum is a set
of themes: children with findings of the same themes. Findings that say that somebody has recognised the child already
(an NRM referral, a marker, an assessment) are no part of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa

from trigpoint.counts.comparing.intervals import share_limits
from trigpoint.counts.dimensions import FIXED_VALUES, NOT_KNOWN, age_band, ask, care, ethnic_group, sex
from trigpoint.counts.recognised.stratified import Ratio, recognised_ratio

BY: Final = ("age", "sex", "ethnic group", "disability", "care", "area")
DISABILITY: Final = ("disabled", "not disabled", NOT_KNOWN)
RECOGNISED: Final = {
    "proposed": "with a proposed marker",
    "marked": "with a marker that an agency or casework set",
    "referred": "referred to the NRM",
}

CHILDREN: Final = """
    WITH seen AS (
        SELECT child_key, min(from_on) AS first_on, list_sort(list(DISTINCT theme)) AS themes
        FROM findings JOIN theme_of USING (indicator)
        WHERE NOT list_contains($statements::VARCHAR[], indicator) AND ($as_at IS NULL OR from_on <= $as_at)
        GROUP BY child_key),
    told AS (
        SELECT child_key, bool_or(kind = 'marker_set') AS marked, bool_or(kind = 'nrm_referral') AS referred
        FROM events JOIN links USING (record_id)
        WHERE kind IN ('marker_set', 'nrm_referral') AND ($as_at IS NULL OR happened_at < $as_at::DATE + 1)
        GROUP BY child_key)
    SELECT child_key, dense_rank() OVER (ORDER BY array_to_string(themes, ' ')) - 1 AS stratum,
        {age} AS age, {sex} AS sex, {ethnic} AS "ethnic group", {disability} AS disability, {care} AS care,
        coalesce(area, '{not_known}') AS area,
        child_key IN (SELECT child_key FROM proposals) AS proposed,
        coalesce(marked, false) AS marked, coalesce(referred, false) AS referred
    FROM seen JOIN children USING (child_key) LEFT JOIN told USING (child_key) ORDER BY child_key
"""


def children_with_findings(
    con: duckdb.DuckDBPyConnection,
    *,
    themes: pa.Table,
    statements: Collection[str] = (),
    as_at: date | None = None,
) -> pa.Table:
    """One row for each child with a finding: stratum, the values of BY (age when first so seen), and RECOGNISED.

    `themes` has the columns indicator and theme; `statements` are the indicators that say that the child has been
    recognised, and do not count as findings here.
    """
    con.register("theme_of", themes)
    try:
        return ask(
            con,
            CHILDREN.format(
                age=age_band("birth_on", "first_on"), sex=sex("sex"), ethnic=ethnic_group("ethnicity"),
                care=care("in_care"), not_known=NOT_KNOWN,
                disability=f"CASE WHEN disability IS NULL THEN '{NOT_KNOWN}' WHEN disability = 'NONE' "
                f"THEN '{DISABILITY[1]}' ELSE '{DISABILITY[0]}' END",
            ),
            {"statements": sorted(statements), "as_at": as_at},
        )  # fmt: skip
    finally:
        con.unregister("theme_of")


def recognition(children: pa.Table) -> list[dict[str, Any]]:
    """How often each group is recognised, from `children_with_findings`, as plain data: a row for each group and way.

    `by` and `group`; `way` (a key of RECOGNISED); `children` with a finding; `recognised` of them, `share` with its
    Wilson limits; and beside others with the same findings `compared`, `observed`, `expected`, `ratio`, `low`, `high`
    and `reading` (see `read`). The ratio is that of `recognised_ratio`.
    """
    stratum = children["stratum"].to_numpy()
    rows = []
    for by in BY:
        values = np.asarray(children[by].to_pylist(), dtype=object)
        for group in _in_order(by, values.tolist()):
            inside = values == group
            for way in RECOGNISED:
                found = np.asarray(children[way].to_pylist(), dtype=np.bool_)
                rows.append(_row(by, group, way=way, inside=inside, found=found, stratum=stratum))
    return rows


def read(one: Ratio) -> str:
    """In one word or two what a ratio says: 'less often', 'more often', 'no clear difference', 'too few to say'."""
    if one.ratio is None or one.low is None:
        return "too few to say"
    if one.high is not None and one.high < 1:
        return "less often"
    return "more often" if one.low > 1 else "no clear difference"


def _row(
    by: str, group: str, *, way: str, inside: np.ndarray, found: np.ndarray, stratum: np.ndarray
) -> dict[str, Any]:
    one = recognised_ratio(inside, found, stratum)
    children, recognised = int(inside.sum()), int((inside & found).sum())
    low, high = share_limits(recognised, children)
    return {
        "by": by, "group": group, "way": way, "children": children, "recognised": recognised,
        "share": recognised / children, "share_low": float(low), "share_high": float(high),
        "compared": one.children, "observed": one.observed, "expected": one.expected,
        "ratio": one.ratio, "low": one.low, "high": one.high, "reading": read(one),
    }  # fmt: skip


def _in_order(by: str, values: list[str]) -> list[str]:
    fixed = DISABILITY if by == "disability" else FIXED_VALUES.get(by, ())
    there = set(values)
    return [*(v for v in fixed if v in there), *sorted(there - set(fixed), key=lambda v: (v == NOT_KNOWN, v))]
