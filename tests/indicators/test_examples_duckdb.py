"""Every example of every indicator file, on DuckDB.

All the examples are put into one set of facts, each in an area, with places and identifiers of its own, because the
engine works set-wise: one preparation, then every indicator once over them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from trigpoint.engines.duckdb import DuckDBEngine
from trigpoint.engines.examples import CHILD, HOME, example_facts
from trigpoint.records.facts import CHILDREN, COVERAGE, MENTIONS, Facts, Relation
from trigpoint.rules.examples import Example
from trigpoint.rules.reading import IndicatorFile, read_indicator
from trigpoint.terms.pack import Pack, load_pack

OWN = ("child_key", "event_id", "place_id", "value")  # columns that must not meet those of another example


@dataclass(frozen=True)
class Told:
    """What the engine said of one example."""

    answer: str
    evidence: frozenset[str]


def _rows(relation: Relation) -> list[dict[str, Any]]:
    assert isinstance(relation, pa.Table)
    return list(relation.to_pylist())


def _examples(pack: Pack) -> Iterator[tuple[str, IndicatorFile, Example]]:
    for path in pack.indicator_files:
        read = read_indicator(path, pack)
        for number, example in enumerate(read.examples, 1):
            yield f"{path.stem} {number}", read, example


EXAMPLES = [pytest.param(name, example, id=name) for name, _, example in _examples(load_pack())]


@pytest.fixture(scope="module")
def told(pack: Pack) -> dict[str, Told]:
    named = list(_examples(pack))
    indicators = list({read.indicator.id: read.indicator for _, read, _ in named}.values())
    facts = _joined([_apart(name, example_facts(one, read.indicator, pack)) for name, read, one in named])
    answers = DuckDBEngine(duckdb.connect()).answer(indicators, facts, children=[n + CHILD for n, _, _ in named])
    found: dict[str, Told] = {}
    for row in answers.full([name + CHILD for name, _, _ in named]).to_pylist():
        name = row["child_key"].removesuffix(CHILD)
        if row["indicator"] == name.split()[0]:
            before = found[name].evidence if name in found else frozenset()
            ids = (one.removeprefix(name) for one in row["event_ids"] or ())
            found[name] = Told(row["answer"], before | {one for one in ids if not one.endswith(HOME)})
    return found


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_the_example_holds(name: str, example: Example, told: dict[str, Told]) -> None:
    assert told[name].answer == example.answer
    if example.evidence is not None:
        assert told[name].evidence == set(example.evidence)


def _apart(name: str, facts: Facts) -> Facts:
    """The facts of one example with its name before everything that could meet another's."""
    where = name + "area"
    assert isinstance(facts.events, pa.Table)
    own = [_named(row, name, where=where) for row in _rows(facts.events)]
    return replace(
        facts,
        children=pa.Table.from_pylist([_named(r, name) | {"area": where} for r in _rows(facts.children)], CHILDREN),
        events=pa.Table.from_pylist(own, facts.events.schema),
        mentions=pa.Table.from_pylist([_named(row, name) for row in _rows(facts.mentions)], MENTIONS),
        coverage=pa.Table.from_pylist([row | {"area": where} for row in _rows(facts.coverage)], COVERAGE),
    )


def _named(row: dict[str, Any], name: str, *, where: str | None = None) -> dict[str, Any]:
    changed = {key: name + row[key] for key in OWN if row.get(key) is not None}
    if where and row["area"] == "RV":  # the area in which the examples' children live
        changed["area"] = where
    return row | changed


def _joined(parts: list[Facts]) -> Facts:
    """One set of facts out of many of the same period."""
    assert len({(one.start_t, one.as_at_t) for one in parts}) == 1
    tables = ("children", "events", "mentions", "coverage")
    return replace(parts[0], **{name: pa.concat_tables([getattr(one, name) for one in parts]) for name in tables})
