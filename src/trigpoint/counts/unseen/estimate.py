"""One estimate: what a method says of the total, how sure it is, what it assumes, and why it says nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Settings:
    """How hard to work. `order` is the largest number of lists that may interact in a chosen model; `threshold` the
    probability below which stepwise choice takes an interaction; `top` among how many models a resample chooses;
    `variance` the prior variance of an interaction in thresholding; `link_draws` how many tables are drawn for each
    pair of rates of linkage errors. `seed` fixes every draw, so that a report can be
    made again."""

    resamples: int = 5_000
    order: int = 2
    threshold: float = 0.02
    top: int = 60
    variance: float = 1.0
    chains: int = 16
    warm_up: int = 8_000
    sweeps: int = 12_000
    link_draws: int = 400
    seed: int = 0

    def quick(self) -> Settings:
        """A tenth of the draws: for looks that are repeated many times."""
        return replace(
            self, resamples=max(100, self.resamples // 10), top=min(self.top, 20), warm_up=1_000, sweeps=1_500
        )


@dataclass(frozen=True)
class Limits:
    """An interval at a level such as 0.95. `high` is None where no upper limit can be given. The errors are the Monte
    Carlo standard errors of the limits: None where they are not random, or cannot be said."""

    level: float
    low: float
    high: float | None
    low_error: float | None = None
    high_error: float | None = None


@dataclass(frozen=True)
class Estimate:
    """What one method says. `total` includes those seen, and is None where the method gives none; `notes` say why."""

    method: str
    title: str
    assumes: str
    source: str
    total: float | None
    limits: tuple[Limits, ...] = ()
    by: str = ""
    model: str | None = None
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    main: bool = True

    def at(self, level: float) -> Limits | None:
        """The interval at a level, None where there is none."""
        return next((one for one in self.limits if math.isclose(one.level, level)), None)


def finite(value: float) -> float | None:
    """The value, None where it is infinite or no number: what cannot be said must not look like a figure."""
    return float(value) if math.isfinite(value) else None


def limits(
    level: float, low: float, high: float, *, low_error: float | None = None, high_error: float | None = None
) -> Limits | None:
    """An interval, None where not even its lower limit is finite."""
    if not math.isfinite(low):
        return None
    errors = (None if e is None else finite(e) for e in (low_error, high_error))
    return Limits(level, low, finite(high), *errors)
