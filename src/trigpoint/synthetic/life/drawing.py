"""Draws the events of a chunk from the stories: vectors over children, one step after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from trigpoint.synthetic.clock import BEGINS, DAY, ENDS, NONE
from trigpoint.synthetic.columns import Objects, Whole, YesNo
from trigpoint.synthetic.life.cast import YEAR, Cast
from trigpoint.synthetic.life.events import Events, put_together
from trigpoint.synthetic.life.stories import Choice, Step, Story, book
from trigpoint.synthetic.people.families import People
from trigpoint.synthetic.people.places import places
from trigpoint.synthetic.rates import Rates

# Hours of the day in which a kind is usual, where it is not any time of the day.
_HOURS: Final = {
    "missing": (15, 24),
    "suspension": (9, 15),
    "arrest": (10, 24),
    "stop_search": (13, 23),
    "contact": (9, 17),
    "referral": (9, 17),
    "concern_noted": (9, 18),
    "return_interview": (10, 18),
    "return_interview_offered": (9, 17),
}
# Days until an agency knows or writes it down: the middle of an exponential.
_DELAYS: Final = {
    "missing": 0.05,
    "arrest": 0.2,
    "custody": 0.3,
    "stop_search": 0.5,
    "intelligence": 6.0,
    "nrm_referral": 2.0,
}
_LASTS: Final = {"arrest": (120, 1400)}  # minutes, where a step does not say: to release from custody
_USUAL_DELAY: Final = 1.2
_ORDINARY_SPREAD: Final = 120.0  # days over which an ordinary story's events lie


@dataclass
class World:
    """One chunk while its events are drawn."""

    people: People
    cast: Cast
    rng: np.random.Generator
    rates: Rates
    named: dict[str, Events] = field(default_factory=dict)

    def exploited_at(self, child: Whole, at: Whole) -> YesNo:
        """Whether each child was exploited by then."""
        known: YesNo = (self.cast.story[child] >= 0) & (at >= self.cast.start[child])
        return known


def draw_stories(world: World) -> dict[str, Events]:
    """Events by kind: of the exploited, of ordinary days, and of what agencies do next."""
    made: dict[str, list[Events]] = {}
    for i, story in enumerate(book().exploited):
        _play(world, story, np.flatnonzero(world.cast.story == i), made, exploited=True)
    for story in book().ordinary:
        _play(world, story, _who(world, story), made, exploited=False)
    for step in book().follow:
        for source in list(made.get(step.after, ())):
            _add(made, step.event, _following(world, step, source))
    return {kind: put_together(parts) for kind, parts in made.items()}


def _add(made: dict[str, list[Events]], kind: str, events: Events) -> None:
    if len(events):
        made.setdefault(kind, []).append(events)


def _play(world: World, story: Story, who: Whole, made: dict[str, list[Events]], *, exploited: bool) -> None:
    world.named = {}
    begin = world.cast.start[who] if exploited else _begins(world, story, who)
    for step in story.steps:
        if step.after:
            events = _following(world, step, world.named.get(step.after))
        elif exploited:
            events = _staged(world, step, who)
        else:
            events = _scattered(world, step, who, begin)
        if step.named:
            world.named[step.named] = events
        _add(made, step.event, events)


def _who(world: World, story: Story) -> Whole:
    """Children to whom an ordinary story happens, those who will be exploited among them."""
    rng, people = world.rng, world.people
    chosen = rng.random(len(people)) < np.minimum(0.9, story.weight * world.rates.ordinary)
    if story.of == "in_care":
        chosen &= world.cast.care_from != NONE
    return np.flatnonzero(chosen)


def _begins(world: World, story: Story, who: Whole) -> Whole:
    """When an ordinary story begins: any day of the period on which the child is of its age."""
    born = world.people.born[who]
    low = np.maximum(BEGINS, born + int(story.ages[0] * YEAR))
    high = np.minimum(ENDS, born + int((story.ages[1] + 1) * YEAR))
    if story.of == "in_care":
        low = np.maximum(low, world.cast.care_from[who])
    drawn = low + (world.rng.random(len(who)) * np.maximum(high - low, 0)).astype(np.int64)
    return np.where(high > low, drawn, ENDS + 1) * DAY


def _times(world: World, step: Step, who: Whole, *, boost: float) -> Whole:
    """Each child as often as the step happens to it."""
    rng = world.rng
    happens = rng.random(len(who)) < step.chance * boost
    count = rng.integers(step.times[0], step.times[1] + 1, len(who))
    return np.repeat(np.arange(len(who)), np.where(happens, count, 0))


def _staged(world: World, step: Step, who: Whole) -> Events:
    """Events of an exploited child in the span of the step's stage."""
    index = _times(world, step, who, boost=world.rates.chances)
    child = who[index]
    low, high = book().stages[step.stage]
    since = world.rng.uniform(low, high, len(child)) * world.cast.pace[child]
    at = world.cast.start[child] + (since * DAY).astype(np.int64)
    late = (at > world.cast.until[child]) & (step.stage != "response")
    return _made(world, step, child[~late], at[~late])


