"""Invented populations of known size, on lists that depend, or people who differ, in a stated way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigpoint.counts.unseen.loglinear.lattice import Floats

SIZE = 2_000
LISTS = 4
CHANCES = {"thin": 0.03, "middling": 0.08, "rich": 0.2}  # of being on one list
TRUTHS = ("independent", "two lists refer", "people differ")
ODDS = 5.0  # how much likelier, in odds, a person on one of two lists that refer is to be on the other
SPREAD = 1.0  # standard deviation of the log odds of being found, where people differ


@dataclass(frozen=True)
class Population:
    """How lists found the people, how densely, and the table that came of it, the unseen left out."""

    truth: str
    density: str
    table: Floats


def invent(truth: str, density: str, *, rng: np.random.Generator) -> Population:
    """One population of SIZE people on LISTS lists."""
    chance = CHANCES[density] * rng.uniform(0.6, 1.4, LISTS)
    log_odds = np.broadcast_to(np.log(chance / (1 - chance)), (SIZE, LISTS))
    if truth == "people differ":
        log_odds = log_odds + SPREAD * rng.standard_normal((SIZE, 1))
    on = rng.random((SIZE, LISTS)) < 1 / (1 + np.exp(-log_odds))
    if truth == "two lists refer":
        given = log_odds[:, 1] + np.where(on[:, 0], np.log(ODDS), 0.0)
        on[:, 1] = rng.random(SIZE) < 1 / (1 + np.exp(-given))
    table = np.bincount(on @ (1 << np.arange(LISTS)), minlength=1 << LISTS).astype(float)
    table[0] = 0
    return Population(truth, density, table)


def invent_all(number: int, *, seed: int) -> list[Population]:
    """So many populations, shared evenly among truths and densities."""
    rng = np.random.default_rng(seed)
    cells = [(truth, density) for truth in TRUTHS for density in CHANCES]
    return [invent(*cells[i % len(cells)], rng=rng) for i in range(number)]
