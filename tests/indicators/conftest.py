"""Asks every indicator of the pack about one invented timeline, written as the examples of an indicator file are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trigpoint.engines.examples import CHILD, example_facts
from trigpoint.engines.memory import MemoryEngine
from trigpoint.rules.examples import ExampleReader
from trigpoint.rules.node import Node
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import Indicator
from trigpoint.terms.located import parse_yaml
from trigpoint.terms.pack import Pack, load_pack

Ask = Callable[[str], dict[str, str]]


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()


@pytest.fixture(scope="session")
def indicators(pack: Pack) -> list[Indicator]:
    return read_indicators(pack)


@pytest.fixture(scope="session")
def ask(pack: Pack, indicators: list[Indicator]) -> Ask:
    """The answer of every indicator, by name, about the timeline in this YAML text."""

    def answers(timeline: str) -> dict[str, str]:
        node = Node(parse_yaml("answer: met\n" + timeline, path=Path("timeline.yaml")))
        example = ExampleReader(pack).read(node)
        found = {}
        for one in indicators:
            facts = example_facts(example, one, pack)
            rows = MemoryEngine().answer([one], facts, children=[CHILD]).full([CHILD]).to_pylist()
            found[one.id] = rows[0]["answer"]
        return found

    return answers
