"""Says a pattern in plain words, for the manual, casework and `terms check`: what is looked for, not what it means."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Final

from trigpoint.rules.sentence import attribute_words
from trigpoint.rules.spoken.phrases import phrase
from trigpoint.rules.tree import (
    DAY,
    HOUR,
    Age,
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Change,
    Condition,
    Count,
    Distance,
    During,
    Either,
    Exists,
    Is,
    Leaf,
    Not,
    OutOfArea,
    Pattern,
    Select,
    Sequence,
    Shares,
    Together,
    Unfollowed,
    Unless,
)
from trigpoint.terms.pack import Pack

UNITS: Final = (("year", 365 * DAY), ("day", DAY), ("hour", HOUR))


def describe(pattern: Pattern, pack: Pack) -> str:
    """The pattern in one sentence of plain words, in the language of the pack, without a full stop."""
    return _Describer(pack).pattern(pattern)


def duration(seconds: int, pack: Pack | None = None) -> str:
    """Seconds as people say them: '3 days', '36 hours', '1 year'."""
    for unit, size in UNITS:
        if seconds >= size and seconds % size == 0:
            return phrase(unit, pack, number=seconds // size)
    return phrase("second", pack, number=seconds)


class _Describer:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def say(self, name: str, /, **given: object) -> str:
        return phrase(name, self.pack, **given)

    def span(self, seconds: int) -> str:
        return duration(seconds, self.pack)

    def pattern(self, pattern: Pattern) -> str:
        match pattern:
            case AllOf(patterns, within):
                said = self.say("all_of", patterns=self._each(patterns))
                return said if within is None else self.say("all_within", all=said, span=self.span(within))
            case AnyOf(patterns):
                return self.say("any_of", patterns=self._each(patterns))
            case Not(inner):
                return self.say("not", pattern=self.pattern(inner))
            case _:
                return self._leaf(pattern)

    def _each(self, patterns: Iterable[Pattern]) -> str:
        return "; ".join(self.pattern(one) for one in patterns)

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Exists(of):
                return self.select(of)
            case Count():
                return self._count(leaf)
            case Sequence(steps, within):
                said = self._joined("then", (self.select(one) for one in steps))
                return self.say("sequence", steps=said, span=self.span(within))
            case Unfollowed(of, by, within, anchor):
                name = "unfollowed" if anchor == "start" else "unfollowed_after_end"
                return self.say(name, events=self.select(of), span=self.span(within), by=self.select(by))
            case Change(of, attribute, direction, by, against):
                plain = self.pack.attributes[attribute].plain
                return self.say(direction, events=self.select(of), name=plain, by=by, span=self.span(against))

    def _count(self, leaf: Count) -> str:
        often, events = self._often(leaf), self.select(leaf.of)
        if leaf.within is None:
            return self.say("counted", often=often, events=events)
        return self.say("counted_within", often=often, span=self.span(leaf.within), events=events)

    def _often(self, leaf: Count) -> str:
        numbers = self.say("numbers").split()
        many = numbers[leaf.at_least] if leaf.at_least < len(numbers) else leaf.at_least
        if leaf.distinct in _DISTINCT:
            return self.say(_DISTINCT[leaf.distinct], many=many)
        return self.say("from_others", many=many, thing=leaf.distinct)

    def select(self, select: Select) -> str:
        """The choice of events: 'reported missing, with risk level: high'."""
        kinds = (self.pack.kinds[kind].plain if kind in self.pack.kinds else kind for kind in select.kinds)
        return ", ".join([self._joined("or", kinds), *(self.condition(one) for one in select.where)])

    def _joined(self, name: str, words: Iterable[str]) -> str:
        return reduce(lambda first, after: self.say(name, first=first, next=after), words)

    def condition(self, one: Condition) -> str:
        match one:
            case Either(inner):
                return self._joined("or", (self.condition(each) for each in inner))
            case Unless(inner_one):
                return self.say("except", condition=self.condition(inner_one))
            case During(spell):
                return self.say("while", events=self.select(spell))
            case Together(seconds, _):
                return self.say("together", span=self.span(seconds))
            case Shares(kinds, _):
                words = (self.pack.mention_kinds[k].plain or k for k in kinds)
                return self.say("shares", mentions=self._joined("or", words))
            case _:
                return self._alone(one)

    def _alone(self, one: Is | AtLeast | AtMost | Age | Distance | OutOfArea) -> str:
        match one:
            case Is(attribute, codes):
                words = self._joined("or", (attribute_words(attribute, code, self.pack) for code in codes))
                return self.say("is", name=self._name(attribute), values=words)
            case AtLeast(attribute, number):
                return self.say("at_least", name=self._name(attribute), number=number)
            case AtMost(attribute, number):
                return self.say("at_most", name=self._name(attribute), number=number)
            case Age(low, high):
                name = "aged_between" if high is not None else "aged_from"
                return self.say(name, low=low if high is None else low or 0, high=high)
            case Distance(metres):
                return self.say("distance", km=f"{metres / 1000:g}")
            case OutOfArea():
                return self.say("out_of_area")

    def _name(self, attribute: str) -> str:
        return self.pack.attributes[attribute].plain if attribute in self.pack.attributes else attribute


_DISTINCT: Final = {
    None: "times",
    "day": "on_days",
    "agency": "from_agencies",
    "place": "from_places",
    "source": "from_sources",
}
