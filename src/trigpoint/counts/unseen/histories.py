"""Capture histories: how many cases stand on each combination of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from trigpoint.counts.unseen.columns import as_table, count_column, counts_of, list_bits
from trigpoint.counts.unseen.loglinear.lattice import Floats, Ints, over_supersets
from trigpoint.errors import CountsError

MOST_LISTS = 15


@dataclass(frozen=True, eq=False)
class Histories:
    """Cases by history: `counts[h]` cases stand on just those lists whose bits are set in h; `counts[0]` is nought,
    since nobody can be counted who is on no list. Of up to fifteen lists, named in the order of their bits."""

    lists: tuple[str, ...]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, frame: Any, *, count: str | None = None, lists: Sequence[str] | None = None) -> Histories:
        """From a data frame: a column of 0 and 1 for each list and, mostly, a column with the number of cases.

        `frame` is an Arrow table, a pandas or Polars frame or a dictionary of columns. `count` names the column with
        the number of cases; without it, that is a column called n, count, freq, frequency, cases or number, or a last
        column that holds more than 0 and 1; without one, each row is a case. `lists` names the lists among the
        columns, all others if not said. Rows with the same history are added up; histories not there have no case.
        Raises CountsError, saying which row and column.
        """
        table = as_table(frame)
        counted = count_column(table, count)
        names = list(lists) if lists is not None else [name for name in table.column_names if name != counted]
        _check_names(names, table)
        bits = list_bits(table, names)
        return cls._added(names, bits, counts_of(table, counted))

    @classmethod
    def from_array(cls, matrix: Any, *, counts: Any = None, lists: Sequence[str] | None = None) -> Histories:
        """From an array (rows, lists) of 0 and 1, and the number of cases of each row (one each, if not said)."""
        array = np.asarray(matrix)
        if array.ndim != 2:
            raise CountsError("Histories are an array with a row a history and a column a list.")
        names = list(lists) if lists is not None else [f"list {j + 1}" for j in range(array.shape[1])]
        if len(names) != array.shape[1]:
            raise CountsError(f"There are {array.shape[1]} columns and {len(names)} names of lists.")
        columns: dict[str, Any] = {name: array[:, j] for j, name in enumerate(names)}
        if counts is None:
            return cls.of(columns, lists=names)
        return cls.of({**columns, "number of cases": np.asarray(counts)}, count="number of cases")

    @classmethod
    def from_members(cls, members: Mapping[str, Sequence[object]]) -> Histories:
        """From the keys of the cases on each list; keys are compared and forgotten."""
        names = list(members)
        _check_names(names, None)
        held: dict[object, int] = {}
        for j, keys in enumerate(members.values()):
            for key in keys:
                held[key] = held.get(key, 0) | 1 << j
        bits = np.fromiter(held.values(), dtype=np.int64, count=len(held))
        return cls._added(names, bits, np.ones(len(bits), dtype=np.int64))

    @classmethod
    def _added(cls, names: Sequence[str], bits: Ints, counts: Ints) -> Histories:
        added = np.zeros(1 << len(names), dtype=np.int64)
        np.add.at(added, bits, counts)
        if added[0]:
            raise CountsError(
                f"{added[0]:,} cases are on no list at all.",
                mend="Leave out rows of 0 alone: how many are on no list is what is to be estimated.",
            )
        return cls(tuple(names), added)

    @property
    def table(self) -> Floats:
        """The counts as the fitting routines take them."""
        return self.counts.astype(float)

    @property
    def seen(self) -> int:
        """Cases on one list or more."""
        return int(self.counts.sum())

    @property
    def on_several(self) -> int:
        """Cases on two lists or more."""
        held = np.bitwise_count(np.arange(len(self.counts)))
        return int(self.counts[held > 1].sum())

    @property
    def overlaps(self) -> Ints:
        """Cases on both of every two lists (lists, lists); on the diagonal the cases of each list."""
        places = 1 << np.arange(len(self.lists))
        summed = over_supersets(self.table[None, :])[0]
        return np.asarray(summed[places[:, None] | places[None, :]].round().astype(np.int64))

    def frame(self) -> pa.Table:
        """The histories with cases: a column of 0 and 1 for each list, then `cases`, the commonest first."""
        rows = np.flatnonzero(self.counts)
        rows = rows[np.argsort(-self.counts[rows], kind="stable")]
        columns = {name: (rows >> j & 1).astype(np.int8) for j, name in enumerate(self.lists)}
        return pa.table({**columns, "cases": self.counts[rows]})

    def without(self, name: str) -> Histories:
        """The same without one list; cases on that list alone go."""
        return self._moved([j for j, one in enumerate(self.lists) if one != name])

    def among(self, name: str) -> tuple[Histories, int]:
        """Only the cases of one list, by the other lists; and how many of them are on no other list."""
        at = self.lists.index(name)
        inside = Histories(self.lists, np.where(np.arange(len(self.counts)) >> at & 1, self.counts, 0))
        return inside.without(name), int(self.counts[1 << at])

    def merged(self, names: Sequence[str]) -> Histories:
        """The same with some lists taken for one, which stands where the first of them stood."""
        at = [self.lists.index(name) for name in names]
        mask = sum(1 << j for j in at)
        histories = np.arange(len(self.counts))
        union = np.where(histories & mask, histories | 1 << at[0], histories)
        kept = [j for j in range(len(self.lists)) if j not in at[1:]]
        bits = sum(((union >> j & 1) << place) for place, j in enumerate(kept))
        labels = tuple(" or ".join(names) if j == at[0] else self.lists[j] for j in kept)
        added = np.zeros(1 << len(kept), dtype=np.int64)
        np.add.at(added, bits, self.counts)
        return Histories(labels, added)

    def _moved(self, kept: Sequence[int]) -> Histories:
        histories = np.arange(len(self.counts))
        bits = np.zeros(len(self.counts), dtype=np.int64)
        for place, j in enumerate(kept):
            bits |= (histories >> j & 1) << place
        added = np.zeros(1 << len(kept), dtype=np.int64)
        np.add.at(added, bits, self.counts)
        added[0] = 0
        return Histories(tuple(self.lists[j] for j in kept), added)


def _check_names(names: Sequence[str], table: pa.Table | None) -> None:
    if not names:
        raise CountsError("There is no column of a list.", mend="Give a column of 0 and 1 for each list.")
    if table is not None and (missing := [name for name in names if name not in table.column_names]):
        raise CountsError(f"There is no column '{missing[0]}'.", mend=f"There are: {', '.join(table.column_names)}.")
    if len(set(names)) < len(names):
        raise CountsError("Two lists have the same name.", mend="Name each list once.")
    if len(names) > MOST_LISTS:
        raise CountsError(
            f"There are {len(names)} lists; at most {MOST_LISTS} can be dealt with.",
            mend="Merge lists that see the same children in the same way.",
        )
