"""Asks every indicator about one invented timeline, and the policy about the findings that came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from trigpoint.engines.cited import cite
from trigpoint.engines.examples import CHILD, example_facts
from trigpoint.engines.memory import MemoryEngine
from trigpoint.records.facts import CHILDREN, COVERAGE, EVENTS_BASE, MENTIONS, Facts, seconds
from trigpoint.rules.examples import ExampleReader
from trigpoint.rules.node import Node
from trigpoint.rules.policy import Policy, indicators_of, read_policy
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import Indicator
from trigpoint.terms.located import parse_yaml
from trigpoint.terms.pack import Pack, load_pack

AS_AT = date(2025, 12, 31)


@dataclass(frozen=True)
class Finding:
    """What the policy sees of a finding: its indicator, the day it was complete, and which agencies saw it."""

    indicator: str
    on: date
    agencies: frozenset[str]


@dataclass(frozen=True)
class Told:
    """The answer of every indicator about one timeline, and the findings of those that are met."""

    answers: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def met(self) -> set[str]:
        return {name for name, answer in self.answers.items() if answer == "met"}


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()


@pytest.fixture(scope="session")
def indicators(pack: Pack) -> list[Indicator]:
    return read_indicators(pack)


@pytest.fixture(scope="session")
def policy(pack: Pack) -> Policy:
    return read_policy(pack)


@pytest.fixture(scope="session")
def ask(pack: Pack, indicators: list[Indicator]) -> Callable[[str], Told]:
    """What the indicators say about the timeline in this YAML text, written as an example without its answer."""

    def told(timeline: str) -> Told:
        node = Node(parse_yaml("answer: met\n" + timeline, path=Path("timeline.yaml")))
        example = ExampleReader(pack).read(node)
        answers, findings = {}, []
        for one in indicators:
            facts = example_facts(example, one, pack)
            rows = MemoryEngine().answer([one], facts, children=[CHILD]).full([CHILD]).to_pylist()
            answers[one.id] = rows[0]["answer"]
            findings += [_finding(row, one, facts) for row in rows if row["answer"] == "met"]
        return Told(answers, tuple(findings))

    return told


def _finding(row: dict[str, Any], indicator: Indicator, facts: Facts) -> Finding:
    cited = cite(row["event_ids"], CHILD, indicator=indicator, facts=facts)
    return Finding(indicator.id, row["to_on"], frozenset(one.agency for one in cited.events if one.agency))


@pytest.fixture(scope="session")
def propose(policy: Policy) -> Callable[[Iterable[Finding]], dict[str, str]]:
    """The rules that these findings of one child meet, and the form each proposes."""

    def rules(findings: Iterable[Finding]) -> dict[str, str]:
        named = {f"{n}": one for n, one in enumerate(findings)}
        facts = _as_events(named, policy)
        rows = MemoryEngine().answer([rule.indicator for rule in policy.rules], facts).met.to_pylist()
        by_id = {rule.id: rule for rule in policy.rules}
        return {
            row["indicator"]: by_id[row["indicator"]].form
            for row in rows
            if len(frozenset().union(*(named[one].agencies for one in row["event_ids"])))
            >= by_id[row["indicator"]].agencies
        }

    return rules


def _as_events(findings: dict[str, Finding], policy: Policy) -> Facts:
    kinds = sorted({kind for rule in policy.rules for kind in indicators_of(rule)})
    start, as_at = 0, seconds(AS_AT)
    events = [
        {"child_key": CHILD, "event_id": name, "kind": one.indicator, "t": seconds(one.on), "agency": agency}
        for name, one in findings.items()
        for agency in sorted(one.agencies)
    ]
    covered = [{"kind": kind, "area": None, "from_t": start, "to_t": as_at} for kind in kinds]
    return Facts(
        children=pa.Table.from_pylist([{"child_key": CHILD}], schema=CHILDREN),
        events=pa.Table.from_pylist(events, schema=EVENTS_BASE),
        mentions=MENTIONS.empty_table(),
        coverage=pa.Table.from_pylist(covered, schema=COVERAGE),
        start_t=start,
        as_at_t=as_at,
    )
