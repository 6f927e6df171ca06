"""How many children live in each area: a partnership's own file, for there is no rate without one.

`populations.csv` has the columns area, year, children and source. An area is one of the partnership's, or a
postcode area, district or sector (RV, RV1, RV1 2) for small areas. Children are all under eighteen, and the source
says where the number is from: the mid-year estimates of the Office for National Statistics are the usual one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from trigpoint.errors import CountsError, nearest

COLUMNS: Final = ("area", "year", "children", "source")
POSTCODE: Final = re.compile(r"^[A-Z]{1,2}([0-9][0-9A-Z]?( [0-9])?)?$")
MOST: Final = 3_000_000


@dataclass(frozen=True)
class Population:
    """The children under eighteen of one area in one year, and who says so. `small` is part of a postcode."""

    area: str
    year: int
    children: int
    source: str
    small: bool


def read_populations(path: Path, *, areas: Collection[str]) -> list[Population]:
    """Read and check a file of populations; `areas` are the codes of the partnership's own areas.

    Raises CountsError with the line, what cannot be right in it and how to mend it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise CountsError(
            "The file of populations cannot be read.", where=str(path), mend="Give a CSV file in UTF-8."
        ) from fault
    rows = list(_rows(text, path))
    if not rows:
        raise CountsError("The file of populations has no rows.", where=str(path), mend="Add a row for each area.")
    read = [_population(row, areas=areas, where=f"{path}, line {line}") for line, row in rows]
    seen: dict[tuple[str, int], int] = {}
    for (line, _), one in zip(rows, read, strict=True):
        if (first := seen.setdefault((one.area, one.year), line)) != line:
            raise CountsError(
                f"'{one.area}' stands twice for {one.year}, first in line {first}.",
                where=f"{path}, line {line}",
                mend="Leave one of the two.",
            )
    return read


def of_year(populations: Collection[Population], year: int) -> dict[str, Population]:
    """For each area the population of `year`, else of the nearest year, the later of two as near."""
    best: dict[str, Population] = {}
    for one in sorted(populations, key=lambda one: (abs(one.year - year), -one.year)):
        best.setdefault(one.area, one)
    return best


def _rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise CountsError(
            f"The file of populations lacks the column {' and '.join(missing)}.",
            where=f"{path}, line 1",
            mend=f"Its columns are: {', '.join(COLUMNS)}.",
        )
    for row in reader:
        yield reader.line_num, {name: (row[name] or "").strip() for name in COLUMNS}


def _population(row: dict[str, str], *, areas: Collection[str], where: str) -> Population:
    area = row["area"]
    small = area not in areas
    if small and not POSTCODE.match(area):
        near = nearest(area, list(areas))
        raise CountsError(
            f"'{area}' is neither an area of this partnership nor a part of a postcode.",
            where=where,
            mend=f"Did you mean '{near}'?" if near else f"Areas are {', '.join(areas)}; parts look like RV1 or RV1 2.",
        )
    if not row["source"]:
        raise CountsError("A population needs its source.", where=where, mend="Say in `source` who published it.")
    return Population(
        area,
        _whole(row["year"], what="year", between=(1990, 2100), where=where),
        _whole(row["children"], what="children", between=(1, MOST), where=where),
        row["source"],
        small,
    )


def _whole(text: str, *, what: str, between: tuple[int, int], where: str) -> int:
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdecimal() and between[0] <= int(plain) <= between[1]):
        raise CountsError(
            f"`{what}` cannot be '{text[:20]}'.",
            where=where,
            mend=f"Give a whole number from {between[0]} to {between[1]}.",
        )
    return int(plain)
