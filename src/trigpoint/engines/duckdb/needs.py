"""What a set of indicators asks of the timeline, so that nothing else is read or derived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from trigpoint.rules.tree import (
    Age,
    AtLeast,
    AtMost,
    Change,
    Condition,
    Count,
    Distance,
    During,
    Indicator,
    Is,
    OutOfArea,
    Select,
    Shares,
    Together,
    conditions,
    leaves,
    selects,
)


@dataclass
class Needs:
    """Kinds to read, columns to keep, and for which kinds ages and bases are to be found."""

    kinds: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    aged: set[str] = field(default_factory=set)
    based: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)  # kinds of mention
    most_holders: int = 0
    together_seconds: int | None = None

    @classmethod
    def of(cls, indicators: Sequence[Indicator]) -> Needs:
        """Everything that these indicators ask."""
        needs = cls()
        for indicator in indicators:
            for leaf in leaves(indicator.pattern):
                if isinstance(leaf, Change):
                    needs.columns.add(leaf.attribute)
                if isinstance(leaf, Count) and leaf.distinct in ("place", "agency", "source"):
                    needs.columns.add("place_id" if leaf.distinct == "place" else leaf.distinct)
                for select in _each_select(selects(leaf)):
                    needs._note(select)
        return needs

    def _note(self, select: Select) -> None:
        self.kinds |= set(select.kinds)
        for one in conditions(tuple(c for c in select.where)):
            self._note_condition(one, select)

    def _note_condition(self, one: Condition, select: Select) -> None:
        match one:
            case Is(attribute) | AtLeast(attribute) | AtMost(attribute):
                self.columns.add(attribute)
            case Age():
                self.aged |= set(select.kinds)
            case Distance() | OutOfArea():
                self.based |= set(select.kinds)
            case Together(seconds):
                self.columns.add("place_id")
                self.together_seconds = max(self.together_seconds or 0, seconds)
            case Shares(kinds, at_most):
                self.shared |= set(kinds)
                self.most_holders = max(self.most_holders, at_most + 1)
            case _:
                pass


def _each_select(chosen: Iterable[Select]) -> Iterator[Select]:
    for select in chosen:
        yield select
        for one in conditions(select.where):
            if isinstance(one, During):
                yield one.spell
