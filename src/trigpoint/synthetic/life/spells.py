"""What lasts: homes, care and placements, and attendance half-term by half-term."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from trigpoint.synthetic.clock import BEGINS, DAY, ENDS, NONE, day_number
from trigpoint.synthetic.columns import Objects, Whole, only_where
from trigpoint.synthetic.life.cast import YEAR
from trigpoint.synthetic.life.drawing import World
from trigpoint.synthetic.life.events import Events, put_together
from trigpoint.synthetic.people.places import places

# Last days of the half-terms of the period, and the sessions (half days) in each.
_HALF_TERMS: Final = np.array(
    [
        day_number(date(y, m, d))
        for y, m, d in (
            (2024, 2, 9), (2024, 3, 28), (2024, 5, 24), (2024, 7, 23), (2024, 10, 25), (2024, 12, 20),
            (2025, 2, 14), (2025, 4, 4), (2025, 5, 23), (2025, 7, 22), (2025, 10, 24), (2025, 12, 19),
            (2026, 2, 13), (2026, 3, 27), (2026, 5, 22), (2026, 7, 21), (2026, 10, 23),
        )
    ]
)  # fmt: skip
_SESSIONS: Final = np.array([56, 66, 58, 70, 76, 74, 60, 66, 46, 74, 76, 72, 58, 62, 46, 74, 74])
_WATCHED: Final = 0.3  # of pupils whose attendance the authority is sent
_FALLS: Final = 0.6  # of exploited children stay away from school
_FOSTER: Final = {"U6": 9, "U4": 4, "U1": 2, "K2": 3, "H5": 2, "P1": 1}
_LEGAL: Final = {"C2": 6, "V2": 5, "C1": 2}


def draw_spells(world: World) -> dict[str, Events]:
    """Events of the kinds home, placement, looked_after and attendance."""
    care = np.flatnonzero(world.cast.care_from != NONE)
    placement, looked_after = _care(world, care)
    return {
        "home": _homes(world),
        "placement": placement,
        "looked_after": looked_after,
        "attendance": _attendance(world),
    }


def _plain(world: World, child: Whole, at: Whole, *, place: Whole | None = None) -> Events:
    none = np.full(len(child), NONE)
    learnt = at + (world.rng.exponential(2.0, len(child)) * DAY).astype(np.int64)
    return Events(child, at, none, none if place is None else place, learnt, np.full(len(child), "", dtype=object))


def _homes(world: World) -> Events:
    """Pupils on a roll with their home: once, and again when they move."""
    people = world.people
    age = (ENDS - people.born) / YEAR
    pupils = np.flatnonzero((age > 4.5) & (world.rng.random(len(people)) < 0.97))
    adult = people.born + int(18 * YEAR)
    pupils = pupils[adult[pupils] > BEGINS]
    began = np.maximum(BEGINS - 120, people.born[pupils] + int(4.2 * YEAR))
    first = _plain(world, pupils, began * DAY, place=people.home[pupils])
    movers = pupils[(people.moved[pupils] != NONE) & (people.moved[pupils] < adult[pupils])]
    second = _plain(world, movers, people.moved[movers] * DAY, place=people.next_home[movers])
    return put_together([first, second])


def _care(world: World, care: Whole) -> tuple[Events, Events]:
    """Placements of looked-after children, one after another, and the care spells they lie in."""
    rng = world.rng
    begin, until = world.cast.care_from[care], world.cast.care_until[care]
    stop = np.where(until == NONE, ENDS + 400, until)
    count = rng.choice([1, 2, 3, 4], len(care), p=[0.5, 0.28, 0.14, 0.08])
    index = np.repeat(np.arange(len(care)), count)
    order = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
    share = (order / count[index]) * rng.uniform(0.7, 1.0, len(index))
    starts = begin[index] + (share * (np.minimum(stop, ENDS) - begin)[index].clip(1)).astype(np.int64)
    last = np.r_[index[1:] != index[:-1], True] if len(index) else np.zeros(0, dtype=bool)
    ends = np.where(last, stop[index], np.r_[starts[1:], 0] if len(index) else starts)
    placement = _plain(world, care[index], starts * DAY, place=_placed(world, care[index]))
    placement.end = np.where(ends > ENDS, NONE, ends * DAY)
    legal = _weighted(rng, _LEGAL, len(care))
    placement.words = {
        "placement_type": _weighted(rng, _FOSTER, len(index)),
        "legal_status": legal[index],
        "reason_new": np.where(order == 0, "S", "P").astype(object),
        "last": only_where(ends <= ENDS, np.where(last, "E3", "X1")),
    }
    looked_after = _plain(world, care, begin * DAY)
    looked_after.end = np.where(until == NONE, NONE, until * DAY)
    looked_after.words = {"legal_status": legal}
    ok = np.flatnonzero((placement.end == NONE) | (placement.end > placement.at))
    return placement.take(ok), looked_after


def _placed(world: World, child: Whole) -> Whole:
    """Most placements are in the child's own area, some in the next, some far away."""
    rng, area = world.rng, world.people.area[child]
    draw = rng.random(len(child))
    near = places().homes(rng, area=np.where(draw < 0.65, area, 1 - area), children=2_000)
    far = places().in_town(rng, rng.integers(0, len(places().towns), len(child)))
    return np.where(draw < 0.85, near, far)


def _weighted(rng: np.random.Generator, held: dict[str, int], n: int) -> Objects:
    shares = np.array(list(held.values()), dtype=float)
    drawn: Objects = np.array(list(held), dtype=object)[rng.choice(len(held), n, p=shares / shares.sum())]
    return drawn


def _attendance(world: World) -> Events:
    """Half-term attendance of pupils whom the authority watches; exploited children more often fall away."""
    rng, people, cast = world.rng, world.people, world.cast
    exploited = cast.story >= 0
    age = (ENDS - people.born) / YEAR
    watched = ((rng.random(len(people)) < _WATCHED) | (exploited & (rng.random(len(people)) < 0.85))) & (age > 6)
    child = np.flatnonzero(watched)
    usual = np.where(rng.random(len(child)) < 0.3, rng.normal(82, 7, len(child)), rng.normal(93, 3, len(child)))
    percent = usual[:, None] + rng.normal(0, 3.5, (len(child), len(_HALF_TERMS)))
    percent -= np.where(rng.random(percent.shape) < 0.02, rng.uniform(8, 30, percent.shape), 0)  # ill, or away
    falls = exploited[child] & (rng.random(len(child)) < _FALLS)
    since = (_HALF_TERMS[None, :] - cast.start[child][:, None] // DAY) / cast.pace[child][:, None]
    fallen = falls[:, None] & (since > 60) & (_HALF_TERMS[None, :] * DAY < cast.until[child][:, None] + 60 * DAY)
    percent -= np.where(fallen, rng.uniform(18, 60, percent.shape), 0)
    whole = percent.clip(0, 100).round().astype(np.int64)
    at_school = _HALF_TERMS[None, :] < (people.born[child] + int(16.8 * YEAR))[:, None]
    row, term = np.nonzero(at_school)
    events = _plain(world, child[row], _HALF_TERMS[term] * DAY)
    events.learnt = events.at + rng.integers(3, 25, len(row)) * DAY
    events.pattern[fallen[row, term]] = "attendance_fall"
    events.words = {
        "percent": whole[row, term].astype(object),
        "sessions": _SESSIONS[term].astype(object),
        "sessions_missed": (_SESSIONS[term] * (100 - whole[row, term]) // 100).astype(object),
    }
    return events
