"""Whether anything can be said at all: looked at before a model is fitted, and again when all have answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from trigpoint.counts.unseen.histories import Histories

FEW_OVERLAPS = 10  # even independent lists then leave a standard error of a third of the unseen, or more
THIN_LIST = 5


class Verdict(StrEnum):
    """What may be made of the estimates."""

    CAUTION = "to be read with caution"
    NO_TRUST = "no estimate can be trusted here"
    REFUSED = "nothing can be estimated"


@dataclass(frozen=True)
class Fitness:
    """A verdict with its reasons, and warnings that do not decide it."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def look(histories: Histories) -> Fitness:
    """Judge a table by its lists and overlaps alone."""
    refused = _why_nothing(histories)
    if refused:
        return Fitness(Verdict.REFUSED, (refused,), ())
    reasons = []
    with_cases = int((np.diag(histories.overlaps) > 0).sum())
    if with_cases == 2:
        reasons.append("Two lists can only be taken for independent: whether they are cannot be looked at.")
    if histories.on_several < FEW_OVERLAPS:
        reasons.append(
            f"Only {histories.on_several} of {histories.seen:,} cases are on two lists or more; "
            f"with fewer than {FEW_OVERLAPS} every estimate hangs on a handful of cases."
        )
    if histories.on_several == histories.seen:
        reasons.append(
            "Nobody is on one list alone. Lists of those whom two agencies saw cannot say how many one agency sees."
        )
    return Fitness(Verdict.NO_TRUST if reasons else Verdict.CAUTION, tuple(reasons), tuple(_warnings(histories)))


def _why_nothing(histories: Histories) -> str | None:
    cases = np.diag(histories.overlaps)
    if histories.seen == 0:
        return "There is no case on any list."
    if (cases > 0).sum() < 2:
        return "There is one list with cases: what it misses leaves no trace on it."
    if histories.on_several == 0:
        return "No case is on two lists: the overlaps, from which the unseen are estimated, are empty."
    if histories.counts[-1] == histories.seen or _all_on_the_same(histories):
        return "Every case is on every list: nothing shows how many a list misses."
    return None


def _all_on_the_same(histories: Histories) -> bool:
    """Whether all cases have one history: lists that have cases then have all of them."""
    return int((histories.counts > 0).sum()) == 1


def _warnings(histories: Histories) -> list[str]:
    overlaps, lists = histories.overlaps, histories.lists
    cases = np.diag(overlaps)
    found = [f"List '{lists[j]}' has no case." for j in np.flatnonzero(cases == 0)]
    for j in np.flatnonzero(cases > 0):
        others = [i for i in np.flatnonzero(cases > 0) if i != j]
        inside = [lists[i] for i in others if overlaps[j, i] == cases[j] and cases[i] > cases[j]]
        if inside:
            found.append(f"List '{lists[j]}' lies within '{inside[0]}': it looks like a copy, not a list of its own.")
        same = [lists[i] for i in others if i > j and overlaps[j, i] == cases[j] == cases[i]]
        if same:
            found.append(f"Lists '{lists[j]}' and '{same[0]}' hold the same cases: they look like one list.")
        if not any(overlaps[j, i] for i in others):
            found.append(f"List '{lists[j]}' has no case in common with any other: it tells nothing of the unseen.")
        elif 0 < cases[j] < THIN_LIST:
            found.append(f"List '{lists[j]}' has {cases[j]} cases.")
    apart = [
        (lists[i], lists[j]) for i in range(len(lists)) for j in range(i) if overlaps[i, j] == 0 < cases[i] and cases[j]
    ]
    if apart:
        found.append(
            f"{len(apart)} pair(s) of lists have no case in common: what joins them can only be put at minus infinity."
        )
    return found
