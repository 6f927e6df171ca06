"""What stands of one child: findings, proposed markers and what is not known, now or as it would have been on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.records.facts import Facts
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import Indicator
from trigpoint.services.find_neighbours import see_around
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.keep_timelines import Standing as Kept
from trigpoint.services.keep_timelines import show_kept
from trigpoint.services.mark_children import UNANSWERED, find_now
from trigpoint.services.propose_markers import propose_markers
from trigpoint.services.read_timeline import read_timeline
from trigpoint.services.workspace import Workspace, arrow

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Standing:
    """Findings, proposals and unanswered indicators of one child, as rows of `records.tables`."""

    findings: Rows
    proposals: Rows
    unanswered: Rows


@dataclass(frozen=True)
class Replayed:
    """What would have stood; `older`: read from what was kept ready before the newest rows came."""

    standing: Standing
    older: bool = False


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
    for table in ("links", "coverage", "children"):
        workspace.store.scan(workspace.con, table)
    indicators = read_indicators(workspace.partnership.pack)
    facts = gather_facts(workspace, as_at=as_at, lasting=False)
    return _answered(workspace, child_key, indicators=indicators, facts=facts)


def replay_alone(workspace: Workspace, child_key: str, *, as_at: date, older: bool = False) -> Replayed:
    """As `replay_child`, where nothing else is asked: reads no more than the child needs, where timelines are kept.

    What other children share with this one, or when they were at the same place, is among what it needs. With `older`,
    timelines kept before newer rows came will do. Raises NotFoundError where there is no such child.
    """
    con, indicators = workspace.con, read_indicators(workspace.partnership.pack)
    known_at = datetime.combine(as_at, time.max)

    def around() -> str:
        see_around(workspace, indicators, child_key)
        return "children_in_sight"

    kept = show_kept(workspace, child_key, known_at=known_at, older=older, among=around)
    if kept is None:
        read_timeline(workspace, child_key, as_at=as_at)
        return Replayed(replay_child(workspace, child_key, as_at=as_at))
    for table in ("coverage", "children"):
        workspace.store.scan(con, table)
    facts = gather_facts(workspace, as_at=as_at, among="children_in_sight")
    standing = _answered(workspace, child_key, indicators=indicators, facts=facts)
    return Replayed(standing, older=kept == Kept.OLDER)


def _answered(workspace: Workspace, child_key: str, *, indicators: Sequence[Indicator], facts: Facts) -> Standing:
    con = workspace.con
    answers = DuckDBEngine(con).answer(indicators, facts, children=[child_key])
    find_now(workspace, answers, indicators=indicators, facts=facts)
    not_known = answers.not_known_sql(among="proposed")
    proposals = propose_markers(workspace, findings="found_now", not_known=not_known, facts=facts)
    unanswered = arrow(con, UNANSWERED)
    found = arrow(con, "select * from found_now order by all")
    answers.close()
    return Standing(found.to_pylist(), proposals.to_pylist(), unanswered.to_pylist())
