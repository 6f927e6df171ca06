"""Invented places: sectors of postcodes with a point and an area, streets, schools, and the gazetteer file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml

from trigpoint.synthetic.columns import Objects, Whole, only_where

DATA: Final = Path(__file__).parent.parent / "data"
UNITS: Final = 400
_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that end a postcode
_SECTORS: Final = 9


@dataclass(frozen=True)
class Sector:
    """A sector of postcodes ("RV1 2"), its point, its area's code (or elsewhere) and its town."""

    key: str
    easting: int
    northing: int
    area: str
    town: str


class Places:
    """All sectors. A place is a whole number: sector times UNITS plus the unit in it; -1 is no place."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.sectors = [*_area_sectors(data["areas"]), *_town_sectors(data["towns"])]
        self.areas = [str(a["code"]) for a in data["areas"]]
        self.area_names = {str(a["code"]): str(a["name"]) for a in data["areas"]}
        self.towns = [str(t["name"]) for t in data["towns"]]
        self._keys = np.array([s.key for s in self.sectors] + [""], dtype=object)
        self._towns = np.array([s.town for s in self.sectors] + [""], dtype=object)
        self._units = np.array([a + b for a in _LETTERS for b in _LETTERS], dtype=object)
        self.streets = [
            f"{name} {kind}" for name in data["streets"].split() for kind in data["kinds_of_street"].split()
        ]
        self.schools: dict[str, list[str]] = data["schools"]
        self.of_area = [np.array([i for i, s in enumerate(self.sectors) if s.area == a]) for a in self.areas]
        self.of_town = [np.array([i for i, s in enumerate(self.sectors) if s.town == t]) for t in self.towns]

    def postcodes(self, places: Whole) -> Objects:
        """Postcodes ("RV1 2AB") of places; None for no place."""
        return only_where(places >= 0, self._keys[places // UNITS] + self._units[places % UNITS])

    def town_names(self, places: Whole) -> Objects:
        """The town or area that each place lies in; None for no place."""
        return only_where(places >= 0, self._towns[places // UNITS])

    def homes(self, rng: np.random.Generator, *, area: Whole, children: int) -> Whole:
        """A home in each of `area` (0 or 1). Where few children are asked for, few postcodes are used."""
        units = int(np.clip(children // 60, 4, UNITS))
        sector = np.zeros(len(area), dtype=np.int64)
        for i, sectors in enumerate(self.of_area):
            at = area == i
            sector[at] = rng.choice(sectors, at.sum())
        return sector * UNITS + rng.integers(0, units, len(area)) * 7 % UNITS

    def in_town(self, rng: np.random.Generator, town: Whole) -> Whole:
        """A place in each of `town` (index of the far towns)."""
        per = np.array([len(s) for s in self.of_town])
        first = np.array([s[0] for s in self.of_town])
        sector = first[town] + rng.integers(0, 1 << 30, len(town)) % per[town]
        made: Whole = sector * UNITS + rng.integers(0, 12, len(town))
        return made

    def write(self, path: Path) -> None:
        """Write the partnership's gazetteer, places.csv: sectors, and the towns by name."""
        seen: set[str] = set()
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["postcode", "name", "easting", "northing", "area"])
            for s in self.sectors:
                out.writerow([s.key, "", s.easting, s.northing, s.area])
            for s in self.sectors:
                if s.town not in seen:
                    out.writerow(["", s.town, s.easting, s.northing, s.area])
                    seen.add(s.town)


def _area_sectors(areas: list[dict[str, Any]]) -> list[Sector]:
    """Districts stand in a ring around the middle, sectors in a ring around their district."""
    made = []
    for area in areas:
        for district in range(area["districts"]):
            turn = 2 * np.pi * district / area["districts"]
            east, north = (
                area["easting"] + area["spread"] * np.cos(turn),
                area["northing"] + area["spread"] * np.sin(turn),
            )
            for sector in range(1, _SECTORS + 1):
                step = 2 * np.pi * sector / _SECTORS
                made.append(
                    Sector(
                        f"{area['code']}{district + 1} {sector}",
                        round(east + 700 * np.cos(step)),
                        round(north + 700 * np.sin(step)),
                        area["code"],
                        area["name"],
                    )
                )
    return made


def _town_sectors(towns: list[dict[str, Any]]) -> list[Sector]:
    return [
        Sector(f"{t['postcode']}1 {i}", t["easting"] + 400 * i, t["northing"] - 300 * i, "elsewhere", t["name"])
        for t in towns
        for i in range(1, 5)
    ]


@cache
def places() -> Places:
    """The invented places, read once."""
    return Places(yaml.safe_load((DATA / "places.yaml").read_text(encoding="utf-8")))
