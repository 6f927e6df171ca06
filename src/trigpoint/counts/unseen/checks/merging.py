"""What if two lists were one, or a list had not been kept: do the estimates hang on how lists were drawn up?

Merging two lists takes away the question of how they depend on each other; leaving one out takes away what it saw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from trigpoint.counts.unseen.estimate import finite
from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.loglinear import bic
from trigpoint.counts.unseen.loglinear.stepwise import stepwise

FEWEST = 3
MOST_LISTS_FOR_PAIRS = 8
MOST_LISTS_TO_FIT_ALL = 6
MOST_LISTS_BY_BIC_AGAIN = 8


@dataclass(frozen=True)
class Redrawn:
    """Totals when lists are drawn up otherwise: `change` is "as they are", "merged" or "left out" of `lists`; None
    where a method gives no total."""

    change: str
    lists: tuple[str, ...]
    totals: dict[str, float | None]


def redraw(histories: Histories, *, order: int = 2) -> list[Redrawn]:
    """The lists as they are, then every two of them merged, then each left out."""
    rows = [_row("as they are", (), histories, order=order)]
    if len(histories.lists) <= FEWEST:
        return rows
    if len(histories.lists) <= MOST_LISTS_FOR_PAIRS:
        pairs = combinations(histories.lists, 2)
        rows += [_row("merged", pair, histories.merged(pair), order=order) for pair in pairs]
    return rows + [_row("left out", (one,), histories.without(one), order=order) for one in histories.lists]


def _row(change: str, lists: Sequence[str], histories: Histories, *, order: int) -> Redrawn:
    totals = {"stepwise": _stepwise(histories), "bic": _bic(histories, order=order)}
    return Redrawn(change, tuple(lists), totals)


def _stepwise(histories: Histories) -> float | None:
    return finite(histories.seen + float(stepwise(histories.table[None, :]).unseen[0])) if histories.seen else None


def _bic(histories: Histories, *, order: int) -> float | None:
    if not histories.seen or len(histories.lists) > MOST_LISTS_BY_BIC_AGAIN:
        return None
    few = len(histories.lists) < MOST_LISTS_TO_FIT_ALL
    ranked = (bic.best if few else bic.downhill)(histories.table, order=order)
    return finite(histories.seen + float(ranked.unseen[0])) if ranked.models else None
