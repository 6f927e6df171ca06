"""Reads the policy: which findings, together, propose which marker, and why. Rules use the operators of indicators.

A finding is to a rule what an event is to an indicator: its kind is the indicator, its time the day on which the
finding was complete. There are no points and no weights.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trigpoint.rules.node import Node
from trigpoint.rules.patterns import PatternReader
from trigpoint.rules.tree import Count, Indicator, Pattern, leaves, selected_kinds
from trigpoint.rules.words import Words
from trigpoint.terms.located import read_yaml
from trigpoint.terms.pack import Pack

RULE_NEEDS = ("rule", "version", "propose", "when", "agencies", "why")
RULE_MAY = ("statement", "considered")


@dataclass(frozen=True)
class PolicyRule:
    """One combination of findings that proposes a form, if at least `agencies` agencies saw what they stand on."""

    indicator: Indicator
    form: str
    agencies: int
    why: str
    statement: bool = False
    considered: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The rule's name."""
        return self.indicator.id


@dataclass(frozen=True)
class Policy:
    """The rules of a pack. Findings of `overlaps` are shown beside a proposal and change nothing about it."""

    name: str
    version: int
    overlaps: tuple[str, ...]
    rules: tuple[PolicyRule, ...]


def read_policy(pack: Pack) -> Policy:
    """The policy of a pack. Raises TermsError, with position and caret, where it is broken."""
    node = Node(read_yaml(pack.policy_file)).mapping(needs=["policy", "version", "rules"], may=["overlaps"])
    indicators = [path.stem for path in pack.indicator_files]
    overlaps = node["overlaps"].one_or_more() if node.has("overlaps") else []
    rules = tuple(_rule(one, pack, indicators) for one in node["rules"].items())
    _once(node, [rule.id for rule in rules])
    return Policy(
        name=node["policy"].text(),
        version=node["version"].whole(least=1),
        overlaps=tuple(one.one_of(indicators, what="indicator") for one in overlaps),
        rules=rules,
    )


def _rule(node: Node, pack: Pack, indicators: Collection[str]) -> PolicyRule:
    node.mapping(needs=RULE_NEEDS, may=RULE_MAY)
    pattern = PatternReader(Words.of_findings(indicators)).read(node["when"])
    _counts_kinds(node["when"], pattern)
    statement = node["statement"].flag() if node.has("statement") else False
    agencies = node["agencies"].whole(least=1)
    if agencies < 2 and not statement:
        raise node["agencies"].fail(
            "what one agency alone saw proposes nothing",
            mend="Ask for two agencies; or, if professionals state exploitation here, write statement: true.",
        )
    why = node["why"].text()
    return PolicyRule(
        Indicator(
            id=node["rule"].text(),
            version=node["version"].whole(least=1),
            title=why,
            theme="",
            pattern=pattern,
            sentence=why,
        ),
        form=node["propose"].one_of(list(pack.forms), what="form"),
        agencies=agencies,
        why=why,
        statement=statement,
        considered=tuple(one.text() for one in node["considered"].items()) if node.has("considered") else (),
    )


def _counts_kinds(node: Node, pattern: Pattern) -> None:
    """A finding of two agencies stands twice among the events, so that agencies can be counted."""
    for leaf in leaves(pattern):
        if isinstance(leaf, Count) and leaf.distinct not in ("kind", "agency"):
            raise node.fail("a rule counts different findings or agencies", mend="Write distinct: kind beside count.")


def _once(node: Node, names: list[str]) -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            raise node["rules"][i]["rule"].fail(f"there are two rules '{name}'", mend="Give each its own name.")


def indicators_of(rule: PolicyRule) -> tuple[str, ...]:
    """The indicators that a rule looks at, sorted."""
    return selected_kinds(rule.indicator.pattern)
