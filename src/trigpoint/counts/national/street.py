"""Stop and search of one force and month from data.police.uk (CSV), counted for children by what was searched for.

Layout (data.police.uk/about): one row a search, with the headings Type, Date, Part of a policing operation, Policing
operation, Latitude, Longitude, Gender, Age range, Self-defined ethnicity, Officer-defined ethnicity, Legislation,
Object of search, Outcome, Outcome linked to object of search, Removal of more than just outer clothing; the file is
called 2024-09-FORCE-stop-and-search.csv. Only counts are kept: no row, no place, no time.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from trigpoint.counts.national.cells import name, plain
from trigpoint.counts.national.figures import ALL, Cell, Of, Read, Where
from trigpoint.counts.national.periods import Period, read_period
from trigpoint.counts.national.sheets import Sheet
from trigpoint.errors import CountsError

NEEDED: Final = ("type", "date", "age_range", "object_of_search", "legislation")
CHILDREN: Final = ("under 10", "10-17")
FILE: Final = re.compile(r"(?P<month>20\d\d-\d\d)-(?P<force>[a-z-]+)-stop-and-search", re.IGNORECASE)


def is_street(sheet: Sheet) -> bool:
    """Whether a file looks like a month of searches."""
    return bool(sheet.rows) and set(NEEDED) <= {name(cell) for cell in sheet.rows[0]}


def read_street(sheet: Sheet, *, period: Period | None = None, area_code: str | None = None) -> Read:
    """Searches of children by object of search. Raises CountsError for rows of another month, or where none is said."""
    month, force = _named(sheet, period)
    at = {head: i for i, head in enumerate(name(cell) for cell in sheet.rows[0])}
    counted: Counter[tuple[str, str]] = Counter()
    for i, row in enumerate(sheet.rows[1:], 1):
        if len(row) < len(at):
            raise sheet.fault("The row is cut short.", row=i, mend="Download the file again.")
        if not plain(row[at["date"]]).startswith(month.name):
            raise sheet.fault(f"The search is not of {month.name}.", row=i, column=at["date"],
                              mend="Give the files of single months, as they are published.")  # fmt: skip
        age = plain(row[at["age_range"]]).lower()
        if age in CHILDREN:
            counted[age, plain(row[at["object_of_search"]]) or "not stated"] += 1
    for age in CHILDREN:
        counted[age, ALL] = sum(number for (of_age, _), number in counted.items() if of_age == age)
    where = Where(area_code, force, "police force area")
    cells = [
        Cell(Of("searches", category=what, age=age), where, month, float(number), None, "counted over the whole file")
        for (age, what), number in sorted(counted.items())
    ]
    return Read("searches_monthly", cells, [f"Stop and search, {force}, {month.name}"])


def _named(sheet: Sheet, period: Period | None) -> tuple[Period, str]:
    found = FILE.search(sheet.file)
    month = period or (read_period(found["month"]) if found else None)
    if month is None or month.kind != "month" or found is None:
        raise CountsError(
            "The file's name does not say of which force and month it is.", where=sheet.file,
            mend="Keep the name under which it is published: 2024-09-avon-and-somerset-stop-and-search.csv.",
        )  # fmt: skip
    return month, found["force"].replace("-", " ").title().replace(" And ", " and ")
