"""What was published before over nearly the same children, as it bears on what is published now.

Two releases can be subtracted from one another: fourteen children in March and sixteen in April are two children who
came in April. So the cells of the earlier release, with what was told of them then, and the changes since are part of
the system that is attacked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from trigpoint.counts.dimensions import FRAME
from trigpoint.counts.disclosure.family import FLAT, Family, Hierarchies, family
from trigpoint.counts.disclosure.hiding.problem import Flags, Floats, Ints, Range
from trigpoint.counts.disclosure.rule import SYMBOLS
from trigpoint.errors import CountsError

KEPT: Final = pa.schema([*FRAME, ("shown", pa.string()), ("low", pa.float64()), ("high", pa.float64())])
"""A released table as the partnership keeps it, and nobody else: the counts, what was shown, and the least and
greatest count that whoever read the table can have inferred of each (null where there is no such bound)."""


@dataclass(frozen=True)
class Earlier:
    """An earlier release: its name, its tables (KEPT), and whether it was made of exactly the same data."""

    name: str
    tables: Mapping[str, pa.Table]
    same_data: bool = False


@dataclass(frozen=True)
class Before:
    """An earlier release as cells: what was told of each; `now[i]` and `then[i]` are the same cell in both."""

    name: str
    family: Family
    told: Range
    shown: npt.NDArray[np.object_]
    now: Ints
    then: Ints
    same_data: bool

    def hidden(self, width: int) -> Flags:
        """The cells for which a symbol stood and that were not told to within `width`: they must stay so."""
        secret = np.isin(self.shown.astype(str), list(SYMBOLS))  # a rounded total may be the sum of what is shown
        return np.asarray((self.told[1] - self.told[0] >= width) & secret & (self.family.values > 0))

    def change_told(self, change: Floats) -> Range:
        """What is known of the changes: none where the data are the same; where no count fell, that none did."""
        nought, endless = np.zeros(len(change)), np.full(len(change), np.inf)
        if self.same_data and not change.any():
            return nought, nought
        return (nought if (change >= 0).all() else -endless), endless


def join_before(
    now: Family, earlier: Sequence[Earlier], *, overlapping: Collection[str], hierarchies: Hierarchies = FLAT
) -> list[Before]:
    """Each earlier release that shares a cell with the tables of now. Raises CountsError where one is not KEPT."""
    return [one for one in (_before(now, each, overlapping, hierarchies) for each in earlier) if len(one.now)]


def _before(now: Family, one: Earlier, overlapping: Collection[str], hierarchies: Hierarchies) -> Before:
    for name, table in one.tables.items():
        if table.schema.names != KEPT.names:
            raise CountsError("An earlier release is not as it was kept.", where=f"release {one.name}, table {name}")
    frames = {name: table.select(FRAME.names) for name, table in one.tables.items()}
    then = family(frames, overlapping=overlapping, hierarchies=hierarchies)
    at = {key: cell for cell, key in enumerate(then.keys)}
    pairs = [(here, at[key]) for here, key in enumerate(now.keys) if key in at]
    pair = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Before(one.name, then, _told(one, then), _shown(one, then), pair[:, 0], pair[:, 1], one.same_data)


def _shown(one: Earlier, then: Family) -> npt.NDArray[np.object_]:
    """What stood for each cell."""
    shown = np.full(len(then.values), "", dtype=object)
    for name, table in one.tables.items():
        shown[then.places[name]] = table["shown"].to_pylist()
    return shown


def _told(one: Earlier, then: Family) -> Range:
    """What was told of each cell: where it stands in several tables, all of it together."""
    low, high = np.zeros(len(then.values)), np.full(len(then.values), np.inf)
    for name, table in one.tables.items():
        places = then.places[name]
        least = np.nan_to_num(table["low"].to_numpy(zero_copy_only=False).astype(float), nan=0.0)
        most = np.nan_to_num(table["high"].to_numpy(zero_copy_only=False).astype(float), nan=np.inf)
        np.maximum.at(low, places, least)
        np.minimum.at(high, places, most)
    return low, high
