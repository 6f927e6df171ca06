"""Reads what stands under `pattern:` into the tree of operators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from trigpoint.rules.conditions import read_select
from trigpoint.rules.node import Node
from trigpoint.rules.tree import (
    AllOf,
    AnyOf,
    Change,
    Count,
    Distinct,
    Exists,
    Not,
    Pattern,
    Select,
    Sequence,
    Unfollowed,
)
from trigpoint.rules.words import Words

DISTINCT = ("day", "place", "agency", "source", "kind")
ALONE = "Put it in 'all_of' beside a pattern that can be met: silence alone is no finding."


@dataclass(frozen=True)
class PatternReader:
    """Reads patterns over the events that `words` know."""

    words: Words

    def read(self, node: Node) -> Pattern:
        """The pattern at `node`. Raises TermsError where there is none."""
        readers = self._readers()
        key = node.only_key([*readers, "not"], what="operator")
        if key == "not":
            raise node[key].fail("'not' cannot stand alone", mend=ALONE)
        return readers[key](node[key])

    def _readers(self) -> dict[str, Callable[[Node], Pattern]]:
        return {
            "exists": self._exists,
            "count": self._count,
            "sequence": self._sequence,
            "unfollowed": self._unfollowed,
            "change": self._change,
            "agencies": self._agencies,
            "all_of": self._all_of,
            "any_of": lambda node: AnyOf(tuple(self.read(one) for one in node.items())),
        }

    def _select(self, node: Node) -> Select:
        return read_select(node, self.words)

    def _exists(self, node: Node) -> Pattern:
        if node.has("of"):
            return Exists(self._select(node.mapping(needs=["of"])["of"]))
        return Exists(self._select(node))

    def _count(self, node: Node) -> Pattern:
        node.mapping(needs=["of", "at_least"], may=["within", "distinct"])
        distinct = node["distinct"].one_of(DISTINCT, what="thing to tell apart") if node.has("distinct") else None
        return Count(
            self._select(node["of"]),
            node["at_least"].whole(least=1),
            _within(node),
            cast("Distinct | None", distinct),
        )

    def _agencies(self, node: Node) -> Pattern:
        node.mapping(needs=["of", "at_least"], may=["within"])
        return Count(self._select(node["of"]), node["at_least"].whole(least=1), _within(node), "agency")

    def _sequence(self, node: Node) -> Pattern:
        node.mapping(needs=["steps", "within"])
        steps = node["steps"].items()
        if len(steps) < 2:
            raise node["steps"].fail("a sequence has at least two steps", mend="Add a step, or use 'exists'.")
        return Sequence(tuple(self._select(one) for one in steps), node["within"].seconds())

    def _unfollowed(self, node: Node) -> Pattern:
        node.mapping(needs=["of", "by", "within"], may=["from"])
        of = self._select(node["of"])
        anchor = node["from"].one_of(["start", "end"], what="moment to count from") if node.has("from") else "start"
        for kind in of.kinds:
            if anchor == "end" and kind not in self.words.spells:
                raise node["from"].fail(f"'{kind}' has no end to count from", mend="Write from: start.")
        by, within = self._select(node["by"]), node["within"].seconds()
        return Unfollowed(of, by, within, "end" if anchor == "end" else "start")

    def _change(self, node: Node) -> Pattern:
        node.mapping(needs=["of", "attribute", "against"], may=["fall", "rise", "at_least_before"])
        of = self._select(node["of"])
        directions = [key for key in ("fall", "rise") if node.has(key)]
        if len(directions) != 1:
            raise node.fail("one of 'fall' and 'rise' is needed", mend="Write fall: or rise: and by how much.")
        attribute, type_ = self.words.attribute_at(node["attribute"], of.kinds)
        if type_ != "integer":
            raise self.words.not_a_number(node["attribute"], attribute)
        return Change(
            of,
            attribute,
            "fall" if directions == ["fall"] else "rise",
            node[directions[0]].whole(least=1),
            node["against"].seconds(),
            node["at_least_before"].whole(least=1) if node.has("at_least_before") else 1,
        )

    def _all_of(self, node: Node) -> Pattern:
        listed = node
        if isinstance(node.value, dict):
            listed = node.mapping(needs=["patterns"], may=["within"])["patterns"]
        patterns = tuple(self._operand(one) for one in listed.items())
        if all(isinstance(one, Not) for one in patterns):
            raise listed.fail("nothing here can be met", mend=ALONE)
        return AllOf(patterns, _within(node))

    def _operand(self, node: Node) -> Pattern:
        if node.has("not") and len(node.value) == 1:
            return Not(self.read(node["not"]))
        return self.read(node)


def _within(node: Node) -> int | None:
    return node["within"].seconds() if node.has("within") else None
