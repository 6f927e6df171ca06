"""The attacker: everything that can be worked out of a hidden number from what is published.

The attacker is taken to know every sum that ties the cells together, over all tables and all earlier releases, that
counts are whole and not below nought, and, worse than in life, which hidden cells were hidden for being small. Bounds
come from linear programming; a cell is called safe only when two whole tables are in hand that agree with all that is
published and differ in that cell by as much as it needs.

Cells that do not hang together are pushed at once, one of each part: a thousand small tables cost no more questions
than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from trigpoint.counts.disclosure.hiding.problem import TINY, Flags, Floats, Ints, Problem
from trigpoint.counts.disclosure.hiding.solver import Answer, Meter, Solver
from trigpoint.counts.disclosure.hiding.witnesses import Witnesses

PROBES: Final = 12


@dataclass(frozen=True)
class Exposed:
    """A cell that can be had too closely: its least and greatest possible value, and what hiding others would give.

    `gain[i]` bounds how much the range would widen were cell i hidden as well (the capacity constraints of cell
    suppression: Fischetti and Salazar-Gonzalez, Management Science 47, 2001). `bound_by` are the cells of the sums
    that bind it.
    """

    cell: int
    low: float
    high: float
    gain: Floats
    bound_by: Flags


@dataclass(frozen=True)
class _Push:
    """A cell pushed as far as it goes one way: how far, and by the prices of which answer."""

    value: float
    answer: Answer


class Attack:
    """An attacker at work on one problem, who keeps what was found for the next pattern."""

    def __init__(self, problem: Problem, *, meter: Meter | None = None) -> None:
        self.problem, self.meter = problem, meter or Meter()
        self.rows = sparse.vstack([problem.equal, problem.most]).tocsr()
        equal, most = problem.equal.shape[0], problem.most.shape[0]
        self.solver = Solver(
            self.rows,
            least=np.concatenate([np.zeros(equal), np.full(most, -np.inf)]),
            most=np.zeros(equal + most),
            meter=self.meter,
        )
        self.witnesses = Witnesses(problem.values, equal=problem.equal, most=problem.most)
        self._touch = self.rows.tocoo()

    def exposed(self, hidden: Flags, withheld: Flags, *, only: Flags | None = None) -> list[Exposed]:
        """The watched cells (of `only`, where said) that can be had to within less than they need."""
        low, high = self.problem.known(hidden, withheld)
        watched = self.problem.watched(hidden, withheld)
        label = self._bound(low, high)
        self._probe(label, watched=watched)
        pushes = self._press(label, watched=watched if only is None else watched & only)
        return list(self._said(pushes, label=label))

    def safe(self, hidden: Flags, withheld: Flags) -> bool:
        """Whether nothing lies open. Ends at the first cell that does."""
        low, high = self.problem.known(hidden, withheld)
        label = self._bound(low, high)
        return not self._press(label, watched=self.problem.watched(hidden, withheld), first=True)

    def bounds(self, hidden: Flags, withheld: Flags, *, cells: Ints) -> list[tuple[float, float]]:
        """The least and greatest value that each of `cells` can have (linear relaxation)."""
        self._bound(*self.problem.known(hidden, withheld))
        return [(self._end(cell, up=False), self._end(cell, up=True)) for cell in cells]

    def _end(self, cell: int, *, up: bool) -> float:
        return float(self._push(np.array([cell]), up=np.array([up]))[0].value)

    def _bound(self, low: Floats, high: Floats) -> Ints:
        """Put the bounds in; which part each cell hangs in, then each row (a part is tied by cells not fixed)."""
        free = low < high
        kept = free[self._touch.col]
        row, col = self._touch.row[kept], self._touch.col[kept]
        size = len(low) + self.rows.shape[0]
        graph = sparse.coo_matrix((np.ones(len(row)), (row + len(low), col)), shape=(size, size))
        label = connected_components(graph, directed=False)[1].astype(np.int64)
        self.witnesses.fit(low, high, cells=label[: len(low)], rows=label[len(low) :])
        self.solver.bound(low, high)
        return np.asarray(label)

    def _open(self, watched: Flags) -> Ints:
        return np.flatnonzero(watched & (self.witnesses.spread() < self.problem.need - TINY))

    def _probe(self, label: Ints, *, watched: Flags) -> None:
        """Push many cells at once, each way at random, to find most proofs of safety with few questions."""
        chance = np.random.default_rng(20_190_717)
        for _ in range(PROBES):
            still = self._open(watched)
            if len(still) <= 2 * len(np.unique(label[still])):
                return
            costs = np.zeros(len(watched))
            costs[still] = chance.choice([-1.0, 1.0], size=len(still))
            answer = self.solver.solve(costs)
            assert answer is not None  # noqa: S101  the truth itself always fits
            self._keep(answer.point, label)

    def _press(self, label: Ints, *, watched: Flags, first: bool = False) -> dict[int, list[_Push]]:
        """Push each cell that lies open up and down, one of each part at a time; what still lies open, with pushes."""
        pushes: dict[int, list[_Push]] = {}
        tried = np.zeros(len(watched), dtype=np.int64)
        while len(left := self._open(watched & (tried < 2))):
            cells = left[np.unique(label[left], return_index=True)[1]]
            up = (tried[cells] == 0) == (self._towards_up(cells))
            made = self._push(cells, up=up)
            self._keep(made[0].answer.point, label)
            for cell, push in zip(cells.tolist(), made, strict=True):
                pushes.setdefault(cell, []).append(push)
            tried[cells] += 1
            if first and any(self._narrow(cell, pushes[cell]) for cell in cells[tried[cells] == 2].tolist()):
                break
        for cell in self._open(watched & (tried == 2)).tolist():
            if not self._narrow(cell, pushes[cell]):
                self._mend(cell, pushes[cell], label=label)
        return {cell: pushes[cell] for cell in self._open(watched & (tried == 2)).tolist()}

    def _narrow(self, cell: int, pushes: list[_Push]) -> bool:
        """Whether even fractions leave the cell less than it needs."""
        ends = [push.value for push in pushes]
        return bool(max(ends) - min(ends) < self.problem.need[cell] - TINY)

    def _towards_up(self, cells: Ints) -> Flags:
        return np.asarray(self.problem.hidden[1][cells] - self.problem.values[cells] >= self.problem.need[cells])

    def _push(self, cells: Ints, *, up: Flags) -> list[_Push]:
        costs = np.zeros(len(self.problem.values))
        costs[cells] = np.where(up, -1.0, 1.0)
        answer = self.solver.solve(costs)
        assert answer is not None  # noqa: S101  the truth itself always fits
        return [_Push(float(answer.point[c]), answer) for c in cells]

    def _keep(self, point: Floats, label: Ints) -> None:
        """Keep the point as a witness, part by part, where it is whole."""
        if not self.problem.whole:
            self.witnesses.add(point)
            return
        cells = label[: len(point)]
        broken = np.unique(cells[np.abs(point - np.round(point)) > TINY])
        self.witnesses.add(np.where(np.isin(cells, broken), self.problem.values, np.round(point)))

    def _mend(self, cell: int, pushes: list[_Push], *, label: Ints) -> None:
        """Look for whole tables far enough apart, where fractions of a child were."""
        need, seen = self.problem.need[cell], self.witnesses
        least, most = sorted(push.value for push in pushes)
        size = len(self.problem.values)
        part = np.flatnonzero(label[:size] == label[cell])
        rows = np.flatnonzero(label[size:] == label[cell])
        aims = ((seen.low[cell] + need, np.inf), (-np.inf, seen.high[cell] - need), (np.floor(most), np.inf),
                (-np.inf, np.ceil(least)))  # fmt: skip
        for low, high in aims:
            if low > most + TINY or high < least - TINY or seen.spread()[cell] >= need:
                continue
            found = self.solver.whole(cells=part, rows=rows, aim=(cell, low, high))
            if found is not None:
                table = self.problem.values.copy()
                table[part] = found
                seen.add(table)

    def _said(self, pushes: dict[int, list[_Push]], *, label: Ints) -> Iterator[Exposed]:
        size = len(self.problem.values)
        down, up = self.problem.room()
        for cell, pair in pushes.items():
            mine = label[size:] == label[cell]
            gain, bound_by = np.zeros(size), np.zeros(size, dtype=np.bool_)
            for push in pair:
                prices = np.where(mine, push.answer.prices, 0.0)
                pull = -(self.rows.T @ prices)
                pull[cell] = 0.0
                gain += np.where(pull < -TINY, -pull * up, 0.0) + np.where(pull > TINY, pull * down, 0.0)
                bound_by |= (abs(self.rows).T @ (np.abs(prices) > TINY)) > 0
            ends = sorted(push.value for push in pair)
            yield Exposed(cell, ends[0], ends[-1], gain, bound_by)
