"""The stories in data/stories.yaml, read into steps that can be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import yaml

from trigpoint.synthetic.clock import DAY
from trigpoint.synthetic.columns import Numbers, Objects
from trigpoint.synthetic.people.places import DATA


@dataclass(frozen=True)
class Choice:
    """Values and how likely each is; or, without values, a number between two bounds."""

    values: Objects
    shares: Numbers
    bounds: tuple[float, float] | None = None

    def draw(self, rng: np.random.Generator, n: int) -> Objects:
        """`n` values."""
        if self.bounds:
            low, high = self.bounds
            drawn: Objects = np.round(low + rng.random(n) ** 2 * (high - low), 2).astype(object)
            return drawn
        if len(self.values) == 1:
            return np.full(n, self.values[0], dtype=object)
        picked: Objects = self.values[rng.choice(len(self.values), n, p=self.shares)]
        return picked


@dataclass(frozen=True)
class Step:
    """One step of a story: an event that may happen to a child, some times."""

    event: str
    stage: str
    chance: float
    times: tuple[int, int]
    lasts: tuple[int, int] | None  # minutes
    where: Choice | None
    words: tuple[tuple[str, Choice], ...]
    mentions: tuple[str, ...]
    together: float
    pattern: str
    named: str
    after: str
    within: tuple[float, float]  # days
    from_end: bool
    there: bool
    only: str


@dataclass(frozen=True)
class Story:
    """Steps, and whom they may happen to. `weight` for exploitation, `share` for ordinary days."""

    name: str
    form: str
    weight: float
    ages: tuple[int, int]
    girls: float
    in_care: float
    together: tuple[int, int]
    of: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Pattern:
    """A planted pattern: what its indicators ask of the rows (data/stories.yaml says each)."""

    indicators: tuple[str, ...] = ()
    at_least: int = 1
    within: int = 3_660  # days
    where: dict[str, list[Any]] = field(default_factory=dict)
    ended: bool = False
    km: int = 0
    hours: int = 0
    age: int = 99
    distinct: str = ""
    shared: str = ""
    fall: int = 0
    since: int = 36_600  # days


@dataclass(frozen=True)
class Book:
    """Everything in data/stories.yaml."""

    stages: dict[str, tuple[int, int]]
    reach: dict[str, float]
    exploited: tuple[Story, ...]
    ordinary: tuple[Story, ...]
    follow: tuple[Step, ...]
    patterns: dict[str, Pattern]


@cache
def book() -> Book:
    """The stories, read once."""
    data = yaml.safe_load((DATA / "stories.yaml").read_text(encoding="utf-8"))
    return Book(
        {name: (low, high) for name, (low, high) in data["stages"].items()},
        data["reach"],
        tuple(_story(name, held) for name, held in data["exploited"].items()),
        tuple(_story(name, held) for name, held in data["ordinary"].items()),
        tuple(_step(held) for held in data["follow"]),
        {name: _pattern(held) for name, held in data["patterns"].items()},
    )


def _story(name: str, held: dict[str, Any]) -> Story:
    return Story(
        name=name,
        form=held.get("form", name),
        weight=held.get("weight", held.get("share", 0.0)),
        ages=tuple(held["ages"]),
        girls=held.get("girls", 1.0),
        in_care=held.get("in_care", 0.0),
        together=tuple(held.get("together", (1, 1))),
        of=held.get("of", ""),
        steps=tuple(_step(step) for step in held["steps"]),
    )


def _step(held: dict[str, Any]) -> Step:
    return Step(
        event=held["event"],
        stage=held.get("stage", ""),
        chance=held["chance"],
        times=tuple(held.get("times", (1, 1))),
        lasts=_minutes(held),
        where=choice(held["where"]) if "where" in held else None,
        words=tuple((name, choice(value)) for name, value in held.get("is", {}).items()),
        mentions=tuple(held.get("mentions", ())),
        together=held.get("together", 0.0),
        pattern=held.get("pattern", ""),
        named=held.get("as", ""),
        after=held.get("after", ""),
        within=tuple(held.get("within", (0, 0))),
        from_end=held.get("from") == "end",
        there=held.get("there", False),
        only=held.get("only", ""),
    )


def _minutes(held: dict[str, Any]) -> tuple[int, int] | None:
    for unit, minutes in (("hours", 60), ("days", DAY)):
        if unit in held:
            low, high = held[unit]
            return int(low * minutes), int(high * minutes)
    return None


def choice(value: Any) -> Choice:
    """A choice as the file writes it: one value, {value: weight}, or {from: a, to: b}."""
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        return Choice(np.zeros(0, dtype=object), np.zeros(0), (value["from"], value["to"]))
    held = value if isinstance(value, dict) else {value: 1}
    shares = np.array(list(held.values()), dtype=np.float64)
    return Choice(np.array(list(held), dtype=object), shares / shares.sum())


def _pattern(held: dict[str, Any]) -> Pattern:
    return Pattern(**{**held, "indicators": tuple(held["indicators"])})
