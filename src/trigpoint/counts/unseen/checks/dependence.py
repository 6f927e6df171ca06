"""What if two lists depended more, or less, than the chosen model says?

No data on lists can rule this out: the model's interactions are read from the cases seen and believed for the unseen.
For every two lists the odds ratio between them is multiplied, and the rest of the model fitted again (after
Gerritse, van der Heijden and Bakker 2015, Journal of Official Statistics 31:357).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trigpoint.counts.unseen.estimate import finite
from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.loglinear.bic import padded
from trigpoint.counts.unseen.loglinear.existence import estimable
from trigpoint.counts.unseen.loglinear.lattice import Floats
from trigpoint.counts.unseen.loglinear.models import Model, main_effects, ordered, pairs
from trigpoint.counts.unseen.loglinear.newton import fit, prepare
from trigpoint.counts.unseen.loglinear.stepwise import stepwise

TIMES = (0.5, 2.0)


@dataclass(frozen=True)
class Depending:
    """The total if the odds ratio of two lists were `times` what the stepwise model says; None where none exists."""

    lists: tuple[str, str]
    times: float
    total: float | None


def depend(histories: Histories, *, times: Sequence[float] = TIMES) -> list[Depending]:
    """A row for every two lists that have cases in common, and every factor."""
    lists, table = len(histories.lists), histories.table
    chosen = stepwise(table[None, :])
    if not np.isfinite(chosen.unseen[0]):
        return []
    all_pairs = pairs(lists)
    model = ordered([*main_effects(lists), *(p for p, taken in zip(all_pairs, chosen.taken[0], strict=True) if taken)])
    overlaps = histories.overlaps
    asked = [
        (i, j, factor) for i in range(lists) for j in range(i + 1, lists) if overlaps[i, j] > 0 for factor in times
    ]
    totals = _totals(table, model, asked, fitted=chosen.coefficients[0])
    return [
        Depending((histories.lists[i], histories.lists[j]), factor, finite(total))
        for (i, j, factor), total in zip(asked, totals, strict=True)
    ]


def _totals(table: Floats, model: Model, asked: Sequence[tuple[int, int, float]], *, fitted: Floats) -> Floats:
    if not asked:
        return np.empty(0)
    histories = np.arange(len(table))
    reduced, ratios = [], np.zeros((len(asked), len(table)))
    for row, (i, j, factor) in enumerate(asked):
        pair = 1 << i | 1 << j
        reduced.append(tuple(term for term in model if term != pair))
        ratios[row, histories & pair == pair] = fitted[pair] + np.log(factor)
    batch = prepare(np.broadcast_to(table, ratios.shape), padded(reduced), log_ratio=ratios)
    fits = fit(batch)
    unseen = np.where(estimable(batch, fits), np.exp(np.minimum(fits.coefficients[:, 0], 700.0)), np.inf)
    return np.asarray(table.sum() + unseen)
