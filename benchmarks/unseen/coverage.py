"""How often the 95 % interval holds the truth, by method, density of the lists, and how the truth was made.

python -m benchmarks.unseen.coverage --populations 1000 -o docs/pictures/unseen-coverage.svg
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import altair as alt
import numpy as np
import typer
from scipy.special import ndtri

from benchmarks.unseen.populations import CHANCES, LISTS, SIZE, TRUTHS, Population, invent_all
from trigpoint.counts.unseen import Histories, Settings, estimate
from trigpoint.counts.unseen.loglinear import bca, bic, models
from trigpoint.counts.unseen.loglinear.lattice import Floats
from trigpoint.counts.unseen.loglinear.stepwise import stepwise
from trigpoint.report.figures import DataTable, figure, values

RESAMPLES = 150
TOP = 6
EVERY = 25  # the slow methods look at one population in so many
LEVEL = 0.95
Limits = list[tuple[float, float]]
SETTINGS = Settings(chains=6, warm_up=1_500, sweeps=2_500)
SLOW = ("thresholding", "latent-classes")
NAMES = {
    "independent": "independent lists",
    "stepwise, model given": "stepwise, standard error",
    "stepwise": "stepwise, BCa",
    "bic, model given": "BIC, standard error",
    "bic": "BIC, BCa",
    "decomposable": "decomposable graphs",
    "mth-chao": "Mth Chao (a lower bound)",
    "mth-gamma": "Mth Gamma",
    "thresholding": "thresholding",
    "latent-classes": "latent classes",
}
Found = dict[tuple[str, str, str], list[bool]]  # method, truth, density: did the interval hold


def cover(populations: list[Population]) -> Found:
    """Whether each method's interval held SIZE, for each population."""
    found: Found = defaultdict(list)
    for method, limits in _methods().items():
        chosen = populations[::EVERY] if method in SLOW else populations
        # Twenty-five and the nine kinds of population have no factor in common, so that all kinds are met.
        for one, (low, high) in zip(chosen, limits([p.table for p in chosen]), strict=True):
            found[method, one.truth, one.density].append(low <= SIZE <= high)
    return found


def _methods() -> dict[str, Callable[[list[Floats]], Limits]]:
    single = ("independent", "decomposable", "mth-chao", "mth-gamma", *SLOW)
    made: dict[str, Callable[[list[Floats]], Limits]] = {name: partial(_one_by_one, name) for name in single}
    made["stepwise"] = partial(_bootstrapped, _stepwise)
    made["bic"] = _bic
    made["stepwise, model given"] = _stepwise_given
    made["bic, model given"] = _bic_given
    return {name: made[name] for name in NAMES}


def _histories(table: Floats) -> Histories:
    return Histories(tuple("abcd"), table.astype(np.int64))


def _one_by_one(method: str, tables: list[Floats]) -> Limits:
    each = [estimate(_histories(table), method, settings=SETTINGS).at(LEVEL) for table in tables]
    return [(one.low, np.inf if one.high is None else one.high) if one else (np.nan, np.nan) for one in each]


def _bootstrapped(estimator: bca.Estimator, tables: list[Floats]) -> Limits:
    return [_bca(table, estimator, float(estimator(table[None, :])[0])) for table in tables]


def _bca(table: Floats, estimator: bca.Estimator, total: float) -> tuple[float, float]:
    if not np.isfinite(total):
        return np.nan, np.nan
    found = bca.bootstrap(table, estimator, estimate=total, resamples=RESAMPLES, levels=(LEVEL,)).intervals[0]
    return found.low, found.high


def _stepwise(tables: Floats) -> Floats:
    return np.asarray(tables.sum(axis=1) + stepwise(tables).unseen)


def _bic(tables: list[Floats]) -> Limits:
    found = []
    for table in tables:
        ranked = bic.best(table)
        totals = partial(bic.choose_again, models=ranked.models[:TOP], near=table)
        total = table.sum() + ranked.unseen[0] if ranked.models else np.inf
        found.append(_bca(table, totals, float(total)))
    return found


