"""Funnel plots in place of league tables: which areas lie further from the rate of all than chance would take them.

Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005): the limits are
those of the counts that chance alone would give at the rate of all, exact Poisson and interpolated so that they do
not jump; they widen where areas differ more than chance explains (over-dispersion). All by its appendix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

from trigpoint.counts.comparing.intervals import PER, Numbers, rate

WARNING: Final = 0.95
ALARM: Final = 0.998
ENOUGH: Final = 5  # areas below which over-dispersion cannot be told
WINSOR: Final = 0.1


@dataclass(frozen=True)
class Funnel:
    """Rates by area against the rate of all, `mean`, each per `per`.

    `places` says of each area 'within', 'above 95 %', 'above 99.8 %', 'below ...', or 'no population'. `dispersion` is
    how many times wider the variance is than chance (1: not wider, or too few areas to tell); the limits hold it.
    """

    rates: Numbers
    mean: float
    dispersion: float
    places: tuple[str, ...]


def funnel(count: npt.ArrayLike, population: npt.ArrayLike, *, per: int = PER) -> Funnel:
    """Place areas, arrays of counts and populations, in the funnel about their common rate.

    Raises ValueError where no area has a population.
    """
    x, n = np.broadcast_arrays(np.asarray(count, float), np.asarray(population, float))
    lived = n > 0
    if not lived.any():
        raise ValueError("no area has a population")
    mean = float(x[lived].sum() / n[lived].sum())
    wider = _dispersion(x[lived], mean * n[lived])
    places = np.full(x.shape, "within", dtype=object)
    for level in (WARNING, ALARM):
        low, high = limits(mean * n, level=level, dispersion=wider)
        said = f"{100 * level:g} %"
        places[x < low] = f"below {said}"
        places[x > high] = f"above {said}"
    places[~lived] = "no population"
    return Funnel(rate(x, n, per=per), per * mean, wider, tuple(places.tolist()))


def limits(expected: npt.ArrayLike, *, level: float, dispersion: float = 1.0) -> tuple[Numbers, Numbers]:
    """Control limits, in counts, for areas where `expected` children are expected.

    For each tail p the limit is r - a, where r is the least count with P(X <= r) > p and a = (P(X <= r) - p) /
    P(X = r) (Spiegelhalter 2005, appendix). With `dispersion` above 1 the normal limits, widened by its root.
    """
    mean = np.asarray(expected, float)
    tail = (1 - level) / 2
    if dispersion > 1:
        half = scipy.stats.norm.ppf(1 - tail) * np.sqrt(dispersion * mean)
        return np.maximum(mean - half, 0.0), mean + half
    low, high = (_interpolated(mean, p) for p in (tail, 1 - tail))
    return np.maximum(low, 0.0), high


def _interpolated(mean: Numbers, p: float) -> Numbers:
    least = scipy.stats.poisson.ppf(p, mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        beyond = (scipy.stats.poisson.cdf(least, mean) - p) / scipy.stats.poisson.pmf(least, mean)
    return np.where(mean > 0, least - beyond, 0.0)


def _dispersion(count: Numbers, expected: Numbers) -> float:
    """The winsorised mean of squared z-scores, where it says more than chance: above 1 + 2 root(2 / areas)."""
    if len(count) < ENOUGH or not expected.all():
        return 1.0
    z = 2 * (np.sqrt(count) - np.sqrt(expected))
    low, high = np.quantile(z, [WINSOR, 1 - WINSOR])
    found = float((np.clip(z, low, high) ** 2).mean())
    return found if found > 1 + 2 * (2 / len(count)) ** 0.5 else 1.0
