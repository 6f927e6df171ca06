"""Estimates and time beside what R printed and took, and beside the same fits made one table after another.

R was not run here. Its estimates are those that were published (tests/data/mse); its processor seconds, for 200
resamples on six lists of the UK on a quiet machine, were 51.9 for SparseMSE and 40.2 for MultipleSystemsEstimation.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from time import monotonic

import numpy as np

from benchmarks.measuring import alternate, spend
from benchmarks.rows import Row
from benchmarks.unseen.beside_r import beside_r, table_of
from trigpoint.counts.unseen.loglinear import bca, bic
from trigpoint.counts.unseen.loglinear.lattice import Floats
from trigpoint.counts.unseen.loglinear.stepwise import stepwise

R_SECONDS = {"SparseMSE": 51.9, "MultipleSystemsEstimation": 40.2}  # of a processor; UK, six lists, 200 resamples
R_RESAMPLES = 200


def measure(resamples: int, folder: Path) -> list[Row]:  # noqa: ARG001  every benchmark is called with a folder
    """Rows: differences from R, time for R's 200 resamples, batched beside one by one, BCa at `resamples`."""
    return [
        *beside_r(),
        *_time(),
        *_batched(),
        *_usual(resamples),
    ]


def _time() -> list[Row]:
    table = table_of("UKdat")
    tables = bca.resample(table, R_RESAMPLES, rng=np.random.default_rng(0))
    took = spend(lambda: (bca.in_parts(tables, _stepwise), bca.accelerate(table, _stepwise)))
    rows = [
        Row("unseen", f"stepwise, 200 resamples, UK six lists; {package}", "200", str(took), f"R {theirs} s processor",
            took.wall / theirs, "0.025")
        for package, theirs in R_SECONDS.items()
    ]  # fmt: skip
    return [*rows, _waiting(took.wall)]


def _waiting(wall: float) -> Row:
    times = R_SECONDS["MultipleSystemsEstimation"] / wall
    return Row(
        "unseen", "times less waiting than R's faster package", "200", f"{times:,.0f} times", "", None, "40 times"
    )


def _batched() -> list[Row]:
    """All tables at once beside one table after another, the same code: what the batch alone is worth."""
    tables = bca.resample(table_of("UKdat_5"), 100, rng=np.random.default_rng(1))
    took = alternate(
        {"batch": lambda: _stepwise(tables), "loop": lambda: [_stepwise(one[None, :]) for one in tables]}, rounds=3
    )
    ratio = took["batch"].processor / took["loop"].processor
    return [
        Row(
            "unseen",
            "stepwise, all tables at once",
            "100 tables",
            str(took["batch"]),
            f"one by one {took['loop']}",
            ratio,
        )
    ]


def _usual(resamples: int) -> list[Row]:
    rows = []
    for name in ("UKdat", "UKdat_5", "NewOrl", "NewOrl_5", "kosovo"):
        table = table_of(name)
        rows.append(_bca_row(f"BCa of stepwise, {name}", table, _stepwise, resamples))
    table = table_of("UKdat_5")
    began = monotonic()
    ranked = bic.best(table)
    rows.append(
        Row("unseen", "all 1,024 models of order two ranked, UKdat_5", "1,024", f"{monotonic() - began:.2f} s wall")
    )
    totals = partial(bic.choose_again, models=ranked.models[:60], near=table)
    return [*rows, _bca_row("BCa of BIC among 60 models, UKdat_5", table, totals, resamples)]


def _bca_row(what: str, table: Floats, estimator: bca.Estimator, resamples: int) -> Row:
    total = float(estimator(table[None, :])[0])
    found: list[bca.Bootstrap] = []
    took = spend(
        lambda: found.append(bca.bootstrap(table, estimator, estimate=total, resamples=resamples, levels=(0.95,)))
    )
    one = found[0].intervals[0]
    limits = f"{one.low:,.0f} ± {one.low_error:,.0f} to {one.high:,.0f} ± {one.high_error:,.0f}"
    return Row("unseen", what, f"{resamples:,}", str(took), limits)


def _stepwise(tables: Floats) -> Floats:
    return np.asarray(tables.sum(axis=1) + stepwise(tables).unseen)
