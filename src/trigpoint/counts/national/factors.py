"""The Department for Education's factors identified at the end of assessment, as explore-education-statistics CSV.

Layout: the columns of the department's open data standard (time_period, time_identifier, geographic_level, codes and
names of country, region and local authority), then one column a factor. A long file, with a column
`assessment_factor` and a column of numbers, is read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from trigpoint.counts.national.cells import name, plain, read_cell
from trigpoint.counts.national.figures import ALL, Cell, Of, Read, Where
from trigpoint.counts.national.periods import Period, calendar_year, financial_year
from trigpoint.counts.national.sheets import Sheet

NEEDED: Final = ("time_period", "time_identifier", "geographic_level")
MEASURE: Final = "assessments with this factor"
EVERY: Final = "episodes_with_assessment_factor"
FACTORS: Final = frozenset(
    f"{what}_{who}"
    for what in ("alcohol_misuse", "drug_misuse", "domestic_abuse", "mental_health", "learning_disability",
                 "physical_disability")
    for who in ("child", "parent", "person")
) | {
    "young_carer", "privately_fostered", "unaccompanied_asylum_seeker", "going_missing", "child_sexual_exploitation",
    "trafficking", "gangs", "socially_unacceptable_behaviour", "self_harm", "neglect", "emotional_abuse",
    "physical_abuse_unknown", "physical_abuse_child_on_child", "physical_abuse_adult_on_child",
    "sexual_abuse_unknown", "sexual_abuse_child_on_child", "sexual_abuse_adult_on_child",
    "female_genital_mutilation", "faith_linked_abuse", "child_criminal_exploitation", "other", EVERY,
}  # fmt: skip
LEVELS: Final = {
    "national": ("country_code", "country_name", "country"),
    "regional": ("region_code", "region_name", "region"),
    "local_authority": ("new_la_code", "la_name", "local authority"),
}


def is_factors(sheet: Sheet) -> bool:
    """Whether a file looks like these factors."""
    heads = {name(cell) for cell in sheet.rows[0]} if sheet.rows else set()
    return set(NEEDED) <= heads and bool(heads & {"assessment_factor", "child_criminal_exploitation", "gangs"})


def read_factors(sheet: Sheet) -> Read:
    """Every factor of every area and year. Raises CountsError with row and column."""
    heads = [name(cell) for cell in sheet.rows[0]]
    needed = [*NEEDED, *LEVELS["national"][:2]]
    for column in needed:
        if column not in heads:
            raise sheet.fault(f"The column {column} is missing.", row=0,
                              mend="Download the whole data set, not a table made of it.")  # fmt: skip
    read = _long if "assessment_factor" in heads else _wide
    cells = [cell for at, row in enumerate(sheet.rows[1:], 1) if any(plain(c) for c in row)
             for cell in read(sheet, heads, at)]  # fmt: skip
    return Read("factors", cells, [f"Factors identified at the end of assessment ({sheet.file})"])


def _wide(sheet: Sheet, heads: Sequence[str], at: int) -> Iterator[Cell]:
    said = _said(sheet, heads, at)
    for column, head in enumerate(heads):
        if head in FACTORS:
            yield _cell(sheet, at, column, said=said, factor=ALL if head == EVERY else head.replace("_", " "))


def _long(sheet: Sheet, heads: Sequence[str], at: int) -> Iterator[Cell]:
    said = _said(sheet, heads, at)
    for column, head in enumerate(heads):
        if head in ("number", "number_of_episodes", "episodes", "assessments", "value", "n"):
            yield _cell(sheet, at, column, said=said, factor=said["assessment_factor"])
            return
    raise sheet.fault("No column holds the number of assessments.", row=0,
                      mend="The column of numbers is called number, episodes or assessments.")  # fmt: skip


def _said(sheet: Sheet, heads: Sequence[str], at: int) -> dict[str, str]:
    row = sheet.rows[at]
    if len(row) != len(heads):
        raise sheet.fault(f"The row has {len(row)} cells where the headings are {len(heads)}.", row=at,
                          mend="Download the file again; do not save it from a spreadsheet.")  # fmt: skip
    return dict(zip(heads, (plain(cell) for cell in row), strict=True))


def _cell(sheet: Sheet, at: int, column: int, *, said: dict[str, str], factor: str) -> Cell:
    found = read_cell(sheet.rows[at][column])
    if found is None:
        raise sheet.fault(
            "The cell holds neither a number nor a mark that is known.", row=at, column=column,
            mend="The department prints c, k, x, z, low, u or : where it gives no number.",
        )  # fmt: skip
    return Cell(
        Of(MEASURE, category=factor), _where(sheet, at, said), _when(sheet, at, said), *found, sheet.place(at, column)
    )


def _where(sheet: Sheet, at: int, said: dict[str, str]) -> Where:
    level = name(said["geographic_level"])
    if level not in LEVELS:
        raise sheet.fault(f"The geographic level '{said['geographic_level']}' is not known.", row=at,
                          mend=f"These are read: {', '.join(LEVELS)}.")  # fmt: skip
    code, title, kind = LEVELS[level]
    return Where(said.get(code) or None, said.get(title, ""), kind)


def _when(sheet: Sheet, at: int, said: dict[str, str]) -> Period:
    """`Reporting year 2025` of this census is the year to 31 March 2025; 202425 is the financial year 2024/25."""
    found = re.fullmatch(r"(?P<year>20\d\d)(?P<next>\d\d)?", said["time_period"])
    kind = said["time_identifier"].lower()
    if found and found["next"]:
        return financial_year(int(found["year"]))
    if found and kind == "reporting year":
        return financial_year(int(found["year"]) - 1)
    if found and kind == "calendar year":
        return calendar_year(int(found["year"]))
    raise sheet.fault(
        f"The period '{said['time_period']}' ({said['time_identifier']}) is not known.", row=at,
        mend="These are read: Reporting year 2025, Financial year 202425, Calendar year 2025.",
    )  # fmt: skip
