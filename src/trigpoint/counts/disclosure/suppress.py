"""Which further cells to hide, so that none of the hidden ones can be worked out.

An integer programme chooses the cheapest pattern; the attacker of `attack` looks at it; each cell that lies too
open becomes a constraint that some of the cells it hangs on must be hidden as well; and so on until nothing lies
open (the cutting planes of Fischetti and Salazar-Gonzalez, Management Science 47, 2001). Where that does not end
in time the pattern is widened greedily. What cannot be made safe by hiding counts, because the noughts that are shown
already tell too much (five single children that make a total of five), is withheld together with its noughts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from trigpoint.counts.disclosure.attack import TINY, Exposed, Floats, Knowledge, exposed
from trigpoint.counts.disclosure.family import Family
from trigpoint.counts.disclosure.rule import Rule

Flags = npt.NDArray[np.bool_]
ROUNDS: Final = 15
TOTAL_COSTS: Final = 4.0


@dataclass(frozen=True)
class Pattern:
    """What to publish: cells `hidden`, cells `withheld` (noughts too), and how many rounds of attack it took."""

    hidden: Flags
    withheld: Flags
    rounds: int


def pattern(family: Family, rule: Rule) -> Pattern:
    """The cells to hide under `rule`. Always ends in a pattern in which the attacker recovers nothing."""
    withheld = _hopeless(family, rule)
    rounded = _rounded(family, rule)
    must = _small(family, rule) & ~rounded & ~withheld
    master = _Master(_costs(family), must=must, may=(family.values > 0) & ~withheld)
    master.add_pairs(family, apart=rounded | withheld)
    hidden = must.copy()
    for round_no in range(1, ROUNDS + 1):
        open_cells = _open(family, rule, hidden=hidden, withheld=withheld)
        if not open_cells:
            return Pattern(hidden, withheld, round_no)
        for cell in open_cells:
            master.cut(cell, hidden=hidden, width=rule.width)
        hidden = master.solve(default=hidden)
    return _widen(family, rule, hidden=hidden, withheld=withheld)


def _hopeless(family: Family, rule: Rule) -> Flags:
    """The cells to withhold: those that lie open even when every count is hidden, with the lines that give them."""
    everything = family.values > 0
    withheld = np.zeros(len(everything), dtype=np.bool_)
    while open_cells := _open(family, rule, hidden=everything & ~withheld, withheld=withheld):
        withheld = _withhold(family, open_cells, withheld=withheld)
    return withheld


def _withhold(family: Family, open_cells: list[Exposed], *, withheld: Flags) -> Flags:
    """Withhold the lines that bind the open cells, totals last, and everything where that does not help."""
    bound = np.zeros(len(withheld), dtype=np.bool_)
    for lies in open_cells:
        bound |= lies.bound_by
    for fresh in (bound & ~family.totals & ~withheld, bound & ~withheld, ~withheld):
        if fresh.any():
            return withheld | fresh
    raise ArithmeticError("no safe pattern was found")  # cannot be: of what is all withheld nothing is told


def knowledge(family: Family, rule: Rule, *, hidden: Flags, withheld: Flags) -> Knowledge:
    """What publication tells of each cell: itself, a range by rounding, or a range by its being hidden."""
    values = family.values.astype(float)
    low, high = values.copy(), values.copy()
    for cell in np.flatnonzero(_rounded(family, rule)):
        low[cell], high[cell] = rule.rounded_from(rule.rounded(int(family.values[cell])))
    small, nought = _small(family, rule), family.values == 0
    hidden_low = np.where(small, rule.hide_from, rule.hide_to + 1).astype(float)
    hidden_high = np.where(small, rule.hide_to, np.inf)
    hidden_low = np.where((family.values > 0) & (family.values < rule.hide_from), 1.0, hidden_low)
    hidden_low[nought], hidden_high[nought] = 0.0, 0.0
    low, high = np.where(hidden, hidden_low, low), np.where(hidden, hidden_high, high)
    low, high = np.where(withheld, 0.0, low), np.where(withheld, np.inf, high)
    return Knowledge(low, high, hidden_low, hidden_high)


def _rounded(family: Family, rule: Rule) -> Flags:
    if rule.round_totals_to is None:
        return np.zeros(len(family.values), dtype=np.bool_)
    return family.totals & (family.values > 0)


def _small(family: Family, rule: Rule) -> Flags:
    return (family.values >= rule.hide_from) & (family.values <= rule.hide_to)


def _costs(family: Family) -> Floats:
    """A hidden cell costs one; a little more where it counts many, and four times as much where it is a total."""
    weight = 1.0 + 0.05 * np.log2(1.0 + family.values)
    return np.asarray(np.where(family.totals, TOTAL_COSTS * weight, weight))


def _open(family: Family, rule: Rule, *, hidden: Flags, withheld: Flags) -> list[Exposed]:
    watched = hidden | _small(family, rule) | (withheld & (family.values > 0))
    known = knowledge(family, rule, hidden=hidden, withheld=withheld)
    cells = [int(cell) for cell in np.flatnonzero(watched)]
    return list(exposed(family, known, cells=cells, width=rule.width))


class _Master:
    """The integer programme: one yes-or-no a cell, the cheapest that meets every cut."""

    def __init__(self, costs: Floats, *, must: Flags, may: Flags) -> None:
        self.costs = costs
        self.must = must
        self.may = may
        self.cuts: list[dict[int, float]] = []
        self.least: list[float] = []

    def add_pairs(self, family: Family, *, apart: Flags) -> None:
        """On a line whose total is exact, a cell cannot be the only one hidden."""
        for row in range(family.equal.shape[0]):
            on_line = family.equal.indices[family.equal.indptr[row] : family.equal.indptr[row + 1]]
            usable = [int(cell) for cell in on_line if self.may[cell]]
            if apart[on_line].any() or len(usable) < 2:
                continue
            for cell in usable:
                self._add({**{other: 1.0 for other in usable if other != cell}, cell: -1.0}, least=0.0)

    def cut(self, lies_open: Exposed, *, hidden: Flags, width: int) -> None:
        """Some of the cells that this one hangs on must be hidden too, or this one not at all."""
        gap = width - (lies_open.high - lies_open.low)
        gain = np.where(self.may & ~self.must, np.minimum(lies_open.gain, gap), 0.0) if gap > TINY else None
        if gain is None or not (gain > TINY).any():
            gap, gain = 1.0, (self.may & ~hidden).astype(float)
        row = {int(cell): float(gain[cell]) for cell in np.flatnonzero(gain > TINY)}
        if self.must[lies_open.cell] or not hidden[lies_open.cell]:
            self._add(row, least=gap)
        else:
            self._add({**row, lies_open.cell: -gap}, least=0.0)

    def _add(self, row: dict[int, float], *, least: float) -> None:
        self.cuts.append(row)
        self.least.append(least)

    def solve(self, *, default: Flags) -> Flags:
        """The cheapest pattern known to be needed; `default` where the solver finds none."""
        data = [(i, j, value) for i, row in enumerate(self.cuts) for j, value in row.items()]
        if not data:
            return default
        i, j, value = zip(*data, strict=True)
        matrix = sparse.csr_matrix((value, (i, j)), shape=(len(self.cuts), len(self.costs)))
        answer = milp(
            self.costs,
            integrality=np.ones(len(self.costs)),
            bounds=Bounds(self.must.astype(float), self.may.astype(float)),
            constraints=[LinearConstraint(matrix, np.array(self.least) - TINY, np.inf)],
            options={"mip_rel_gap": 0.02, "node_limit": 5_000},
        )
        return default if answer.x is None else np.asarray(answer.x > 0.5)


def _widen(family: Family, rule: Rule, *, hidden: Flags, withheld: Flags) -> Pattern:
    """Hide whatever an open cell hangs on, then all that can be hidden, then withhold; until nothing lies open."""
    round_no = ROUNDS
    while open_cells := _open(family, rule, hidden=hidden, withheld=withheld):
        round_no += 1
        may = (family.values > 0) & ~withheld & ~hidden
        more = sum((lies.gain > TINY for lies in open_cells), np.zeros(len(hidden), dtype=np.bool_)) & may
        if may.any():
            hidden = hidden | (more if more.any() else may)
        else:
            withheld = _withhold(family, open_cells, withheld=withheld)
            hidden = hidden & ~withheld
    return Pattern(hidden, withheld, round_no)
