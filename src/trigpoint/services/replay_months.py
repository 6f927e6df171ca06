"""What runs of earlier months would have proposed: the whole partnership as at the end of each month, set-wise.

Each month is one run over everybody, not a look at one child after another. Indicators, policy and links are those of
now: which records are one child is today's knowledge, as it is when one child is replayed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, Literal

import duckdb
import pyarrow as pa

from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.engines.proposing import hold
from trigpoint.records.facts import Facts
from trigpoint.records.tables import FIXED
from trigpoint.rules.policy import Policy, indicators_of, read_policy
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import Indicator
from trigpoint.services.current import show_current
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.progress import SILENT, Progress
from trigpoint.services.word_findings import word_findings
from trigpoint.services.workspace import THREADS, Workspace, arrow
from trigpoint.terms.pack import Pack

Told = Literal["learnt", "happened"]
HISTORY: Final = pa.schema(
    [("child_key", pa.string()), ("month_end", pa.date32()), ("rule", pa.string()), ("form", pa.string()),
     ("statement", pa.bool_())]
)  # fmt: skip
"""Who would have had a proposed marker at the end of which month, by which rule of the policy, for which form.
`statement` is true of rules that only repeat what a professional has stated already."""
LAID_OUT: Final = {
    "children": "select child_key, birth_on, sex, area from children",
    "fact_events": "select * from fact_events",
    "fact_mentions": "select * from fact_mentions",
    "fact_coverage": "select * from fact_coverage",
}


@dataclass(frozen=True)
class _Month:
    """The facts of one month, as tables, and as what an engine is handed."""

    day: date
    tables: dict[str, pa.Table]
    facts: Facts


@dataclass(frozen=True)
class _Terms:
    """What the months are answered by, and where an engine may spill."""

    indicators: Sequence[Indicator]
    policy: Policy
    pack: Pack
    rules: pa.Table
    spill: Path


def month_ends(first: date, last: date) -> list[date]:
    """The last day of every month from that of `first` on; the row ends with `last`, whatever day it is."""
    ends: list[date] = []
    at = first
    while True:
        at = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
        if at - timedelta(days=1) >= last:
            return [*ends, last]
        ends.append(at - timedelta(days=1))


def replay_months(
    workspace: Workspace, days: Sequence[date], *, told: Told = "learnt", progress: Progress = SILENT
) -> pa.Table:
    """What a run at the end of each of `days` would have proposed, as HISTORY.

    With `told` "learnt" from what agencies had learnt by then, corrections not yet made left out. With "happened" from
    all that had happened by then, whenever it was learnt: as if every agency had shared everything at once. Needs the
    tables `links`, `coverage` and `children` in the working database. Leaves the views of `show_current` as of now.
    """
    terms, workers = _terms(workspace), _workers()
    found, done = [HISTORY.empty_table()], 0
    with ThreadPoolExecutor(workers) as pool:
        for at in range(0, len(days), 2 * workers):  # so many months' facts are in memory at once
            some = days[at : at + 2 * workers]
            found += pool.map(lambda month: _replay(month, terms), list(_months(workspace, some, told=told)))
            done += len(some)
            progress.step(f"{done} of {len(days)} months replayed")
    show_current(workspace)
    return pa.concat_tables(found)


def _workers() -> int:
    return max(1, min(4, int(os.environ.get(THREADS) or os.cpu_count() or 1)))


def _terms(workspace: Workspace) -> _Terms:
    pack = workspace.partnership.pack
    policy = read_policy(pack)
    used = {name for rule in policy.rules for name in indicators_of(rule)}
    rules = [{"rule": rule.id, "form": rule.form, "statement": rule.statement} for rule in policy.rules]
    return _Terms(
        [one for one in read_indicators(pack) if one.id in used],
        policy,
        pack,
        pa.Table.from_pylist(rules),
        workspace.scratch / "months",
    )


def _months(workspace: Workspace, days: Sequence[date], *, told: Told) -> Iterator[_Month]:
    """The facts of each month, taken out of the working database, so that months can be answered side by side."""
    con = workspace.con
    for day in days:
        show_current(workspace, known_at=datetime.combine(day, time.max) if told == "learnt" else None)
        facts = gather_facts(workspace, as_at=day)
        if told == "happened":  # whoever looks on that day does not know yet how a spell ends
            con.execute("update fact_events set t_end = null where t_end > ?", [facts.as_at_t])
        yield _Month(day, {name: arrow(con, query) for name, query in LAID_OUT.items()}, facts)


def _replay(month: _Month, terms: _Terms) -> pa.Table:
    """One month, in a database of its own in memory: hundreds of small steps, which on disk cost most of the time."""
    with closing(duckdb.connect()) as con:
        con.execute("SET threads = 1")
        con.execute("SET enable_progress_bar = false")  # we say ourselves what is being done
        con.execute("SET temp_directory = ?", [str(terms.spill)])
        for name, table in {**month.tables, "rules_given": terms.rules}.items():
            _lay_out(con, name, table)
        answers = DuckDBEngine(con).answer(terms.indicators, month.facts)
        found = word_findings(con, answers.table, indicators=terms.indicators, facts=month.facts, pack=terms.pack)
        _lay_out(con, "found_now", pa.Table.from_batches(found, schema=FIXED["findings"]))
        hold(con, terms.policy, findings="found_now", period=(month.facts.start_t, month.facts.as_at_t))
        query = """select child_key, $day::date as month_end, rule, form, statement
                   from proposed join rules_given using (rule) order by child_key, rule"""
        return arrow(con, query, {"day": month.day}).cast(HISTORY)


def _lay_out(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.complete()  # whatever was asked before has been read as far as it is wanted
    con.register("given", table)
    con.execute(f"create table {name} as select * from given")
    con.unregister("given")
