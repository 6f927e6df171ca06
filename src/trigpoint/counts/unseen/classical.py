"""The methods that fit models by maximum likelihood, as estimates with intervals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import ndtri

from trigpoint.counts.unseen.closed.heterogeneity import Kind
from trigpoint.counts.unseen.closed.models import MB, behaviour, closed_model
from trigpoint.counts.unseen.estimate import Estimate, Limits, Settings, limits
from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.loglinear import bic, models
from trigpoint.counts.unseen.loglinear.bca import LEVELS, Bootstrap, Estimator, bootstrap
from trigpoint.counts.unseen.loglinear.existence import estimable
from trigpoint.counts.unseen.loglinear.lattice import Floats
from trigpoint.counts.unseen.loglinear.models import Model
from trigpoint.counts.unseen.loglinear.newton import fit, information, prepare
from trigpoint.counts.unseen.loglinear.stepwise import stepwise

Tell = Callable[[int, int], None]
MOST_MEANS = 25_000_000  # fitted means that a bootstrap reckons with in all: beyond it, fewer resamples
FITS_OF_A_CHOICE = 10  # about so many models are fitted to a table by stepwise choice
FEWEST = 100
FEW_BEYOND = 10
MOST_LISTS_BY_BIC = 12
NO_ESTIMATE = "No estimate exists: the likelihood has no single finite maximum on these lists."


def fit_model(histories: Histories, model: Model) -> tuple[float, tuple[Limits, ...]] | None:
    """The total under one log-linear model, and intervals from the standard error of the logarithm of the unseen;
    None where no single estimate exists."""
    batch = prepare(histories.table[None, :], np.array([model], dtype=np.int64))
    fits = fit(batch)
    if not estimable(batch, fits)[0]:
        return None
    constant = float(fits.coefficients[0, 0])
    error = float(np.sqrt(np.linalg.inv(information(batch, fits.means)[0])[0, 0]))
    seen = histories.seen
    found = []
    for level in LEVELS:
        spread = float(ndtri((1 + level) / 2)) * error
        one = limits(level, seen + _exp(constant - spread), seen + _exp(constant + spread))
        if one:
            found.append(one)
    return seen + _exp(constant), tuple(found)


def independent(histories: Histories, settings: Settings, tell: Tell) -> Estimate:  # noqa: ARG001  all methods are called alike
    """Main effects alone."""
    model = models.main_effects(len(histories.lists))
    return _asymptotic(histories, model, notes=())


def by_steps(histories: Histories, settings: Settings, tell: Tell) -> Estimate:
    """Stepwise choice; BCa interval, with the asymptotic one of the chosen model in the notes."""

    def totals(tables: Floats) -> Floats:
        return np.asarray(tables.sum(axis=1) + stepwise(tables, threshold=settings.threshold).unseen)

    chosen = stepwise(histories.table[None, :], threshold=settings.threshold)
    if not np.isfinite(chosen.unseen[0]):
        return _none(NO_ESTIMATE)
    lists = len(histories.lists)
    taken = np.array(models.pairs(lists), dtype=np.int64)[chosen.taken[0]]
    model = models.closed([*models.main_effects(lists), *taken.tolist()])
    return _bootstrapped(histories, model, totals, settings=settings, cells=FITS_OF_A_CHOICE << lists, tell=tell)


def by_bic(histories: Histories, settings: Settings, tell: Tell) -> Estimate:
    """The best model by BIC; the bootstrap chooses again among the best on the data."""
    lists = len(histories.lists)
    if lists > MOST_LISTS_BY_BIC:
        return _none(
            f"With more than {MOST_LISTS_BY_BIC} lists there are too many models to choose among: merge lists."
        )
    ranked = bic.best(histories.table, order=settings.order)
    if not ranked.models:
        return _none(NO_ESTIMATE)
    top = ranked.models[: settings.top]
    totals = partial(bic.choose_again, models=top, near=histories.table)
    found = _bootstrapped(histories, ranked.models[0], totals, settings=settings, cells=len(top) << lists, tell=tell)
    how = "all were fitted" if ranked.complete else "a walk downhill met these"
    note = f"{ranked.looked_at:,} models, {how}; {ranked.near()} within {bic.WITHIN:g} of the best criterion."
    return _with_notes(found, note)


def closed(histories: Histories, settings: Settings, tell: Tell, *, kind: Kind) -> Estimate:  # noqa: ARG001  all methods are called alike
    """One closed-population model."""
    if kind.form == "Chao" and len(histories.lists) < 3:
        return _none("Chao's bound needs three lists.")
    if kind is MB and len(histories.lists) < 3:
        return _none("A change of chance needs three lists in the order of time.")
    found = behaviour(histories.table) if kind is MB else closed_model(histories.table, kind)
    if not np.isfinite(found.total):
        return _none(NO_ESTIMATE)
    each = [limits(level, *found.limits(float(ndtri((1 + level) / 2)))) for level in LEVELS]
    note = f"standard error {found.error:,.1f}; deviance {found.regression.deviance:,.2f} on {found.regression.freedom}"
    return Estimate(
        "", "", "", "", found.total, tuple(one for one in each if one), "standard error", kind.name, (note,)
    )


def _asymptotic(histories: Histories, model: Model, *, notes: tuple[str, ...]) -> Estimate:
    found = fit_model(histories, model)
    if found is None:
        return _none(NO_ESTIMATE)
    total, each = found
    return Estimate("", "", "", "", total, each, "standard error", _name(model, histories), notes)


def _bootstrapped(
    histories: Histories, model: Model, totals: Estimator, *, settings: Settings, cells: int, tell: Tell
) -> Estimate:
    plain = _asymptotic(histories, model, notes=())
    if plain.total is None:
        return plain
    resamples = max(FEWEST, min(settings.resamples, MOST_MEANS // cells))
    drawn = bootstrap(histories.table, totals, estimate=plain.total, resamples=resamples, seed=settings.seed, tell=tell)
    by = f"BCa, {resamples:,} resamples"
    notes = _bootstrap_notes(drawn, plain, resamples=resamples, wanted=settings.resamples)
    return Estimate("", "", "", "", plain.total, _limits(drawn), by, plain.model, notes)


def _limits(drawn: Bootstrap) -> tuple[Limits, ...]:
    each = (
        limits(one.level, one.low, one.high, low_error=one.low_error, high_error=one.high_error)
        for one in drawn.intervals
    )
    return tuple(one for one in each if one)


def _bootstrap_notes(drawn: Bootstrap, plain: Estimate, *, resamples: int, wanted: int) -> tuple[str, ...]:
    notes = []
    if (given := plain.at(0.95)) is not None:
        high = "no upper limit" if given.high is None else f"{given.high:,.0f}"
        notes.append(f"for the chosen model alone, by its standard error: {given.low:,.0f} to {high}")
    if resamples < wanted:
        notes.append(f"{resamples:,} resamples rather than {wanted:,}: so many lists take long")
    if drawn.intervals[-1].reached_by < FEW_BEYOND:
        notes.append(
            f"fewer than {FEW_BEYOND} resamples lie beyond a 95 % limit: it is hardly resolved, take more resamples"
        )
    if drawn.acceleration is None:
        notes.append("bias corrected, not accelerated: so many lists take long")
    if drawn.without_estimate > 0:
        notes.append(f"{drawn.without_estimate:.1%} of the resamples had no estimate")
    return tuple(notes)


def _with_notes(found: Estimate, *notes: str) -> Estimate:
    from dataclasses import replace

    return replace(found, notes=(*found.notes, *notes))


def _none(why: str) -> Estimate:
    return Estimate("", "", "", "", None, notes=(why,))


def _name(model: Model, histories: Histories) -> str:
    return models.name(model, lists=histories.lists)


def _exp(value: float) -> float:
    return float(np.exp(value)) if value < 700 else float("inf")