def _stepwise_given(tables: list[Floats]) -> Limits:
    pairs = np.array(models.pairs(LISTS))
    taken = stepwise(np.array(tables)).taken
    return [_given(t, [*models.main_effects(LISTS), *pairs[on].tolist()]) for t, on in zip(tables, taken, strict=True)]


def _bic_given(tables: list[Floats]) -> Limits:
    ranked = [bic.best(table).models for table in tables]
    return [
        _given(table, list(found[0])) if found else (np.nan, np.nan)
        for table, found in zip(tables, ranked, strict=True)
    ]


def _given(table: Floats, terms: list[int]) -> tuple[float, float]:
    from trigpoint.counts.unseen.classical import fit_model

    found = fit_model(_histories(table), models.closed(terms))
    if found is None:
        return np.nan, np.nan
    one = next(one for one in found[1] if one.level == LEVEL)
    return one.low, np.inf if one.high is None else one.high


def margin(hits: list[bool]) -> float:
    """Half the width of an interval around the share itself."""
    share = np.mean(hits)
    return float(ndtri(0.975) * np.sqrt(share * (1 - share) / len(hits)))


SHADES = (
    (0.5, "#7a2d05", "white"),
    (0.8, "#b4500e", "white"),
    (0.9, "#fbe3c8", "#16323a"),
    (1.1, "#bfdde1", "#16323a"),
)
Shares = list[dict[str, object]]


def picture(rows: Shares) -> str:
    """The shares as SVG, one panel a truth."""
    cells = [{**row, **_shade(float(str(row["share"])))} for row in rows]
    panels = [_panel([cell for cell in cells if cell["truth"] == truth], truth) for truth in TRUTHS]
    chart = alt.hconcat(*panels, spacing=18)
    table = DataTable("", [], [])
    drawn = figure(
        chart, name="coverage", title="How often a 95 % interval holds the truth",
        says="Share of invented populations whose size the interval held, by method, density of lists and truth.",
        table=table,
    )  # fmt: skip
    return str(drawn.svg)


def _shade(share: float) -> dict[str, str]:
    """Blue where nine in ten hold or more, ever darker where fewer do; with the ink that reads on it."""
    fill, ink = next((fill, ink) for below, fill, ink in SHADES if share < below)
    return {"fill": fill, "ink": ink}


def _panel(cells: Shares, truth: str) -> alt.LayerChart:
    names = alt.Axis(domain=False, ticks=False, labels=truth == TRUTHS[0])
    x = alt.X("density:N", sort=list(CHANCES), title=None).axis(labelAngle=0, orient="top", domain=False, ticks=False)
    y = alt.Y("method:N", sort=list(NAMES.values()), title=None, axis=names)
    base = alt.Chart(values(cells)).encode(x=x, y=y)
    heat = base.mark_rect(stroke="white", strokeWidth=2).encode(color=alt.Color("fill:N", scale=None))
    text = base.mark_text(fontSize=12).encode(
        text=alt.Text("share:Q", format=".0%"), color=alt.Color("ink:N", scale=None)
    )
    drawn = alt.layer(heat, text)
    return drawn.properties(width=190, height=26 * len(NAMES), title=truth)


def rows_of(found: Found) -> Shares:
    """One row a method, truth and density."""
    return [
        {"method": NAMES[method], "truth": truth, "density": density, "populations": len(hits),
         "held": sum(hits), "share": round(float(np.mean(hits)), 3), "margin": round(margin(hits), 3)}
        for (method, truth, density), hits in found.items()
    ]  # fmt: skip


def main(
    populations: Annotated[int, typer.Option(help="How many, in all.")] = 1_000,
    output: Annotated[Path, typer.Option("--output", "-o", help="An .svg file; a .csv is written beside it.")] = Path(
        "unseen-coverage.svg"
    ),
    seed: Annotated[int, typer.Option(help="The same seed invents the same populations.")] = 1,
) -> None:
    """Invent populations of known size, estimate them by every method, and draw how often the intervals hold."""
    found = cover(invent_all(populations, seed=seed))
    rows = rows_of(found)
    with output.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    output.write_text(picture(rows) + "\n", encoding="utf-8")
    typer.echo(f"Wrote {output} and {output.with_suffix('.csv')}.")


if __name__ == "__main__":
    typer.run(main)
