"""Who is exploited in a chunk, how, from when and how far; who is looked after; which children share a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from trigpoint.synthetic.clock import BEGINS, DAY, ENDS, NONE
from trigpoint.synthetic.columns import Numbers, Objects, Whole
from trigpoint.synthetic.life.stories import Story, book
from trigpoint.synthetic.people.families import People
from trigpoint.synthetic.people.numbers import PHONES, phone
from trigpoint.synthetic.people.places import places
from trigpoint.synthetic.rates import Rates

YEAR: Final = 365.25
SMALL: Final = 5_000  # below so many children Rates.exploited_small holds
_LAST_START: Final = ENDS - 90
_CHILDREN_PHONES: Final = 600  # the rest of the drama range is for lines
_LEFT: Final = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass
class Cast:
    """One entry a child. `story` counts in book().exploited, -1 for none; times are minutes, `pace` a factor."""

    story: Whole
    start: Whole
    until: Whole  # nothing of the story happens later, but for responses
    pace: Numbers
    line: Whole  # index into `lines`, -1 for none
    peer: Whole  # the next child on the same line, -1 for none
    care_from: Whole  # day, -1 for none
    care_until: Whole  # day, -1 while it lasts
    lines: Lines

    def forms(self) -> Objects:
        """The form of exploitation of each child, "" for none."""
        named = np.array([s.form for s in book().exploited] + [""], dtype=object)
        chosen: Objects = named[self.story]
        return chosen


@dataclass
class Lines:
    """What the children of one line have in common."""

    phone: Objects  # None where the drama range has no more
    handle: Objects
    vehicle: Objects
    venue: Whole  # a place near home
    town: Whole  # index of a far town


def cast_children(rng: np.random.Generator, people: People, *, chunk: int, children: int, rates: Rates) -> Cast:
    """Choose the stories of a chunk's children. A child's community plays no part in it."""
    n = len(people)
    share = rates.exploited_small if children < SMALL else rates.exploited
    start_day = rng.integers(BEGINS + 20, _LAST_START, n)
    age = (start_day - people.born) / YEAR
    weights = np.stack([_weight(story, people, age) for story in book().exploited], axis=1)
    total = weights.sum(axis=1)
    typical = total[total > 0].mean() if (total > 0).any() else 1.0
    chosen = rng.random(n) < share * total / typical
    story = np.where(chosen, _categorical(rng, weights), -1)
    line, peer, start_day = _lines(rng, story=story, area=people.area, start=start_day)
    pace = rng.uniform(*rates.pace, n)
    care_from, care_until = _care(rng, people, story=story, start=start_day, rates=rates)
    return Cast(
        story=story,
        start=start_day * DAY,
        until=_until(rng, people, start=start_day, pace=pace),
        pace=pace,
        line=line,
        peer=peer,
        care_from=care_from,
        care_until=care_until,
        lines=_shared(rng, people, line=line, chunk=chunk, children=children, share=share),
    )


def _weight(story: Story, people: People, age: Numbers) -> Numbers:
    low, high = story.ages
    fits = (age >= low) & (age < high + 0.6) & (age < 17.6)
    return np.where(fits, np.where(people.boy, 1.0, story.girls) * story.weight, 0.0)


def _categorical(rng: np.random.Generator, weights: Numbers) -> Whole:
    totals = weights.cumsum(axis=1)
    drawn = rng.random(len(weights))[:, None] * totals[:, -1:]
    picked: Whole = (totals < drawn).sum(axis=1).clip(0, weights.shape[1] - 1)
    return picked


def _until(rng: np.random.Generator, people: People, *, start: Whole, pace: Numbers) -> Whole:
    """How far each child is drawn in before it ends, by whatever ends it; never beyond the 18th birthday."""
    names = list(book().reach)
    reached = rng.choice(len(names), len(people), p=np.array(list(book().reach.values())))
    ends = np.array([book().stages[name][1] for name in names])[reached]
    until = start + (ends * pace).astype(np.int64)
    adult = people.born + int(18 * YEAR)
    last: Whole = np.minimum(np.minimum(until, adult), ENDS) * DAY
    return last


def _lines(rng: np.random.Generator, *, story: Whole, area: Whole, start: Whole) -> tuple[Whole, Whole, Whole]:
    """Put exploited children of one story and area on lines, near in time; give line, next child, and start day."""
    line, peer, start = np.full(len(story), -1), np.full(len(story), -1), start.copy()
    count = 0
    for i, held in enumerate(book().exploited):
        for where in (0, 1):
            at = np.flatnonzero((story == i) & (area == where))
            at = at[np.argsort(start[at], kind="stable")]
            while len(at):
                size = int(rng.integers(held.together[0], held.together[1] + 1))
                group, at = at[:size], at[size:]
                line[group] = count
                if len(group) > 1:
                    peer[group] = np.roll(group, -1)
                    near = start[group[0]] + rng.integers(0, 45, len(group))
                    start[group] = np.minimum(near, _LAST_START)
                count += 1
    return line, peer, start


def _shared(rng: np.random.Generator, people: People, *, line: Whole, chunk: int, children: int, share: float) -> Lines:
    count = int(line.max(initial=-1)) + 1
    expected = max(1, int(children * share / 2))
    every = -(-expected // (PHONES - _CHILDREN_PHONES))
    first = chunk * expected * len(people) // max(1, children)
    numbered = first + np.arange(count)
    phones = [phone(_CHILDREN_PHONES + k // every % 400) if k % every == 0 else None for k in numbered.tolist()]
    letters = rng.integers(0, len(_LEFT), (count, 3))
    plates = [f"ZZ{k % 90 + 10} {''.join(_LEFT[i] for i in row)}" for k, row in enumerate(letters.tolist())]
    leader = np.zeros(count, dtype=np.int64)
    leader[line[line >= 0]] = np.flatnonzero(line >= 0)
    return Lines(
        phone=np.array(phones, dtype=object),
        handle=np.array([f"line_{chunk:x}_{k:x}_invented" for k in range(count)], dtype=object),
        vehicle=np.array(plates, dtype=object),
        venue=places().homes(rng, area=people.area[leader], children=max(children, 20_000)),
        town=rng.integers(0, len(places().towns), count),
    )


def _care(rng: np.random.Generator, people: People, *, story: Whole, start: Whole, rates: Rates) -> tuple[Whole, Whole]:
    """Spells of care: for reasons of their own, and more often among the exploited, before it begins."""
    n = len(people)
    more = np.array([s.in_care for s in book().exploited] + [0.0])[story]
    exploited = rng.random(n) < more
    ordinary = rng.random(n) < rates.in_care
    before = np.where(exploited, start - rng.integers(40, 1500, n), rng.integers(BEGINS - 900, ENDS - 60, n))
    care_from = np.where(exploited | ordinary, np.maximum(before, people.born + 30), NONE)
    length = rng.integers(120, 2500, n)
    until = care_from + np.where(exploited, length + 900, length)
    adult = people.born + int(18 * YEAR)
    until = np.minimum(until, adult)
    gone = (care_from != NONE) & (until < BEGINS)
    care_from = np.where(gone | (care_from >= adult), NONE, care_from)
    return care_from, np.where((care_from == NONE) | (until > ENDS), NONE, until)
