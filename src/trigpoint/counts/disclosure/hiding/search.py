"""Which further cells to hide, so that none of the hidden ones can be worked out.

An integer programme chooses the cheapest pattern; the attacker of `attack` looks at it; each cell that lies too
open becomes a constraint that some of the cells it hangs on must be hidden as well; and so on until nothing lies
open (the cutting planes of Fischetti and Salazar-Gonzalez, Management Science 47, 2001). Where that does not end
in time the pattern is completed by cheapest routes (`routes`), then pruned. What cannot be made safe by hiding,
because the noughts that are shown already tell too much (five single children that make a total of five), is
withheld together with its noughts. Every pattern that leaves here has been attacked.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from trigpoint.counts.disclosure.hiding.attack import Attack, Exposed
from trigpoint.counts.disclosure.hiding.master import Master
from trigpoint.counts.disclosure.hiding.problem import TINY, Flags, Pattern, Problem
from trigpoint.counts.disclosure.hiding.routes import Routes
from trigpoint.counts.disclosure.hiding.solver import Meter

ROUNDS: Final = 40
EFFORT: Final = 160_000_000
"""Work of the solver (`solver.Meter`) after which the search for the fewest is broken off: some seconds."""


def search(problem: Problem, *, effort: int = EFFORT, first: tuple[Flags, Flags] | None = None) -> Pattern:
    """The cells to hide and to withhold. Always ends in a pattern in which the attacker recovers nothing.

    After half of `effort` the search for the cheapest pattern is given up, and a good one is made instead; the last
    attack is always made to its end, so that it can take longer. Effort is work and not time: the same problem ends in
    the same pattern on any machine. `first` is a pattern (hidden, withheld) to be taken if it is safe. Raises
    CountsError where the attack does not end.
    """
    if not len(problem.values):
        return Pattern(problem.must, problem.must, 0, least=True)
    meter = Meter()
    attack = Attack(problem, meter=meter)
    if first is not None and (tried := _whole(problem, *first)) and not attack.exposed(tried.hidden, tried.withheld):
        return tried
    withheld = _hopeless(attack)
    hidden = problem.must & ~withheld
    master = Master(problem, must=hidden, may=problem.may & ~withheld, meter=meter)
    master.add_pairs(apart=(problem.shown[0] < problem.shown[1]) | withheld)
    for round_no in range(1, ROUNDS + 1):
        open_cells = attack.exposed(hidden, withheld)
        if not open_cells:
            return Pattern(hidden, withheld, round_no, least=True)
        for cell in open_cells:
            master.cut(cell, hidden=hidden)
        fresh = master.solve(work=effort // 2 - meter.spent)
        if fresh is None:
            break
        hidden, least = fresh
        if not least:
            break
    hidden, withheld = _complete(attack, hidden, withheld=withheld)
    hidden = _prune(attack, hidden, withheld=withheld, until=meter.spent + effort // 4)
    return Pattern(hidden, withheld, round_no, least=False)


def _whole(problem: Problem, hidden: Flags, withheld: Flags) -> Pattern | None:
    """The pattern over all cells, if it hides what must be hidden and nothing that cannot."""
    more = np.zeros(len(problem.values) - len(hidden), dtype=np.bool_)
    hidden, withheld = np.concatenate([hidden, more]), np.concatenate([withheld, more])
    if (problem.must & ~hidden & ~withheld).any() or (withheld & ~problem.may_withhold).any():
        return None
    return Pattern(hidden, withheld, 1, least=True)


def _hopeless(attack: Attack) -> Flags:
    """The cells to withhold: those that lie open even when all is hidden that may be, with the lines that give them."""
    problem = attack.problem
    withheld = np.zeros(len(problem.values), dtype=np.bool_)
    while open_cells := attack.exposed(problem.may & ~withheld, withheld):
        fresh = _withhold(problem, open_cells, withheld=withheld)
        if (fresh == withheld).all():
            raise ArithmeticError("no safe pattern was found")  # cannot be: of what is all withheld nothing is told
        withheld = fresh
    return withheld


def _withhold(problem: Problem, open_cells: list[Exposed], *, withheld: Flags) -> Flags:
    """Withhold the lines that bind the open cells, totals last, and everything where that does not help."""
    bound = np.zeros(len(withheld), dtype=np.bool_)
    for lies in open_cells:
        bound |= lies.bound_by
    can = problem.may_withhold & ~withheld
    for fresh in (bound & can & ~problem.totals, bound & can, can):
        if fresh.any():
            return np.asarray(withheld | fresh)
    return withheld


def _complete(attack: Attack, hidden: Flags, *, withheld: Flags) -> tuple[Flags, Flags]:
    """Hide along the cheapest route of each cell that lies open; then whatever it hangs on; then all; then withhold."""
    problem, routes = attack.problem, Routes(attack.problem, meter=attack.meter)
    while open_cells := attack.exposed(hidden, withheld):
        may = problem.may & ~withheld & ~hidden
        more = routes.along(open_cells, hidden=hidden, withheld=withheld) & may
        if not more.any():
            more = sum((lies.gain > TINY for lies in open_cells), np.zeros(len(hidden), dtype=np.bool_)) & may
        if may.any():
            hidden = hidden | (more if more.any() else may)
        else:
            withheld = _withhold(problem, open_cells, withheld=withheld)
            hidden = hidden & ~withheld
    return hidden, withheld


def _prune(attack: Attack, hidden: Flags, *, withheld: Flags, until: int) -> Flags:
    """Show again, dearest first, what need not be hidden."""
    problem, meter = attack.problem, attack.meter
    spare = np.flatnonzero(hidden & ~problem.must)
    for cell in spare[np.argsort(-problem.costs[spare], kind="stable")]:
        if meter.spent >= until:
            break
        fewer = hidden.copy()
        fewer[cell] = False
        if attack.safe(fewer, withheld):
            hidden = fewer
    return hidden
