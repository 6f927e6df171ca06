"""The truth beside an invented partnership: whose a row is, who is exploited, what was planted. No run reads it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np

from trigpoint.synthetic.clock import DAY, NONE, spelt
from trigpoint.synthetic.files.writing import Piece
from trigpoint.synthetic.life.drawing import World

CLUSTERS: Final = ("source", "file", "row", "child", "readable")
PATTERNS: Final = ("child", "pattern", "form", "first_on", "last_on", "rows", "ought_to_be_seen", "indicators")
CHILDREN: Final = (
    "child", "given_names", "surname", "birth_on", "sex", "ethnicity", "area", "nhs_number", "upn", "family", "twin",
    "in_care", "form", "exploited_from",
)  # fmt: skip


class Truth:
    """The three files of FOLDER/truth, growing chunk by chunk."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._handles = [(folder / f"{name}.csv").open("w", encoding="utf-8", newline="") for name in _FILES]
        self._clusters, self._patterns, self._children = (csv.writer(h, lineterminator="\n") for h in self._handles)
        for writer, header in zip((self._clusters, self._patterns, self._children), _FILES.values(), strict=True):
            writer.writerow(header)

    def add_rows(self, part: Piece, *, source: str, before: int) -> None:
        """Tell whose the rows of a piece are; `before` rows stand above them in the file."""
        file = f"sources/{part.file}"
        told = zip((part.row + before).tolist(), part.child.tolist(), part.readable.tolist(), strict=True)
        self._clusters.writerows((source, file, row, f"T{child:07d}", _said(ok)) for row, child, ok in told)

    def add_chunk(self, children: Iterable[tuple[Any, ...]], patterns: Iterable[tuple[Any, ...]]) -> None:
        """Tell of a chunk's children and of what was planted among them."""
        self._children.writerows(children)
        self._patterns.writerows(patterns)

    def close(self) -> None:
        """Close the files."""
        for handle in self._handles:
            handle.close()


def _said(yes: bool) -> str:
    return "yes" if yes else "no"


_FILES: Final = {"clusters": CLUSTERS, "patterns": PATTERNS, "children": CHILDREN}


def children_rows(world: World) -> list[tuple[Any, ...]]:
    """A line for every child of a chunk."""
    people, cast = world.people, world.cast
    begun = np.where(cast.story >= 0, cast.start, NONE)
    columns = (
        people.ids, people.given, people.surname, spelt(people.born * DAY, "%Y-%m-%d"),
        np.where(people.boy, "M", "F"),
        people.ethnicity, np.where(people.area == 0, "RV", "LF"), people.nhs, people.upn,
        np.array([f"F{n:07d}" for n in people.number[0] + people.family], dtype=object),
        np.where(people.twin, "yes", "no"), np.where(cast.care_from == NONE, "no", "yes"),
        cast.forms(), spelt(begun, "%Y-%m-%d"),
    )  # fmt: skip
    return list(zip(*(c.tolist() for c in columns), strict=True))
