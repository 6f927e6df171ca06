"""Predict what is known: take the cases of one list for a population, and let the other lists say how many they miss.

How many of a list's cases are on no other list is known, so that the methods can be held to it (Binette and Steorts
2022, section 5). A method that fails here has no claim to be believed beyond the lists; one that passes may still fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.counts.unseen.estimate import Limits, Settings
from trigpoint.counts.unseen.fitness import Verdict, look
from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.methods import estimate

TESTED = ("independent", "stepwise", "bic")
MOST_LISTS_TRIED = {"bic": 6, "stepwise": 10}  # with more, choosing a model a dozen times over takes too long


@dataclass(frozen=True)
class Predicted:
    """What a method predicts for the cases of one list, beside the truth. `total` is None where it predicts nothing,
    `holds` then too; `why` says why."""

    list: str
    method: str
    truth: int
    total: float | None
    limits: Limits | None
    holds: bool | None
    why: str = ""


def predict_lists(
    histories: Histories, *, methods: Sequence[str] = TESTED, settings: Settings | None = None
) -> list[Predicted]:
    """A row for each list and method."""
    chosen = (settings or Settings()).quick()
    lists = len(histories.lists)
    asked = [one for one in methods if lists <= MOST_LISTS_TRIED.get(one, lists)]
    return [_predict(histories, name, method, settings=chosen) for name in histories.lists for method in asked]


def _predict(histories: Histories, name: str, method: str, *, settings: Settings) -> Predicted:
    inside, alone = histories.among(name)
    truth = inside.seen + alone
    fitness = look(inside)
    if fitness.verdict is Verdict.REFUSED or len(inside.lists) < 2:
        why = fitness.reasons[0] if fitness.reasons else "Fewer than two other lists."
        return Predicted(name, method, truth, None, None, None, why)
    found = estimate(inside, method, settings=settings)
    given = found.at(0.95)
    if found.total is None or given is None:
        return Predicted(name, method, truth, found.total, None, None, " ".join(found.notes[:1]))
    holds = given.low <= truth and (given.high is None or truth <= given.high)
    return Predicted(name, method, truth, found.total, given, holds)
