"""A partnership's own gazetteer: a short places.csv with postcodes, parts of postcodes and names of places."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from trigpoint.errors import SettingsError

ELSEWHERE: Final = "elsewhere"
_POSTCODE: Final = re.compile(r"([A-Z]{1,2})([0-9][0-9A-Z]?)?(?: ?([0-9])([A-Z]{2})?)?")
_FULL: Final = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})")
_SPELLINGS: Final = {
    "postcode": ("postcode", "pcds"),
    "name": ("name", "place", "town"),
    "easting": ("easting",),
    "northing": ("northing",),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lon"),
    "area": ("area",),
}
_PRECISION: Final = {1: "postcode area", 2: "district", 3: "sector", 4: "postcode"}


@dataclass(frozen=True)
class Place:
    """One key of the gazetteer with its point (metres, EPSG:27700), its area and how exact the point is."""

    key: str
    easting: int | None
    northing: int | None
    area: str | None
    precision: str


def parts(postcode: str) -> tuple[str, ...]:
    """A postcode or part of one, and every larger part around it: ("RV1 2AB", "RV1 2", "RV1", "RV").

    Empty for a text that is none. "RV12" is a district; a sector is written with its space ("RV1 2").
    """
    text = " ".join(postcode.upper().split())
    full = _FULL.fullmatch(text)
    found = _POSTCODE.fullmatch(f"{full[1]} {full[2]}" if full else text)
    if not found:
        return ()
    letters, district, sector, unit = found.groups()
    made = [letters]
    if district:
        made.append(letters + district)
        if sector:
            made.append(f"{letters}{district} {sector}")
            if unit:
                made.append(f"{letters}{district} {sector}{unit}")
    return tuple(reversed(made))


def to_grid(points: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Latitudes and longitudes (WGS84 degrees) as whole metres on the British National Grid."""
    if not points:
        return []
    east, north = _transformer().transform([p[1] for p in points], [p[0] for p in points])
    return [(round(e), round(n)) for e, n in zip(east, north, strict=True)]


@cache
def _transformer() -> Any:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)


def read_own_places(path: Path, *, codes: set[str]) -> list[Place]:
    """Read `path`: columns postcode or name, easting and northing or latitude and longitude, and area if known.

    `codes` are the partnership's areas. Sectors, districts and postcode areas that are not listed get the middle of
    their postcodes. Raises SettingsError with the line of what is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            listed = list(_rows(csv.reader(file), path.name, codes))
    except UnicodeDecodeError:
        raise _fault(path.name, "is not UTF-8 text", "Save it as CSV in UTF-8.") from None
    except FileNotFoundError:
        raise SettingsError(f"There is no file {path.name}.", where=str(path.parent)) from None
    known = {place.key for place in listed}
    return [*(p for p in _around(listed) if p.key not in known), *listed]


def _rows(lines: Any, file: str, codes: set[str]) -> Iterator[Place]:
    header = next(lines, None) or []
    at = _columns(header, file)
    for cells in lines:
        if not any(cells) or cells[0].startswith("#"):
            continue
        cell = {name: cells[i].strip() if i < len(cells) else "" for name, i in at.items()}
        spot = f"{file}, line {lines.line_num}"
        yield _place(cell, point=_point(cell, spot), area=_area(cell, codes, spot=spot), spot=spot)


def _columns(header: list[str], file: str) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    at = {
        meant: next(names.index(s) for s in spellings if s in names)
        for meant, spellings in _SPELLINGS.items()
        if any(s in names for s in spellings)
    }
    if not ({"postcode", "name"} & at.keys()):
        raise _fault(file, "has neither a column 'postcode' nor 'name'", "Add one of them to the first line.")
    if not ({"easting", "northing"} <= at.keys() or {"latitude", "longitude"} <= at.keys()):
        raise _fault(
            file, "has no columns for the point", "Add 'easting' and 'northing', or 'latitude' and 'longitude'."
        )
    return at


def _point(cell: dict[str, str], spot: str) -> tuple[int, int] | None:
    east, north = cell.get("easting"), cell.get("northing")
    lat, lon = cell.get("latitude"), cell.get("longitude")
    try:
        if east and north:
            return round(float(east)), round(float(north))
        if lat and lon:
            return to_grid([(float(lat), float(lon))])[0]
    except (ValueError, OverflowError):
        raise _fault(spot, "has a point that is not a number", "Write metres or degrees as plain numbers.") from None
    return None


def _area(cell: dict[str, str], codes: set[str], *, spot: str) -> str | None:
    written = cell.get("area", "")
    if not written or written in codes or written == ELSEWHERE:
        return written or None
    raise _fault(
        spot, f"names an area '{written}' that partnership.toml has not", "Use an area's code, or 'elsewhere'."
    )


def _place(cell: dict[str, str], *, point: tuple[int, int] | None, area: str | None, spot: str) -> Place:
    if point is None:
        raise _fault(spot, "has no point", "Fill easting and northing, or latitude and longitude.")
    if cell.get("postcode"):
        keys = parts(cell["postcode"])
        if not keys:
            raise _fault(spot, "has a postcode that cannot be one", "Write it like 'RV1 2AB', 'RV1 2' or 'RV'.")
        return Place(keys[0], *point, area, _PRECISION[len(keys)])
    name = " ".join(cell.get("name", "").lower().split())
    if not name:
        raise _fault(spot, "has neither a postcode nor a name", "Fill one of them.")
    return Place(f"NAME:{name}", *point, area, "place")


def _around(listed: Iterable[Place]) -> Iterator[Place]:
    """The parts around the listed postcodes, each in the middle of them; with an area where they share one."""
    held: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    areas: dict[str, set[str | None]] = defaultdict(set)
    for place in listed:
        for part in parts(place.key)[1:] if place.easting is not None else ():
            sums = held[part]
            sums[0], sums[1], sums[2] = sums[0] + 1, sums[1] + (place.easting or 0), sums[2] + (place.northing or 0)
            areas[part].add(place.area)
    for part, (count, east, north) in held.items():
        area = next(iter(areas[part])) if len(areas[part]) == 1 else None
        yield Place(part, round(east / count), round(north / count), area, _PRECISION[len(parts(part))])


def _fault(where: str, what: str, mend: str) -> SettingsError:
    return SettingsError(f"The gazetteer {what}.", where=where, mend=mend)
