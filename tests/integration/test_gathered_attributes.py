"""Events gathered with the attributes alone that indicators ask and say give the same findings, word for word."""

import pytest

from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.rules.reading import read_indicators
from trigpoint.services.answer_all import last_day
from trigpoint.services.current import show_current
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.word_findings import word_findings
from trigpoint.services.workspace import open_workspace


@pytest.fixture
def workspace(ran):
    with open_workspace(ran.folder) as opened:
        show_current(opened)
        for table in ("links", "coverage", "children"):
            opened.store.scan(opened.con, table)
        yield opened


def found(workspace, *, only):
    """The findings, by id, and how many columns the events had."""
    pack = workspace.partnership.pack
    indicators = read_indicators(pack)
    facts = gather_facts(workspace, as_at=last_day(workspace), indicators=indicators if only else None)
    answers = DuckDBEngine(workspace.con).answer(indicators, facts)
    worded = word_findings(workspace.con, answers.table, indicators=indicators, facts=facts, pack=pack)
    rows = sorted((row for batch in worded for row in batch.to_pylist()), key=lambda row: row["finding_id"])
    answers.close()
    return rows, len(workspace.con.table("fact_events").columns)


def test_attributes_that_no_indicator_asks_or_says_are_not_missed(workspace):
    all_rows, every = found(workspace, only=False)
    rows, fewer = found(workspace, only=True)
    assert fewer < every
    assert rows == all_rows
    assert len({row["indicator"] for row in rows}) > 20
