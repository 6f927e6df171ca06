"""The Bayesian methods, as estimates with credible intervals."""

from __future__ import annotations

from collections.abc import Callable

from trigpoint.counts.unseen.bayes.decomposable import average
from trigpoint.counts.unseen.bayes.latent_class import MIXED, sample
from trigpoint.counts.unseen.bayes.thresholding import threshold
from trigpoint.counts.unseen.estimate import Estimate, Limits, Settings
from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.loglinear import models
from trigpoint.counts.unseen.loglinear.bca import LEVELS

Tell = Callable[[int, int], None]
MOST_LISTS_FOR_THRESHOLDING = 10
HISTORIES_AT_EASE = 80  # with more, fewer sweeps in the same time


def thresholding(histories: Histories, settings: Settings, tell: Tell) -> Estimate:  # noqa: ARG001  all methods are called alike
    """Posterior mean and quantiles under the model that is left."""
    if len(histories.lists) > MOST_LISTS_FOR_THRESHOLDING:
        return _none(f"With more than {MOST_LISTS_FOR_THRESHOLDING} lists this takes too long: merge lists.")
    found = threshold(histories.table, order=settings.order, variance=settings.variance, seed=settings.seed)
    if found.totals is None:
        return _none("No posterior exists under this prior.")
    notes = [f"scale reduction {found.scale_reduction:.2f}, worth {found.effective_draws:,.0f} independent draws"]
    if found.scale_reduction > MIXED:
        notes.append("The chains do not agree: read nothing into the digits.")
    return Estimate(
        "", "", "", "", float(found.totals.mean()), _quantiles(found.quantile), "credible interval",
        models.name(found.kept, lists=histories.lists), tuple(notes),
    )  # fmt: skip


def decomposable(histories: Histories, settings: Settings, tell: Tell) -> Estimate:  # noqa: ARG001  all methods are called alike
    """Posterior median and quantiles over all graphs."""
    found = average(histories.table, seed=settings.seed)
    seen = histories.seen
    notes = [f"mean {seen + found.mean:,.0f}, likeliest {seen + found.mode:,.0f}; {found.graphs:,} graphs"]
    if found.at_edge:
        notes.append("Much of the posterior lies at the largest total thought of: that bound makes the upper limit.")
    return Estimate(
        "", "", "", "", seen + found.quantile(0.5), _quantiles(lambda place: seen + found.quantile(place)),
        "credible interval", None, tuple(notes),
    )  # fmt: skip


def latent_classes(histories: Histories, settings: Settings, tell: Tell) -> Estimate:
    """Posterior median and quantiles over chains from scattered starts."""
    ease = min(1.0, HISTORIES_AT_EASE / max(1, int((histories.counts > 0).sum())))
    found = sample(
        histories.table,
        chains=settings.chains,
        warm_up=max(200, int(settings.warm_up * ease)),
        sweeps=max(300, int(settings.sweeps * ease)),
        seed=settings.seed,
        tell=tell,
    )
    notes = [f"scale reduction {found.scale_reduction:.2f}, worth {found.effective_draws:,.0f} independent draws"]
    if not found.mixed:
        notes.append("The chains do not agree: read nothing into the digits.")
    return Estimate(
        "", "", "", "", found.quantile(0.5), _quantiles(found.quantile), "credible interval", None, tuple(notes)
    )


def _quantiles(quantile: Callable[[float], float]) -> tuple[Limits, ...]:
    return tuple(Limits(level, quantile((1 - level) / 2), quantile((1 + level) / 2)) for level in LEVELS)


def _none(why: str) -> Estimate:
    return Estimate("", "", "", "", None, notes=(why,))
