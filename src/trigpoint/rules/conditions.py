"""Reads what stands under `where:`, and the choices of events that carry it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trigpoint.rules.node import Node
from trigpoint.rules.tree import (
    HOUR,
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
)
from trigpoint.rules.words import Words

COMPARISONS = ("is", "at_least", "at_most")


@dataclass(frozen=True)
class ConditionReader:
    """Reads conditions on events of `kinds`; inside `during` only those that look at one event."""

    words: Words
    kinds: tuple[str, ...]
    inside_during: bool = False

    def read(self, node: Node) -> Condition:
        """The condition at `node`. Raises TermsError where there is none."""
        if node.has("attribute"):
            return self._comparison(node)
        readers: dict[str, Callable[[Node], Condition]] = {
            "age": self._age,
            "distance": self._distance,
            "out_of_area": self._out_of_area,
            "during": self._during,
            "together": self._together,
            "shares": self._shares,
            "any": lambda n: Either(tuple(self.read(one) for one in n.items())),
            "not": lambda n: Unless(self.read(n)),
        }
        key = node.only_key(["attribute", *readers], what="condition")
        if self.inside_during and key in ("during", "together", "shares"):
            raise node[key].fail(f"'{key}' cannot stand inside 'during'", mend="Put it beside 'during' instead.")
        return readers[key](node[key])

    def _comparison(self, node: Node) -> Condition:
        node.mapping(needs=["attribute"], may=COMPARISONS)
        used = [key for key in COMPARISONS if node.has(key)]
        if len(used) != 1:
            raise node.fail("one of 'is', 'at_least' and 'at_most' is needed beside 'attribute'")
        if used == ["is"]:
            name, type_ = self.words.attribute_at(node["attribute"], self.kinds)
            values = [self.words.value_at(one, name, type_) for one in node["is"].one_or_more()]
            return Is(name, tuple(values))
        name = self.words.numeric_at(node["attribute"], self.kinds)
        number = node[used[0]].number()
        return AtLeast(name, number) if used == ["at_least"] else AtMost(name, number)

    def _age(self, node: Node) -> Condition:
        node.mapping(may=["from", "to"])
        low = node["from"].whole(least=0) if node.has("from") else None
        high = node["to"].whole(least=0) if node.has("to") else None
        if low is None and high is None:
            raise node.fail("'age' says nothing", mend="Write from:, to: or both, in whole years.")
        if low is not None and high is not None and high < low:
            raise node["to"].fail(f"no age lies between {low} and {high}", mend="Turn the two round.")
        return Age(low, high)

    def _distance(self, node: Node) -> Condition:
        return Distance(round(node.mapping(needs=["at_least_km"])["at_least_km"].number() * 1000))

    def _out_of_area(self, node: Node) -> Condition:
        return OutOfArea() if node.flag() else Unless(OutOfArea())

    def _during(self, node: Node) -> Condition:
        spell = read_select(node, self.words, inside_during=True)
        for kind in spell.kinds:
            if kind not in self.words.spells:
                raise node["event"].fail(
                    f"'{kind}' happens at one moment, so nothing can happen during it",
                    mend="Use 'sequence' or 'all_of' with 'within', or a kind that lasts.",
                )
        return During(spell)

    def _together(self, node: Node) -> Condition:
        node.mapping(needs=["hours"], may=["at_most"])
        return Together(round(node["hours"].number() * HOUR), _at_most(node))

    def _shares(self, node: Node) -> Condition:
        listed = node["of"] if isinstance(node.value, dict) and node.mapping(needs=["of"], may=["at_most"]) else node
        known = self.words.mention_kinds
        kinds = tuple(one.one_of(known, what="kind of mention") for one in listed.one_or_more())
        return Shares(kinds, _at_most(node))


def read_select(node: Node, words: Words, *, inside_during: bool = False) -> Select:
    """The choice of events at `node`: `{event: kind or list, where: [conditions]}`."""
    node.mapping(needs=["event"], may=["where"])
    kinds = words.kinds_at(node["event"])
    reader = ConditionReader(words, kinds, inside_during)
    where = [reader.read(one) for one in node["where"].items()] if node.has("where") else []
    return Select(kinds, tuple(where))


def _at_most(node: Node) -> int:
    return node["at_most"].whole(least=1) if node.has("at_most") else 10
