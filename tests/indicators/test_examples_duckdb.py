"""Every example of every indicator file, on DuckDB.

All the examples are put into one set of facts, each in an area, with places and identifiers of its own, because the
engine works set-wise: one preparation, then every indicator once over them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from trigpoint.engines.cited import cite
from trigpoint.engines.duckdb import DuckDBEngine
from trigpoint.engines.examples import CHILD, HOME, example_facts
from trigpoint.engines.memory import MemoryEngine
from trigpoint.records.facts import CHILDREN, COVERAGE, DAY_SECONDS, EVENTS_BASE, MENTIONS, Facts, Relation
from trigpoint.records.tables import ATTRIBUTE_TYPES
from trigpoint.rules.examples import Example
from trigpoint.rules.reading import IndicatorFile, read_indicator
from trigpoint.rules.sentence import how_many
from trigpoint.rules.tree import Distance, Exists, Indicator, Select, Shares
from trigpoint.services.word_findings import word_findings
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
READ = [pytest.param(*one, id=one[0]) for one in _examples(load_pack()) if one[2].answer == "met"]


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


@dataclass(frozen=True)
class Worded:
    """What a finding says: its sentence, who saw it, and how many events it counts."""

    sentence: str
    agencies: tuple[str, ...]
    count: int


@pytest.fixture(scope="module")
def worded(pack: Pack) -> dict[tuple[str, str, frozenset[str]], Worded]:
    """Every finding over all the examples, worded set-wise, by child, indicator and evidence."""
    named = list(_examples(pack))
    indicators = list({read.indicator.id: read.indicator for _, read, _ in named}.values())
    joined = _joined([_apart(name, example_facts(one, read.indicator, pack)) for name, read, one in named])
    con = duckdb.connect()
    facts = _told_to(con, joined)
    answers = DuckDBEngine(con).answer(indicators, facts)
    return {
        (row["child_key"], row["indicator"], frozenset(row["event_ids"])): Worded(
            row["sentence"], tuple(row["agencies"]), row["count"]
        )
        for batch in word_findings(con, answers.table, indicators=indicators, facts=facts, pack=pack)
        for row in batch.to_pylist()
    }


@pytest.mark.parametrize(("name", "read", "example"), READ)
def test_the_finding_says_what_the_plain_way_says(
    name: str, read: IndicatorFile, example: Example, worded: dict[tuple[str, str, frozenset[str]], Worded], pack: Pack
) -> None:
    facts = _apart(name, example_facts(example, read.indicator, pack))
    child = name + CHILD
    for row in MemoryEngine().answer([read.indicator], facts, children=[child]).met.to_pylist():
        cited = cite(row["event_ids"], child, indicator=read.indicator, facts=facts)
        told = worded[child, read.indicator.id, frozenset(row["event_ids"])]
        seen_by = tuple(sorted({one.agency for one in cited.events if one.agency}))
        assert told == Worded(cited.sentence(pack), seen_by, how_many(cited.events))


def test_the_agencies_of_a_finding_are_those_that_saw_what_it_counts(pack: Pack) -> None:
    """A home that another agency sent, from which the distance is measured, makes no second agency."""
    events = [
        _event("home", "home", agency="childrens_services", easting=400_000),
        _event("found", "found", agency="police", easting=460_000),
    ]
    people = [{"child_key": "c", "birth_on": date(2010, 1, 1), "area": "RV"}]
    facts = Facts(
        children=pa.Table.from_pylist(people, CHILDREN),
        events=pa.Table.from_pylist(
            events,
            _schema(pack),
        ),
        mentions=MENTIONS.empty_table(),
        coverage=COVERAGE.empty_table(),
        start_t=0,
        as_at_t=DAY_SECONDS,
        base_kinds=("home",),
    )
    far = Exists(Select(("found",), (Distance(30_000),)))
    indicator = Indicator("far", 1, "", "", far, "Found {km} km from home, seen by {agencies}.")
    (judged,) = MemoryEngine().answer([indicator], facts).met.to_pylist()
    con = duckdb.connect()
    named = _told_to(con, facts)
    answers = DuckDBEngine(con).answer([indicator], named)
    (batch,) = word_findings(con, answers.table, indicators=[indicator], facts=named, pack=pack)
    (row,) = batch.to_pylist()
    assert row["event_ids"] == judged["event_ids"] == ["home", "found"]
    assert row["agencies"] == ["police"]
    cited = cite(judged["event_ids"], "c", indicator=indicator, facts=facts)
    assert {one.agency for one in cited.events} == {"police"}
    assert row["sentence"] == cited.sentence(pack)


def test_other_children_are_those_who_share_within_the_period(pack: Pack) -> None:
    """A phone that another child's event named before the period makes no second child, in the answer or in words."""
    phone = Exists(Select(("arrest",), (Shares(("phone",), 10),)))
    indicator = Indicator("shared", 1, "", "", phone, "Shared with {others} other (child|children).")
    people = [{"child_key": key, "birth_on": date(2010, 1, 1), "area": "RV"} for key in ("c", "d", "e")]
    arrests = [("c", "now", 5 * DAY_SECONDS), ("d", "with", 6 * DAY_SECONDS), ("e", "before", -DAY_SECONDS)]
    events = [{"child_key": key, "event_id": e, "kind": "arrest", "t": t, "source": "p"} for key, e, t in arrests]
    mentioned = [{"child_key": key, "event_id": e, "kind": "phone", "value": "1"} for key, e, _ in arrests]
    facts = Facts(
        children=pa.Table.from_pylist(people, CHILDREN),
        events=pa.Table.from_pylist(events, _schema(pack)),
        mentions=pa.Table.from_pylist(mentioned, MENTIONS),
        coverage=COVERAGE.empty_table(),
        start_t=0,
        as_at_t=9 * DAY_SECONDS,
        base_kinds=("home",),
    )
    con = duckdb.connect()
    named = _told_to(con, facts)
    answers = DuckDBEngine(con).answer([indicator], named, children=["c"])
    (batch,) = word_findings(con, answers.table, indicators=[indicator], facts=named, pack=pack)
    (row,) = batch.to_pylist()
    assert row["sentence"] == "Shared with 1 other child."
    assert row["sentence"] == cite(row["event_ids"], "c", indicator=indicator, facts=facts).sentence(pack)


def _schema(pack: Pack) -> pa.Schema:
    return pa.schema([*EVENTS_BASE, *((one.name, ATTRIBUTE_TYPES[one.type]) for one in pack.attributes.values())])


def _event(event_id: str, kind: str, *, agency: str, easting: int) -> dict[str, Any]:
    return {"child_key": "c", "event_id": event_id, "kind": kind, "t": 0 if kind == "home" else DAY_SECONDS // 2,
            "source": agency, "agency": agency, "easting": easting, "northing": 300_000, "area": "RV"}  # fmt: skip


def _told_to(con: duckdb.DuckDBPyConnection, facts: Facts) -> Facts:
    """The same facts as relations of the connection."""
    names = {name: f"given_{name}" for name in ("children", "events", "mentions", "coverage")}
    for name, relation in names.items():
        con.register(relation, getattr(facts, name))
    return replace(facts, **names)


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
