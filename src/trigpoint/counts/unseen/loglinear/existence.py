"""Whether a model has an estimate at all, and only one: the checks of Fienberg and Rinaldo (2012).

In a sparse table the likelihood may have its maximum at infinity, or many maxima that say different things of the
unseen. Software that does not look prints a number all the same. Two verdicts, taken over the histories that remain
once terms without cases are set to minus infinity (Chan, Silverman and Vincent 2021, section 2.3):

- *exists*: some table with a positive count in every remaining history has the same sufficient statistics. A settled
  fit with positive means is such a table; where means come near nought, linear programming decides.
- *identified*: the columns of the design matrix are linearly independent, by the rank of the matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy
from scipy.linalg import null_space

from trigpoint.counts.unseen.loglinear.lattice import Bools, Floats, Ints, over_supersets
from trigpoint.counts.unseen.loglinear.models import Model
from trigpoint.counts.unseen.loglinear.newton import Batch, Fits, information, prepare

SURELY = 1_000.0  # times the miss that the least mean must be for a fit to prove that its estimate exists
TINY = 1e-7


@dataclass(frozen=True)
class Verdict:
    """What can be said of a model on a table."""

    exists: bool
    identified: bool

    @property
    def code(self) -> int:
        """0 well, 1 no estimate exists, 2 not identified, 3 neither: as Chan, Silverman and Vincent number them."""
        return (0 if self.exists else 1) + (0 if self.identified else 2)


def check(counts: Floats, model: Model) -> Verdict:
    """Look at one model on one table of counts (2^K)."""
    batch = prepare(np.asarray(counts, dtype=float)[None, :], np.array([model], dtype=np.int64))
    return Verdict(_exists(batch, 0), bool(identified(batch)[0]))


def estimable(batch: Batch, fits: Fits) -> Bools:
    """For each row of a fitted batch, whether its estimate exists and is the only one.

    Means that are all positive and have the wanted statistics are themselves the table that proves existence. What
    the statistics still miss must be small beside the least mean, since moving the means to mend it must leave them
    positive; on the way to a maximum at infinity the two are of one size. What this leaves open is left to the program.
    """
    least = np.where(batch.alive, fits.means, np.inf).min(axis=1)
    sure = least > SURELY * fits.miss
    answer = identified(batch)
    for at in np.flatnonzero(answer & ~sure):
        answer[at] = _exists(batch, int(at))
    return answer


def identified(batch: Batch) -> Bools:
    """For each row, whether the design over its living histories has full rank."""
    shape = np.concatenate([batch.terms, batch.alive @ _weights(batch.alive.shape[1])], axis=1)
    _, first, place = np.unique(shape, axis=0, return_index=True, return_inverse=True)
    # The cross products of the design: its entries count the living histories that hold both terms.
    products = information(batch.rows(first), batch.alive[first].astype(float))
    ranks = np.linalg.matrix_rank(products, hermitian=True)
    return np.asarray((ranks == products.shape[1])[place.reshape(-1)])


def _weights(histories: int) -> Ints:
    """A number a history, so that the sums over two different sets of living histories differ but by rare chance."""
    draws = np.random.default_rng(20120).integers(1, 2**40, size=(histories, 2))
    return np.asarray(draws, dtype=np.int64)


def _exists(batch: Batch, row: int) -> bool:
    terms = batch.terms[row][batch.terms[row] >= 0]
    alive = batch.alive[row]
    return _program(tuple(terms.tolist()), alive.tobytes(), (batch.counts[row][alive] > 0).tobytes())


@lru_cache(maxsize=20_000)
def _program(terms: Model, living: bytes, support: bytes) -> bool:
    histories, held = np.flatnonzero(np.frombuffer(living, dtype=bool)), np.array(terms)
    design = ((histories[:, None] & held[None, :]) == held[None, :]).astype(float)
    return bounded(design, np.frombuffer(support, dtype=bool))


def bounded(design: Floats, seen: Bools) -> bool:
    """Whether a Poisson likelihood has its maximum at finite coefficients: it hangs on where cases were seen alone.

    `design` (cells, columns), `seen` (cells,). It has none if some direction of the coefficients leaves every cell
    with cases as it is, raises none of those without, and lowers one: the likelihood then grows for ever along it.
    Such directions lie in the null space of the design over the cells with cases, mostly a point or a line, and then
    the answer can be read off; else linear programming looks for one (Fienberg and Rinaldo 2012, section 4).
    """
    scaled = design / np.maximum(np.abs(design).max(axis=0), TINY)
    free = null_space(scaled[seen]) if seen.any() else np.eye(scaled.shape[1])
    moved = scaled[~seen] @ free
    if not moved.size:
        return True
    if moved.shape[1] == 1:
        return bool((moved.max() > TINY) == (moved.min() < -TINY))
    moved = np.unique(moved.round(9), axis=0)
    bound = np.concatenate([moved, -moved])
    limit = np.concatenate([np.zeros(len(moved)), np.ones(len(moved))])
    found = scipy.optimize.linprog(moved.sum(axis=0), A_ub=bound, b_ub=limit, bounds=(None, None), method="highs")
    return bool(found.status == 0 and found.fun > -TINY)


def overlaps(counts: Floats, *, lists: int) -> Ints:
    """Cases on both of every two lists (lists, lists), on the diagonal the cases of each list."""
    summed = over_supersets(np.asarray(counts, dtype=float)[None, :])[0]
    places = 1 << np.arange(lists)
    return np.asarray(summed[places[:, None] | places[None, :]].round().astype(np.int64))
