"""The cheapest way to give one cell the range it needs: which others have to move with it.

A small linear programme a cell: move it by what it needs, keep every sum, pay for each cell that would have to be
hidden to move so far. (The idea of Kelly, Golden and Assad, Networks 22, 1992, and of Fischetti and Salazar-Gonzalez'
first pattern.) It is no more than a good guess: the attack decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from trigpoint.counts.disclosure.hiding.attack import Exposed
from trigpoint.counts.disclosure.hiding.problem import TINY, Flags, Floats, Problem
from trigpoint.counts.disclosure.hiding.solver import Answer, Meter, Solver


class Routes:
    """Columns, four a cell: up and down within what is known of it, up and down further where it is hidden."""

    def __init__(self, problem: Problem, *, meter: Meter) -> None:
        self.problem = problem
        rows = sparse.vstack([problem.equal, problem.most])
        used = rows @ problem.values
        equal = problem.equal.shape[0]
        least = np.where(np.arange(rows.shape[0]) < equal, 0.0, -np.inf)
        columns = sparse.hstack([rows, -rows, rows, -rows]).tocsr()
        self.solver = Solver(columns, least=least, most=-used, meter=meter, by_costs=False)

    def along(self, open_cells: Sequence[Exposed], *, hidden: Flags, withheld: Flags) -> Flags:
        """The cells to hide so that each of `open_cells` gets its range, one after the other; those hidden are free."""
        chosen = hidden.copy()
        for lies in open_cells:
            chosen |= self._route(lies.cell, hidden=chosen, withheld=withheld)
        return chosen & ~hidden

    def _route(self, cell: int, *, hidden: Flags, withheld: Flags) -> Flags:
        down, up, further_down, further_up = self._caps(hidden, withheld)
        costs = np.concatenate([np.zeros(2 * len(hidden)), self.problem.costs, self.problem.costs])
        need = self.problem.need[cell]
        found: list[tuple[float, Floats]] = []
        for upward, cap in ((True, up[cell] + further_up[cell]), (False, down[cell] + further_down[cell])):
            if cap < need:
                continue
            answer = self._move(cell, need if upward else -need, caps=(up, down, further_up, further_down), costs=costs)
            if answer is not None:
                found.append((float(costs @ answer.point), answer.point))
        if not found:
            return np.zeros(len(hidden), dtype=np.bool_)
        _, point = min(found, key=lambda one: one[0])
        paid = point.reshape(4, -1)[2:].sum(axis=0)
        return np.asarray(paid > TINY)

    def _move(
        self, cell: int, by: float, *, caps: tuple[Floats, Floats, Floats, Floats], costs: Floats
    ) -> Answer | None:
        """Move the cell by so much, whether or not it is hidden yet, everything else within its caps."""
        low, high = np.zeros(4 * len(caps[0])), np.concatenate(caps)
        columns = np.array([cell + k * len(caps[0]) for k in range(4)])
        high[columns] = 0.0
        towards = columns[0 if by > 0 else 1]
        low[towards] = high[towards] = abs(by)
        self.solver.bound(low, high)
        return self.solver.solve(costs)

    def _caps(self, hidden: Flags, withheld: Flags) -> tuple[Floats, Floats, Floats, Floats]:
        problem = self.problem
        low, high = problem.known(hidden, withheld)
        down, up = problem.values - low, high - problem.values
        can = problem.may & ~hidden & ~withheld
        further = problem.known(hidden | can, withheld)
        further_down = np.where(can, np.maximum(low - further[0], 0.0), 0.0)
        further_up = np.where(can, np.maximum(further[1] - high, 0.0), 0.0)
        return down, up, further_down, further_up
