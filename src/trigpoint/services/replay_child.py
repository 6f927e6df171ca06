"""What stands of one child: findings, proposed markers and what is not known, now or as it would have been on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.rules.reading import read_indicators
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.mark_children import UNANSWERED, find_now
from trigpoint.services.propose_markers import propose_markers
from trigpoint.services.workspace import Workspace, arrow

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Standing:
    """Findings, proposals and unanswered indicators of one child, as rows of `records.tables`."""

    findings: Rows
    proposals: Rows
    unanswered: Rows


def standing_now(workspace: Workspace, child_key: str) -> Standing:
    """What the last run kept of the child."""
    for table in ("findings", "proposals", "unanswered"):
        workspace.store.scan(workspace.con, table)

    def of_child(table: str) -> Rows:
        query = f"select * from {table} where child_key = $child order by all"
        return list(arrow(workspace.con, query, {"child": child_key}).to_pylist())

    return Standing(of_child("findings"), of_child("proposals"), of_child("unanswered"))


def replay_child(workspace: Workspace, child_key: str, *, as_at: date) -> Standing:
    """What a run at the end of the day `as_at` would have said of the child, from what was known by then.

    Needs the views of `show_current` as at that day. Uses the indicators and the links as they are now: which
    records are one child is today's knowledge.
    """
    con = workspace.con
    for table in ("links", "coverage", "children"):
        workspace.store.scan(con, table)
    indicators = read_indicators(workspace.partnership.pack)
    facts = gather_facts(workspace, as_at=as_at, lasting=False)
    answers = DuckDBEngine(con).answer(indicators, facts, children=[child_key])
    find_now(workspace, answers, indicators=indicators, facts=facts)
    not_known = answers.not_known_sql(among="proposed")
    proposals = propose_markers(workspace, findings="found_now", not_known=not_known, facts=facts)
    unanswered = arrow(con, UNANSWERED)
    found = arrow(con, "select * from found_now order by all")
    answers.close()
    return Standing(found.to_pylist(), proposals.to_pylist(), unanswered.to_pylist())
