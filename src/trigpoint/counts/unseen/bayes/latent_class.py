"""Latent classes without end (Manrique-Vallier 2016): people differ in how easily each list finds them.

A Dirichlet process mixture, cut off at ten classes, of lists that are independent within a class. The Gibbs sampler of
the paper's section 3.3 runs in many chains at once from scattered starts, because one chain can sit in one of
several answers for a long time; how far the chains agree is part of the answer.

Priors are those of the paper: chances uniform, concentration gamma(0.25, 0.25), probability of N in proportion to 1/N.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trigpoint.counts.unseen.loglinear.lattice import Floats, Ints

CLASSES = 10
CHAINS = 16
WARM_UP = 2_000
SWEEPS = 4_000
SHAPE = RATE = 0.25
MIXED = 1.1  # potential scale reduction up to which chains are said to agree
MOST_UNSEEN = 10**9

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class LatentClasses:
    """Draws of the total population (chains, sweeps), and how well the chains agree."""

    totals: NDArray[np.int64]
    scale_reduction: float
    effective_draws: float

    @property
    def mixed(self) -> bool:
        """Whether the chains agree."""
        return self.scale_reduction <= MIXED

    def quantile(self, place: float) -> float:
        """Of the draws of all chains."""
        return float(np.quantile(self.totals, place))


def sample(
    counts: Floats,
    *,
    classes: int = CLASSES,
    chains: int = CHAINS,
    warm_up: int = WARM_UP,
    sweeps: int = SWEEPS,
    seed: int = 0,
    tell: Tell | None = None,
) -> LatentClasses:
    """Sample the posterior of the total population, given `counts` (2^K)."""
    sampler = _Gibbs(counts, classes=classes, chains=chains, rng=np.random.default_rng(seed))
    totals = np.empty((chains, sweeps), dtype=np.int64)
    for at in range(-warm_up, sweeps):
        unseen = sampler.sweep()
        if at >= 0:
            totals[:, at] = sampler.seen + unseen
        if tell and at % 200 == 0:
            tell(at + warm_up, warm_up + sweeps)
    return LatentClasses(totals, scale_reduction(np.log(totals)), effective_draws(np.log(totals)))


class _Gibbs:
    """The chains: share of each class (chains, classes) and chance of each list in it (chains, classes, lists)."""

    def __init__(self, counts: Floats, *, classes: int, chains: int, rng: np.random.Generator) -> None:
        lists = len(counts).bit_length() - 1
        histories = np.flatnonzero(counts)
        self.rng = rng
        self.seen = round(float(counts.sum()))
        self.cases: Ints = counts[histories].round().astype(np.int64)
        self.on = (histories[:, None] >> np.arange(lists) & 1).astype(float)
        # Scattered starts of the right size: totals from four to thirty times those seen, classes unlike each other.
        total = self.seen * np.geomspace(4.0, 30.0, chains)[:, None, None]
        listed = np.clip((self.cases @ self.on) / total, 1e-6, 0.9)
        self.chance = np.clip(listed * rng.lognormal(0.0, 1.0, size=(chains, classes, lists)), 1e-6, 0.99)
        self.concentration = rng.gamma(1.0, 1.0, size=chains) + 0.05
        self._shares(np.zeros((chains, classes), dtype=np.int64))

    def sweep(self) -> Ints:
        """Once through all that is unknown; the number of unseen cases (chains,) of this sweep."""
        log_on, log_off = np.log(self.chance), np.log1p(-self.chance)
        log_share = np.log(np.maximum(self.share, 1e-300))
        held = self._classes_of_the_seen(log_share, log_on, log_off)
        unseen, empty = self._unseen(log_share + log_off.sum(axis=2))
        on_list = np.einsum("chk,hj->ckj", held, self.on)
        members = held.sum(axis=1)
        off_list = members[:, :, None] - on_list + empty[:, :, None]
        self.chance = np.clip(self.rng.beta(1 + on_list, 1 + off_list), 1e-12, 1 - 1e-12)
        self._shares(members + empty)
        return unseen

    def _classes_of_the_seen(self, log_share: Floats, log_on: Floats, log_off: Floats) -> Ints:
        """How many cases of each history belong to each class (chains, histories, classes)."""
        odds = np.einsum("hj,ckj->chk", self.on, log_on - log_off) + (log_share + log_off.sum(axis=2))[:, None, :]
        odds = np.exp(odds - odds.max(axis=2, keepdims=True))
        return np.asarray(self.rng.multinomial(self.cases, odds / odds.sum(axis=2, keepdims=True)), dtype=np.int64)

    def _unseen(self, log_missed: Floats) -> tuple[Ints, Ints]:
        """The number of unseen cases (chains,) and how many of them each class has (chains, classes)."""
        missed = np.exp(log_missed)
        chance = np.clip(missed.sum(axis=1), 1e-12, 1 - 1e-9)
        unseen = np.minimum(self.rng.negative_binomial(self.seen, 1 - chance), MOST_UNSEEN)
        return unseen, self.rng.multinomial(unseen, missed / missed.sum(axis=1, keepdims=True))

    def _shares(self, members: Ints) -> None:
        """Break the stick anew, then draw the concentration."""
        after = members[:, ::-1].cumsum(axis=1)[:, ::-1] - members
        broken = self.rng.beta(1 + members[:, :-1], self.concentration[:, None] + after[:, :-1])
        broken = np.clip(broken, 1e-12, 1 - 1e-12)
        left = np.concatenate([np.ones((len(broken), 1)), np.cumprod(1 - broken, axis=1)], axis=1)
        self.share = left * np.concatenate([broken, np.ones((len(broken), 1))], axis=1)
        sticks = members.shape[1] - 1
        rate = RATE - np.log1p(-broken).sum(axis=1)
        self.concentration = np.maximum(self.rng.gamma(SHAPE + sticks, 1 / rate), 1e-6)


def scale_reduction(draws: Floats) -> float:
    """Gelman and Rubin's potential scale reduction of (chains, draws), each chain cut in two halves."""
    half = draws.shape[1] // 2
    parts = np.concatenate([draws[:, :half], draws[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean()
    between = parts.mean(axis=1).var(ddof=1)
    if within <= 0:
        return 1.0
    return float(np.sqrt((half - 1) / half + between / within))


def effective_draws(draws: Floats) -> float:
    """How many independent draws the (chains, draws) are worth, by Geyer's initial positive sequence."""
    chains, length = draws.shape
    centred = draws - draws.mean()
    size = 1 << (2 * length - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, size, axis=1)) ** 2
    correlation = np.fft.irfft(power, size, axis=1)[:, :length].mean(axis=0)
    if correlation[0] <= 0:
        return float(chains * length)
    correlation /= correlation[0]
    paired = correlation[0 : length - 1 : 2] + correlation[1:length:2]
    stop = int(np.argmax(paired < 0)) if (paired < 0).any() else len(paired)
    return float(chains * length / max(2 * paired[:stop].sum() - 1, 1e-9))
