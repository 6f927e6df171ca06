"""What the files of a release are drawn from: only what may be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

BY: Final = ("row", "column", "layer")
TOTAL: Final = "total"
WHY: Final = {
    "hidden": "hidden",
    "withheld": "withheld",
    "rounded": "rounded",
}


@dataclass(frozen=True)
class Cell:
    """One number or symbol: its values along the table's dimensions, as shown, and why it is not the count."""

    at: tuple[str, ...]
    shown: str
    why: str


@dataclass(frozen=True)
class ReleasedTable:
    """A table fit to leave: its file name, title, dimensions in words, cells in order, and what was done to it."""

    name: str
    title: str
    counts: str
    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    done: str

    def values(self, axis: int) -> list[str]:
        """The values along one dimension, in the order of the table."""
        return list(dict.fromkeys(cell.at[axis] for cell in self.cells))

    def shown(self) -> dict[tuple[str, ...], Cell]:
        """The cells by where they stand."""
        return {cell.at: cell for cell in self.cells}


@dataclass(frozen=True)
class ReleaseData:
    """A release in words and published numbers.

    `note` and `loss` say what was done and what it cost; `compared` names the earlier releases, `changes` says in
    sentences what is shown now and was not then, and the other way; `quality` holds (what, how much) pairs of the run.
    """

    name: str
    title: str
    partnership: str
    invented: bool
    from_on: date
    as_at: date
    contact: str
    note: str
    loss: str
    rule: Sequence[str]
    symbols: Mapping[str, str]
    tables: Sequence[ReleasedTable]
    compared: Sequence[str]
    changes: Sequence[str]
    quality: Sequence[tuple[str, str]]
    caveats: Sequence[str]
    versions: Mapping[str, str]
