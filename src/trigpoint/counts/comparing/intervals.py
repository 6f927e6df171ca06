"""Honest intervals for shares and for rates: how far chance alone could move them. Nothing else is in them."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy

Numbers: TypeAlias = npt.NDArray[np.float64]
LEVEL: Final = 0.95
PER: Final = 10_000


def share_limits(part: npt.ArrayLike, whole: npt.ArrayLike, *, level: float = LEVEL) -> tuple[Numbers, Numbers]:
    """Limits of the share `part` of `whole`, both arrays of one shape, as numbers from 0 to 1; nan where whole is 0.

    Wilson's score interval without continuity correction (Wilson 1927), which Newcombe (Statistics in Medicine 17,
    1998, method 3) recommends for small numbers: it never leaves 0 to 1, and has a width also for none and for all.
    """
    x, n = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    z = float(scipy.stats.norm.ppf((1 + level) / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (x + z * z / 2) / (n + z * z)
        half = z * np.sqrt(x * (n - x) / n + z * z / 4) / (n + z * z)
    low = np.where(x == 0, 0.0, middle - half)
    high = np.where(x == n, 1.0, middle + half)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def count_limits(count: npt.ArrayLike, *, level: float = LEVEL) -> tuple[Numbers, Numbers]:
    """Limits of the mean of a Poisson count: exact (Garwood, Biometrika 28, 1936), by quantiles of chi-squared.

    Exact where Byar's approximation is but near, and as quick to have; nought has the lower limit 0.
    """
    x = np.asarray(count, float)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(x > 0, scipy.stats.chi2.ppf(tail, 2 * x) / 2, 0.0)
    return low, np.asarray(scipy.stats.chi2.ppf(1 - tail, 2 * x + 2) / 2)


def rate(count: npt.ArrayLike, population: npt.ArrayLike, *, per: int = PER) -> Numbers:
    """`count` per `per` of `population`; nan where nobody lives there."""
    x, n = np.asarray(count, float), np.asarray(population, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, per * x / n, np.nan)


def rate_limits(
    count: npt.ArrayLike, population: npt.ArrayLike, *, per: int = PER, level: float = LEVEL
) -> tuple[Numbers, Numbers]:
    """Limits of `rate`, from `count_limits`; the population is taken as known."""
    low, high = count_limits(count, level=level)
    return rate(low, population, per=per), rate(high, population, per=per)
