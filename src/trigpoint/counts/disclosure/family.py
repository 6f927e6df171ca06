"""Tables that are published together, as one system of cells and sums.

A cell is what is counted and the values that it stands for; a total is the same cell with a value fewer. So a
margin that stands in several tables is one cell, and is treated alike in all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from trigpoint.counts.dimensions import AXES, FRAME, TOTAL
from trigpoint.errors import CountsError

Hierarchies: TypeAlias = Mapping[str, Mapping[str, str]]
"""By dimension, the group that a value belongs to: {"area": {"Lowford": "South"}}. A group can belong to another."""
FLAT: Final[Hierarchies] = {}

Ints: TypeAlias = npt.NDArray[np.int64]
Key: TypeAlias = tuple[str, frozenset[tuple[str, str]]]
Line: TypeAlias = tuple[tuple[int, ...], int]


@dataclass(frozen=True)
class Family:
    """Linked tables. `values[i]` is the count of cell i, `keys[i]` what it stands for; `places[table]` gives the cell
    of each of its rows; `totals` says which cells are the sum of others.

    What anyone can know of the cells: `equal @ values == 0` (parts and their total) and `most @ values <= 0`
    (parts that overlap: no part exceeds the total, and the total does not exceed their sum).
    """

    values: Ints
    totals: npt.NDArray[np.bool_]
    equal: sparse.csr_matrix
    most: sparse.csr_matrix
    places: dict[str, Ints]
    keys: tuple[Key, ...]


def family(frames: Mapping[str, pa.Table], *, overlapping: Collection[str], hierarchies: Hierarchies = FLAT) -> Family:
    """Bind frames (`dimensions.FRAME`, totals included) into one family.

    `overlapping` names the dimensions in which one child can stand under several values; `hierarchies` which values
    are groups of others. Raises CountsError where a count is negative, a cell has two counts, parts that cannot
    overlap do not make up their total, or a group belongs to itself.
    """
    _check_hierarchies(hierarchies)
    read = {name: _cells(name, frame) for name, frame in frames.items()}
    index = _index(cell.key for cells in read.values() for cell in cells)
    values: dict[int, int] = {}
    totals: set[int] = set()
    places: dict[str, Ints] = {}
    lines: dict[Line, bool] = {}
    for name, cells in read.items():
        at = [_settle(values, index[cell.key], count=cell.count, table=name) for cell in cells]
        places[name] = np.array(at, dtype=np.int64)
        totals |= {place for place, cell in zip(at, cells, strict=True) if cell.total(hierarchies)}
        lines.update(_lines(cells, at=at, overlapping=overlapping, hierarchies=hierarchies))
    counts = np.array([values[cell] for cell in range(len(index))], dtype=np.int64)
    lines = {line: additive or _sums(line, counts) for line, additive in sorted(lines.items())}
    _check(lines, counts)
    equal, most = _matrices(lines, size=len(counts))
    is_total = np.zeros(len(counts), dtype=np.bool_)
    is_total[sorted(totals)] = True
    return Family(counts, is_total, equal, most, places, tuple(index))


@dataclass(frozen=True)
class _Cell:
    """A row of a frame: what it counts, its value in each of its dimensions, and the count."""

    counts: str
    stands_for: Mapping[str, str]
    count: int

    @property
    def key(self) -> Key:
        return self.counts, frozenset(pair for pair in self.stands_for.items() if pair[1] != TOTAL)

    def total(self, hierarchies: Hierarchies) -> bool:
        return any(
            value == TOTAL or value in hierarchies.get(dimension, FLAT).values()
            for dimension, value in self.stands_for.items()
        )


def _cells(name: str, frame: pa.Table) -> list[_Cell]:
    if frame.schema.names != FRAME.names:
        raise CountsError("A table to protect has other columns than expected.", where=f"table {name}")
    return [
        _Cell(
            record["counts"],
            {record[along]: record[f"{along}_value"] for along in AXES if record[along] is not None},
            record["count"],
        )
        for record in frame.to_pylist()
    ]


def _index(keys: Iterable[Key]) -> dict[Key, int]:
    """A number for each cell that does not depend on the order of tables and rows, so that neither does the search."""
    ordered = sorted(set(keys), key=lambda key: (key[0], sorted(key[1])))
    return {key: at for at, key in enumerate(ordered)}


def _settle(values: dict[int, int], cell: int, *, count: int, table: str) -> int:
    if count is None or count < 0:
        raise CountsError("A count is missing or below nought.", where=f"table {table}")
    if values.setdefault(cell, count) != count:
        raise CountsError(
            "Two tables give different counts for the same cell.",
            where=f"table {table}",
            mend="Count both tables in one run, over the same children.",
        )
    return cell


def _lines(
    cells: list[_Cell], *, at: list[int], overlapping: Collection[str], hierarchies: Hierarchies
) -> Iterator[tuple[Line, bool]]:
    """Every line of the table: its parts and their total, and whether the parts must sum to it."""
    for dimension in cells[0].stands_for if cells else ():
        group_of = hierarchies.get(dimension, {})
        lines: dict[frozenset[tuple[str, str]], dict[str, int]] = {}
        for place, cell in zip(at, cells, strict=True):
            others = frozenset(pair for pair in cell.stands_for.items() if pair[0] != dimension)
            lines.setdefault(others, {})[cell.stands_for[dimension]] = place
        for members in lines.values():
            for line in _levels(members, group_of):
                yield line, dimension not in overlapping


def _levels(members: Mapping[str, int], group_of: Mapping[str, str]) -> Iterator[Line]:
    """The lines of one dimension: each group with its parts, the total with what belongs to no group shown."""
    parts: dict[str, list[int]] = {}
    for value, place in members.items():
        if value != TOTAL:
            parts.setdefault(_nearest(value, members, group_of), []).append(place)
    for group, places in parts.items():
        if group in members:
            yield tuple(sorted(places)), members[group]


def _nearest(value: str, members: Mapping[str, int], group_of: Mapping[str, str]) -> str:
    """The nearest group of the value that the table shows, else the total."""
    group = group_of.get(value, TOTAL)
    while group not in members and group != TOTAL:
        group = group_of.get(group, TOTAL)
    return group


def _check_hierarchies(hierarchies: Hierarchies) -> None:
    for dimension, group_of in hierarchies.items():
        for value in group_of:
            seen, at = {value}, group_of.get(value)
            while at is not None:
                if at in seen or TOTAL in (at, value):
                    raise CountsError(
                        f"The groups of '{dimension}' go round in a circle, or name the total.",
                        where=f"hierarchy of {dimension}, '{value}'",
                        mend="Let every value belong to a wider group, and leave the total out.",
                    )
                seen.add(at)
                at = group_of.get(at)


def _sums(line: Line, counts: Ints) -> bool:
    """Whether the parts happen to sum to the total: then the attacker is taken to know that none overlap."""
    return bool(counts[list(line[0])].sum() == counts[line[1]])


def _check(lines: Mapping[Line, bool], counts: Ints) -> None:
    for line, additive in lines.items():
        here, total = counts[list(line[0])], counts[line[1]]
        fits = here.sum() == total if additive else here.max() <= total <= here.sum()
        if not fits:
            raise CountsError("Parts of a table do not make up their total.")


def _matrices(lines: Mapping[Line, bool], *, size: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    equal: list[dict[int, float]] = []
    most: list[dict[int, float]] = []
    for (parts, total), additive in lines.items():
        if additive:
            equal.append({**dict.fromkeys(parts, 1.0), total: -1.0})
        else:
            most.append({**dict.fromkeys(parts, -1.0), total: 1.0})
            most.extend({part: 1.0, total: -1.0} for part in parts)
    return _matrix(equal, size=size), _matrix(most, size=size)


def _matrix(rows: Iterable[Mapping[int, float]], *, size: int) -> sparse.csr_matrix:
    unique = list(dict.fromkeys(tuple(sorted(row.items())) for row in rows))
    triples = [(i, j, value) for i, row in enumerate(unique) for j, value in row]
    i, j, data = zip(*triples, strict=True) if triples else ((), (), ())
    return sparse.csr_matrix((np.array(data, dtype=float), (i, j)), shape=(len(unique), size))
