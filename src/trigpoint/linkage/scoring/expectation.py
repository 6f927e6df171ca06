"""Expectation maximisation without labels: how often true pairs agree, level by level (Fellegi and Sunter 1969,
Dempster, Laird and Rubin 1977), with a steady hand where there is little to learn from.

It works on the very levels that the scorer uses and on pairs of all blocking rules at once, rarity of names included.
Pairs that a rule decides teach too: the same NHS number is one child, whatever the names say; a brother is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Odds: TypeAlias = "list[list[tuple[float, float]]]"

# How many true pairs the bundled values count for, and how few of a level are still believed.
PRIOR_MATCHES = 200.0
SMALLEST = 1e-7
ROUNDS, SETTLED = 40, 1e-4


@dataclass(frozen=True)
class Compared:
    """Compared pairs, one row each.

    `levels` (pairs, comparisons): the level, -1 missing, 0 "all else". `rarity` (pairs,): bits that the frequency of
    the shared values adds. `known` (pairs,): 1.0 where a rule says one child, 0.0 where it says two, else NaN.
    `stands_for`: how many pairs each of them stands for, where they are a sample.
    """

    levels: np.ndarray
    rarity: np.ndarray
    known: np.ndarray
    stands_for: float


def learn_m(
    compared: Compared, *, odds: Odds, chance: float, all_pairs: float, prior: float = PRIOR_MATCHES
) -> tuple[Odds, float]:
    """(m, u) with m learnt and u as given, and the share of `all_pairs` that are true; both start as given."""
    if not len(compared.rarity):
        return odds, chance
    bundled = [_ms(levels) for levels in odds]
    us = [np.array([u for _, u in reversed(levels)]) for levels in odds]
    ms = [m.copy() for m in bundled]
    for _ in range(ROUNDS):
        true = _chance_of_each(compared, ms=ms, us=us, chance=chance)
        found = [
            _update(compared.levels[:, place], true, bundled=bundled[place], prior=prior / compared.stands_for)
            for place in range(len(ms))
        ]
        moved = max(float(np.abs(new - old).max()) for new, old in zip(found, ms, strict=True))
        ms = found
        chance = min(0.1, max(float(true.sum()) * compared.stands_for, 1.0) / all_pairs)
        if moved < SETTLED:
            break
    return [_paired(m, u) for m, u in zip(ms, us, strict=True)], chance


def _ms(levels: Sequence[tuple[float, float]]) -> np.ndarray:
    return np.array([m for m, _ in reversed(levels)])


def _paired(ms: np.ndarray, us: np.ndarray) -> list[tuple[float, float]]:
    return [(float(m), float(u)) for m, u in zip(ms[::-1], us[::-1], strict=True)]


def _chance_of_each(compared: Compared, *, ms: list[np.ndarray], us: list[np.ndarray], chance: float) -> np.ndarray:
    weight = np.log2(chance / (1 - chance)) + compared.rarity
    for place, (m, u) in enumerate(zip(ms, us, strict=True)):
        weight = weight + np.append(np.log2(m / u), 0.0)[compared.levels[:, place]]
    true: np.ndarray = 1 / (1 + np.exp2(-np.clip(weight, -60, 60)))
    return np.where(np.isnan(compared.known), true, compared.known)


def _update(levels: np.ndarray, true: np.ndarray, *, bundled: np.ndarray, prior: float) -> np.ndarray:
    """m of one comparison: expected agreements of true pairs that both tell it, and the bundled as so many more."""
    told = levels >= 0
    seen = np.bincount(levels[told], weights=true[told], minlength=len(bundled)) + prior * bundled
    share: np.ndarray = np.maximum(seen / seen.sum(), SMALLEST)
    made: np.ndarray = share / share.sum()
    return made
