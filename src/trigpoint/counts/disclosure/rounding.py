"""Controlled rounding: every number to a multiple of the base, and the table still adds up.

An integer programme chooses for each number the multiple above or below it, as near as can be, so that every sum
holds (Cox, Journal of the American Statistical Association 82, 1987; Salazar-Gonzalez, Operations Research 53, 2005).
In three dimensions there need not be such a table; then numbers may go one multiple further, at a price. What a
reader can infer is attacked like anything else, and what lies open is withheld.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa
from scipy import sparse

from trigpoint.counts.dimensions import OVERLAPPING
from trigpoint.counts.disclosure.family import FLAT, Family, Hierarchies, family
from trigpoint.counts.disclosure.hiding.problem import Flags, Floats, Problem, Range
from trigpoint.counts.disclosure.hiding.search import EFFORT, search
from trigpoint.counts.disclosure.hiding.solver import Meter, whole_numbers
from trigpoint.counts.disclosure.knowledge import small
from trigpoint.counts.disclosure.protect import Published, publish
from trigpoint.counts.disclosure.rule import NOT_AVAILABLE, Rule
from trigpoint.counts.disclosure.said import Loss, Note
from trigpoint.errors import CountsError

FURTHER = 1_000.0
BRANCHES = 2_000  # of the search for a rounding that adds up


def round_controlled(
    frames: Mapping[str, pa.Table],
    base: int = 5,
    *,
    rule: Rule | None = None,
    overlapping: Collection[str] = OVERLAPPING,
    hierarchies: Hierarchies = FLAT,
    effort: int = EFFORT,
) -> Published:
    """Round linked tables (`dimensions.FRAME`) to multiples of `base` so that parts still make up their totals.

    Counts that `rule` calls small stay uncertain by its width; where the sums would tell more, cells are withheld
    (`:`). Raises CountsError where `base` is too small for that, frames contradict one another, or none is found.
    """
    kept = rule or Rule(name=f"controlled rounding to multiples of {base}", round_totals_to=None)
    if base <= kept.width:
        raise CountsError(
            f"Rounding to multiples of {base} protects too little.", mend=f"Take {kept.width + 1} or more."
        )
    named = {name: frame for name, frame in frames.items() if len(frame)}
    bound = family(named, overlapping=overlapping, hierarchies=hierarchies)
    multiples, reach = _round(bound, base)
    told = (np.maximum(multiples - reach, 0.0), multiples + reach)
    chosen = search(_problem(bound, kept, told=told), effort=effort)
    gone = chosen.withheld
    shown = [NOT_AVAILABLE if out else str(int(one)) for out, one in zip(gone, multiples, strict=True)]
    why: list[str | None] = ["withheld" if out else "rounded" for out in gone]
    note = Note(
        rule=kept, cells=len(gone), small=0, also_hidden=0, withheld=int(gone.sum()), rounded=int((~gone).sum()),
        rounds=chosen.rounds, how=f"every number is rounded to a multiple of {base}, and tables still add up",
        loss=_loss(bound, multiples, gone=gone),
    )  # fmt: skip
    known = (np.where(gone, 0.0, told[0]), np.where(gone, np.inf, told[1]))
    return publish(named, bound, shown=shown, why=why, told=known, note=note)


def _round(bound: Family, base: int) -> tuple[Floats, float]:
    """The nearest table of multiples that adds up, and how far a number can lie from its multiple."""
    values = bound.values.astype(float)
    floor, over = np.floor(values / base) * base, values % base
    for further in (0, 1):
        steps = _steps(bound, floor, base=base, costs=base - 2 * over, fixed=over == 0, further=further)
        if steps is not None:
            return floor + base * steps, float(base - 1 + base * further)
    raise CountsError("No rounding was found that adds up.", mend="Publish fewer tables at once.")


def _steps(bound: Family, floor: Floats, *, base: int, costs: Floats, fixed: Flags, further: int) -> Floats | None:
    """How many multiples to go up from the one below; one too far either way costs a great deal."""
    size = len(floor)
    lines = sparse.vstack([bound.equal, bound.most]).tocsr()
    owed = -(lines @ floor) / base
    least = np.where(np.arange(lines.shape[0]) < bound.equal.shape[0], owed, -np.inf)
    near = np.where(fixed, 0.0, 1.0)
    up = np.full(size, float(further))
    down = np.where(floor >= base, float(further), 0.0)
    found = whole_numbers(
        np.concatenate([costs, np.full(2 * size, FURTHER * base)]), sparse.hstack([lines, lines, -lines]).tocsr(),
        least=least, most=owed, bounds=(np.zeros(3 * size), np.concatenate([near, up, down])), meter=Meter(),
        branches=BRANCHES,
    )  # fmt: skip
    if found is None:
        return None
    one, more, less = found.point.reshape(3, size)
    return np.asarray(one + more - less)


def _problem(bound: Family, rule: Rule, *, told: Range) -> Problem:
    values = bound.values.astype(float)
    size, nothing = len(values), np.zeros(len(values), dtype=np.bool_)
    return Problem(
        values=values, equal=bound.equal, most=bound.most, shown=told, hidden=told,
        withheld=(np.zeros(size), np.full(size, np.inf)), must=nothing, may=nothing,
        may_withhold=np.ones(size, dtype=np.bool_), always=small(values, rule), need=np.full(size, float(rule.width)),
        costs=np.ones(size), totals=bound.totals, out=nothing,
    )  # fmt: skip


def _loss(bound: Family, multiples: Floats, *, gone: Flags) -> Loss:
    inner, shown = ~bound.totals, ~gone
    moved = np.abs(multiples - bound.values)[shown]
    return Loss(
        cells_gone=int(gone.sum()),
        cells=len(gone),
        counted_gone=int(bound.values[gone & inner].sum()),
        counted=int(bound.values[inner].sum()),
        mean_rounding=float(moved.mean()) if len(moved) else 0.0,
    )
