"""Says a pattern in plain English, for the manual and for `terms check`: what is looked for, not what it means."""

from __future__ import annotations

from trigpoint.rules.sentence import attribute_words
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

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def describe(pattern: Pattern, pack: Pack) -> str:
    """The pattern in one sentence of plain words, without a full stop."""
    return _Describer(pack).pattern(pattern)


def duration(seconds: int) -> str:
    """Seconds as people say them: '3 days', '36 hours', '1 year'."""
    for unit, size in (("year", 365 * DAY), ("day", DAY), ("hour", HOUR)):
        if seconds >= size and seconds % size == 0:
            return _many(seconds // size, unit)
    return _many(seconds, "second")


class _Describer:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def pattern(self, pattern: Pattern) -> str:
        match pattern:
            case AllOf(patterns, within):
                span = f", all within {duration(within)}" if within is not None else ""
                return f"all of: {'; '.join(self.pattern(one) for one in patterns)}{span}"
            case AnyOf(patterns):
                return f"any of: {'; '.join(self.pattern(one) for one in patterns)}"
            case Not(inner):
                return f"not known to have {self.pattern(inner)}"
            case _:
                return self._leaf(pattern)

    def _leaf(self, leaf: Leaf) -> str:
        match leaf:
            case Exists(of):
                return self.select(of)
            case Count():
                return self._count(leaf)
            case Sequence(steps, within):
                return (
                    f"{', then '.join(self.select(one) for one in steps)}, each within {duration(within)} of the last"
                )
            case Unfollowed(of, by, within, anchor):
                since = "" if anchor == "start" else " of its end"
                return f"{self.select(of)}, not followed within {duration(within)}{since} by {self.select(by)}"
            case Change(of, attribute, direction, by, against):
                name = self.pack.attributes[attribute].plain
                turned = "fallen" if direction == "fall" else "risen"
                return (
                    f"{self.select(of)}, with {name} {turned} by {by} or more against the child's own mean"
                    f" of the {duration(against)} before"
                )

    def _count(self, leaf: Count) -> str:
        span = "" if leaf.within is None else f" within {duration(leaf.within)}"
        many = _number(leaf.at_least)
        if leaf.distinct is None:
            return f"{many} or more times{span}: {self.select(leaf.of)}"
        things = {"agency": "agencies", "day": "days"}.get(leaf.distinct, f"{leaf.distinct}s")
        where = "on" if leaf.distinct == "day" else "from"
        return f"{where} {many} or more different {things}{span}: {self.select(leaf.of)}"

    def select(self, select: Select) -> str:
        """The choice of events: 'reported missing, with risk level: high'."""
        kinds = " or ".join(self.pack.kinds[kind].plain if kind in self.pack.kinds else kind for kind in select.kinds)
        return ", ".join([kinds, *(self.condition(one) for one in select.where)])

    def condition(self, one: Condition) -> str:
        match one:
            case Either(inner):
                return " or ".join(self.condition(each) for each in inner)
            case Unless(inner_one):
                return f"except {self.condition(inner_one)}"
            case During(spell):
                return f"while {self.select(spell)}"
            case Together(seconds, _):
                return f"at the same place as another child within {duration(seconds)}"
            case Shares(kinds, _):
                words = " or ".join(self.pack.mention_kinds[k].plain or k for k in kinds)
                return f"naming {words} that another child has too"
            case _:
                return self._alone(one)

    def _alone(self, one: Is | AtLeast | AtMost | Age | Distance | OutOfArea) -> str:
        match one:
            case Is(attribute, codes):
                words = " or ".join(attribute_words(attribute, code, self.pack) for code in codes)
                return f"with {self._name(attribute)}: {words}"
            case AtLeast(attribute, number):
                return f"with {self._name(attribute)}: {number} or more"
            case AtMost(attribute, number):
                return f"with {self._name(attribute)}: {number} or less"
            case Age(low, high):
                return f"aged {low or 0} to {high}" if high is not None else f"aged {low} or over"
            case Distance(metres):
                return f"{metres / 1000:g} km or more from where the child lives"
            case OutOfArea():
                return "outside the area where the child lives"

    def _name(self, attribute: str) -> str:
        return self.pack.attributes[attribute].plain if attribute in self.pack.attributes else attribute


def _many(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
