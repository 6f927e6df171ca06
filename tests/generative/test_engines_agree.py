"""Both engines say the same of anything: answers, evidence, episodes, and what is not known and why."""

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_rules import facts, indicators

from trigpoint.engines.answers import NOT_KNOWN
from trigpoint.engines.duckdb import DuckDBEngine
from trigpoint.engines.memory import MemoryEngine
from trigpoint.records.facts import Facts
from trigpoint.rules.tree import Indicator

ENOUGH = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as made:
        yield made


@ENOUGH
@given(facts=facts(), indicator=indicators)
def test_the_engines_agree_in_every_column(con: duckdb.DuckDBPyConnection, facts: Facts, indicator: Indicator) -> None:
    judged = MemoryEngine().answer([indicator], facts)
    answers = DuckDBEngine(con).answer([indicator], facts)
    try:
        assert answers.full().to_pylist() == judged.full().to_pylist()
        assert answers.met.to_pylist() == judged.met.to_pylist()
        assert answers.counts().to_pylist() == judged.counts().to_pylist()
        columns = ("child_key", "indicator", "version", "missing")
        unknown = [tuple(row[c] for c in columns) for row in judged.full().to_pylist() if row["answer"] == NOT_KNOWN]
        assert con.execute(f"{answers.not_known_sql()} ORDER BY child_key").fetchall() == unknown
    finally:
        answers.close()


@settings(ENOUGH, max_examples=60)
@given(facts=facts(), indicator=indicators, asked=st.sets(st.sampled_from(["c1", "c2", "c3", "c9"])))
def test_asking_for_some_children_gives_what_asking_for_all_gives_them(
    con: duckdb.DuckDBPyConnection, facts: Facts, indicator: Indicator, asked: set[str]
) -> None:
    judged = MemoryEngine().answer([indicator], facts).full(asked)
    answers = DuckDBEngine(con).answer([indicator], facts, children=asked)
    try:
        assert answers.full().to_pylist() == judged.to_pylist()
    finally:
        answers.close()
