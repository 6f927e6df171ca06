"""One chunk of an invented partnership, from its numbers alone: the same wherever and whenever it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from trigpoint.synthetic.cases import case_count, case_world
from trigpoint.synthetic.files.extracts import write_chunk
from trigpoint.synthetic.files.layouts import SMALL
from trigpoint.synthetic.files.writing import Piece
from trigpoint.synthetic.life.cast import cast_children
from trigpoint.synthetic.life.drawing import World, draw_stories
from trigpoint.synthetic.life.events import Events
from trigpoint.synthetic.life.spells import draw_spells
from trigpoint.synthetic.people.families import invent_people
from trigpoint.synthetic.planted import pattern_rows
from trigpoint.synthetic.rates import Rates
from trigpoint.synthetic.truth import children_rows

CHUNK = 20_000  # children: about 80 MB while they are made


@dataclass(frozen=True)
class Order:
    """What a chunk is made from."""

    chunk: int
    first: int
    last: int
    children: int
    seed: int
    rates: Rates
    cases: bool = False  # the case studies, and nobody else


@dataclass
class Made:
    """A chunk: its part of each file, and the truth of it."""

    chunk: int
    pieces: list[Piece]
    children: list[tuple[Any, ...]]
    patterns: list[tuple[Any, ...]]


def orders(*, children: int, seed: int, rates: Rates) -> list[Order]:
    """The chunks of a partnership."""
    firsts = range(0, children, CHUNK)
    made = [Order(i, f, min(f + CHUNK, children), children, seed, rates) for i, f in enumerate(firsts)]
    if rates.case_studies:
        made.append(Order(len(made), children, children + case_count(), children, seed, rates, cases=True))
    return made


def make_chunk(order: Order) -> Made:
    """Make a chunk."""
    rng = np.random.default_rng([order.seed, order.chunk])
    if order.cases:
        world, events = case_world(rng, first=order.first, seed=order.seed, rates=order.rates)
    else:
        world, events = _drawn(rng, order)
    small = order.children < SMALL
    pieces, written = write_chunk(world, events, chunk=order.chunk, seed=order.seed, small=small)
    return Made(order.chunk, pieces, children_rows(world), pattern_rows(world, written))


def _drawn(rng: np.random.Generator, order: Order) -> tuple[World, dict[str, Events]]:
    numbers = np.arange(order.first, order.last)
    people = invent_people(rng, numbers=numbers, children=order.children, seed=order.seed, rates=order.rates)
    cast = cast_children(rng, people, chunk=order.chunk, children=order.children, rates=order.rates)
    world = World(people, cast, rng, order.rates)
    return world, {**draw_stories(world), **draw_spells(world)}
