"""Averaging over decomposable graphs (Madigan and York 1997).

Each graph says which lists depend on which; the chances of its cells have a hyper-Dirichlet prior, so that the
probability of a table with a given number of unseen cases has a closed form. Graphs are equally likely beforehand, the
whole number of cases N has probability in proportion to 1/N, as in their worked example.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy
from scipy.special import gammaln, logsumexp

from trigpoint.counts.unseen.bayes import graphs
from trigpoint.counts.unseen.loglinear.lattice import Floats, Ints

GRID = 800  # numbers of unseen cases at which the posterior is reckoned; between them runs a spline
EVERY_UP_TO = 3_000
GRAPHS_AT_ONCE = 1_000
MOST = 30  # times those seen: as many unseen as anybody is thought to have missed (Binette and Steorts 2022)
WALK = 12_000  # steps of a walk over graphs, where there are too many to visit each


@dataclass(frozen=True)
class Averaged:
    """The posterior of the number of unseen cases: `weights[i]` is the probability of `numbers[i]`. How many graphs
    were averaged over, and the probability that any two lists are joined (lists, lists)."""

    numbers: Floats
    weights: Floats
    graphs: int
    joined: Floats

    def quantile(self, place: float) -> float:
        """The least number of unseen cases with so much probability up to it."""
        at = min(int(np.searchsorted(self.weights.cumsum(), place)), len(self.weights) - 1)
        return float(self.numbers[at])

    @property
    def mean(self) -> float:
        """The posterior mean of the number of unseen cases."""
        return float(self.weights @ self.numbers)

    @property
    def mode(self) -> float:
        """The likeliest number of unseen cases."""
        return float(self.numbers[self.weights.argmax()])

    @property
    def at_edge(self) -> bool:
        """Whether much of the posterior lies at the largest number looked at: that bound then makes the answer."""
        return bool(self.weights[-max(1, len(self.weights) // 50) :].sum() > 0.01)


def average(
    counts: Floats, *, delta: float | None = None, most: int | None = None, at: Floats | None = None, seed: int = 0
) -> Averaged:
    """Average over all decomposable graphs, or beyond six lists over those that a walk visits.

    `counts` (2^K); `delta` the prior cases in each of the 2^K cells, 2^-K if not said; `most` the largest number of
    unseen cases thought of, thirty times those seen (at least 2,000) if not said. Every whole number up to it is
    thought of; where `at` is given, those numbers alone, as programs do that leave numbers out.
    """
    lists = len(counts).bit_length() - 1
    points, bounds = _grid(most or max(2_000, int(MOST * counts.sum())))
    if at is not None:
        points, bounds = at, np.arange(len(at) + 1.0)
    margins = _Margins(counts, delta=delta or 2.0**-lists, unseen=points)
    prior = margins.coefficient - np.log(counts.sum() + points) + np.log(np.diff(bounds))
    found = _all(margins, prior) if lists <= graphs.MOST_LISTS else _walk(margins, prior, seed=seed)
    log_density = found.log_weights - np.log(np.diff(bounds))
    numbers, weights = _every(points, log_density) if at is None else (points, _shares(log_density))
    return Averaged(numbers, weights, found.graphs, found.joined)


@dataclass(frozen=True)
class _Found:
    """The log probability (up to a sum) at each of the points that were looked at, over all graphs visited."""

    log_weights: Floats
    graphs: int
    joined: Floats


class _Margins:
    """The log probability of the table of each set of lists, for every number of unseen cases, reckoned once."""

    def __init__(self, counts: Floats, *, delta: float, unseen: Floats) -> None:
        self.lists = len(counts).bit_length() - 1
        self.counts, self.delta, self.unseen = counts, delta, unseen
        total = counts.sum() + unseen
        self.coefficient = gammaln(total + 1) - gammaln(unseen + 1)
        everything = delta * 2.0**self.lists
        self.whole = gammaln(everything) - gammaln(everything + total)
        self.of = lru_cache(maxsize=4_096)(self._of)

    def _of(self, members: int) -> Floats:
        """(unseen,) for the table of those lists, the others summed over; nought for no list."""
        if not members:
            return np.zeros(len(self.unseen))
        histories = np.arange(len(self.counts)) & members
        cells = np.bincount(histories, weights=self.counts, minlength=len(self.counts))
        prior = self.delta * 2.0 ** (self.lists - members.bit_count())
        kept = np.unique(histories)
        kept = kept[kept > 0]
        seen = (gammaln(prior + cells[kept]) - gammaln(prior)).sum()
        empty = gammaln(prior + cells[0] + self.unseen) - gammaln(prior)
        return np.asarray(self.whole + seen + empty)


def _all(margins: _Margins, prior: Floats) -> _Found:
    """Every graph: each set of lists counts as often as it is a family less a separator."""
    lists = margins.lists
    family, separator = graphs.decomposable(lists)
    rows = len(family)
    times = np.zeros((rows, 1 << lists))
    for turn in range(lists):
        times[np.arange(rows), family[:, turn]] += 1
        times[np.arange(rows), separator[:, turn]] -= 1
    each = np.array([margins.of(members) for members in range(1 << lists)])
    by_graph, by_number = np.empty(rows), np.full(len(prior), -np.inf)
    for at in range(0, rows, GRAPHS_AT_ONCE):
        table = times[at : at + GRAPHS_AT_ONCE] @ each + prior
        by_graph[at : at + len(table)] = logsumexp(table, axis=1)
        by_number = np.logaddexp(by_number, logsumexp(table, axis=0))
    chance = np.exp(by_graph - logsumexp(by_graph))
    return _Found(by_number, rows, np.einsum("g,gjk->jk", chance, _pairs(family, lists)))


def _pairs(family: Ints, lists: int) -> Floats:
    """(graphs, lists, lists): which lists stand together in a family."""
    member = (family[:, :, None] >> np.arange(lists) & 1).astype(float)
    return np.asarray((np.einsum("gtj,gtk->gjk", member, member) > 0).astype(float))


def _walk(margins: _Margins, prior: Floats, *, seed: int) -> _Found:
    """Madigan and York's walk: propose an edge to add or take away, keep to decomposable graphs (their section 3)."""
    lists, rng = margins.lists, np.random.default_rng(seed)
    score, edges = _scorer(margins, prior), graphs.edges(lists)
    at: Graph = (0,) * lists
    here = score(at)
    weights, joined = np.zeros(len(prior)), np.zeros((lists, lists))
    kept = 0
    for step in range(WALK):
        proposed = _toggled(at, *edges[int(rng.integers(len(edges)))])
        there = score(proposed)
        if there is not None and (here is None or np.log(rng.random()) < there[0] - here[0]):
            at, here = proposed, there
        if step >= WALK // 5 and here is not None:
            weights += here[1]
            joined += np.array([[near >> j & 1 for j in range(lists)] for near in at])
            kept += 1
    with np.errstate(divide="ignore"):
        found = np.log(weights)
    return _Found(np.maximum(found, -700.0), kept, joined / kept + np.eye(lists))


