"""Sums that lie too close to one contributor: money that went through accounts, days that children were missing.

A sum is as revealing as a count of one where a single contributor makes up most of it. A cell is confidential when it
has fewer than `least` contributors, when the `n` largest make up more than `k` per cent of it, or when the
second-largest could work out the largest to within `p` per cent by subtracting their own (Hundepool and others,
Statistical Disclosure Control, Wiley 2012, sections 4.2 and 4.3). How far a reader's interval must reach follows from
the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from trigpoint.counts.disclosure.family import Family, family
from trigpoint.counts.disclosure.hiding.problem import Floats, Ints, Problem
from trigpoint.counts.disclosure.hiding.search import EFFORT, search
from trigpoint.counts.disclosure.knowledge import costs
from trigpoint.counts.disclosure.margins import margins
from trigpoint.counts.disclosure.rule import CONFIDENTIAL
from trigpoint.errors import CountsError


@dataclass(frozen=True, kw_only=True)
class SumRule:
    """At least `least` contributors, not `k`% of it from `n` of them, and none known to another to within `p`%."""

    least: int = 3
    n: int = 2
    k: float = 90.0
    p: float = 10.0

    def need(self, contributions: Floats) -> float:
        """How wide a cell must stay: 0 where it is not confidential. `contributions` are one number a contributor."""
        if not len(contributions) or contributions.sum() <= 0:
            return 0.0
        largest = np.sort(contributions)[::-1]
        total = float(largest.sum())
        rest = total - float(largest[:2].sum())
        by_p = self.p / 100 * float(largest[0]) - rest
        by_k = 100 / self.k * float(largest[: self.n].sum()) - total
        few = total if len(largest) < self.least else 0.0
        return max(by_p, by_k, few, 0.0)


@dataclass(frozen=True)
class PublishedSums:
    """The table (`values`, `shown`: a number or `c`, in one order), how many are hidden for which reason, and safe."""

    by: tuple[str, ...]
    values: list[tuple[str, ...]]
    shown: list[str]
    confidential: int
    also_hidden: int
    least: bool

    def __str__(self) -> str:
        return (
            f"{self.confidential} of {len(self.shown)} sums are hidden because few contributors make them up; "
            f"{self.also_hidden} more so that none can be worked out by subtraction"
        )


def protect_sums(
    rows: pa.Table, by: Sequence[str], *, value: str, who: str, rule: SumRule | None = None, effort: int = EFFORT
) -> PublishedSums:
    """Sum the column `value` by one to three columns with all margins, fit to be published.

    `who` is the contributor: their rows in a cell are one contribution. Sums are shown as whole numbers. Confidential
    cells and as few others as will do are hidden, until for each confidential one the numbers that remain possible
    range as widely as `rule` asks. Raises CountsError for amounts that are missing or below nought.
    """
    amounts = _amounts(rows, value)
    made = margins(rows, by)
    contributors = np.array([str(one) for one in rows[who].to_pylist()], dtype=object)
    need = np.array([(rule or SumRule()).need(_contributions(contributors, amounts, at)) for at in made.members])
    sums = np.array([int(amounts[at].sum()) for at in made.members])
    bound = family({"sums": made.frame(sums.tolist(), name="sums", said="sum")}, overlapping=())
    places = bound.places["sums"]
    chosen = search(_problem(bound, need[np.argsort(places)]), effort=effort)
    gone, sensitive = (chosen.hidden | chosen.withheld)[places], need > 0
    shown = [CONFIDENTIAL if hidden else str(sum_) for hidden, sum_ in zip(gone, sums, strict=True)]
    return PublishedSums(
        made.by, made.values, shown, int(sensitive.sum()), int((gone & ~sensitive).sum()), chosen.least
    )


def _amounts(rows: pa.Table, value: str) -> Ints:
    amounts = np.array(rows[value].to_pylist(), dtype=float)
    if not np.isfinite(amounts).all() or (amounts < 0).any():
        raise CountsError(
            "An amount is missing or below nought.", where=value, mend="Leave such rows out, or mend them."
        )
    return np.round(amounts).astype(np.int64)


def _contributions(contributors: np.ndarray, amounts: Ints, at: Ints) -> Floats:
    _, which = np.unique(contributors[at].astype(str), return_inverse=True)
    return np.asarray(np.bincount(which, weights=amounts[at].astype(float)), float)


def _problem(bound: Family, need: Floats) -> Problem:
    values = bound.values.astype(float)
    size, sensitive = len(values), need > 0
    endless = (np.zeros(size), np.full(size, np.inf))
    return Problem(
        values=values, equal=bound.equal, most=bound.most, shown=(values, values), hidden=endless, withheld=endless,
        must=sensitive, may=values > 0, may_withhold=np.ones(size, dtype=np.bool_), always=sensitive,
        need=np.where(sensitive, np.maximum(need, 1.0), 1.0), costs=costs(values, bound.totals),
        totals=bound.totals, out=np.zeros(size, dtype=np.bool_), whole=False,
    )  # fmt: skip
