"""Areas beside one another: counts, rates, their limits, the place in the funnel, and rates of small areas shrunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from trigpoint.counts.comparing.funnel import ALARM, WARNING, Funnel, funnel, limits
from trigpoint.counts.comparing.intervals import PER, rate_limits
from trigpoint.counts.comparing.populations import Population
from trigpoint.counts.comparing.shrinking import shrink

POINTS: Final = 160
SOME: Final = 0.1  # children expected, below whom limits are not drawn


def compare_areas(counts: Mapping[str, int], populations: Sequence[Population]) -> dict[str, Any]:
    """Children counted by area against who lives there, as plain data; rates are per 10,000 children.

    `mean` the rate of all, `dispersion` (see `funnel`), `spread` (see `shrink`), `sources`, `curves`, the limits in
    counts over a row of populations, to be drawn, and `areas`: for each
    area, count, population, year, rate with its exact 95 % limits, its `place` in the funnel, and the shrunken rate
    with limits and the share `kept` of its own. Areas stand in the order of `populations`, never by rate.
    Counts without a population are not compared: `without` says how many children that leaves out.
    """
    names = [one.area for one in populations]
    count = np.array([counts.get(name, 0) for name in names])
    lived = np.array([one.children for one in populations])
    placed, drawn = funnel(count, lived), shrink(count, lived)
    low, high = rate_limits(count, lived)
    areas = [
        {
            "area": one.area, "count": int(count[i]), "population": one.children, "year": one.year,
            "rate": float(placed.rates[i]), "low": float(low[i]), "high": float(high[i]), "place": placed.places[i],
            "shrunk": float(drawn.rates[i]), "shrunk_low": float(drawn.low[i]), "shrunk_high": float(drawn.high[i]),
            "kept": float(drawn.kept[i]),
        }
        for i, one in enumerate(populations)
    ]  # fmt: skip
    return {
        "mean": placed.mean,
        "dispersion": placed.dispersion,
        "spread": drawn.spread,
        "areas": areas,
        "curves": _curves(placed, int(lived.max())),
        "without": sum(number for name, number in counts.items() if name not in names),
        "sources": sorted({f"{one.source} ({one.year})" for one in populations}),
    }


def _curves(placed: Funnel, largest: int) -> dict[str, dict[str, list[float]]]:
    """The limits from small areas to the largest, closer together where they bend."""
    least = max(1.0, largest / 400, SOME * PER / placed.mean if placed.mean else 1.0)
    lived = np.unique(np.geomspace(min(least, largest), 1.02 * largest, POINTS).round())
    curves = {}
    for level in (WARNING, ALARM):
        low, high = limits(placed.mean * lived / PER, level=level, dispersion=placed.dispersion)
        curves[f"{100 * level:g} %"] = {"population": lived.tolist(), "low": low.tolist(), "high": high.tolist()}
    return curves