Graph = tuple[int, ...]  # of each list, its neighbours as a number whose bits are lists


def _toggled(graph: Graph, i: int, j: int) -> Graph:
    changed = list(graph)
    changed[i] ^= 1 << j
    changed[j] ^= 1 << i
    return tuple(changed)


def _scorer(margins: _Margins, prior: Floats) -> Callable[[Graph], tuple[float, Floats] | None]:
    """Of a graph: its log probability and its posterior of the unseen; None if it is not decomposable."""

    @lru_cache(maxsize=20_000)
    def score(graph: Graph) -> tuple[float, Floats] | None:
        pieces = graphs.families_of_one(graph)
        if pieces is None:
            return None
        table = prior.copy()
        for family, separator in pieces:
            table += margins.of(family) - margins.of(separator)
        sum_ = float(logsumexp(table))
        return sum_, np.exp(table - sum_)

    return score


def _grid(most: int) -> tuple[Floats, Floats]:
    """Numbers of unseen cases, and the bounds (one more) of the numbers that each stands for."""
    if most <= EVERY_UP_TO:
        return np.arange(1.0, most + 1), np.arange(0.5, most + 1)
    points = np.unique(np.round(np.geomspace(1, most, GRID)))
    return points, np.concatenate([[0.5], (points[1:] + points[:-1]) / 2, [most + 0.5]])


def _every(points: Floats, log_density: Floats) -> tuple[Floats, Floats]:
    """Every whole number and its probability, between the points by a spline through the logarithm of the density."""
    numbers = np.arange(1.0, points[-1] + 1)
    if len(numbers) == len(points):
        return numbers, _shares(log_density)
    return numbers, _shares(scipy.interpolate.CubicSpline(np.log(points), log_density)(np.log(numbers)))


def _shares(log_density: Floats) -> Floats:
    weights = np.exp(log_density - log_density.max())
    return np.asarray(weights / weights.sum())
