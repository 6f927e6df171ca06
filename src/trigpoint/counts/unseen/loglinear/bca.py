"""BCa bootstrap intervals (Efron 1987; DiCiccio and Efron 1996, section 2) around an estimate that chooses its model.

The cases are resampled, the model is chosen and fitted anew for every resample, and the percentiles are corrected for
bias and acceleration (Chan, Silverman and Vincent 2021, section 3.3). Limits of a bootstrap are themselves random:
their Monte Carlo standard error is given beside them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from trigpoint.counts.unseen.loglinear.lattice import Floats

Estimator = Callable[[Floats], Floats]  # tables (rows, 2^K) to total populations (rows,)
Tell = Callable[[int, int], None]  # so many of so many done

RESAMPLES = 5_000
LEVELS = (0.8, 0.95)
TABLES_AT_ONCE = 512
MOST_TO_LEAVE_OUT = 4_000_000  # numbers in the tables that leave out a case each: beyond it, no acceleration


@dataclass(frozen=True)
class Interval:
    """Limits at a level (0.95), and the Monte Carlo standard error of each. A high limit may be infinite. `reached_by`
    is how many resamples lie beyond the limit that fewest reach: with a few, it is hardly resolved."""

    level: float
    low: float
    high: float
    low_error: float = 0.0
    high_error: float = 0.0
    reached_by: float = math.inf


@dataclass(frozen=True)
class Bootstrap:
    """Totals of the resamples in rising order, the acceleration (None where histories are too many to leave one case
    out of each), the bias correction, and intervals by level."""

    totals: Floats
    acceleration: float | None
    bias: float
    intervals: tuple[Interval, ...]

    @property
    def without_estimate(self) -> float:
        """Which share of the resamples had no estimate."""
        return float(np.isinf(self.totals).mean())


def bootstrap(
    counts: Floats,
    estimator: Estimator,
    *,
    estimate: float,
    resamples: int = RESAMPLES,
    levels: Sequence[float] = LEVELS,
    seed: int = 0,
    tell: Tell | None = None,
) -> Bootstrap:
    """BCa intervals for `estimate`, the total that `estimator` gives for `counts` (2^K).

    `seed` fixes the resamples, so that a report can be made again; it was chosen by nobody to hit a figure.
    """
    rng = np.random.default_rng(seed)
    tables = resample(counts, resamples, rng=rng)
    totals = np.sort(in_parts(tables, estimator, tell=tell))
    few = np.count_nonzero(counts) * len(counts) <= MOST_TO_LEAVE_OUT
    acceleration = accelerate(counts, estimator) if few else None
    bias = _bias(totals, estimate)
    return Bootstrap(
        totals,
        acceleration,
        bias,
        tuple(
            _interval(totals, level, estimate=estimate, acceleration=acceleration or 0.0, rng=rng) for level in levels
        ),
    )


def resample(counts: Floats, resamples: int, *, rng: np.random.Generator) -> Floats:
    """Tables (resamples, 2^K) of as many cases, drawn with replacement from those seen."""
    seen = counts.sum()
    return rng.multinomial(round(float(seen)), counts / seen, size=resamples).astype(float)


def in_parts(tables: Floats, estimator: Estimator, *, tell: Tell | None = None) -> Floats:
    """The estimator's totals for all tables, in parts that take turns on the processors."""
    starts = range(0, len(tables), TABLES_AT_ONCE)
    totals = np.empty(len(tables))
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as workers:
        done = workers.map(lambda at: estimator(tables[at : at + TABLES_AT_ONCE]), starts)
        for at, part in zip(starts, done, strict=True):
            totals[at : at + len(part)] = part
            if tell:
                tell(at + len(part), len(tables))
    return totals


def accelerate(counts: Floats, estimator: Estimator) -> float:
    """The acceleration, by leaving out one case of each history seen, each weighted by its number of cases."""
    histories = np.flatnonzero(counts)
    tables = np.repeat(counts[None, :], len(histories), axis=0)
    tables[np.arange(len(histories)), histories] -= 1
    totals = in_parts(tables, estimator)
    weights = np.where(np.isfinite(totals), counts[histories], 0.0)
    totals = np.where(np.isfinite(totals), totals, 0.0)
    if weights.sum() == 0:
        return 0.0
    influence = (weights @ totals) / weights.sum() - totals
    spread = weights @ influence**2
    return float((weights @ influence**3) / (6 * spread**1.5)) if spread > 0 else 0.0


def _bias(totals: Floats, estimate: float) -> float:
    below = np.mean(totals < estimate) + np.mean(totals == estimate) / 2
    half = 0.5 / len(totals)
    return float(ndtri(min(max(float(below), half), 1 - half)))


def _limits(totals: Floats, level: float, *, estimate: float, acceleration: float) -> tuple[float, float]:
    low, high = _places(totals, level, estimate=estimate, acceleration=acceleration)
    return _quantile(totals, low), _quantile(totals, high)


def _places(totals: Floats, level: float, *, estimate: float, acceleration: float) -> tuple[float, float]:
    """Which quantiles of the resamples the limits are."""
    bias = _bias(totals, estimate)
    found = []
    for tail in ((1 - level) / 2, (1 + level) / 2):
        z = bias + float(ndtri(tail))
        denominator = 1 - acceleration * z
        found.append(float(ndtr(bias + z / denominator)) if denominator > 0 else float(z > 0))
    return found[0], found[1]


def _quantile(rising: Floats, place: float) -> float:
    """Between neighbours in a line; infinite where the upper neighbour is."""
    at = place * (len(rising) - 1)
    low, part = int(at), at - int(at)
    high = min(low + 1, len(rising) - 1)
    if part == 0 or math.isinf(rising[high]):
        return float(rising[low if part == 0 else high])
    return float(rising[low] * (1 - part) + rising[high] * part)


def _interval(
    totals: Floats, level: float, *, estimate: float, acceleration: float, rng: np.random.Generator
) -> Interval:
    low, high = _limits(totals, level, estimate=estimate, acceleration=acceleration)
    again = [
        _limits(np.sort(rng.choice(totals, len(totals))), level, estimate=estimate, acceleration=acceleration)
        for _ in range(100)
    ]
    lows, highs = np.array(again).T
    places = _places(totals, level, estimate=estimate, acceleration=acceleration)
    errors = [max(_spread(one), _spacing(totals, at)) for one, at in zip((lows, highs), places, strict=True)]
    reached_by = len(totals) * min(min(at, 1 - at) for at in places)
    return Interval(level, low, high, errors[0], errors[1], reached_by)


def _spacing(rising: Floats, place: float) -> float:
    """How far apart the resamples lie around a place. Near the ends, where resampling the resamples moves nothing
    (the least of them stays the least), this is what tells how little the limit is resolved."""
    at = place * (len(rising) - 1)
    reach = max(1.0, math.sqrt(min(at, len(rising) - 1 - at)))
    low, high = max(0, math.floor(at - reach)), min(len(rising) - 1, math.ceil(at + reach))
    if math.isinf(rising[high]):
        return math.inf
    return float(rising[high] - rising[low]) / (1 if reach == 1.0 else 2)


def _spread(values: Floats) -> float:
    """Their standard deviation; infinite where some are."""
    return float(values.std(ddof=1)) if np.isfinite(values).all() else math.inf
