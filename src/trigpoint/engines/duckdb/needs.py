"""What a set of indicators asks of the timeline, so that nothing else is read or derived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Several
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
    Either,
    Indicator,
    Is,
    OutOfArea,
    Select,
    Sequence,
    Shares,
    Together,
    Unless,
    conditions,
    leaves,
    selects,
)

EPISODE = "episode"
COLUMNS = {"place": "place_id", "agency": "agency", "source": "source"}  # of what a count tells apart


@dataclass
class Needs:
    """Kinds to read, columns to keep for which kinds, and for which kinds ages and bases are to be found."""

    kinds: set[str] = field(default_factory=set)
    columns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # column: kinds that need it
    aged: set[str] = field(default_factory=set)
    based: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)  # kinds of mention
    most_holders: int = 0
    together_seconds: int | None = None

    @classmethod
    def of(cls, indicators: Several[Indicator]) -> Needs:
        """Everything that these indicators ask."""
        needs = cls()
        for indicator in indicators:
            for leaf in leaves(indicator.pattern):
                for select in _each_select(selects(leaf)):
                    needs._note(select)
                if isinstance(leaf, Change):
                    needs._keep(leaf.attribute, leaf.of)
                if isinstance(leaf, Count) and leaf.distinct in COLUMNS:
                    needs._keep(COLUMNS[leaf.distinct], leaf.of)
                if isinstance(leaf, Sequence) or (isinstance(leaf, Count) and leaf.distinct is None):
                    needs.columns[EPISODE] |= {kind for select in selects(leaf) for kind in select.kinds}
        return needs

    def _keep(self, column: str, select: Select) -> None:
        self.columns[column] |= set(select.kinds)

    def _note(self, select: Select) -> None:
        self.kinds |= set(select.kinds)
        for one in select.where:
            self._note_condition(one, select)

    def _note_condition(self, one: Condition, select: Select) -> None:
        match one:
            case Is(attribute) | AtLeast(attribute) | AtMost(attribute):
                self._keep(attribute, select)
            case Age():
                self.aged |= set(select.kinds)
            case Distance() | OutOfArea():
                self.based |= set(select.kinds)
            case Either(inner):
                for each in inner:
                    self._note_condition(each, select)
            case Unless(inner_one):
                self._note_condition(inner_one, select)
            case _:
                self._note_company(one, select)

    def _note_company(self, one: Condition, select: Select) -> None:
        match one:
            case Together(seconds):
                self._keep("place_id", select)
                self.together_seconds = max(self.together_seconds or 0, seconds)
            case Shares(kinds, at_most):
                self.shared |= set(kinds)
                self.most_holders = max(self.most_holders, at_most + 1)
            case _:  # the spell of `during` is a selection of its own
                pass


def _each_select(chosen: Iterable[Select]) -> Iterator[Select]:
    for select in chosen:
        yield select
        for one in conditions(select.where):
            if isinstance(one, During):
                yield one.spell
