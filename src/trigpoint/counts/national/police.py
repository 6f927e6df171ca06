"""The Home Office's open data tables of police powers: arrests, stop and search (ODS or CSV), children's rows alone.

Layout: one sheet of rows (`open_data` for searches; `OD_5+1` for arrests, which the sheet `OD_18+1` tells again more
finely), with headings such as financial_year, police_force_area, reason_for_search, sex, age_group and
number_of_searches; until 2020 `Financial Year`, `Force Name`, `Age group`, `Arrests`. Rows are summed to force, year
and age, once by reason, once by sex and once by ethnicity: what more they tell is too fine. A sum over a row without
a number is marked as a part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import duckdb
import pyarrow as pa

from trigpoint.counts.national.cells import name, plain, read_cell
from trigpoint.counts.national.figures import Cell, Of, Read, Where
from trigpoint.counts.national.periods import financial_year
from trigpoint.counts.national.sheets import Sheet
from trigpoint.errors import CountsError

PART: Final = "part: some rows of the sum hold no number"
CHILDREN: Final = {"10_17": "10-17", "10_17_years": "10-17", "under_10": "under 10", "under_10_years": "under 10"}
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "year": ("financial_year",),
    "force": ("police_force_area", "force_name", "police_force"),
    "code": ("geocode", "pfa_geocode", "police_force_area_code", "police_force_area_geocode", "force_geocode"),
    "age": ("age_group",),
    "sex": ("sex", "gender"),
    "ethnicity": (
        "self_defined_ethnicity_group", "ethnic_group_self_defined", "ethnic_group_self_defined_new_style",
    ),
    "category": ("reason_for_search", "reason_for_search_arrest", "reason_for_arrest_offence_group",
                 "offence_group", "reason_for_arrest"),
    "number": ("number_of_searches", "searches", "number_of_arrests", "arrests"),
}  # fmt: skip
NEEDED: Final = ("year", "force", "age", "number")
BY: Final = ("category", "sex", "ethnicity")


@dataclass(frozen=True)
class _Layout:
    """The row of the headings, and the column of each thing that is known of a row."""

    heading: int
    at: dict[str, int]
    series: Literal["arrests", "searches"]


def find_police(sheets: Sequence[Sheet]) -> Sheet | None:
    """The sheet to read: that by five ethnic groups where a file tells the same rows twice; None without one."""
    found = [sheet for sheet in sheets if _layout(sheet)]
    return min(found, key=lambda sheet: "18+1" in sheet.name, default=None)


def read_police(sheet: Sheet) -> Read:
    """Sums for children of each force and year. Raises CountsError with row and column."""
    layout = _layout(sheet)
    assert layout is not None  # noqa: S101  only a sheet of find_police comes here
    rows, places = _rows(sheet, layout)
    if not len(rows):
        raise CountsError(
            "No row of the table is of children.", where=sheet.file,
            mend="Rows of the age groups 'Under 10' and '10-17' are read; give a file with them.",
        )  # fmt: skip
    by = [part for part in BY if part in layout.at]
    cells = [cell for part in (None, *by) for cell in _sums(rows, places, layout=layout, part=part)]
    left_out = [part for part in BY if part not in layout.at]
    remarks = [f"The file does not part them by {', '.join(left_out)}."] if left_out else []
    return Read(layout.series, cells, [f"{layout.series} ({sheet.file} {sheet.name})".strip()], [], remarks)


def _layout(sheet: Sheet) -> _Layout | None:
    for at, row in enumerate(sheet.rows[:12]):
        heads = [name(cell) for cell in row]
        known = {part: heads.index(word) for part, words in WORDS.items() for word in words if word in heads}
        if all(part in known for part in NEEDED):
            series: Literal["arrests", "searches"] = "arrests" if "arrest" in heads[known["number"]] else "searches"
            return _Layout(at, known, series)
    return None


def _rows(sheet: Sheet, layout: _Layout) -> tuple[pa.Table, dict[str, str]]:
    """The rows of children as columns of text, value and missing; and where each force and year first stands."""
    at = layout.at
    kept: dict[str, list[object]] = {part: [] for part in (*at, "value", "missing")}
    places: dict[str, str] = {}
    for i in range(layout.heading + 1, len(sheet.rows)):
        row = sheet.rows[i]
        age = CHILDREN.get(name(row[at["age"]])) if at["age"] < len(row) else None
        if age is None:
            continue
        found = read_cell(row[at["number"]] if at["number"] < len(row) else None)
        if found is None:
            raise sheet.fault("The cell holds neither a number nor a mark that is known.", row=i, column=at["number"],
                              mend="Put the number there, or the mark that the publisher uses.")  # fmt: skip
        said = {part: plain(row[column]) for part, column in at.items()} | {"age": age}
        said["year"] = _year(sheet, i, column=at["year"], text=said["year"])
        for part, text in said.items():
            kept[part].append(text)
        kept["value"].append(found[0])
        kept["missing"].append(found[0] is None)
        places.setdefault(f"{said['year']} {said['force']}", sheet.place(i, at["number"]))
    table = pa.table({part: kept[part] for part in at} | {"value": pa.array(kept["value"], pa.float64()),
                                                         "missing": pa.array(kept["missing"], pa.bool_())})  # fmt: skip
    return table, places


def _year(sheet: Sheet, row: int, *, column: int, text: str) -> str:
    found = re.fullmatch(r"(?P<year>20\d\d)[/-](?:20)?\d\d", text)
    if found is None:
        raise sheet.fault(f"The financial year '{text[:20]}' cannot be read.", row=row, column=column,
                          mend="A financial year is written 2024/25.")  # fmt: skip
    return found["year"]


def _sums(rows: pa.Table, places: dict[str, str], *, layout: _Layout, part: str | None) -> list[Cell]:
    code = "any_value(code)" if "code" in layout.at else "NULL"
    by = f', "{part}"' if part else ""
    with duckdb.connect() as con:
        con.register("rows", rows)
        found = con.execute(
            f"""SELECT year, force, age{by}, {code} AS area_code, sum(value) AS total, bool_or(missing) AS missing
            FROM rows GROUP BY year, force, age{by} ORDER BY ALL"""
        ).fetchall()
    cells = []
    for year, force, age, *said, area_code, total, missing in found:
        of = Of(layout.series, age=age, **({part: said[0] or "not stated"} if part else {}))
        coded = area_code if area_code and re.fullmatch(r"[A-Z]\d{8}", area_code) else None
        where = Where(coded, force, "police force area")
        place = f"{places[f'{year} {force}']} and on, summed"
        cells.append(Cell(of, where, financial_year(int(year)), total, PART if missing else None, place))
    return cells
