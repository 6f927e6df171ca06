"""The methods by name: each turns histories into an estimate, with what it assumes and where it was published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Final

import numpy as np

from trigpoint.counts.unseen.bayesian import decomposable, latent_classes, thresholding
from trigpoint.counts.unseen.classical import by_bic, by_steps, closed, independent
from trigpoint.counts.unseen.closed.heterogeneity import KINDS
from trigpoint.counts.unseen.closed.models import MB
from trigpoint.counts.unseen.estimate import Estimate, Settings
from trigpoint.counts.unseen.histories import Histories

Tell = Callable[[int, int], None]
Run = Callable[[Histories, Settings, Tell], Estimate]


@dataclass(frozen=True)
class Method:
    """A method: its name, what it is called, what it assumes, its source, and how to run it. `main` methods make the
    range that a report speaks of; the others stand beside it."""

    name: str
    title: str
    assumes: str
    source: str
    run: Run
    main: bool = True


_BR = "Baillargeon and Rivest 2007, Journal of Statistical Software 19(5)"
_LOG_LINEAR: Final = (
    Method(
        "independent",
        "Independent lists",
        "no list makes another more or less likely; everybody is as easily found as everybody else",
        "Poisson log-linear main effects (model Mt of Otis et al. 1978)",
        independent,
    ),
    Method(
        "stepwise",
        "Log-linear, stepwise",
        "lists depend two by two, as far as the overlaps force one to say so; everything else is independent",
        "Chan, Silverman and Vincent 2021, JASA 116:1297",
        by_steps,
    ),
    Method(
        "bic",
        "Log-linear, by BIC",
        "lists depend as in the model that stands best by its criterion; the interval lets resamples choose again",
        "Silverman, Chan and Vincent 2024, Statistics and Computing 34:44",
        by_bic,
    ),
)
_BAYESIAN: Final = (
    Method(
        "thresholding",
        "Bayesian thresholding",
        "interactions of two lists are small unless the data say otherwise; those near nought are nought",
        "Silverman 2020, JRSS A 183:691",
        thresholding,
    ),
    Method(
        "decomposable",
        "Decomposable graphs, averaged",
        "lists depend as in some decomposable graph; all are weighed by how well they explain the overlaps",
        "Madigan and York 1997, Biometrika 84:19",
        decomposable,
    ),
    Method(
        "latent-classes",
        "Latent classes",
        "people fall into unseen classes; within a class lists are independent",
        "Manrique-Vallier 2016, Biometrics 72:1246",
        latent_classes,
    ),
)
_CLOSED: Final = tuple(
    Method(
        kind.name.lower().replace(" ", "-"),
        f"Closed population, {kind.name}",
        kind.assumes,
        _BR,
        partial(closed, kind=kind),
        main=kind.by_list and kind.form in {"Poisson", "Darroch", "Gamma"},
    )
    for kind in KINDS
    if kind.name != "Mt"
)
_IN_ORDER: Final = Method("mb", "Closed population, Mb", MB.assumes, _BR, partial(closed, kind=MB), main=False)
METHODS: Final = {method.name: method for method in (*_LOG_LINEAR, *_BAYESIAN, *_CLOSED, _IN_ORDER)}
# All but Mb, which means something only for lists in the order of time: it is run when it is asked for.
USUAL: Final = tuple(name for name in METHODS if name != _IN_ORDER.name)


def estimate(
    histories: Histories, method: str, *, settings: Settings | None = None, tell: Tell | None = None
) -> Estimate:
    """What one method of `METHODS` says of the histories. Never infinite: what cannot be said is None, with a note."""
    chosen = METHODS[method]
    began = perf_counter()
    try:
        found = chosen.run(histories, settings or Settings(), tell or (lambda _done, _of: None))
    except np.linalg.LinAlgError:
        found = Estimate("", "", "", "", None, notes=("The equations of this method have no solution on these lists.",))
    return replace(
        found, method=chosen.name, title=chosen.title, assumes=chosen.assumes, source=chosen.source,
        seconds=perf_counter() - began, main=chosen.main,
    )  # fmt: skip
