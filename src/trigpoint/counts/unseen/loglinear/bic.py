"""Choice by the Bayesian information criterion, with a bootstrap that chooses again (Silverman, Chan and Vincent 2024).

All hierarchical models up to an order are fitted where there are few, else a walk downhill adds or drops one term at
a time. Resamples choose among the models that stood best on the data: that costs little and says nearly the same
(their section 3).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from trigpoint.counts.unseen.loglinear.existence import estimable
from trigpoint.counts.unseen.loglinear.lattice import Floats, Ints
from trigpoint.counts.unseen.loglinear.models import Model, hierarchical, main_effects, neighbours
from trigpoint.counts.unseen.loglinear.newton import fit, prepare

TOP = 60  # models among which a resample chooses
MODELS_AT_ONCE = 1_024
MOST_MODELS = 40_000  # more than these are not all fitted
WITHIN = 2.0  # of the best: models that the data can hardly tell from it


@dataclass(frozen=True)
class Ranked:
    """Models in order of their criterion, those without an estimate left out: `models`, `bic` and `unseen` match."""

    models: tuple[Model, ...]
    bic: Floats
    unseen: Floats
    looked_at: int
    complete: bool

    def near(self, within: float = WITHIN) -> int:
        """How many stand within so much of the best, it included."""
        return int((self.bic <= self.bic[0] + within).sum()) if len(self.bic) else 0


def rank(counts: Floats, models: Sequence[Model], *, complete: bool = True) -> Ranked:
    """Fit every model to the table `counts` (2^K) and rank them."""
    table = np.asarray(counts, dtype=float)
    start = _coefficients(table, main_effects(len(table).bit_length() - 1))
    parts = [models[at : at + MODELS_AT_ONCE] for at in range(0, len(models), MODELS_AT_ONCE)]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as workers:
        done = list(workers.map(lambda part: _criterion_of(table, part, start=start), parts))
    bic, unseen = (np.concatenate([np.empty(0), *(one[i] for one in done)]) for i in (0, 1))
    order = np.argsort(bic, kind="stable")
    order = order[np.isfinite(bic[order])]
    return Ranked(tuple(models[i] for i in order), bic[order], unseen[order], len(models), complete)


def candidates(lists: int, *, order: int) -> list[Model] | None:
    """All models up to an order, or None where they are too many to fit."""
    from math import comb

    if 2 ** comb(lists, 2) > MOST_MODELS or (order > 2 and lists > 5):
        return None
    return hierarchical(lists, order=order)


def best(counts: Floats, *, order: int = 2) -> Ranked:
    """All models ranked, or those that a walk downhill from independent lists met."""
    lists = len(counts).bit_length() - 1
    models = candidates(lists, order=order)
    return rank(counts, models) if models else downhill(counts, order=order)


def downhill(counts: Floats, *, order: int = 2) -> Ranked:
    """From independent lists, go to the neighbour with the lowest criterion until none is lower; rank all met."""
    lists = len(counts).bit_length() - 1
    at, met = main_effects(lists), rank(counts, [main_effects(lists)], complete=False)
    while True:
        new = [model for model in neighbours(at, lists=lists, order=order) if model not in set(met.models)]
        met = _joined(met, rank(counts, new, complete=False))
        if not met.models or met.models[0] == at:
            return met
        at = met.models[0]


def choose_again(tables: Floats, models: Sequence[Model], *, near: Floats | None = None) -> Floats:
    """The total (tables,) by that of `models` with the lowest criterion on each table; infinite where none fits.

    `near` (2^K), the table of which these are resamples, spares steps: its coefficients are the first ones of theirs.
    """
    lowest = np.full(len(tables), np.inf)
    unseen = np.full(len(tables), np.inf)
    for model in models:
        terms = np.broadcast_to(np.array(model, dtype=np.int64), (len(tables), len(model)))
        start = None if near is None else _coefficients(near, model)
        bic, found = _criterion(tables, terms, start=start)
        better = bic < lowest
        lowest[better], unseen[better] = bic[better], found[better]
    return np.asarray(tables.sum(axis=1) + unseen)


def padded(models: Sequence[Model]) -> Ints:
    """Models as one array (models, most terms), short ones filled with -1."""
    most = max((len(model) for model in models), default=1)
    return np.array([[*model, *[-1] * (most - len(model))] for model in models], dtype=np.int64).reshape(-1, most)


def _criterion_of(table: Floats, models: Sequence[Model], *, start: Floats) -> tuple[Floats, Floats]:
    return _criterion(np.broadcast_to(table, (len(models), len(table))), padded(models), start=start)


def _coefficients(table: Floats, model: Model) -> Floats:
    """Coefficients (1, 2^K) of the model on one table, in the place of their term."""
    batch = prepare(table[None, :], np.array([model], dtype=np.int64))
    placed = np.zeros((1, len(table)))
    held = batch.terms[0] >= 0
    placed[0, batch.terms[0][held]] = fit(batch).coefficients[0][held]
    return np.clip(placed, -30.0, 30.0)


def _criterion(tables: Floats, terms: Ints, *, start: Floats | None = None) -> tuple[Floats, Floats]:
    """Criterion and unseen cases of each row, both infinite where there is no estimate.

    The number of parameters is that of the model, terms at minus infinity included; the number of cases is that seen,
    as Baillargeon and Rivest (2007) have it, so that their values can be compared with ours.
    """
    batch = prepare(tables, terms)
    fits = fit(batch, start=None if start is None else np.broadcast_to(start, tables.shape))
    well = estimable(batch, fits)
    likelihood = fits.likelihood - gammaln(batch.counts + 1).sum(axis=1)
    bic = -2 * likelihood + (terms >= 0).sum(axis=1) * np.log(np.maximum(batch.counts.sum(axis=1), 1))
    unseen = np.exp(np.minimum(fits.coefficients[:, 0], 700.0))
    return np.where(well, bic, np.inf), np.where(well, unseen, np.inf)


def _joined(one: Ranked, other: Ranked) -> Ranked:
    bic = np.concatenate([one.bic, other.bic])
    models, unseen = one.models + other.models, np.concatenate([one.unseen, other.unseen])
    order = np.argsort(bic, kind="stable")
    looked_at = one.looked_at + other.looked_at
    return Ranked(tuple(models[i] for i in order), bic[order], unseen[order], looked_at, complete=False)
