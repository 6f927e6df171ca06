"""Which events a selection chooses, for the memory engine: surely, possibly, and on whose support."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from trigpoint.engines.timelines import FOREVER, Event, Timelines
from trigpoint.rules.tree import (
    Age,
    AtLeast,
    AtMost,
    Condition,
    Distance,
    During,
    Either,
    Is,
    OutOfArea,
    Select,
    Shares,
    Together,
    Unless,
    beside_together,
)


class Choosing:
    """Judges events of `timelines` as an indicator sees them that looks from `start`."""

    def __init__(self, timelines: Timelines, start: int) -> None:
        self.timelines = timelines
        self.start = start

    def events(self, child: str, select: Select, *, sure: bool) -> list[Event]:
        """The child's chosen events in order: those that surely fit, or all that may."""
        seen = self.timelines.seen(child, self.start)
        return [e for e in seen if self.fits(e, select) in ((True,) if sure else (True, None))]

    def fits(self, event: Event, select: Select) -> bool | None:
        """Whether the selection chooses the event; None where a fact is missing."""
        if event.kind not in select.kinds:
            return False
        return every(self._holds(one, event, select) for one in select.where)

    def support(self, event: Event, select: Select) -> set[Event]:
        """The other events on which a sure choice of this one stands; they are evidence too."""
        return {e for one in select.where for e in self._support(one, event, select)}

    def _holds(self, one: Condition, event: Event, select: Select) -> bool | None:
        match one:
            case Either(inner):
                return some(self._holds(each, event, select) for each in inner)
            case Unless(inner_one):
                held = self._holds(inner_one, event, select)
                return None if held is None else not held
            case During() | Together() | Shares():
                return self._holds_among(one, event, select)
            case _:
                return self._holds_alone(one, event)

    def _holds_alone(self, one: Is | AtLeast | AtMost | Age | Distance | OutOfArea, event: Event) -> bool | None:
        lines = self.timelines
        match one:
            case Is(attribute, codes):
                return known(event.at(attribute), lambda value: value in codes)
            case AtLeast(attribute, number):
                return known(event.at(attribute), lambda value: value >= number)
            case AtMost(attribute, number):
                return known(event.at(attribute), lambda value: value <= number)
            case Age(low, high):
                upper = FOREVER if high is None else high
                return known(lines.age(event), lambda years: (low or 0) <= years <= upper)
            case Distance(metres):
                return known(lines.metres_away(event), lambda away: away >= metres)
            case OutOfArea():
                return lines.out_of_area(event)

    def _holds_among(self, one: During | Together | Shares, event: Event, select: Select) -> bool | None:
        match one:
            case During(spell):
                return some(self.fits(s, spell) for s in self._spells(event))
            case Together(_, at_most):
                others = {e.child for e in self._companions(one, event, select)}
                return None if event.at("place_id") is None else 1 <= len(others) <= at_most
            case Shares():
                return bool(self._holders(one, event))

    def _support(self, one: Condition, event: Event, select: Select) -> list[Event]:
        return self._rests_on(one, event, select) if self._holds(one, event, select) else []

    def _rests_on(self, one: Condition, event: Event, select: Select) -> list[Event]:
        match one:
            case Distance() | OutOfArea():
                return [base for base in [self.timelines.base(event)] if base]
            case During(spell):
                return [s for s in self._spells(event) if self.fits(s, spell)]
            case Together():
                return self._companions(one, event, select)
            case Shares():
                return self._mentioning(one, event)
            case Either(inner):
                return [e for each in inner for e in self._support(each, event, select)]
            case _:  # what looks at the event alone, and `not`, rests on no other event
                return []

    def _spells(self, event: Event) -> list[Event]:
        return [s for s in self.timelines.seen(event.child, self.start) if s.holds(event.t)]

    def _companions(self, one: Together, event: Event, select: Select) -> list[Event]:
        """Other children's events that the rest of the selection surely chooses, at the same place and time."""
        rest = Select(select.kinds, beside_together(select.where))
        place = event.at("place_id")
        others = [key for key in self.timelines.children if key != event.child]
        return [
            e
            for key in others
            for e in self.timelines.seen(key, self.start)
            if place is not None and e.at("place_id") == place and abs(e.t - event.t) <= one.seconds
            if self.fits(e, rest)
        ]

    def _mentioning(self, one: Shares, event: Event) -> list[Event]:
        named = [e for value in self._rare(one, event) for e in self.timelines.mentioning[value]]
        return [e for e in named if e.child != event.child]

    def _rare(self, one: Shares, event: Event) -> list[tuple[str, str]]:
        """What the event mentions that few children hold."""
        mentioned = self.timelines.mentions[event.id]
        return [v for v in mentioned if v[0] in one.kinds and len(self.timelines.holders[v]) <= one.at_most + 1]

    def _holders(self, one: Shares, event: Event) -> set[str]:
        return {key for v in self._rare(one, event) for key in self.timelines.holders[v]} - {event.child}


def known(value: Any, test: Callable[[Any], bool]) -> bool | None:
    """The test's answer, or None where there is nothing to test."""
    return None if value is None else test(value)


def every(answers: Iterable[bool | None]) -> bool | None:
    """Kleene's and: one False decides, else one unknown leaves it unknown."""
    found = set(answers)
    return False if False in found else None if None in found else True


def some(answers: Iterable[bool | None]) -> bool | None:
    """Kleene's or: one True decides, else one unknown leaves it unknown."""
    found = set(answers)
    return True if True in found else None if None in found else False
