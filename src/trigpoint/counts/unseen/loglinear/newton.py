"""Fit many Poisson log-linear models to many tables at once, by Newton's method (iteratively reweighted least squares).

Each row of a batch is one model fitted to one table. A term whose lists have no case together gets the coefficient
minus infinity, and the histories that hold it the mean nought, as the extended maximum likelihood estimate has it
(Fienberg and Rinaldo 2012; Chan, Silverman and Vincent 2021, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigpoint.counts.unseen.loglinear.lattice import Bools, Floats, Ints, over_subsets, over_supersets, sizes

MOST_STEPS = 60
DECREMENT = 1e-11  # half the squared Newton decrement: the log-likelihood still to be gained
TOP = 60.0  # no linear predictor is let above this: exp would overflow on a wild first step


@dataclass(frozen=True)
class Batch:
    """Tables and models, ready to be fitted.

    `counts` (rows, 2^K) with nought for the unseen history; `terms` (rows, most terms) the finite terms of each row,
    padded with -1, constant first; `alive` (rows, 2^K) which observable histories the model allows;
    `log_ratio` (rows, 2^K) a fixed part of the linear predictor (None but for a sensitivity that asks).
    """

    counts: Floats
    terms: Ints
    alive: Bools
    log_ratio: Floats | None = None

    def rows(self, chosen: Ints | Bools | slice) -> Batch:
        """Some of the rows."""
        ratio = None if self.log_ratio is None else self.log_ratio[chosen]
        return Batch(self.counts[chosen], self.terms[chosen], self.alive[chosen], ratio)


@dataclass(frozen=True)
class Fits:
    """What Newton's method found: coefficients (rows, most terms), means (rows, 2^K), log-likelihood without the
    factorials (rows,), and by how much the fitted sufficient statistics still miss the wanted ones (rows,)."""

    coefficients: Floats
    means: Floats
    likelihood: Floats
    miss: Floats


def prepare(counts: Floats, terms: Ints, *, log_ratio: Floats | None = None) -> Batch:
    """A batch from `counts` (rows, 2^K) and models (rows, most terms) padded with -1: terms without cases drop out."""
    counts = np.array(counts, dtype=float)
    counts[:, 0] = 0.0
    margins = np.take_along_axis(over_supersets(counts), np.maximum(terms, 0), axis=1)
    empty = (terms > 0) & (margins == 0)
    alive = np.ones(counts.shape, dtype=bool)
    if empty.any():
        marked = np.zeros(counts.shape)
        row, column = np.nonzero(empty)
        marked[row, terms[row, column]] = 1.0
        alive = over_subsets(marked) == 0
    alive[:, 0] = False
    finite = np.where(empty, -1, terms)
    order = np.argsort(finite < 0, axis=1, kind="stable")
    packed = np.take_along_axis(finite, order, axis=1)
    most = int((packed >= 0).sum(axis=1).max(initial=1))
    return Batch(counts, packed[:, :most], alive, log_ratio)


def fit(batch: Batch, *, start: Floats | None = None) -> Fits:
    """Fit every row. `start` (rows, 2^K) holds first coefficients in the place of their term."""
    rows, width = batch.terms.shape
    solved = np.zeros((rows, width))
    means = np.zeros(batch.counts.shape)
    likelihood = np.full(rows, -np.inf)
    miss = np.full(rows, np.inf)
    first = independent(batch.counts) if start is None else start
    beta = np.where(batch.terms >= 0, np.take_along_axis(first, np.maximum(batch.terms, 0), axis=1), 0.0)
    for at in _chunks(rows, histories=batch.counts.shape[1], width=width):
        part = batch.rows(at)
        solved[at], means[at], likelihood[at], miss[at] = _newton(part, beta[at])
    return Fits(solved, means, likelihood, miss)


def information(batch: Batch, means: Floats) -> Floats:
    """The information matrices (rows, terms, terms), with ones on the diagonal for padding."""
    return _information(batch, over_supersets(means))


def _information(batch: Batch, summed: Floats) -> Floats:
    """From the sums of the means over supersets: the entry of two terms is the sum at their union."""
    held = batch.terms >= 0
    terms: Ints = np.maximum(batch.terms, 0)
    union: Ints = terms[:, :, None] | terms[:, None, :]
    union += (np.arange(len(terms)) * summed.shape[1])[:, None, None]
    matrix = summed.reshape(-1)[union]
    if not held.all():
        matrix *= held[:, :, None] & held[:, None, :]
        diagonal = np.arange(terms.shape[1])
        matrix[:, diagonal, diagonal] += np.where(held, 0.0, 1.0)
    return matrix


def independent(counts: Floats) -> Floats:
    """Coefficients (rows, 2^K) of independent lists, to start from: the total by Chao's lower bound."""
    held = sizes(counts.shape[1])
    seen = counts.sum(axis=1)
    once, twice = counts[:, held == 1].sum(axis=1), counts[:, held == 2].sum(axis=1)
    total = np.maximum(seen * 1.05 + 1.0, seen + once**2 / (2 * (twice + 1.0)))
    lists = counts.shape[1].bit_length() - 1
    places = 1 << np.arange(lists)
    listed = np.clip(over_supersets(counts)[:, places], 0.5, None)
    chance = np.clip(listed / total[:, None], 1e-9, 0.999)
    coefficients = np.zeros(counts.shape)
    coefficients[:, 0] = np.log(total) + np.log1p(-chance).sum(axis=1)
    coefficients[:, places] = np.log(chance) - np.log1p(-chance)
    return coefficients


