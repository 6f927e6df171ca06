"""The integer programme of secondary suppression: one yes-or-no a cell, the cheapest that meets every cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from trigpoint.counts.disclosure.hiding.attack import Exposed
from trigpoint.counts.disclosure.hiding.problem import TINY, Flags, Floats, Ints, Problem
from trigpoint.counts.disclosure.hiding.solver import Meter, Whole, whole_numbers

AT_ONCE: Final = 40
BRANCHES: Final = 20_000
BRANCH: Final = 200  # what a branch costs at least, for each cell and cut


class Master:
    """What is known so far about which cells have to be hidden together."""

    def __init__(self, problem: Problem, *, must: Flags, may: Flags, meter: Meter) -> None:
        self.problem, self.meter = problem, meter
        self.must, self.may = must, may
        self.cuts: list[tuple[np.ndarray, np.ndarray]] = []
        self.least: list[float] = []
        self._chosen, self._settled = must.copy(), 0

    def add_pairs(self, *, apart: Flags) -> None:
        """On a line whose total is exact, a cell cannot be the only one hidden."""
        lines = self.problem.equal
        for row in range(lines.shape[0]):
            on_line = lines.indices[lines.indptr[row] : lines.indptr[row + 1]]
            usable = on_line[self.may[on_line]]
            if apart[on_line].any() or len(usable) < 2:
                continue
            for cell in usable:
                self._add(usable, np.where(usable == cell, -1.0, 1.0), least=0.0)

    def cut(self, lies_open: Exposed, *, hidden: Flags) -> None:
        """Some of the cells that this one hangs on must be hidden too, or this one not at all."""
        cell = lies_open.cell
        gap = float(self.problem.need[cell]) - (lies_open.high - lies_open.low)
        free = self.may & ~self.must
        gain = np.where(free, np.minimum(lies_open.gain, gap), 0.0)
        if gap <= TINY or not (gain > TINY).any():
            gap, gain = 1.0, (self.may & ~hidden).astype(float)
        if not self.must[cell] and hidden[cell]:
            gain[cell] = -gap
            gap = 0.0
        on = np.flatnonzero(np.abs(gain) > TINY)
        self._add(on, gain[on], least=gap)

    def _add(self, cells: np.ndarray, weights: np.ndarray, *, least: float) -> None:
        self.cuts.append((cells, weights))
        self.least.append(least)

    def solve(self, *, work: int) -> tuple[Flags, bool] | None:
        """A pattern that meets every cut, and whether it is the cheapest; None where none was found within the work.

        Cells that no cut ties together are chosen apart; where no cut came since, the last choice stands.
        """
        free = self.may & ~self.must
        matrix = self._matrix()
        owed = np.array(self.least) - matrix @ self.must.astype(float) - TINY
        until, least = self.meter.spent + work, True
        blocks = self._blocks(matrix[:, free], np.flatnonzero(free))
        for cells, rows in _together(block for block in blocks if block[1][-1] >= self._settled):
            chosen = self._choose(cells, matrix[rows][:, cells], owed[rows], until - self.meter.spent)
            if chosen is None:
                return None
            self._chosen[cells] = chosen.point > 0.5
            least &= chosen.least
        self._settled = len(self.cuts)
        return self._chosen.copy(), least

    def _choose(self, cells: Ints, rows: sparse.csr_matrix, least: Floats, work: int) -> Whole | None:
        """Which of the cells to hide, at least cost (to within 2%), so that the cuts are met."""
        if work <= 0:
            return None
        size = len(cells)
        return whole_numbers(
            self.problem.costs[cells], rows, least=least, most=np.full(len(least), np.inf),
            bounds=(np.zeros(size), np.ones(size)), meter=self.meter,
            branches=max(1, min(BRANCHES, work // (BRANCH * (size + len(least))))),
        )  # fmt: skip

    def _blocks(self, matrix: sparse.csr_matrix, names: Ints) -> Iterator[tuple[Ints, Ints]]:
        """The cells and cuts that hang together. A cut that asks nothing of a free cell is in none."""
        height = matrix.shape[0]
        row, column = matrix.nonzero()
        size = height + matrix.shape[1]
        graph = sparse.coo_matrix((np.ones(len(row)), (row, column + height)), shape=(size, size))
        label = connected_components(graph, directed=False)[1]
        order = np.argsort(label, kind="stable")
        for block in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
            rows, cells = block[block < height], names[block[block >= height] - height]
            if len(rows) and len(cells):
                yield cells, rows

    def _matrix(self) -> sparse.csr_matrix:
        starts = np.cumsum([0, *(len(cells) for cells, _ in self.cuts)])
        cells = np.concatenate([cells for cells, _ in self.cuts])
        weights = np.concatenate([weights for _, weights in self.cuts])
        return sparse.csr_matrix((weights, cells, starts), shape=(len(self.cuts), len(self.must)))


def _together(blocks: Iterable[tuple[Ints, Ints]]) -> Iterator[tuple[Ints, Ints]]:
    """Small blocks by the handful: starting the solver costs more than they do."""
    waiting: list[tuple[Ints, Ints]] = []
    for block in blocks:
        waiting.append(block)
        if sum(len(cells) for cells, _ in waiting) >= AT_ONCE:
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(blocks: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    return np.concatenate([cells for cells, _ in blocks]), np.concatenate([rows for _, rows in blocks])
