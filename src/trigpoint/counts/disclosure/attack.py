"""The attacker: everything that can be worked out of a hidden count from what is published.

The attacker is taken to know every sum that ties the cells together, that counts are whole and not below nought,
and, worse than in life, which hidden cells were hidden for being small. Bounds come from linear programming; a cell
is called safe only when two whole-number tables are in hand that agree with all that is published and differ in that
cell by the width asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse.csgraph import connected_components

from trigpoint.counts.disclosure.family import Family, Ints
from trigpoint.errors import CountsError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
FAR: Final = 1_000.0
"""How far above its count the search lets a cell lie that has no upper bound. A cap only helps the attacker."""
TINY: Final = 1e-6
PROBES: Final = 12


@dataclass(frozen=True)
class Exposed:
    """A cell that can be had too closely: its least and greatest possible count, and what hiding others would give.

    `gain[i]` bounds how much the interval would widen were cell i hidden as well (the capacity constraints of
    cell suppression: Fischetti and Salazar-Gonzalez, Management Science 47, 2001). `bound_by` are the cells of the
    sums that bind it.
    """

    cell: int
    low: float
    high: float
    gain: Floats
    bound_by: Flags


@dataclass(frozen=True)
class Knowledge:
    """What is published of each cell (`low` to `high`), and what would be were it hidden (`hidden_low` and so on)."""

    low: Floats
    high: Floats
    hidden_low: Floats
    hidden_high: Floats


@dataclass(frozen=True)
class _Part:
    """Cells that are not fixed and hang together, with the sums that bind them once fixed cells are put in."""

    cells: Ints
    equal: sparse.csr_matrix
    equal_to: Floats
    most: sparse.csr_matrix
    most_to: Floats
    low: Floats
    high: Floats


def exposed(family: Family, known: Knowledge, *, cells: Sequence[int], width: int) -> Iterator[Exposed]:
    """Those of `cells` whose count can be had to within less than `width`, each with its bounds."""
    wanted = set(cells)
    for part in _parts(family, known):
        targets = [int(cell) for cell in part.cells if int(cell) in wanted]
        if targets:
            yield from _exposed_in(family, known, part=part, targets=targets, width=width)


def bounds(family: Family, known: Knowledge, *, cells: Sequence[int]) -> dict[int, tuple[float, float]]:
    """The least and greatest count that each of `cells` can have (linear relaxation; capped `FAR` above)."""
    found = {cell: (known.low[cell], known.high[cell]) for cell in cells}
    for part in _parts(family, known):
        for at, cell in enumerate(part.cells):
            if int(cell) in found:
                found[int(cell)] = (_push(part, at=at, up=False).value, _push(part, at=at, up=True).value)
    return found


def _parts(family: Family, known: Knowledge) -> Iterator[_Part]:
    free = np.flatnonzero(known.low < known.high)
    if not len(free):
        return
    values = family.values.astype(float)
    ceiling = np.minimum(known.high, values + FAR)
    rest = np.where(known.low < known.high, 0.0, values)
    equal, most = family.equal[:, free], family.most[:, free]
    equal_to, most_to = -(family.equal @ rest), -(family.most @ rest)
    touch = sparse.vstack([abs(equal), abs(most)]).tocsr()
    count, label = connected_components(touch.T @ touch, directed=False)
    for which in range(count):
        mine = np.flatnonzero(label == which)
        if len(mine) == 1 and not touch[:, mine].nnz:
            e_rows = m_rows = np.array([], dtype=np.int64)
        else:
            e_rows = np.flatnonzero(np.diff(equal[:, mine].indptr))
            m_rows = np.flatnonzero(np.diff(most[:, mine].indptr))
        cells = free[mine]
        yield _Part(
            cells, equal[e_rows][:, mine], equal_to[e_rows], most[m_rows][:, mine], most_to[m_rows],
            known.low[cells], ceiling[cells],
        )  # fmt: skip


@dataclass(frozen=True)
class _Pushed:
    """One cell pushed as far as it goes: its value there, the whole table, and the answer of the solver."""

    value: float
    table: Floats
    answer: Any


def _solve(part: _Part, objective: Floats) -> Any:
    return linprog(
        objective,
        A_ub=part.most if part.most.shape[0] else None,
        b_ub=part.most_to if part.most.shape[0] else None,
        A_eq=part.equal if part.equal.shape[0] else None,
        b_eq=part.equal_to if part.equal.shape[0] else None,
        bounds=np.column_stack([part.low, part.high]),
        method="highs-ds",
    )


def _push(part: _Part, *, at: int, up: bool) -> _Pushed:
    objective = np.zeros(len(part.cells))
    objective[at] = -1.0 if up else 1.0
    answer = _solve(part, objective)
    if answer.status != 0:
        raise CountsError(
            "The attack on the tables did not end, so that they cannot be called safe and are not published.",
            mend="Publish fewer tables at once, or coarser ones.",
        )
    return _Pushed(float(answer.x[at]), answer.x, answer)


def _whole(part: _Part, *, at: int, up: bool) -> Floats | None:
    """A whole-number table in which the cell lies as far as it can, where the linear one was not whole."""
    objective = np.zeros(len(part.cells))
    objective[at] = -1.0 if up else 1.0
    rules = []
    if part.equal.shape[0]:
        rules.append(LinearConstraint(part.equal, part.equal_to, part.equal_to))
    if part.most.shape[0]:
        rules.append(LinearConstraint(part.most, -np.inf, part.most_to))
    answer = milp(
        objective, integrality=np.ones(len(objective)), bounds=Bounds(part.low, part.high), constraints=rules,
        options={"node_limit": 2_000},
    )  # fmt: skip
    return None if answer.x is None else np.round(answer.x)


class _Seen:
    """The least and greatest count of each cell over the whole-number tables found so far."""

    def __init__(self, start: Floats) -> None:
        self.low = start.copy()
        self.high = start.copy()

    def add(self, table: Floats | None) -> bool:
        if table is None or np.abs(table - np.round(table)).max() > TINY:
            return False
        np.minimum(self.low, np.round(table), out=self.low)
        np.maximum(self.high, np.round(table), out=self.high)
        return True

    def spread(self, at: int) -> float:
        return float(self.high[at] - self.low[at])


def _exposed_in(family: Family, known: Knowledge, *, part: _Part, targets: list[int], width: int) -> Iterator[Exposed]:
    where = {int(cell): at for at, cell in enumerate(part.cells)}
    seen = _Seen(family.values[part.cells].astype(float))
    _probe(part, seen, aims=[where[cell] for cell in targets], width=width)
    for cell in targets:
        pushed = []
        for up in (True, False):
            if seen.spread(where[cell]) < width:
                pushed.append(_push(part, at=where[cell], up=up))
                if not seen.add(pushed[-1].table):
                    seen.add(_whole(part, at=where[cell], up=up))
        if seen.spread(where[cell]) < width:
            gain, bound_by = _hinges(family, known, part=part, pushed=pushed)
            yield Exposed(cell, pushed[1].value, pushed[0].value, gain, bound_by)


def _probe(part: _Part, seen: _Seen, *, aims: list[int], width: int) -> None:
    """Push many cells at once, each way at random, to find most proofs of safety with few solutions."""
    chance = np.random.default_rng(20_190_717)
    for _ in range(PROBES if len(aims) > PROBES else 0):
        open_ = [at for at in aims if seen.spread(at) < width]
        if len(open_) <= 2:
            return
        objective = np.zeros(len(part.cells))
        objective[open_] = chance.choice([-1.0, 1.0], size=len(open_))
        answer = _solve(part, objective)
        if answer.status == 0:
            seen.add(answer.x)


def _hinges(family: Family, known: Knowledge, *, part: _Part, pushed: Sequence[_Pushed]) -> tuple[Floats, Flags]:
    """What a cell hangs on, by the dual prices of both pushes: how far hiding each other cell could at most widen its
    interval, and the cells of the sums that bind it."""
    gain = np.zeros(len(family.values))
    bound_by = np.zeros(len(family.values), dtype=np.bool_)
    fixed = known.low == known.high
    wider_up = _wider(known.hidden_high, known.high)
    wider_down = _wider(known.low, known.hidden_low)
    for push in pushed:
        price = np.zeros(len(family.values))
        for rows, answer in ((family.equal, push.answer.eqlin), (family.most, push.answer.ineqlin)):
            mine = rows[_rows_of(rows, part.cells)]
            if mine.shape[0]:
                price += mine.T @ answer.marginals
                bound_by |= abs(mine).T @ (np.abs(answer.marginals) > TINY) > 0
        price[part.cells] = 0.0
        room = np.where(price > TINY, wider_up, 0.0) + np.where(price < -TINY, wider_down, 0.0)
        gain += np.where(fixed, np.abs(price) * room, 0.0)
        lower, upper = np.abs(push.answer.lower.marginals), np.abs(push.answer.upper.marginals)
        gain[part.cells] += lower * wider_down[part.cells] + upper * wider_up[part.cells]
    return gain, bound_by


def _wider(upper: Floats, lower: Floats) -> Floats:
    """How much further one bound lies than another: nothing where it is no wider, `FAR` where it is endless."""
    endless = np.isinf(upper)
    room = np.where(endless, 0.0, upper) - np.where(endless, 0.0, lower)
    return np.asarray(np.clip(room, 0.0, FAR) + endless * FAR)


def _rows_of(matrix: sparse.csr_matrix, cells: Ints) -> Ints:
    return np.flatnonzero(np.diff(matrix[:, cells].tocsr().indptr))
