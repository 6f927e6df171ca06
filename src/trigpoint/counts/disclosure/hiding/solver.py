"""One linear programme, asked thousands of questions, each from where the last one ended (HiGHS).

Nothing here ends by the clock: what bounds a search is the work of the solver, counted in its own steps. So the same
tables end in the same pattern, however fast the machine is and whatever else it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from scipy import sparse

from trigpoint.counts.disclosure.hiding.problem import Floats, Ints
from trigpoint.errors import CountsError

# After a change of costs the last point still fits; after a change of bounds the last prices do.
DUAL: Final = 1
PRIMAL: Final = 4


class Meter:
    """The work done so far: pivots of the simplex method, each times the size of what it worked on.

    A hundred million of them take some seconds.
    """

    def __init__(self) -> None:
        self.spent = 0

    def note(self, engine: Any, *, times: int = 1) -> None:
        """Add what the engine has just done, so many times over where its pivots are dear."""
        pivots = max(1, int(engine.getInfo().simplex_iteration_count))
        self.spent += times * pivots * (engine.getNumRow() + engine.getNumCol())


@dataclass(frozen=True)
class Answer:
    """The point found, and the dual price of each row (of `rows`, in that order)."""

    point: Floats
    prices: Floats


class Solver:
    """Smallest cost over `rows @ x` between bounds, x between bounds. Costs and bounds change; the rows do not.

    `by_costs`: it is mostly the costs that change between two questions, rather than the bounds.
    """

    def __init__(
        self, rows: sparse.csr_matrix, *, least: Floats, most: Floats, meter: Meter, by_costs: bool = True
    ) -> None:
        self.rows, self.least, self.most, self.meter = rows, least, most, meter
        width = rows.shape[1]
        self._all = np.arange(width, dtype=np.int32)
        self._low, self._high = np.zeros(width), np.zeros(width)
        self._costs = np.zeros(width)
        self._engine = _engine(rows, least=least, most=most)
        self._strategy = PRIMAL if by_costs else DUAL
        self._engine.setOptionValue("simplex_strategy", self._strategy)

    def bound(self, low: Floats, high: Floats) -> None:
        """Let x lie between `low` and `high`; what does not change is not touched."""
        fresh = np.flatnonzero((low != self._low) | (high != self._high)).astype(np.int32)
        if len(fresh):
            self._engine.changeColsBounds(len(fresh), fresh, low[fresh], high[fresh])
            self._low, self._high = low.copy(), high.copy()

    def solve(self, costs: Floats) -> Answer | None:
        """The point of smallest cost, or None where no point fits. Raises CountsError where the search does not end."""
        fresh = np.flatnonzero(costs != self._costs).astype(np.int32)
        if len(fresh):
            self._engine.changeColsCost(len(fresh), fresh, costs[fresh])
            self._costs = costs.copy()
        status = self._run()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise CountsError(
                "The attack on the tables did not end, so that they cannot be called safe and are not published.",
                mend="Publish fewer tables at once, or coarser ones.",
            )
        found = self._engine.getSolution()
        return Answer(np.asarray(found.col_value, float), np.asarray(found.row_dual, float))

    def _run(self) -> Any:
        """The status after a run from the last point; where that gets stuck, after one from nothing."""
        self._engine.run()
        self.meter.note(self._engine)
        if self._engine.getModelStatus() in _ENDED:
            return self._engine.getModelStatus()
        self._engine.clearSolver()
        for option, value in _AFRESH:
            self._engine.setOptionValue(option, value)
        self._engine.run()
        self.meter.note(self._engine)
        status = self._engine.getModelStatus()
        for option, value in _OPTIONS:
            self._engine.setOptionValue(option, value)
        self._engine.setOptionValue("simplex_strategy", self._strategy)
        return status

    def whole(self, *, cells: Ints, rows: Ints, aim: tuple[int, float, float]) -> Floats | None:
        """Whole numbers for `cells`, bound by `rows`, one cell (`aim`) between two bounds; None where none is found.

        All other cells stay where their bounds fix them.
        """
        part = self.rows[rows]
        rest = part @ np.where(np.isin(self._all, cells), 0.0, self._low)
        low, high = self._low.copy(), self._high.copy()
        low[aim[0]], high[aim[0]] = max(low[aim[0]], aim[1]), min(high[aim[0]], aim[2])
        if low[aim[0]] > high[aim[0]]:
            return None
        found = whole_numbers(
            np.zeros(len(cells)), part[:, cells], least=self.least[rows] - rest, most=self.most[rows] - rest,
            bounds=(low[cells], high[cells]), meter=self.meter, branches=PROOF,
        )  # fmt: skip
        return None if found is None else found.point


@dataclass(frozen=True)
class Whole:
    """Whole numbers that fit; `least` where none that fit cost less (by more than 2%)."""

    point: Floats
    least: bool


def whole_numbers(
    costs: Floats, rows: sparse.csr_matrix, *, least: Floats, most: Floats, bounds: tuple[Floats, Floats],
    meter: Meter, branches: int,
) -> Whole | None:  # fmt: skip
    """Whole numbers between `bounds`, with `rows @ x` between `least` and `most`, at small cost.

    None where none was found in so many branches of the search tree.
    """
    engine = _engine(rows, least=least, most=most)
    every = np.arange(len(costs), dtype=np.int32)
    engine.changeColsBounds(len(every), every, *bounds)
    engine.changeColsCost(len(every), every, costs)
    engine.changeColsIntegrality(len(every), every, np.full(len(every), highspy.HighsVarType.kInteger))
    for option, value in (*_CHOOSING, ("mip_max_nodes", branches)):
        engine.setOptionValue(option, value)
    engine.run()
    meter.note(engine, times=WHOLE_TIMES)
    if engine.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    ended = engine.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Whole(np.round(np.asarray(engine.getSolution().col_value, float)), ended)


def _engine(rows: sparse.csr_matrix, *, least: Floats, most: Floats) -> Any:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.shape
    nought = np.zeros(rows.shape[1])
    model.col_cost_, model.col_lower_, model.col_upper_ = nought, nought, nought
    model.row_lower_, model.row_upper_ = least, most
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data
    engine = highspy.Highs()  # type: ignore[no-untyped-call]  # the binding has no types here
    for option, value in _OPTIONS:
        engine.setOptionValue(option, value)
    engine.passModel(model)
    return engine


# Presolve would throw away the point that the next question starts from.
_OPTIONS: Final[Sequence[tuple[str, Any]]] = (
    ("output_flag", False), ("threads", 1), ("solver", "simplex"), ("presolve", "off"),
    ("simplex_iteration_limit", 100_000),
)  # fmt: skip
_AFRESH: Final[Sequence[tuple[str, Any]]] = (
    ("presolve", "on"), ("simplex_strategy", 1), ("simplex_iteration_limit", 1_000_000),
)  # fmt: skip
_CHOOSING: Final[Sequence[tuple[str, Any]]] = (
    ("presolve", "on"), ("mip_rel_gap", 0.02), ("simplex_iteration_limit", 2_147_483_647),
)  # fmt: skip
_ENDED: Final = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
WHOLE_TIMES: Final = 10  # measured: a pivot of a search for whole numbers takes ten times as long, with all around it
PROOF: Final = 200
"""Branches that a search for one table as a proof may take; where it finds none, the cell counts as open."""
