"""Stepwise choice of interactions of two lists (Chan, Silverman and Vincent 2021, section 3.2), many tables at once.

From independent lists on, that interaction is added whose overlap is least credible under the model so far: the
one-sided Poisson probability of as few (or as many) cases on both lists. It is added only if the probability lies
below the threshold and the larger model still has one estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc, gammaincc

from trigpoint.counts.unseen.loglinear.existence import estimable
from trigpoint.counts.unseen.loglinear.lattice import Bools, Floats, Ints, over_supersets
from trigpoint.counts.unseen.loglinear.models import main_effects, pairs
from trigpoint.counts.unseen.loglinear.newton import Batch, Fits, fit, prepare

THRESHOLD = 0.02  # of the paper


@dataclass(frozen=True)
class Chosen:
    """For each table: the unseen cases (infinite where none can be estimated), the interactions taken
    (tables, pairs), and the coefficients in the place of their terms (tables, 2^K)."""

    unseen: Floats
    taken: Bools
    coefficients: Floats
    alive: Bools


def stepwise(counts: Floats, *, threshold: float = THRESHOLD) -> Chosen:
    """Choose and fit for every table of `counts` (tables, 2^K)."""
    search = _Search(np.asarray(counts, dtype=float), threshold)
    search.begin()
    while search.step():
        pass
    return search.chosen()


class _Search:
    """The state of the choice for all tables: which are open, what each has taken, what each may not take now."""

    def __init__(self, counts: Floats, threshold: float) -> None:
        lists = counts.shape[1].bit_length() - 1
        self.counts, self.threshold = counts, threshold
        self.first = np.array(main_effects(lists), dtype=np.int64)
        self.pairs = np.array(pairs(lists), dtype=np.int64)
        self.overlap = over_supersets(counts)[:, self.pairs]
        self.taken = np.zeros((len(counts), len(self.pairs)), dtype=bool)
        self.refused = np.zeros_like(self.taken)
        self.coefficients = np.zeros(counts.shape)
        self.alive = np.zeros(counts.shape, dtype=bool)
        self.expected = np.zeros(self.taken.shape)
        self.unseen = np.full(len(counts), np.inf)

    def begin(self) -> None:
        """Fit independent lists; what cannot be fitted stays infinite and is closed."""
        everything = np.arange(len(self.counts))
        batch, fits, well = self._try(everything, self.taken, start=None)
        self._keep(everything, batch, fits, well)
        self.refused[~well] = True

    def step(self) -> bool:
        """Try to add the least credible interaction of each open table; False when none is open."""
        least, at = self._least_credible()
        rows = np.flatnonzero(least < self.threshold)
        if not len(rows):
            return False
        tried = self.taken[rows]
        tried[np.arange(len(rows)), at[rows]] = True
        batch, fits, well = self._try(rows, tried, start=self.coefficients[rows])
        self.taken[rows[well]] = tried[well]
        self.refused[rows[well]] = False
        self.refused[rows[~well], at[rows[~well]]] = True
        self._keep(rows, batch, fits, well)
        return True

    def chosen(self) -> Chosen:
        """What was found."""
        return Chosen(self.unseen, self.taken, self.coefficients, self.alive)

    def _least_credible(self) -> tuple[Floats, Ints]:
        fewer = gammaincc(self.overlap + 1, self.expected)  # Poisson probability of as few as seen
        more = np.where(self.overlap > 0, gammainc(np.maximum(self.overlap, 1), self.expected), 1.0)
        credible = np.where(self.taken | self.refused, np.inf, np.minimum(fewer, more))
        if not credible.shape[1]:
            return np.full(len(credible), np.inf), np.zeros(len(credible), dtype=np.int64)
        at = credible.argmin(axis=1)
        return credible[np.arange(len(at)), at], at

    def _try(self, rows: Ints, taken: Bools, *, start: Floats | None) -> tuple[Batch, Fits, Bools]:
        added = np.where(taken, self.pairs, -1)
        terms = np.concatenate([np.broadcast_to(self.first, (len(rows), len(self.first))), added], axis=1)
        batch = prepare(self.counts[rows], terms)
        fits = fit(batch, start=start)
        return batch, fits, estimable(batch, fits)

    def _keep(self, rows: Ints, batch: Batch, fits: Fits, well: Bools) -> None:
        kept = rows[well]
        placed = np.zeros((len(rows), self.counts.shape[1]))
        row, column = np.nonzero(batch.terms >= 0)
        placed[row, batch.terms[row, column]] = fits.coefficients[row, column]
        self.coefficients[kept] = placed[well]
        self.alive[kept] = batch.alive[well]
        self.expected[kept] = over_supersets(fits.means[well])[:, self.pairs]
        self.unseen[kept] = np.exp(np.minimum(placed[well, 0], 700.0))
