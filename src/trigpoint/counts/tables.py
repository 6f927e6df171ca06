"""What is known: children, not episodes, by what was seen of them and by who they are.

Works set-wise over the relations `children`, `proposals`, `findings`, `events` and `links` of a DuckDB connection,
in the columns of `records.tables`, holding only what counts as current.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import pyarrow as pa

from trigpoint.counts.dimensions import (
    FIXED_VALUES,
    FRAME,
    NOT_KNOWN,
    TOTAL,
    age_band,
    ask,
    care,
    ethnic_group,
    sex,
)
from trigpoint.counts.proxies import MEASURES, proxies
from trigpoint.counts.recording import recording

DIMENSIONS: Final = ("area", "age", "sex", "ethnic group", "care", "source", "month", "year")


@dataclass(frozen=True)
class Subject:
    """One thing that children are counted by: the prefix of its tables, what is counted, the name of its rows, and
    SQL giving one row (child_key, value, sources, on_day) for each child and each time it was seen."""

    name: str
    counts: str
    row: str
    seen: str


SUBJECTS: Final = (
    Subject(
        "children_by_form",
        "children with a proposed marker",
        "form",
        "SELECT child_key, form AS value, sources, to_on AS on_day FROM proposals",
    ),
    Subject(
        "children_by_indicator",
        "children with a finding",
        "indicator",
        "SELECT child_key, indicator AS value, sources, to_on AS on_day FROM findings",
    ),
    Subject(
        "children_referred_to_nrm",
        "children referred to the NRM",
        "exploitation type",
        f"SELECT child_key, coalesce(exploitation_type, '{NOT_KNOWN}') AS value, [source] AS sources, "
        "happened_at::DATE AS on_day FROM events JOIN links USING (record_id) WHERE kind = 'nrm_referral'",
    ),
)

# For publishing: no small area by age by ethnicity, nothing by form and month at once (domain 11.4, design note).
PUBLISHED_BY: Final = ("area", "age", "sex", "ethnic group", "care", "year")
TO_PUBLISH: Final = tuple(
    f"{subject.name}_and_{dimension.replace(' ', '_')}"
    for subject in (SUBJECTS[0], SUBJECTS[2])
    for dimension in PUBLISHED_BY
)


def known(
    con: duckdb.DuckDBPyConnection, *, since: date | None = None, as_at: date | None = None, apart: Sequence[str] = ()
) -> dict[str, pa.Table]:
    """Every table of what is known, by name.

    Children with a proposed marker by form, with a finding by indicator, and referred to the National Referral
    Mechanism by exploitation type, each by area, age band, sex, broad ethnic group, care status, source, month and
    year (`dimensions.FRAME`, with totals; a total counts each child once, so overlapping parts sum to more). The age
    is that when the child was first so seen; month and year are those of the first time under that value. `since`
    and `as_at` bound the days that count, both inclusive. Also `recording` and `recording_by_agency` (see
    `counts.recording`), and the proxies of Counting Lives, with and without the areas `apart` (see `counts.proxies`).
    """
    tables: dict[str, pa.Table] = {}
    for subject in SUBJECTS:
        materialise(con, subject, since=since, as_at=as_at)
        for dimension in DIMENSIONS:
            name = f"{subject.name}_and_{dimension.replace(' ', '_')}"
            tables[name] = _cross(con, subject, name=name, dimension=dimension)
    con.execute("DROP TABLE IF EXISTS counted; DROP TABLE IF EXISTS counted_source; DROP TABLE IF EXISTS grid")
    tables.update(recording(con, as_at=as_at))
    tables.update(proxies(con, since=since, as_at=as_at, apart=apart))
    return tables


def to_publish(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Those of the tables that are meant to leave, once `protect` has been over them together."""
    names = [name for name in tables if name in TO_PUBLISH or name.startswith(tuple(MEASURES))]
    return {name: tables[name] for name in names if len(tables[name])}


def materialise(con: duckdb.DuckDBPyConnection, subject: Subject, *, since: date | None, as_at: date | None) -> None:
    """Make `counted` (a row for each child and value, with every dimension) and `counted_source` of a subject."""
    within = "($since IS NULL OR on_day >= $since) AND ($as_at IS NULL OR on_day <= $as_at)"
    days = {"since": since, "as_at": as_at}
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE counted AS
        WITH once AS (SELECT child_key, value, min(on_day) AS first_so FROM ({subject.seen}) WHERE {within}
                      GROUP BY ALL),
        first AS (SELECT child_key, min(first_so) AS first_day FROM once GROUP BY ALL)
        SELECT child_key, value,
            coalesce(area, '{NOT_KNOWN}') AS area, {age_band("birth_on", "first_day")} AS age,
            {sex("sex")} AS sex, {ethnic_group("ethnicity")} AS "ethnic group", {care("in_care")} AS care,
            strftime(first_so, '%Y-%m') AS month, strftime(first_so, '%Y') AS year
        FROM once JOIN first USING (child_key) JOIN children USING (child_key)
        """,
        days,
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE counted_source AS
        SELECT DISTINCT child_key, value,
            unnest(CASE WHEN len(seen.sources) > 0 THEN seen.sources ELSE ['{NOT_KNOWN}'] END) AS source
        FROM ({subject.seen}) seen SEMI JOIN children USING (child_key) WHERE {within}
        """,
        days,
    )


def _cross(con: duckdb.DuckDBPyConnection, subject: Subject, *, name: str, dimension: str) -> pa.Table:
    fixed = FIXED_VALUES.get(dimension, ())
    con.execute("CREATE OR REPLACE TEMP TABLE grid (place INT, column_value VARCHAR)")
    con.execute(f'INSERT INTO grid SELECT DISTINCT 0, "{dimension}" FROM {_holder(dimension)} WHERE ?', [not fixed])
    con.executemany("INSERT INTO grid VALUES (?, ?)", [*enumerate(fixed), (len(fixed), TOTAL)])
    counted = ask(
        con,
        f"""
        WITH each AS (SELECT child_key, value, "{dimension}" AS part FROM {_holder(dimension)}),
        cells AS (
            SELECT value AS row_value, part AS column_value, count(*) AS count FROM each GROUP BY ALL
            UNION ALL SELECT value, $total, count(*) FROM counted GROUP BY ALL
            UNION ALL SELECT $total, part, count(*) FROM (SELECT DISTINCT child_key, part FROM each) GROUP BY ALL
            UNION ALL SELECT $total, $total, count(DISTINCT child_key) FROM counted),
        rows_ AS (SELECT DISTINCT value AS row_value FROM counted UNION ALL SELECT $total)
        SELECT $name AS "table", $counts AS counts, $row AS "row", row_value, $column AS "column", column_value,
               NULL AS layer, NULL AS layer_value, coalesce(count, 0)::BIGINT AS count
        FROM rows_ CROSS JOIN grid LEFT JOIN cells USING (row_value, column_value)
        WHERE EXISTS (FROM counted)
        ORDER BY row_value = $total, row_value, place, column_value = $total, column_value
        """,
        {"total": TOTAL, "name": name, "counts": subject.counts, "row": subject.row, "column": dimension},
    )
    return counted.cast(FRAME)


def _holder(dimension: str) -> str:
    return "counted_source" if dimension == "source" else "counted"
