"""What children are counted by, and the shape of a counted table."""

from __future__ import annotations

from typing import Any, Final, cast

import duckdb
import pyarrow as pa

FRAME: Final = pa.schema(
    [
        ("table", pa.string()),
        ("counts", pa.string()),
        ("row", pa.string()),
        ("row_value", pa.string()),
        ("column", pa.string()),
        ("column_value", pa.string()),
        ("layer", pa.string()),
        ("layer_value", pa.string()),
        ("count", pa.int64()),
    ]
)
"""A counted table, one row a cell: the table's name, what it counts, the dimension and value of its row, of its
column and of its layer (both null where the table has none), and the count. Totals are rows of their own, with the
value TOTAL."""
AXES: Final = ("row", "column", "layer")

TOTAL: Final = "total"
NOT_KNOWN: Final = "not known"

AGE_BANDS: Final = ("under 10", "10-12", "13-15", "16-17", "18 and over", NOT_KNOWN)
SEXES: Final = {"F": "girls", "M": "boys"}
CARE: Final = ("looked after", "not looked after", NOT_KNOWN)

# The five broad groups of the 2021 census, from the 18 codes of the school census and of the SSDA903.
ETHNIC_GROUPS: Final = {
    "Asian": ("AIND", "APKN", "ABAN", "AOTH", "CHNE"),
    "Black": ("BCRB", "BAFR", "BOTH"),
    "Mixed": ("MWBC", "MWBA", "MWAS", "MOTH"),
    "Other": ("OOTH", "WARA"),
    "White": ("WBRI", "WIRI", "WIRT", "WROM", "WOTH"),
}

# One child can stand under several values of these, so that their parts need not sum to the total.
OVERLAPPING: Final = frozenset({"form", "indicator", "exploitation type", "source", "agency", "month", "year"})


def whole_years(birth_on: str, on: str) -> str:
    """SQL for the age in whole years at day `on`, null where either is unknown; both are SQL expressions of dates."""
    return f"datediff('year', {birth_on}, {on}) - (strftime({on}, '%m%d') < strftime({birth_on}, '%m%d'))::INT"


def age_band(birth_on: str, on: str) -> str:
    """SQL for the band of `whole_years`; under ten stands apart, as does 18 and over."""
    age = whole_years(birth_on, on)
    bands = zip((10, 13, 16, 18), AGE_BANDS[:4], strict=True)
    cases = " ".join(f"WHEN {age} < {below} THEN '{band}'" for below, band in bands)
    return f"CASE WHEN ({age}) IS NULL THEN '{NOT_KNOWN}' {cases} ELSE '{AGE_BANDS[4]}' END"


def sex(column: str) -> str:
    """SQL for the sex in words."""
    cases = " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in SEXES.items())
    return f"CASE {column} {cases} ELSE '{NOT_KNOWN}' END"


def ethnic_group(column: str) -> str:
    """SQL for the broad ethnic group of a DfE code; refused and not obtained are not known."""
    cases = " ".join(
        f"WHEN {column} IN ({', '.join(repr(code) for code in codes)}) THEN '{group}'"
        for group, codes in ETHNIC_GROUPS.items()
    )
    return f"CASE {cases} ELSE '{NOT_KNOWN}' END"


def care(column: str) -> str:
    """SQL for whether a child is looked after, from a boolean that may be null."""
    return f"CASE WHEN {column} THEN '{CARE[0]}' WHEN NOT {column} THEN '{CARE[1]}' ELSE '{NOT_KNOWN}' END"


FIXED_VALUES: Final[dict[str, tuple[str, ...]]] = {
    "age": AGE_BANDS,
    "sex": (*SEXES.values(), NOT_KNOWN),
    "ethnic group": (*ETHNIC_GROUPS, NOT_KNOWN),
    "care": CARE,
}
"""The values of the dimensions that are the same everywhere; a nought is counted and shown for each."""


def ask(con: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any]) -> pa.Table:
    """The whole answer to a query as an Arrow table."""
    return cast(pa.Table, con.sql(sql, params=values).to_arrow_table())