def _scattered(world: World, step: Step, who: Whole, begin: Whole) -> Events:
    index = _times(world, step, who, boost=1.0)
    since = world.rng.exponential(_ORDINARY_SPREAD, len(index))
    first = np.r_[True, index[1:] != index[:-1]] if len(index) else np.zeros(0, dtype=bool)
    since[first] = 0
    at = begin[index] + (since * DAY).astype(np.int64)
    return _made(world, step, who[index], at)


def _following(world: World, step: Step, source: Events | None) -> Events:
    """Events that come after others: `within` days of their start or end, for the same child."""
    if source is None or not len(source):
        return _made(world, step, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    keep = world.rng.random(len(source)) < step.chance
    if step.only:
        keep &= world.exploited_at(source.child, source.at) == (step.only == "exploited")
    if step.from_end:
        keep &= source.end != NONE
    chosen = source.take(np.flatnonzero(keep))
    low, high = step.within
    since = (world.rng.uniform(low, high, len(chosen)) * DAY).astype(np.int64)
    at = (chosen.end if step.from_end else chosen.at) + since
    return _made(world, step, chosen.child, at, place=chosen.place if step.there else None, exact=high < 1)


def _made(
    world: World, step: Step, child: Whole, at: Whole, *, place: Whole | None = None, exact: bool = False
) -> Events:
    """The events themselves: hour, end, place, attributes, when learnt; none after the 18th birthday."""
    rng = world.rng
    at = at if exact else _at_an_hour(rng, step.event, at)
    adult = (world.people.born[child] + int(18 * YEAR)) * DAY
    kept = (at >= BEGINS * DAY) & (at < (ENDS + 1) * DAY) & (at < adult)
    child, at = child[kept], at[kept]
    place = _places(world, step.where, child, at) if place is None else place[kept]
    words = {name: choice.draw(rng, len(child)) for name, choice in step.words}
    words.update({name: _mention(world, name, child) for name in step.mentions})
    end = _ends(rng, step, at)
    known = np.where((end != NONE) & (step.event == "attendance"), end, at)
    delay = rng.exponential(_DELAYS.get(step.event, _USUAL_DELAY), len(child)) * DAY
    learnt = known + delay.astype(np.int64)
    events = Events(child, at, end, place, learnt, np.full(len(child), step.pattern, dtype=object), words)
    return _with_peers(world, step, events) if step.together else events


def _at_an_hour(rng: np.random.Generator, kind: str, at: Whole) -> Whole:
    low, high = _HOURS.get(kind, (8, 22))
    return at // DAY * DAY + rng.integers(low * 60, high * 60, len(at))


def _ends(rng: np.random.Generator, step: Step, at: Whole) -> Whole:
    lasts = step.lasts or _LASTS.get(step.event)
    if lasts is None:
        return np.full(len(at), NONE)
    end = at + rng.integers(lasts[0], lasts[1] + 1, len(at))
    return np.where(end < (ENDS + 1) * DAY, end, NONE)


def _places(world: World, where: Choice | None, child: Whole, at: Whole) -> Whole:
    rng, people, known = world.rng, world.people, places()
    made = np.full(len(child), -1)
    if where is None or not len(child):
        return made
    kind = where.draw(rng, len(child))
    line = world.cast.line[child]
    lines = world.cast.lines.town
    town = rng.integers(0, len(known.towns), len(child))
    town = np.where(line >= 0, lines[line] if len(lines) else town, town)
    area = people.area[child]
    ways: dict[str, Callable[[Whole], Whole]] = {
        "home": lambda i: people.home_at(child[i], at[i] // DAY),
        "area": lambda i: known.homes(rng, area=area[i], children=2_000),
        "next": lambda i: known.homes(rng, area=1 - area[i], children=2_000),
        "far": lambda i: known.in_town(rng, town[i]),
        "venue": lambda i: world.cast.lines.venue[line[i]],
    }
    for name, draw in ways.items():
        i = np.flatnonzero(kind == name)
        if len(i):
            made[i] = draw(i)
    return made


def _mention(world: World, name: str, child: Whole) -> Objects:
    """What an event names: the line's phone, handle, vehicle or address; the child's own account."""
    if name == "account":
        own: Objects = world.people.account[child]
        return own
    lines, line = world.cast.lines, world.cast.line[child]
    on = line >= 0
    made = np.full(len(child), None, dtype=object)
    if name == "address":
        made[on] = places().postcodes(lines.venue[line[on]])
    elif on.any():
        made[on] = getattr(lines, name)[line[on]]
    return made


def _with_peers(world: World, step: Step, events: Events) -> Events:
    """Some events happen to another child of the line too: same place, within two hours."""
    peer = world.cast.peer[events.child]
    shared = np.flatnonzero((peer >= 0) & (world.rng.random(len(events)) < step.together))
    copies = events.take(shared)
    copies.child = peer[shared]
    shift = world.rng.integers(1, 120, len(shared))
    copies.at = copies.at + shift
    copies.end = np.where(copies.end == NONE, NONE, copies.end + shift)
    copies.learnt = copies.learnt + shift
    events.pattern[shared] = events.pattern[shared] + " together"
    copies.pattern = copies.pattern + " together"
    alive = copies.at < world.cast.until[copies.child]
    return put_together([events, copies.take(np.flatnonzero(alive))])
