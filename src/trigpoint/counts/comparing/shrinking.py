"""Rates of small areas drawn towards the rate of all, by a model that is stated: few children tell little.

Each area's rate is thought of as drawn from one Gamma distribution, its count as Poisson. How much the rates truly
differ is estimated from all of them, and each area is drawn to the mean by as much as chance alone explains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from trigpoint.counts.comparing.intervals import LEVEL, PER, Numbers


@dataclass(frozen=True)
class Shrunk:
    """Shrunken rates with limits, per `per`; `mean` of all areas and `spread`, the standard deviation of true rates.

    `kept` is the share of each area's own rate in its shrunken one: 1 is no shrinking, 0 wholly the rate of all. A
    spread of 0 says that chance alone explains all differences: every area then has the rate of all.
    """

    rates: Numbers
    low: Numbers
    high: Numbers
    kept: Numbers
    mean: float
    spread: float


def shrink(count: npt.ArrayLike, population: npt.ArrayLike, *, per: int = PER, level: float = LEVEL) -> Shrunk:
    """Empirical Bayes of Marshall (Applied Statistics 40, 1991, global) for arrays of counts and populations.

    With m the overall rate, s² the variance of rates about it weighted by population, and A = s² - m / mean
    population (0 where negative), an area keeps C = A / (A + m / population) of its own rate. Limits are the middle
    `level` of the Gamma posterior with those moments (Clayton and Kaldor, Biometrics 43, 1987); they take m and A as
    known, and are a little too narrow for it. Areas where nobody lives have no rate (nan). Raises ValueError where
    no area has a population.
    """
    x, n = np.broadcast_arrays(np.asarray(count, float), np.asarray(population, float))
    lived = n > 0
    if not lived.any():
        raise ValueError("no area has a population")
    mean = float(x[lived].sum() / n[lived].sum())
    raw = np.divide(x, n, out=np.full(x.shape, np.nan), where=lived)
    varies = float((n * (raw - mean) ** 2)[lived].sum() / n[lived].sum())
    between = max(0.0, varies - mean / float(n[lived].mean()))
    if between == 0:
        flat = np.where(lived, per * mean, np.nan)
        return Shrunk(flat, flat, flat, np.where(lived, 0.0, np.nan), per * mean, 0.0)
    kept = between / (between + mean / np.where(lived, n, np.nan))
    shape, rate_ = mean**2 / between + x, mean / between + n
    low, high = (scipy.stats.gamma.ppf(tail, shape) / rate_ for tail in ((1 - level) / 2, (1 + level) / 2))
    drawn = mean + kept * (raw - mean)
    return Shrunk(
        per * drawn,
        np.where(lived, per * low, np.nan),
        np.where(lived, per * high, np.nan),
        kept,
        per * mean,
        per * between**0.5,
    )
