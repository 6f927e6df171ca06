"""What if some links are wrong, and some were missed? Errors of linkage go straight into the overlaps.

A false link makes one case of two, so that overlaps are too large and the estimate too low; a missed link makes two
cases of one, and the estimate too high. Given rates, tables as they may have been without the errors are drawn, and
each is estimated again: the spread is what the linkage alone leaves open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trigpoint.counts.unseen.histories import Histories
from trigpoint.counts.unseen.loglinear.bca import in_parts
from trigpoint.counts.unseen.loglinear.existence import estimable
from trigpoint.counts.unseen.loglinear.lattice import Floats, Ints
from trigpoint.counts.unseen.loglinear.models import main_effects
from trigpoint.counts.unseen.loglinear.newton import fit, prepare
from trigpoint.counts.unseen.loglinear.stepwise import stepwise
from trigpoint.errors import CountsError

DRAWS = 400
RATES = ((0.0, 0.0), (0.02, 0.0), (0.05, 0.0), (0.0, 0.05), (0.0, 0.1), (0.05, 0.1))  # false, missed
NUMBERS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Relinked:
    """Totals when so large a share of the links is false and so large a share of the true ones was missed: the median
    over the draws and the middle 95 % of them; None where they have none."""

    false_links: float
    missed_links: float
    method: str
    median: float | None
    low: float | None
    high: float | None


def relink(
    histories: Histories, *, rates: Sequence[tuple[float, float]] = RATES, draws: int = DRAWS, seed: int = 0
) -> list[Relinked]:
    """Rows for each pair of rates (share of links that is false, share of true links that was missed)."""
    rng = np.random.default_rng(seed)
    draws = max(40, min(draws, NUMBERS_AT_ONCE // len(histories.counts)))
    rows = []
    for false_links, missed_links in rates:
        tables = undo(histories, false_links=false_links, missed_links=missed_links, draws=draws, rng=rng)
        for method, estimator in (("independent", _independent), ("stepwise", _stepwise)):
            rows.append(_row(in_parts(tables, estimator), (false_links, missed_links), method))
    return rows


def undo(
    histories: Histories, *, false_links: float, missed_links: float, draws: int, rng: np.random.Generator
) -> Floats:
    """Tables (draws, 2^K) as they may have been without the errors of linkage."""
    for rate in (false_links, missed_links):
        if not 0 <= rate < 1:
            raise CountsError("A rate of linkage errors lies from 0 to below 1.", mend="Give 0.05 for one in twenty.")
    tables = np.repeat(histories.counts[None, :], draws, axis=0)
    linked = [h for h in np.flatnonzero(histories.counts).tolist() if h.bit_count() > 1]
    for history in linked:
        _part(tables, history, false_links, rng)
    for history in linked:
        _join(tables, history, missed_links, rng)
    return tables.astype(float)


def _part(tables: Ints, history: int, rate: float, rng: np.random.Generator) -> None:
    """Take false links apart: one of the lists becomes a case of its own."""
    links = history.bit_count() - 1
    wrong = rng.binomial(tables[:, history], 1 - (1 - rate) ** links)
    for place, number in _shared_out(history, wrong, rng):
        tables[:, history] -= number
        tables[:, history ^ place] += number
        tables[:, place] += number


def _join(tables: Ints, history: int, rate: float, rng: np.random.Generator) -> None:
    """Put together what a missed link kept apart: as many as were missed for the number that was found."""
    found = tables[:, history]
    missed = np.where(found > 0, rng.negative_binomial(np.maximum(found, 1), 1 - rate), 0) if rate else found * 0
    for place, number in _shared_out(history, missed, rng):
        rest = history ^ place
        possible = np.minimum(tables[:, place], tables[:, rest]) // (2 if place == rest else 1)
        joined = np.minimum(number, possible)
        tables[:, history] += joined
        tables[:, rest] -= joined
        tables[:, place] -= joined


def _shared_out(history: int, number: Ints, rng: np.random.Generator) -> list[tuple[int, Ints]]:
    """For each list of the history, how many of the `number` (draws,) fall to it."""
    places = [1 << j for j in range(history.bit_length()) if history >> j & 1]
    shared = rng.multinomial(number, np.full(len(places), 1 / len(places)))
    return [(place, shared[:, i]) for i, place in enumerate(places)]


def _stepwise(tables: Floats) -> Floats:
    return np.asarray(tables.sum(axis=1) + stepwise(tables).unseen)


def _independent(tables: Floats) -> Floats:
    model = np.array(main_effects(tables.shape[1].bit_length() - 1), dtype=np.int64)
    batch = prepare(tables, np.broadcast_to(model, (len(tables), len(model))))
    fits = fit(batch)
    unseen = np.exp(np.minimum(fits.coefficients[:, 0], 700.0))
    return np.asarray(np.where(estimable(batch, fits), tables.sum(axis=1) + unseen, np.inf))


def _row(totals: Floats, rates: tuple[float, float], method: str) -> Relinked:
    low, median, high = (_at(np.sort(totals), place) for place in (0.025, 0.5, 0.975))
    return Relinked(*rates, method, median, low, high)


def _at(rising: Floats, place: float) -> float | None:
    value = float(rising[int(place * (len(rising) - 1))])
    return value if np.isfinite(value) else None
