"""A sample of pairs for clerical review: more from where the model is unsure, and enough from where it is sure.

Allocation is Neyman's (Cochran, Sampling Techniques, 3rd ed. 1977, 5.5): a stratum gets in proportion to its size and
to the spread that the model expects in it, and never fewer than LEAST: the model may be wrong where it is surest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import duckdb

from trigpoint.linkage.sureness.frame import Stratum

LEAST = 10

DRAWN = """
SELECT record_a, record_b FROM link_frame
WHERE linked = ? AND probability >= ? AND (probability < ? OR ? = 1)
ORDER BY md5(record_a || record_b || ?) LIMIT ?
"""


@dataclass(frozen=True)
class Drawn:
    """A pair to be reviewed: the two records and the place of its stratum."""

    record_a: str
    record_b: str
    stratum: int


def allocate(strata: Sequence[Stratum], *, size: int) -> list[int]:
    """How many pairs to draw from each stratum; `size` in all where there are so many and LEAST allows."""
    wanted = [min(s.pairs, LEAST) if s.sampled else 0 for s in strata]
    spread = [sqrt(s.pairs * max(s.variance, 0.01 * s.pairs)) if s.sampled else 0.0 for s in strata]
    left = size - sum(wanted)
    while left > 0 and any(w < s.pairs for w, s in zip(wanted, strata, strict=True) if s.sampled):
        open_ = [i for i, s in enumerate(strata) if s.sampled and wanted[i] < s.pairs]
        total = sum(spread[i] for i in open_)
        before = left
        for i in open_:
            more = min(int(before * spread[i] / total), strata[i].pairs - wanted[i], left)
            wanted[i] += more
            left -= more
        if left == before:  # shares below one: one each, the widest first
            for i in sorted(open_, key=lambda i: -spread[i])[:left]:
                wanted[i] += 1
                left -= 1
    return wanted


def draw_pairs(con: duckdb.DuckDBPyConnection, strata: Sequence[Stratum], *, size: int, seed: int) -> list[Drawn]:
    """Draw from `link_frame`; the same frame and seed give the same pairs. They come in an order that tells nothing."""
    made = []
    for place, (stratum, wanted) in enumerate(zip(strata, allocate(strata, size=size), strict=True)):
        asked = [stratum.linked, stratum.low, stratum.high, stratum.high, str(seed), wanted]
        made += [Drawn(a, b, place) for a, b in con.execute(DRAWN, asked).fetchall()]
    return sorted(made, key=lambda pair: hash_of(pair, seed))


def hash_of(pair: Drawn, seed: int) -> str:
    """Something that neither strata nor records order."""
    from hashlib import md5

    return md5(f"{seed}{pair.record_b}{pair.record_a}".encode(), usedforsecurity=False).hexdigest()
