"""How often agencies agree: of children whom two of them know, whom both marked, one of them, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from trigpoint.counts.comparing.intervals import share_limits

Ratings: TypeAlias = npt.NDArray[np.int8]
"""A row a child, a column an agency: 1 marked, 0 known and not marked, -1 not known to the agency."""
FEW: Final = 10
RESAMPLES: Final = 1_000


def pairs(ratings: Ratings, agencies: Sequence[str]) -> list[dict[str, Any]]:
    """For each two agencies that know a child in common: `both`, `first`, `second` (alone marked), `neither`.

    `agreed` is the share that both marked of those whom either did, with Wilson limits (None: neither marked any).
    """
    rows = []
    for i, j in combinations(range(len(agencies)), 2):
        two = ratings[(ratings[:, i] >= 0) & (ratings[:, j] >= 0)][:, [i, j]]
        if not len(two):
            continue
        first, second = two[:, 0] == 1, two[:, 1] == 1
        both, either = int((first & second).sum()), int((first | second).sum())
        low, high = share_limits(both, either)
        rows.append(
            {
                "agencies": [agencies[i], agencies[j]], "children": len(two), "both": both,
                "first": int((first & ~second).sum()), "second": int((second & ~first).sum()),
                "neither": len(two) - either, "agreed": both / either if either else None,
                "low": float(low) if either else None, "high": float(high) if either else None,
            }
        )  # fmt: skip
    return rows


def coefficients(ratings: Ratings, *, seed: int = 1) -> dict[str, Any]:
    """Agreement of all agencies beyond chance: Krippendorff's alpha and Gwet's AC1, with limits, and `children`.

    Only children whom two agencies know count. The limits are the middle 95 % of RESAMPLES of those children. Both
    are None below ten children, and alpha where nobody or everybody is marked. Alpha is low where marks are rare even
    if agencies nearly always agree that there is none; AC1 is not, and so they are read together.
    """
    known = ratings[(ratings >= 0).sum(axis=1) >= 2]
    if len(known) < FEW:
        return {"children": len(known), "alpha": None, "ac1": None}
    marked, of = (known == 1).sum(axis=1).astype(float), (known >= 0).sum(axis=1).astype(float)
    drawn = np.random.default_rng(seed).integers(0, len(known), (RESAMPLES, len(known)))
    found: dict[str, Any] = {"children": len(known)}
    for name, measure in (("alpha", alpha), ("ac1", ac1)):
        value = float(measure(marked, of))
        spread = measure(marked[drawn], of[drawn])
        spread = spread[np.isfinite(spread)]
        limits = np.quantile(spread, [0.025, 0.975]) if len(spread) else (np.nan, np.nan)
        sound = np.isfinite(value)
        found[name] = {"value": value, "low": float(limits[0]), "high": float(limits[1])} if sound else None
    return found


def alpha(marked: npt.NDArray[np.float64], of: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Krippendorff's alpha for yes and no, of children of whom `marked` of `of` raters (2 or more) say yes.

    The last axis is children. Krippendorff, Content Analysis (2004), 11.3: one less the disagreement observed over
    that expected, both of pairs of ratings, each child's pairs weighing 1 / (raters - 1).
    """
    said, yes = of.sum(axis=-1), marked.sum(axis=-1)
    observed = (2 * marked * (of - marked) / (of - 1)).sum(axis=-1) / said
    expected = 2 * yes * (said - yes) / (said * (said - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(expected > 0, 1 - observed / expected, np.nan))


def ac1(marked: npt.NDArray[np.float64], of: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Gwet's AC1 for yes and no, with the arguments of `alpha`.

    Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008): chance agreement is 2 p (1 - p), with
    p the mean over children of the share of raters who say yes.
    """
    agreed = ((marked * (marked - 1) + (of - marked) * (of - marked - 1)) / (of * (of - 1))).mean(axis=-1)
    p = (marked / of).mean(axis=-1)
    chance = 2 * p * (1 - p)
    return np.asarray((agreed - chance) / (1 - chance))
