"""Whose links are missed more: the worst group's rate over the best's, how sure that is, and what chance alone gives.

Records of one child are missed together, so that children are drawn again and not pairs. With six groups of unequal
size the worst is some times the best even where all are treated alike: groups dealt out anew show how many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DRAWS = 1_000
ENOUGH = 200  # true pairs of a group: fewer say little


@dataclass(frozen=True)
class Spread:
    """Missed links of the best and the worst group (shares), their ratio with a 95 % interval.

    `by_chance`: the ratio that chance alone gives where no group differs, its median and its 95th percentile.
    """

    best: tuple[str, float]
    worst: tuple[str, float]
    ratio: float
    interval: tuple[float, float]
    by_chance: tuple[float, float]

    def __str__(self) -> str:
        (best, low), (worst, high) = self.best, self.worst
        return (
            f"missed links of the best and the worst group: {best} {low:.3f} and {worst} {high:.3f} ({self.ratio:.1f} "
            f"times, 95 % {self.interval[0]:.1f} to {self.interval[1]:.1f}; were all alike, chance would give "
            f"{self.by_chance[0]:.1f}, up to {self.by_chance[1]:.1f})"
        )


def spread(groups: np.ndarray, pairs: np.ndarray, missed: np.ndarray, *, seed: int = 1) -> Spread | None:
    """From the group, true pairs and missed pairs of each child; None where fewer than two groups are large enough."""
    names, place = np.unique(groups, return_inverse=True)
    totals = np.bincount(place, weights=pairs)
    kept = np.flatnonzero(totals >= ENOUGH)
    rates = _rates(place, pairs, missed, count=len(names))
    if len(kept) < 2:
        return None
    best, worst = (int(kept[at(rates[kept])]) for at in (np.argmin, np.argmax))
    draw, drawn, dealt = np.random.default_rng(seed), [], []
    for _ in range(DRAWS):
        times = np.bincount(draw.integers(0, len(place), len(place)), minlength=len(place))
        again = _rates(place, pairs * times, missed * times, count=len(names))
        drawn.append(again[worst] / again[best])
        anew = _rates(draw.permutation(place), pairs, missed, count=len(names))[kept]
        dealt.append(anew.max() / anew.min())
    low, high = np.quantile(drawn, [0.025, 0.975])
    half, most = np.quantile(dealt, [0.5, 0.95])
    ends = [(str(names[at]), float(rates[at])) for at in (best, worst)]
    return Spread(*ends, float(rates[worst] / rates[best]), (float(low), float(high)), (float(half), float(most)))


def _rates(place: np.ndarray, pairs: np.ndarray, missed: np.ndarray, *, count: int) -> np.ndarray:
    """The missed share of each group; half a pair more (Jeffreys), so that a group that missed none has one too."""
    made: np.ndarray = (np.bincount(place, missed, count) + 0.5) / (np.bincount(place, pairs, count) + 1)
    return made
