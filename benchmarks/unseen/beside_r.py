"""Every estimator beside what the R package for it printed on the same data, with the same settings, and our time.

R was not run here: its figures are those of tests/data/mse/published.json. Estimates by chance (latent classes,
thresholding) agree only within their Monte Carlo error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import spend
from benchmarks.rows import Row
from trigpoint.counts.unseen import Histories, read_csv
from trigpoint.counts.unseen.bayes import decomposable, latent_class
from trigpoint.counts.unseen.bayes.thresholding import threshold
from trigpoint.counts.unseen.closed.heterogeneity import KINDS
from trigpoint.counts.unseen.closed.models import behaviour, closed_model
from trigpoint.counts.unseen.loglinear import bic
from trigpoint.counts.unseen.loglinear.lattice import Floats
from trigpoint.counts.unseen.loglinear.stepwise import stepwise

DATA = Path(__file__).parents[2] / "tests" / "data" / "mse"
FILES = {"kosovo": "kosovo_aggregate"}
RCAPTURE = {"Mth_Poisson2": "Mth Poisson", "Mth_Darroch": "Mth Darroch"}
CHAINS = {"chains": 8, "warm_up": 3_000, "sweeps": 4_000, "seed": 3}


def beside_r() -> Iterator[Row]:
    """A row for each estimator and table: our total, R's, their ratio (aim: 1), our seconds."""
    published = json.loads((DATA / "published.json").read_text())
    runs = published["R_runs"]
    yield from _stepwise(runs["SparseMSE stepwise (est, asymptotic CI95, BCa95 nboot1000 iseed1234, ahat)"])
    yield from _best_by_bic(runs["Rcapture closedpMS UKdat_5 top BIC"])
    yield from _closed(published["Rcapture_HIV_closedp"])
    yield from _graphs(runs["dga (mean,median,lo,hi,MAP)"])
    yield from _classes(runs["LCMCR seed 20231 K=10 (mean,median,2.5,97.5)"])
    yield _thresholding(published["Silverman_2020_JRSSA183_3_691-736_bayes_threshold"])


def table_of(name: str) -> Floats:
    """The capture histories of a published study."""
    return Histories.of(read_csv(DATA / f"{FILES.get(name, name)}.csv")).table


def _row(what: str, ours: Callable[[], float], theirs: float, aim: str = "1.00") -> Row:
    found: list[float] = []
    took = spend(lambda: found.append(ours()))
    said = f"{found[0]:,.2f} in {took.processor:.2f} s"
    return Row("unseen", what, "", said, f"R {theirs:,.2f}", found[0] / theirs, aim)


def _stepwise(printed: dict[str, list[float]]) -> Iterator[Row]:
    for name, (estimate, *_) in printed.items():
        table = table_of(name)
        yield _row(
            f"stepwise, SparseMSE, {name}",
            lambda table=table: float(table.sum() + stepwise(table[None, :]).unseen[0]),
            estimate,
        )


def _best_by_bic(printed: list[list[Any]]) -> Iterator[Row]:
    table = table_of("UKdat_5")
    for place, (model, estimate, _) in enumerate(printed):
        yield _row(
            f"best {place + 1} by BIC {model}, closedpMS, UKdat_5",
            lambda place=place: float(table.sum() + bic.best(table).unseen[place]),
            estimate,
        )


def _closed(printed: dict[str, list[float]]) -> Iterator[Row]:
    table = table_of("Rcapture_HIV")
    kinds = {kind.name: kind for kind in KINDS}
    for name, (estimate, _) in printed.items():
        kind = kinds.get(RCAPTURE.get(name, name))
        ours = (lambda: behaviour(table).total) if kind is None else (lambda kind=kind: closed_model(table, kind).total)
        yield _row(f"{name}, Rcapture, HIV", ours, estimate)


def _graphs(printed: dict[str, list[float]]) -> Iterator[Row]:
    """Where R looked at a grid of numbers (five lists), so do we."""
    for name, (_, median, low, high, _) in printed.items():
        table = table_of(name)
        grid = np.linspace(1, 30 * table.sum(), 1_000) if len(table) == 32 else None
        for place, theirs in ((0.5, median), (0.025, low), (0.975, high)):
            yield _row(
                f"decomposable graphs, dga, {name}, quantile {place}",
                lambda table=table, grid=grid, place=place: float(
                    table.sum() + decomposable.average(table, at=grid).quantile(place)
                ),
                theirs,
            )


def _classes(printed: dict[str, list[float]]) -> Iterator[Row]:
    for name in ("kosovo", "NewOrl_5"):
        yield _row(
            f"latent classes, LCMCR, {name}, median",
            lambda name=name: latent_class.sample(table_of(name), **CHAINS).quantile(0.5),
            printed[name][1],
            aim="within chance",
        )


def _thresholding(printed: dict[str, Any]) -> Row:
    given = printed["UKdat_5 improper prior maxorder3 (package test golden)"]
    return _row(
        "thresholding, flat prior, MultipleSystemsEstimation, UKdat_5",
        lambda: float(threshold(table_of("UKdat_5"), order=3, variance=None).totals.mean()),
        given["est"],
        aim="within chance",
    )
