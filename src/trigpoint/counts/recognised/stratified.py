"""One group beside all others with the same findings: Mantel and Haenszel's ratio, which pools many small strata.

What is compared is what agencies did with what they had seen. A ratio below 1 says that children of the group were
recognised less often than other children in whom the same was seen; it says nothing of the children themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy

Yes: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.float64]

FEW_CHILDREN: Final = 5
FEW_RECOGNISED: Final = 5


@dataclass(frozen=True)
class Ratio:
    """How often a group is recognised, beside the others of the same strata.

    `children` of the group stand in strata with others too; `observed` of them are recognised, `expected` would be if
    the group were recognised as the others of each stratum are. `ratio` with its limits is None where there are too
    few to say: fewer than five children, or fewer than five recognised in the group and the others together.
    """

    children: int
    observed: int
    expected: float
    ratio: float | None
    low: float | None
    high: float | None


def recognised_ratio(group: Yes, recognised: Yes, stratum: Codes, *, level: float = 0.95) -> Ratio:
    """The ratio of risks of `group` to the rest over strata, all three arrays with an entry for each child.

    `stratum` holds whole numbers from 0. The ratio is that of Mantel and Haenszel (1959) for risks, its limits those
    of Greenland and Robins (Biometrics 41, 1985), good also where strata are many and small. Strata that hold only
    the group, or only others, tell nothing and are left out.
    """
    size = int(stratum.max()) + 1 if len(stratum) else 0
    counted = (group, ~group, group & recognised, ~group & recognised)
    n1, n0, a, b = (np.bincount(stratum[which], minlength=size).astype(float) for which in counted)
    both = (n1 > 0) & (n0 > 0)
    n1, n0, a, b = n1[both], n0[both], a[both], b[both]
    expected = float((n1 * b / n0).sum())
    few = n1.sum() < FEW_CHILDREN or n0.sum() < FEW_CHILDREN or (a + b).sum() < FEW_RECOGNISED
    ratio, low, high = (None, None, None) if few else _ratio((n1, n0), (a, b), level=level)
    return Ratio(int(n1.sum()), int(a.sum()), expected, ratio, low, high)


def _ratio(
    children: tuple[Numbers, Numbers], recognised: tuple[Numbers, Numbers], *, level: float
) -> tuple[float | None, float | None, float | None]:
    """The ratio and its limits; where nobody of one side is recognised, the limit that there is."""
    (n1, n0), (a, b) = children, recognised
    total = n1 + n0
    up, down = float((a * n0 / total).sum()), float((b * n1 / total).sum())
    if down == 0:
        return None, None, None
    if up == 0:
        return 0.0, 0.0, None
    variance = float((((a + b) * n1 * n0 - a * b * total) / total**2).sum()) / (up * down)
    half = float(scipy.stats.norm.ppf((1 + level) / 2)) * variance**0.5
    middle = log(up / down)
    return exp(middle), exp(middle - half), exp(middle + half)
