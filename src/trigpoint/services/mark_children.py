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

# Rows are held against rows whole: a sentence may change where the evidence does not. What is not known is kept of
# children with a proposal alone.
OTHERWISE = """
    create or replace temp table answered_otherwise as
    with
    found_before as (select {found} from standing_findings semi join asked_now using (child_key)),
    found as (select {found} from found_now),
    unknown_before as (select {unknown} from standing_unanswered semi join asked_now using (child_key)),
    unknown as (
        select {unknown} from not_known_now
        where child_key in (select child_key from standing_proposals))
    select child_key from (from found except from found_before) union
    select child_key from (from found_before except from found) union
    select child_key from (from unknown except from unknown_before) union
    select child_key from (from unknown_before except from unknown)
"""


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
    among = None if changed is None else "children_in_sight"
    facts = gather_facts(workspace, as_at=as_at, among=among, indicators=indicators)
    answers = DuckDBEngine(workspace.con).answer(indicators, facts, children=asked)
    find_now(workspace, answers, indicators=indicators, facts=facts)
    found, otherwise, not_known = "found_now", None, answers.not_known_sql(among="proposed")
    if asked is not None:
        found, otherwise, not_known = (
            "found_anew",
            find_otherwise(workspace, answers, asked=asked),
            "from not_known_now",
        )
    proposals = propose_markers(workspace, findings=found, not_known=not_known, facts=facts)
    unanswered = arrow(workspace.con, UNANSWERED).cast(FIXED["unanswered"])
    with workspace.store.write("mark children") as tx:
        put(tx, "findings", workspace.con.table(found), workspace=workspace, asked=otherwise)
        put(tx, "proposals", proposals, workspace=workspace, asked=otherwise)
        put(tx, "unanswered", unanswered, workspace=workspace, asked=otherwise)
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


def find_otherwise(workspace: Workspace, answers: DuckDBAnswers, *, asked: Collection[str]) -> list[str]:
    """The children asked whose answers are not those that the store holds, by key; makes `found_anew` of theirs alone.

    What is proposed follows from a child's findings and from what is not known of it: where both are the same, what
    stands stays. Leaves the table `not_known_now` of every child asked who has a finding.
    """
    con = workspace.con
    for table in ("findings", "proposals", "unanswered"):
        workspace.store.scan(con, table, name=f"standing_{table}")
    con.register("asked_given", pa.table({"child_key": pa.array(sorted(asked), pa.string())}))
    con.execute("create or replace temp table asked_now as select * from asked_given")
    con.unregister("asked_given")
    not_known = answers.not_known_sql(among="found_now")
    con.execute(f"create or replace temp table not_known_now as {not_known}")
    con.execute(OTHERWISE.format(found=_columns("findings"), unknown=_columns("unanswered")))
    con.execute("""
        create or replace temp view found_anew as
        select * from found_now semi join answered_otherwise using (child_key)""")
    rows = con.execute("select child_key from answered_otherwise order by child_key").fetchall()
    return [key for (key,) in rows]


def _columns(table: str) -> str:
    return ", ".join(f'"{name}"' for name in FIXED[table].names)


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
