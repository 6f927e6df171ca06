"""Closed-population models of Otis et al. (1978) as log-linear models (Baillargeon and Rivest 2007).

M0 every list finds people equally well; Mt lists differ; Mh people differ; Mth both. How people differ is said by a
form: Chao's lower bound, Poisson, Darroch (normal log odds) or gamma. For lists in the order of time also Mb: being
listed once changes the chance of being listed again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from trigpoint.counts.unseen.closed.dense import Regression, regress
from trigpoint.counts.unseen.closed.heterogeneity import KINDS, Kind, columns
from trigpoint.counts.unseen.loglinear.lattice import Floats, sizes


@dataclass(frozen=True)
class ClosedFit:
    """One model on one table: the total with its standard error, and the regression behind it. `total` is infinite
    where no estimate exists."""

    kind: Kind
    total: float
    error: float
    regression: Regression

    def limits(self, z: float) -> tuple[float, float]:
        """Limits from the log of the unseen, `z` standard errors either way, for a total of at least those seen."""
        constant, seen = float(self.regression.coefficients[0]), self._seen
        spread = z * float(np.sqrt(self.regression.covariance[0, 0]))
        return seen + float(np.exp(constant - spread)), seen + float(np.exp(min(constant + spread, 700.0)))

    @property
    def _seen(self) -> float:
        return self.total - float(np.exp(self.regression.coefficients[0]))


MB = Kind("Mb", False, None, "being listed once changes the chance of being listed again; lists are in order of time")


def closed_population(counts: Floats, *, in_order: bool = False) -> list[ClosedFit]:
    """All the models on a table of `counts` (2^K); with `in_order`, lists being in the order of time, Mb as well."""
    lists = len(counts).bit_length() - 1
    found = [closed_model(counts, kind) for kind in KINDS if kind.form != "Chao" or lists > 2]
    return [*found, behaviour(counts)] if in_order and lists > 2 else found


def closed_model(counts: Floats, kind: Kind) -> ClosedFit:
    """One model on a table of `counts` (2^K)."""
    seen, listed = counts[1:], sizes(len(counts))[1:]
    lists = len(counts).bit_length() - 1
    histories = np.arange(1, len(counts))
    on = (histories[:, None] >> np.arange(lists) & 1).astype(float)
    base = np.concatenate([np.ones((len(seen), 1)), on if kind.by_list else listed[:, None]], axis=1)
    more = columns(kind.form, listed, lists=lists)
    found = _bounded_below(seen, base, more) if kind.form == "Chao" else regress(seen, np.hstack([base, more]))
    return _fit(kind, float(seen.sum()), found)


def from_frequencies(times: Floats, *, occasions: int | None, form: str | None = None) -> ClosedFit:
    """M0 or Mh from how many cases were listed once, twice and so on: `times[k - 1]` cases were listed k times.

    `occasions` is how many lists there were, or None where a case can be listed any number of times (a Poisson
    process: Zelterman's and Chao's setting). For lists that can be told apart, `closed_population` says more.
    """
    listed = np.arange(1, len(times) + 1, dtype=np.int64)
    if occasions is None:
        ways, most = -gammaln(listed + 1), len(times)
    else:
        ways, most = gammaln(occasions + 1) - gammaln(listed + 1) - gammaln(occasions - listed + 1), occasions
    base = np.column_stack([np.ones(len(times)), listed]).astype(np.float64)
    more = columns(form, listed, lists=most)[:, : max(len(times) - 2, 0)]
    kind = next(kind for kind in KINDS if kind.form == form and not kind.by_list)
    found = (
        _bounded_below(times, base, more, offset=ways)
        if form == "Chao"
        else regress(times, np.hstack([base, more]), offset=ways)
    )
    return _fit(kind, float(times.sum()), found)


def behaviour(counts: Floats) -> ClosedFit:
    """Mb: geometric waiting for the first list, and another chance from then on (Otis et al. 1978)."""
    lists = len(counts).bit_length() - 1
    histories = np.arange(1, len(counts))
    first = np.log2(histories & -histories)
    again = sizes(len(counts))[1:] - 1
    found = regress(counts[1:], np.column_stack([np.ones(len(first)), first, again]))
    if not found.exists:
        return ClosedFit(MB, np.inf, np.inf, found)
    if found.coefficients[1] + _log_missed_again(found.coefficients[2]) >= 0:
        return ClosedFit(MB, np.inf, np.inf, found)  # first listings do not fall off: no total can be read from them
    value, slope = _log_unseen(found.coefficients, lists)
    spread = float(slope @ found.covariance @ slope)
    seen, unseen = float(counts[1:].sum()), float(np.exp(value))
    covariance = found.covariance.copy()
    covariance[0, 0] = spread
    coefficients = found.coefficients.copy()
    coefficients[0] = value
    shown = Regression(coefficients, covariance, found.deviance, found.freedom, found.aic, found.bic, exists=True)
    return ClosedFit(MB, seen + unseen, float(np.sqrt(unseen + unseen**2 * spread)), shown)


def _log_missed_again(log_odds: float) -> float:
    """log(1 - c) for the chance c of being listed again, by its log odds."""
    return float(-np.log1p(np.exp(log_odds)))


def _log_unseen(beta: Floats, lists: int) -> tuple[float, Floats]:
    """log of N (1-p)^t, and its gradient by numerical differences (three coefficients, smooth)."""

    def value(at: Floats) -> float:
        missed_again = _log_missed_again(float(at[2]))
        missed = at[1] + missed_again  # log(1 - p)
        return float(at[0] - np.log(-np.expm1(missed)) - (lists - 1) * missed_again + lists * missed)

    step = 1e-6
    slope = np.array([(value(beta + step * e) - value(beta - step * e)) / (2 * step) for e in np.eye(3)])
    return value(beta), slope


def _bounded_below(counts: Floats, base: Floats, more: Floats, *, offset: Floats | float = 0.0) -> Regression:
    """Fit with no negative effect in `more`: a negative one is set to nought, the worst first."""
    kept = list(range(more.shape[1]))
    while True:
        usable = [j for j in kept if counts[more[:, j] > 0].sum() > 0]  # no case so often listed: nought as well
        found = regress(counts, np.hstack([base, more[:, usable]]), offset=offset)
        effects = found.coefficients[base.shape[1] :]
        if not found.exists or not len(effects) or effects.min() >= 0:
            return found
        kept = [j for j in usable if j != usable[int(effects.argmin())]]


def _fit(kind: Kind, seen: float, found: Regression) -> ClosedFit:
    if not found.exists:
        return ClosedFit(kind, np.inf, np.inf, found)
    unseen = float(np.exp(min(found.coefficients[0], 700.0)))
    error = float(np.sqrt(unseen + unseen**2 * found.covariance[0, 0]))
    return ClosedFit(kind, seen + unseen, error, found)