def _chunks(rows: int, *, histories: int, width: int) -> list[slice]:
    """Slices of rows that together fit the processor's cache rather than the memory."""
    most = max(1, 4_000_000 // (4 * histories + 3 * width * width))
    return [slice(at, min(rows, at + most)) for at in range(0, rows, most)]


def _newton(batch: Batch, beta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    wanted = np.take_along_axis(over_supersets(batch.counts), np.maximum(batch.terms, 0), axis=1)
    wanted *= batch.terms >= 0
    beta = beta.copy()
    means = _means(batch, beta)
    gained = (wanted * beta).sum(axis=1) - means.sum(axis=1)
    open_ = np.arange(len(beta))
    for _ in range(MOST_STEPS):
        part = batch.rows(open_)
        step, decrement = _step(part, wanted=wanted[open_], means=means[open_])
        beta[open_], means[open_], gained[open_] = _walk(
            part, wanted[open_], start=beta[open_], step=step, least=gained[open_]
        )
        open_ = open_[decrement >= DECREMENT]
        if not len(open_):
            break
    miss = np.abs(_score(batch, wanted=wanted, summed=over_supersets(means))).max(axis=1)
    return beta, means, _likelihood(batch, means), miss


def _score(batch: Batch, *, wanted: Floats, summed: Floats) -> Floats:
    terms = np.maximum(batch.terms, 0)
    return np.asarray(wanted - np.take_along_axis(summed, terms, axis=1) * (batch.terms >= 0))


def _step(batch: Batch, *, wanted: Floats, means: Floats) -> tuple[Floats, Floats]:
    """Newton's step and half its squared decrement."""
    summed = over_supersets(means)
    score = _score(batch, wanted=wanted, summed=summed)
    matrix = _information(batch, summed)
    diagonal = np.arange(score.shape[1])
    # A hair of ridge: it bends the way, not the place where the score is nought.
    matrix[:, diagonal, diagonal] *= 1 + 1e-10
    matrix[:, diagonal, diagonal] += 1e-12
    step = np.linalg.solve(matrix, score[:, :, None])[:, :, 0]
    return np.clip(step, -20.0, 20.0), np.abs((step * score).sum(axis=1)) / 2


def _walk(batch: Batch, wanted: Floats, *, start: Floats, step: Floats, least: Floats) -> tuple[Floats, Floats, Floats]:
    """Go the step, halved for as long as it loses likelihood."""
    size = np.ones(len(start))
    for _ in range(30):
        beta = start + size[:, None] * step
        means = _means(batch, beta)
        gained = (wanted * beta).sum(axis=1) - means.sum(axis=1)
        worse = ~(gained >= least - 1e-9 * (1 + np.abs(least)))
        if not worse.any():
            break
        size[worse] /= 2
    return beta, means, gained


def _means(batch: Batch, beta: Floats) -> Floats:
    placed = np.zeros(batch.counts.shape)
    row, column = np.nonzero(batch.terms >= 0)
    placed[row, batch.terms[row, column]] = beta[row, column]
    predictor = over_subsets(placed)
    if batch.log_ratio is not None:
        predictor += batch.log_ratio
    np.minimum(predictor, TOP, out=predictor)
    means = np.exp(predictor, out=predictor)
    means *= batch.alive
    return means


def _likelihood(batch: Batch, means: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(batch.counts > 0, batch.counts * np.log(means), 0.0)
    return np.asarray(parts.sum(axis=1) - means.sum(axis=1))
