"""The proxies of Counting Lives: what police records can say where nobody counts exploitation itself.

The Children's Society's Counting Lives (2019) took arrests of 10- to 17-year-olds for possession with intent to
supply (PWITS), against those for simple possession, as the nearest proxy for children exploited to sell drugs, gave
its change with and without London, and counted stops and searches for drugs that found weapons. Arrests are counted,
not children, and reflect policing as much as exploitation: a proxy, never a count of exploited children.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import pyarrow as pa

from trigpoint.counts.dimensions import FRAME, NOT_KNOWN, TOTAL, ask, whole_years

AGE_NOT_KNOWN: Final = "age not known"

_PWITS = "kind = 'arrest' AND offence IN ('pwits_class_a', 'pwits_other')"
_SEARCH = "kind = 'stop_search' AND search_object = 'drugs'"

# Which events each proxy counts, and the words of its columns by SQL condition.
MEASURES: Final = {
    "arrests_pwits_and_possession": (
        "arrests of 10 to 17 year olds",
        "offence",
        {
            "PWITS, class A": "kind = 'arrest' AND offence = 'pwits_class_a'",
            "PWITS, other": "kind = 'arrest' AND offence = 'pwits_other'",
            "possession": "kind = 'arrest' AND offence = 'possession'",
        },
    ),
    "drug_searches_and_weapons": (
        "searches of 10 to 17 year olds for drugs",
        "found",
        {
            "weapons": f"{_SEARCH} AND search_found = 'weapons'",
            "drugs": f"{_SEARCH} AND search_found = 'drugs'",
            "other": f"{_SEARCH} AND search_found NOT IN ('weapons', 'drugs', 'nothing')",
            "nothing": f"{_SEARCH} AND search_found = 'nothing'",
            NOT_KNOWN: f"{_SEARCH} AND search_found IS NULL",
        },
    ),
}


def proxies(
    con: duckdb.DuckDBPyConnection, *, since: date | None = None, as_at: date | None = None, apart: Sequence[str] = ()
) -> dict[str, pa.Table]:
    """The proxies, each a `dimensions.FRAME`, in events (arrests, searches), not children.

    `arrests_pwits_and_possession` and `drug_searches_and_weapons` by financial year (April to March, as Counting
    Lives has it); each also `_by_area`, and for each area of `apart` `_with_and_without_<area>`, with that area, all
    others, and both together as its layers. An event of a child whose age is not known stands apart in the column
    `age not known`; an event stands in the area where it happened. Source: Counting Lives, 2019.
    """
    tables: dict[str, pa.Table] = {}
    for name, (counts, column, words) in MEASURES.items():
        _materialise(con, words, since=since, as_at=as_at)
        measure = _Measure(counts, column)
        tables[name] = _frame(con, measure, name=name, row="financial year", apart=None)
        tables[f"{name}_by_area"] = _frame(con, measure, name=f"{name}_by_area", row="area", apart=None)
        for area in apart:
            split = f"{name}_with_and_without_{area}"
            tables[split] = _frame(con, measure, name=split, row="financial year", apart=area)
    con.execute("DROP TABLE IF EXISTS proxy; DROP TABLE IF EXISTS grid")
    return tables


@dataclass(frozen=True)
class _Measure:
    counts: str
    column: str


def _materialise(
    con: duckdb.DuckDBPyConnection, words: dict[str, str], *, since: date | None, as_at: date | None
) -> None:
    cases = " ".join(f"WHEN {condition} THEN '{word}'" for word, condition in words.items())
    year = "year(happened_at) - (month(happened_at) < 4)::INT"
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE proxy AS
        SELECT coalesce(e.area, '{NOT_KNOWN}') AS area, format('{{}}/{{:02d}}', {year}, ({year} + 1) % 100) AS
            "financial year", CASE WHEN birth_on IS NULL THEN '{AGE_NOT_KNOWN}' ELSE word END AS word
        FROM (SELECT *, CASE {cases} END AS word FROM events) e JOIN links USING (record_id)
            JOIN children USING (child_key)
        WHERE word IS NOT NULL AND ($since IS NULL OR happened_at >= $since)
            AND ($as_at IS NULL OR happened_at < $as_at::DATE + 1)
            AND (birth_on IS NULL OR {whole_years("birth_on", "happened_at::DATE")} BETWEEN 10 AND 17)
        """,
        {"since": since, "as_at": as_at},
    )
    con.execute("CREATE OR REPLACE TEMP TABLE grid (place INT, word VARCHAR)")
    con.executemany("INSERT INTO grid VALUES (?, ?)", list(enumerate((*words, AGE_NOT_KNOWN, TOTAL))))


def _frame(con: duckdb.DuckDBPyConnection, measure: _Measure, *, name: str, row: str, apart: str | None) -> pa.Table:
    """Rows by columns, and where an area stands apart, in layers: that area, all without it, and the total."""
    counted = ask(
        con,
        f"""
        WITH kept AS (SELECT "{row}" AS row_value, word, CASE WHEN area = $apart THEN area
                      ELSE 'without ' || $apart END AS layer FROM proxy),
        cells AS (SELECT coalesce(row_value, $total) AS row_value, coalesce(word, $total) AS column_value,
                  CASE WHEN $apart IS NULL THEN NULL ELSE coalesce(layer, $total) END AS layer_value,
                  count(*) AS count FROM kept GROUP BY CUBE (row_value, word, layer)
                  HAVING $apart IS NOT NULL OR grouping(layer) = 1),
        rows_ AS (SELECT DISTINCT row_value FROM kept UNION ALL SELECT $total),
        columns_ AS (SELECT place, word AS column_value FROM grid),
        layers AS (SELECT unnest(CASE WHEN $apart IS NULL THEN [NULL]
                   ELSE [$total, $apart, 'without ' || $apart] END)::VARCHAR AS layer_value)
        SELECT $name AS "table", $counts AS counts, $row AS "row", rows_.row_value, $column AS "column",
               columns_.column_value, CASE WHEN $apart IS NULL THEN NULL ELSE 'area' END AS layer, layers.layer_value,
               coalesce(count, 0)::BIGINT AS count
        FROM rows_ CROSS JOIN columns_ CROSS JOIN layers LEFT JOIN cells ON cells.row_value = rows_.row_value
            AND cells.column_value = columns_.column_value
            AND cells.layer_value IS NOT DISTINCT FROM layers.layer_value
        WHERE EXISTS (FROM kept)
        ORDER BY layers.layer_value = $total, layers.layer_value, rows_.row_value = $total, rows_.row_value,
            columns_.place
        """,
        {
            "total": TOTAL,
            "name": name,
            "counts": measure.counts,
            "row": row,
            "column": measure.column,
            "apart": apart,
        },
    )
    return counted.cast(FRAME)
