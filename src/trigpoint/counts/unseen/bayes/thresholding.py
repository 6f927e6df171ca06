"""Bayesian thresholding (Silverman 2020): fit all interactions with a prior, keep those that stand clear of nought.

The log-linear model with every interaction up to an order has a normal prior. Interactions whose posterior mean lies
at least two posterior standard deviations from nought are kept, the model is fitted anew with these alone, and its
posterior answers. The posterior is sampled by Hamiltonian Monte Carlo (Neal 2011), in many chains at once, in
coordinates in which it is nearly round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trigpoint.counts.unseen.bayes.latent_class import effective_draws, scale_reduction
from trigpoint.counts.unseen.loglinear.existence import estimable
from trigpoint.counts.unseen.loglinear.lattice import Floats, Ints, over_subsets, over_supersets
from trigpoint.counts.unseen.loglinear.models import Model, closed, main_effects
from trigpoint.counts.unseen.loglinear.newton import Batch, fit, independent, information, prepare

CLEAR = 2.0  # posterior standard deviations from nought
INTERACTION = 1.0  # prior variance of an interaction; None for a flat prior
MAIN = 1e4  # prior variance of the constant and of the lists alone
CHAINS, WARM_UP, DRAWS, LEAPS = 32, 100, 600, 8


@dataclass(frozen=True)
class Thresholded:
    """Draws of the total population (chains, draws), the terms kept, those at minus infinity, and how the chains agree.

    `totals` is None where a flat prior leaves no posterior: no estimate exists.
    """

    totals: Floats | None
    kept: Model
    at_minus_infinity: Model
    scale_reduction: float = 1.0
    effective_draws: float = 0.0

    def quantile(self, place: float) -> float:
        """Of the draws of all chains."""
        return float(np.quantile(self.totals, place)) if self.totals is not None else float("inf")


def threshold(
    counts: Floats, *, order: int = 2, variance: float | None = INTERACTION, clear: float = CLEAR, seed: int = 0
) -> Thresholded:
    """Choose interactions of up to `order` lists and sample the posterior of the total, given `counts` (2^K)."""
    rng = np.random.default_rng(seed)
    lists = len(counts).bit_length() - 1
    terms = [term for term in range(1 << lists) if term.bit_count() <= order and term != (1 << lists) - 1]
    full = _Posterior(counts, closed(terms), variance=variance)
    if not full.proper:
        full = _Posterior(counts, closed([t for t in terms if t.bit_count() <= 2]), variance=variance)
    if not full.proper:
        return Thresholded(None, main_effects(lists), full.at_minus_infinity)
    draws = full.sample(rng)
    strength = np.abs(draws.mean(axis=(0, 1))) / draws.std(axis=(0, 1))
    clear_of_nought = [int(t) for t, s in zip(full.terms, strength, strict=True) if t.bit_count() > 1 and s >= clear]
    kept = closed([*main_effects(lists), *clear_of_nought])
    final = _Posterior(counts, (*kept, *full.at_minus_infinity), variance=variance)
    if not final.proper:
        return Thresholded(None, kept, final.at_minus_infinity)
    draws = final.sample(rng)
    unseen = draws[:, :, 0]
    totals = counts.sum() + np.exp(np.minimum(unseen, 700.0))
    return Thresholded(totals, kept, final.at_minus_infinity, scale_reduction(unseen), effective_draws(unseen))


class _Posterior:
    """The log posterior of the coefficients of one model on one table."""

    def __init__(self, counts: Floats, model: Sequence[int], *, variance: float | None) -> None:
        self.counts = np.asarray(counts, dtype=float)
        wanted = np.array(sorted(set(model), key=lambda t: (t.bit_count(), t)), dtype=np.int64)
        flat = prepare(self.counts[None, :], wanted[None, :])
        self.flat = variance is None
        if self.flat:
            self.terms: Ints = flat.terms[0][flat.terms[0] >= 0]
            self.alive = flat.alive[0]
        else:
            self.terms = wanted
            self.alive = np.arange(len(self.counts)) > 0
        self.at_minus_infinity: Model = tuple(int(t) for t in wanted if t not in set(self.terms.tolist()))
        several = np.bitwise_count(self.terms) > 1
        inner = 0.0 if variance is None else 1 / variance
        self.precision = np.where(several, inner, 0.0 if self.flat else 1 / MAIN)
        self.statistics = over_supersets(np.where(self.alive, self.counts, 0.0)[None, :])[0, self.terms]
        self.proper = bool(estimable(flat, fit(flat))[0]) if self.flat else True

    def sample(self, rng: np.random.Generator) -> Floats:
        """Draws (chains, draws, terms)."""
        mode, whiten = self._mode()
        position = mode + rng.standard_normal((CHAINS, len(mode))) @ whiten.T
        kept = np.empty((CHAINS, DRAWS, len(mode)))
        size = 0.3
        for at in range(-WARM_UP, DRAWS):
            position, accepted = self._move(position, whiten, size=size, rng=rng)
            if at < 0:
                size *= np.exp((accepted - 0.8) * 0.3)
            else:
                kept[:, at] = position
        return kept

    def _move(self, start: Floats, whiten: Floats, *, size: float, rng: np.random.Generator) -> tuple[Floats, float]:
        """One leapfrog walk for each chain; where the chains are then, and which share of walks was taken."""
        speed = rng.standard_normal(start.shape)
        step = size * rng.uniform(0.7, 1.3)
        value, slope = self._value(start)
        energy = value - (speed**2).sum(axis=1) / 2
        at = start
        for _ in range(LEAPS):
            speed = speed + step / 2 * (slope @ whiten)
            at = at + step * (speed @ whiten.T)
            value, slope = self._value(at)
            speed = speed + step / 2 * (slope @ whiten)
        taken = np.log(rng.random(len(at))) < value - (speed**2).sum(axis=1) / 2 - energy
        return np.where(taken[:, None], at, start), float(taken.mean())

    def _value(self, beta: Floats) -> tuple[Floats, Floats]:
        """Log posterior (chains,) and its gradient (chains, terms)."""
        means = self._means(beta)
        value = beta @ self.statistics - means.sum(axis=1) - (beta**2 @ self.precision) / 2
        slope = self.statistics - over_supersets(means)[:, self.terms] - beta * self.precision
        return value, slope

    def _means(self, beta: Floats) -> Floats:
        placed = np.zeros((len(beta), len(self.counts)))
        placed[:, self.terms] = beta
        return np.asarray(np.exp(np.minimum(over_subsets(placed), 60.0)) * self.alive)

    def _mode(self) -> tuple[Floats, Floats]:
        """The mode, and a matrix that turns round noise into noise of the posterior's shape there."""
        beta = independent(self.counts[None, :])[:, self.terms]
        value, slope = self._value(beta)
        for _ in range(100):
            hessian = self._curvature(beta)
            step = np.linalg.solve(hessian, slope[0])
            length = 1.0
            while length > 1e-8:
                there, new_slope = self._value(beta + length * step)
                if there[0] >= value[0] - 1e-9:
                    break
                length /= 2
            beta, value, slope = beta + length * step, there, new_slope
            if abs(step @ slope[0]) < 1e-10:
                break
        return beta[0], np.linalg.cholesky(np.linalg.inv(self._curvature(beta)))

    def _curvature(self, beta: Floats) -> Floats:
        batch = Batch(self.counts[None, :], self.terms[None, :], self.alive[None, :])
        return np.asarray(information(batch, self._means(beta))[0] + np.diag(self.precision + 1e-12))
