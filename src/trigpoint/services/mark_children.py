"""Answer every indicator for the children whom new facts may concern, and propose markers from what was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from trigpoint.engines.duckdb.answered import DuckDBAnswers
from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.records.facts import Facts
from trigpoint.records.tables import FIXED
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import Indicator
from trigpoint.services.find_neighbours import find_neighbours
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.propose_markers import propose_markers
from trigpoint.services.word_findings import word_findings
from trigpoint.services.workspace import Workspace, arrow
from trigpoint.store import Writing


@dataclass(frozen=True)
class Marked:
    """How many children were answered for, and how many findings and proposals stand now."""

    children: int
    findings: int
    proposals: int


# What is not known of children with a proposed marker; of the others it can be worked out when asked for.
UNANSWERED = """
    select child_key, indicator, version, missing from unanswered_now order by child_key, indicator
"""


def mark_children(
    workspace: Workspace, *, as_at: date, changed: Collection[str] | None, progress: Progress = SILENT
) -> Marked:
    """Answer the indicators of the pack and keep findings, proposals and what is not known in the store, at once.

    Needs the views of `show_current`, `links` and the table `children`. With `changed` child keys only these, and
    children who share a place and time or an identifier with them, are answered for again; None means everybody.
    """
    progress.stage("Marking children")
    pack = workspace.partnership.pack
    workspace.store.scan(workspace.con, "coverage")
    indicators = read_indicators(pack)
    asked = None if changed is None else find_neighbours(workspace, indicators, changed)
    facts = gather_facts(workspace, as_at=as_at, among=None if changed is None else "children_in_sight")
    answers = DuckDBEngine(workspace.con).answer(indicators, facts, children=asked)
    find_now(workspace, answers, indicators=indicators, facts=facts)
    not_known = answers.not_known_sql(among="proposed")
    proposals = propose_markers(workspace, findings="found_now", not_known=not_known, facts=facts)
    unanswered = arrow(workspace.con, UNANSWERED).cast(FIXED["unanswered"])
    with workspace.store.write("mark children") as tx:
        put(tx, "findings", workspace.con.table("found_now"), workspace=workspace, asked=asked)
        put(tx, "proposals", proposals, workspace=workspace, asked=asked)
        put(tx, "unanswered", unanswered, workspace=workspace, asked=asked)
    marked = Marked(_asked(workspace, asked), workspace.store.count("findings"), workspace.store.count("proposals"))
    progress.step(
        f"{plural(marked.children, 'child', 'children')} answered for on {plural(len(indicators), 'indicator')}; "
        f"{plural(marked.findings, 'finding')}, {plural(marked.proposals, 'proposed marker')}"
    )
    answers.close()
    return marked


def _asked(workspace: Workspace, asked: Collection[str] | None) -> int:
    if asked is not None:
        return len(asked)
    [[children]] = workspace.con.execute("select count(*) from children").fetchall()
    return int(children)


def find_now(workspace: Workspace, answers: DuckDBAnswers, *, indicators: Sequence[Indicator], facts: Facts) -> None:
    """Make the view `found_now` of the findings, in words, over a scratch file: they may be more than fit in memory."""
    con, path = workspace.con, workspace.scratch / "found.parquet"
    with pq.ParquetWriter(path, FIXED["findings"]) as file:
        for batch in word_findings(
            con, answers.table, indicators=indicators, facts=facts, pack=workspace.partnership.pack
        ):
            file.write_batch(batch)
    con.execute(f"create or replace temp view found_now as select * from read_parquet('{path}')")


def put(
    tx: Writing,
    table: str,
    rows: pa.Table | pa.RecordBatchReader,
    *,
    workspace: Workspace,
    asked: Collection[str] | None,
) -> None:
    """Put `rows` in the place of those of the children asked, and of children who are no more; None: of everybody."""
    if asked is None:
        tx.replace(table, rows)
        return
    tx.scan(workspace.con, table, name="standing")
    gone = arrow(
        workspace.con,
        """select distinct child_key from standing
           where child_key in (select unnest($asked::varchar[]))
              or child_key not in (select child_key from children)""",
        {"asked": sorted(asked)},
    )
    if gone.num_rows:
        tx.delete(table, gone)
    tx.append(table, rows)
