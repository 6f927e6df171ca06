"""The verdict, once all methods have answered: overlap too thin, methods too far apart, predictions that fail."""

from __future__ import annotations

from collections.abc import Sequence

from trigpoint.counts.unseen.checks.backtest import Predicted
from trigpoint.counts.unseen.estimate import Estimate
from trigpoint.counts.unseen.fitness import Fitness, Verdict

FAR_APART = 3.0  # times: methods that differ by more tell the reader nothing but that


def judge(fitness: Fitness, estimates: Sequence[Estimate], predicted: Sequence[Predicted]) -> Fitness:
    """The verdict on the lists alone, made stricter by what the methods say."""
    reasons = list(fitness.reasons)
    totals = [one.total for one in estimates if one.total is not None]
    if not totals:
        reasons.append("No method has an estimate.")
    elif max(totals) > FAR_APART * min(totals):
        reasons.append(
            f"The methods say from {min(totals):,.0f} to {max(totals):,.0f}: more than {FAR_APART:g} times apart."
        )
    open_above = [one.title for one in estimates if (given := one.at(0.95)) is not None and given.high is None]
    if open_above:
        reasons.append(f"No upper limit can be given by: {', '.join(open_above)}.")
    missed, tried = _missed(predicted)
    said = f"{missed} of {tried} predictions of a list from the others miss its known size"
    if 2 * missed > tried:
        reasons.append(f"{said}: the methods do not hold for these lists even among themselves.")
    warnings = [f"{said}."] if 0 < 2 * missed <= tried else []
    verdict = Verdict.NO_TRUST if reasons else Verdict.CAUTION
    return Fitness(verdict, tuple(reasons), (*fitness.warnings, *warnings))


def _missed(predicted: Sequence[Predicted]) -> tuple[int, int]:
    """How many predictions miss, and how many there are."""
    tried = [one for one in predicted if one.holds is not None]
    return sum(not one.holds for one in tried), len(tried)
