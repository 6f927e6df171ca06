"""Perturbation by cell keys: every count moved a little, and the same children always by the same amount.

Each record has a random key that never changes. The keys of the records in a cell make the cell's key, and the
cell's key picks a noise from a table of chances (the p-table). So the same cell is shown the same in every table and
every release, and two tables that differ by one child differ in their noise as well: subtracting one from the other
does not tell whether the difference is a child or noise. Totals are moved on their own, so that rows need not add up.

Method: Fraser and Wooton (2005), "A proposed method for confidentialising tabular output to protect against
differencing", UNECE work session on statistical data confidentiality. P-table: of all that move a count by at most
`most`, on average by nothing and with a given variance, and never to one of the numbers that are not shown, the one of
greatest entropy (Giessing 2016, "Computational issues in the design of transition probabilities and disclosure risk
estimation for additive noise", Privacy in Statistical Databases). Written from the papers.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import scipy

from trigpoint.counts.disclosure.hiding.problem import TINY, Floats, Ints
from trigpoint.counts.disclosure.margins import margins
from trigpoint.errors import CountsError


@dataclass(frozen=True)
class PTable:
    """`chances[i, j]`: that a count of i (the last row: of i or more) is moved by `moves[j]`."""

    moves: Ints
    chances: Floats

    def move(self, counts: Ints, keys: Floats) -> Ints:
        """The counts moved by the noise that each cell's key (0 to below 1) picks. Nought stays nought."""
        row = np.minimum(counts, len(self.chances) - 1)
        at = (self.chances.cumsum(axis=1)[row] <= keys[:, None] + 1e-12).sum(axis=1)
        return np.asarray(counts + self.moves[np.minimum(at, len(self.moves) - 1)])


def p_table(*, most: int = 3, variance: float = 1.5, not_shown: int = 2) -> PTable:
    """The table of greatest entropy: noise of at most `most` either way, mean nought, `variance`.

    No count is moved to 1 up to `not_shown`, nor below nought. Where a small count cannot have that variance it has
    the nearest that it can. Raises CountsError where no such table exists.
    """
    if most < 1 or not 0 < variance < most**2 or not 0 <= not_shown < most:
        raise CountsError("No table of chances has these numbers.", mend="Let 0 < variance < most², not_shown < most.")
    moves = np.arange(-most, most + 1)
    rows = [np.where(moves == 0, 1.0, 0.0)]
    rows += [_row(count, moves, variance=variance, not_shown=not_shown) for count in range(1, most + not_shown + 2)]
    return PTable(moves, np.array(rows))


def record_keys(ids: Iterable[str], *, secret: bytes) -> Floats:
    """A key from 0 to below 1 for each id, the same whenever the secret is. Keep the secret as you keep the ids."""
    digests = (hmac.new(secret, one.encode(), hashlib.sha256).digest()[:6] for one in ids)
    return np.array([int.from_bytes(one, "big") / 2**48 for one in digests])


def count_perturbed(
    rows: pa.Table, by: Sequence[str], *, keys: Floats, table: PTable, name: str = "perturbed", said: str = "children"
) -> pa.Table:
    """Count the rows (one a child) by one to three columns with all margins, each count moved (`dimensions.FRAME`)."""
    made = margins(rows, by)
    counts = np.array([len(members) for members in made.members])
    cell_keys = np.array([keys[members].sum() % 1.0 for members in made.members])
    return made.frame(table.move(counts, cell_keys).tolist(), name=name, said=said)


def _row(count: int, moves: Ints, *, variance: float, not_shown: int) -> Floats:
    """Chances of greatest entropy: proportional to exp(a move + b move²) on the moves that are allowed."""
    allowed = (count + moves >= 0) & ~((count + moves >= 1) & (count + moves <= not_shown))
    here = moves[allowed].astype(float)
    if here.min() > 0 or here.max() < 0:
        raise CountsError(f"A count of {count} cannot be moved without bias.", mend="Let `most` be larger.")
    if (here == 0).all():
        return np.where(moves == 0, 1.0, 0.0)
    aim = float(np.clip(variance, *_variances(here)))
    chances = np.zeros(len(moves))
    chances[allowed] = _of_greatest_entropy(here, aim)
    return chances


def _variances(here: Floats) -> tuple[float, float]:
    """The least and greatest variance of noise with mean nought on these moves (with a little room)."""
    below, above = here[here < 0], here[here > 0]
    if not len(below) or not len(above):
        return 0.0, 0.0
    least = 0.0 if (here == 0).any() else -below.max() * above.min()
    return least * 1.001 + 1e-3, -below.min() * above.max() * 0.999


def _of_greatest_entropy(here: Floats, variance: float) -> Floats:
    if variance <= 0:
        return np.where(here == 0, 1.0, 0.0)

    def off(at: Floats) -> Floats:
        chances = _tilted(here, at)
        return np.array([chances @ here, chances @ here**2 - variance])

    found = scipy.optimize.root(off, np.zeros(2), method="lm", options={"maxiter": 2_000})
    if np.abs(off(found.x)).max() > 1e-4:
        raise CountsError("No table of chances was found for these numbers.", mend="Let the variance be smaller.")
    return _tilted(here, found.x)


def _tilted(here: Floats, at: Floats) -> Floats:
    weights = at[0] * here + at[1] * here**2
    chances = np.exp(weights - weights.max())
    return np.asarray(np.where(chances < TINY**2, 0.0, chances) / chances.sum())
