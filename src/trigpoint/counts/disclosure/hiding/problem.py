"""What the search and the attack work on: cells, the sums that tie them, and what is known of each as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
Range: TypeAlias = tuple[Floats, Floats]

FAR: Final = 1_000.0
"""How far from its value the search lets a cell lie that has no bound. A cap only helps the attacker."""
TINY: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Cells with their `values`, all arrays of one length.

    Anyone knows `equal @ values == 0` and `most @ values <= 0`. Of a cell anyone knows the range `shown` where it is
    shown, `hidden` where it is hidden, `withheld` where it is withheld; each is (least, greatest). `must` be hidden:
    at the start; `may` be hidden: what the search can choose from; `may_withhold`: what can be withheld. A cell in
    `always`, and every cell that is hidden or withheld and whose value is not nought, must keep a range of `need` or
    more; but not what is `out` already. `costs`: what hiding it loses. `totals` are withheld last. `whole`: values are
    whole numbers, and known to be.
    """

    values: Floats
    equal: sparse.csr_matrix
    most: sparse.csr_matrix
    shown: Range
    hidden: Range
    withheld: Range
    must: Flags
    may: Flags
    may_withhold: Flags
    always: Flags
    need: Floats
    costs: Floats
    totals: Flags
    out: Flags
    whole: bool = True

    def known(self, hidden: Flags, withheld: Flags) -> Range:
        """What anyone knows of each cell, from below and above, no further than FAR from its value."""
        low = np.where(withheld, self.withheld[0], np.where(hidden, self.hidden[0], self.shown[0]))
        high = np.where(withheld, self.withheld[1], np.where(hidden, self.hidden[1], self.shown[1]))
        return np.maximum(low, self.values - FAR), np.minimum(high, self.values + FAR)

    def watched(self, hidden: Flags, withheld: Flags) -> Flags:
        """The cells that nobody may have to within less than they need."""
        secret = (hidden | withheld) & (self.values != 0) & self.may_withhold
        return np.asarray((self.always | secret) & ~self.out)

    def room(self) -> Range:
        """How much further down and up each cell could lie were it hidden, rather than shown."""
        return _wider(self.shown[0], self.hidden[0]), _wider(self.hidden[1], self.shown[1])


@dataclass(frozen=True)
class Pattern:
    """What to publish: cells `hidden` and cells `withheld` (noughts too).

    `rounds` of attack it took; `least` says that the search ended, so that no cheaper pattern is known to be safe.
    """

    hidden: Flags
    withheld: Flags
    rounds: int
    least: bool


def _wider(upper: Floats, lower: Floats) -> Floats:
    """How much further one bound lies than another: nothing where it is no wider, FAR where it is endless."""
    endless = np.isinf(upper) | np.isinf(lower)
    room = np.where(endless, 0.0, upper) - np.where(endless, 0.0, lower)
    return np.asarray(np.clip(room, 0.0, FAR) + (endless & (upper != lower)) * FAR)
