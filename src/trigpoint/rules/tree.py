"""The operators of an indicator as a small frozen tree. What they mean is `engines/memory.py`.

Durations are whole seconds, distances whole metres, ages whole years. A tree is hashable, so that an engine
may compute an equal part once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Distinct = Literal["day", "place", "agency", "source", "kind"]
HOUR = 3_600
DAY = 86_400


@dataclass(frozen=True)
class Is:
    """The attribute has one of these values; unknown when the attribute is empty."""

    attribute: str
    codes: tuple[str | bool | int | float, ...]


@dataclass(frozen=True)
class AtLeast:
    """The attribute is this number or more; unknown when it is empty."""

    attribute: str
    number: int | float


@dataclass(frozen=True)
class AtMost:
    """The attribute is this number or less; unknown when it is empty."""

    attribute: str
    number: int | float


@dataclass(frozen=True)
class Age:
    """Whole years at the event lie between these, both included; unknown without a date of birth."""

    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Distance:
    """The event lies at least this many metres from the child's base at the time."""

    metres: int


@dataclass(frozen=True)
class OutOfArea:
    """The event's area is not the area of the child's base at the time."""


@dataclass(frozen=True)
class During:
    """The event happens while a chosen spell of the same child lasts."""

    spell: "Select"


@dataclass(frozen=True)
class Together:
    """Other children (1 to `at_most`) have such an event at the same place within `seconds`."""

    seconds: int
    at_most: int = 10


@dataclass(frozen=True)
class Shares:
    """The event mentions a value of these kinds which another child has too; common values do not count."""

    kinds: tuple[str, ...]
    at_most: int = 10


@dataclass(frozen=True)
class Either:
    """At least one condition holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Unless:
    """The condition does not hold; unknown stays unknown."""

    condition: "Condition"


Condition = Is | AtLeast | AtMost | Age | Distance | OutOfArea | During | Together | Shares | Either | Unless


@dataclass(frozen=True)
class Select:
    """Picks a child's events by kind and conditions, all of which must hold."""

    kinds: tuple[str, ...]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Exists:
    """One match for each chosen event."""

    of: Select


@dataclass(frozen=True)
class Count:
    """At least `at_least` chosen events (or distinct values among them) within `within` seconds."""

    of: Select
    at_least: int
    within: int | None = None
    distinct: Distinct | None = None


@dataclass(frozen=True)
class Sequence:
    """Steps in this order, each at most `within` seconds after the one before it."""

    steps: tuple[Select, ...]
    within: int


@dataclass(frozen=True)
class Unfollowed:
    """A chosen event that no `by` event follows within `within` seconds of its start or its end."""

    of: Select
    by: Select
    within: int
    anchor: Literal["start", "end"] = "start"


@dataclass(frozen=True)
class Change:
    """A number that fell (or rose) by `by` or more against the child's own mean of the `against` seconds before."""

    of: Select
    attribute: str
    direction: Literal["fall", "rise"]
    by: int
    against: int
    at_least_before: int = 1


@dataclass(frozen=True)
class AllOf:
    """Every pattern, and, with `within`, inside so many seconds."""

    patterns: tuple["Pattern", ...]
    within: int | None = None


@dataclass(frozen=True)
class AnyOf:
    """At least one of the patterns."""

    patterns: tuple["Pattern", ...]


@dataclass(frozen=True)
class Not:
    """The pattern is not met. Stands only among the patterns of `AllOf`: silence alone is no finding."""

    pattern: "Pattern"


Leaf = Exists | Count | Sequence | Unfollowed | Change
Pattern = Leaf | AllOf | AnyOf | Not


@dataclass(frozen=True)
class Indicator:
    """One declared pattern over a timeline.

    `looks_back` is in seconds, `sentence` has {facts} to fill, `caution` says what else may explain what is seen.
    """

    id: str
    version: int
    title: str
    theme: str
    pattern: Pattern
    sentence: str
    looks_back: int | None = None
    forms: tuple[str, ...] = ()
    practice: str = ""
    caution: str = ""
    source_title: str = ""
    source_url: str = ""
    source_note: str = ""


def leaves(pattern: Pattern) -> Iterator[Leaf]:
    """Yield the patterns that look at events, in the order written."""
    match pattern:
        case AllOf(patterns) | AnyOf(patterns):
            for one in patterns:
                yield from leaves(one)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield pattern


def asserted(pattern: Pattern) -> Iterator[Leaf]:
    """Yield the leaves that stand under no `not`."""
    match pattern:
        case AllOf(patterns) | AnyOf(patterns):
            for one in patterns:
                yield from asserted(one)
        case Not():
            return
        case _:
            yield pattern


def selects(leaf: Leaf) -> tuple[Select, ...]:
    """Return the choices of events a leaf makes, `by` last."""
    match leaf:
        case Sequence(steps):
            return steps
        case Unfollowed(of, by):
            return (of, by)
        case _:
            return (leaf.of,)


def needed_kinds(leaf: Leaf) -> tuple[str, ...]:
    """Return the kinds whose silence leaves the leaf unknown: not those of `by`, whose silence cannot meet it."""
    chosen = (leaf.of,) if isinstance(leaf, Unfollowed) else selects(leaf)
    return tuple(sorted({kind for one in chosen for kind in one.kinds}))


def selected_kinds(pattern: Pattern) -> tuple[str, ...]:
    """Return every kind the pattern selects, sorted: those named in `during` are not among them."""
    return tuple(sorted({kind for leaf in leaves(pattern) for one in selects(leaf) for kind in one.kinds}))


def conditions(where: tuple[Condition, ...]) -> Iterator[Condition]:
    """Yield every condition, also those inside `any` and `not` and inside the spells of `during`."""
    for one in where:
        yield one
        match one:
            case Either(inner):
                yield from conditions(inner)
            case Unless(inner_one):
                yield from conditions((inner_one,))
            case During(spell):
                yield from conditions(spell.where)
            case _:
                pass


def all_conditions(pattern: Pattern) -> Iterator[Condition]:
    """Yield every condition anywhere in the pattern."""
    for leaf in leaves(pattern):
        for one in selects(leaf):
            yield from conditions(one.where)


def beside_together(where: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Return the conditions another child's event must meet too: all that do not themselves say `together`."""
    return tuple(one for one in where if not any(isinstance(c, Together) for c in conditions((one,))))
