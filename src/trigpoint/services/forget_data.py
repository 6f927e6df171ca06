"""Delete a child's data, a source's, or what is past its retention: truly, older versions included.

What was found of the forgotten is deleted with it, also findings of other children that stood on it. The next
run marks everyone anew. The agencies' own files under `sources/` are not touched, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from trigpoint.errors import NotFoundError
from trigpoint.services.index_children import forget_index
from trigpoint.services.keep_timelines import forget_timelines
from trigpoint.services.link_records import forget_memory, model_path
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.read_again import never_again, stale_run
from trigpoint.services.review_sample import forget_samples
from trigpoint.services.workspace import Workspace, arrow
from trigpoint.store import Predicate

DAYS_IN_A_YEAR = 365.25

# What of each table goes when the rows in `going_rows`, `going_records` and `going_events` go.
BY_KEYS = {
    "sightings": ("row_id", "select row_id from going_rows"),
    "records": ("row_id", "select row_id from going_rows"),
    "events": ("event_id", "select event_id from going_events"),
    "mentions": ("event_id", "select event_id from going_events"),
    "links": ("record_id", "select record_id from going_records"),
    "findings": ("finding_id", "select finding_id from going_findings"),
    "proposals": (
        "proposal_id",
        "select proposal_id from proposals where child_key in (select child_key from going_children)"
        " or list_has_any(finding_ids, (select list(finding_id) from going_findings))",
    ),
    "children": ("child_key", "select child_key from going_children"),
    "unanswered": ("child_key", "select child_key from going_children"),
}
PAIRS = ("edges", "questions", "judgements")
TABLES = ("sightings", "records", "events", "mentions", "links", "findings", "proposals", "refusals", *PAIRS)


def forget_child(workspace: Workspace, child_key: str) -> list[str]:
    """Delete everything of one child; return what was done in plain words. Raises NotFoundError."""
    con = _look(workspace)
    con.execute("create or replace temp table going_children as select ?::varchar as child_key", [child_key])
    con.execute("""
        create or replace temp table going_records as
        select record_id from links semi join going_children using (child_key)""")
    if not workspace.con.execute("select 1 from going_records limit 1").fetchone():
        raise NotFoundError(
            f"There is no child '{child_key}'.", mend="Child keys stand in the report and in the export 'clusters'."
        )
    con.execute("""
        create or replace temp table going_rows as
        select distinct row_id from sightings semi join going_records using (record_id) where row_id is not null""")
    con.execute("""
        create or replace temp table going_remarks as
        select distinct extract_id, row from sightings semi join going_records using (record_id)""")
    files = con.execute("""
        select distinct file from sightings semi join going_records using (record_id) order by all""").fetchall()
    _keep_away(workspace)
    extra: dict[str, Predicate] = {
        "refusals": _keys(workspace, "extract_id, row", "going_remarks"),
        "successions": _among(["old_key", "new_key"], [child_key]),
    }
    gone = _purge(workspace, extra, what="forget a child")
    return [_said(gone), f"The agencies' own files still hold this child: {', '.join(name for (name,) in files)}."]


def forget_source(workspace: Workspace, name: str) -> list[str]:
    """Delete everything that one source sent; return what was done in plain words. Raises SettingsError."""
    source = workspace.partnership.source(name)
    con = _look(workspace)
    con.execute("""
        create or replace temp table going_rows as
        select distinct row_id from sightings where source = ? and row_id is not null""", [name])  # fmt: skip
    _rows_leave_records(workspace)
    by_source = _among(["source"], [name])
    extra: dict[str, Predicate] = dict.fromkeys(("extracts", "refusals", "coverage"), by_source)
    gone = _purge(workspace, extra, what="forget a source")
    return [
        _said(gone),
        f"To keep {source.title} out of the next run, take it out of partnership.toml and remove its files.",
    ]


def apply_retention(workspace: Workspace, *, today: datetime | None = None, progress: Progress = SILENT) -> list[str]:
    """Delete, source by source, what was learnt longer ago than its agreement allows; return what was done."""
    progress.stage("Looking for what is past its retention")
    now = today or datetime.now()
    con = _look(workspace)
    con.execute("create or replace temp table going_rows (row_id varchar)")
    for source in workspace.partnership.sources:
        before = now - timedelta(days=DAYS_IN_A_YEAR * source.agreement.retention_years)
        con.execute("""
            insert into going_rows select distinct row_id from sightings
            where source = ? and learnt_at < ? and row_id is not null""", [source.name, before])  # fmt: skip
    row = con.execute("select count(*) from going_rows").fetchone()
    if not row or not row[0]:
        return ["Nothing is past its retention."]
    _rows_leave_records(workspace)
    con.execute("""
        create or replace temp table going_remarks as
        select distinct extract_id, row from sightings semi join going_rows using (row_id)""")
    _keep_away(workspace)
    return [_said(_purge(workspace, {"refusals": _keys(workspace, "extract_id, row", "going_remarks")}, what="retain"))]


def _look(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    for table in TABLES:
        workspace.store.scan(workspace.con, table)
    return workspace.con


def _keep_away(workspace: Workspace) -> None:
    """Before the rows go: their files, which hold them still, are not read again when a mapping is mended."""
    ids = workspace.con.execute("select distinct extract_id from going_remarks").fetchall()
    never_again(workspace, [one for (one,) in ids])


def _rows_leave_records(workspace: Workspace) -> None:
    """Records all of whose rows go, and children all of whose records go, go with them."""
    workspace.con.execute("""
        create or replace temp table going_records as
        select record_id from sightings where row_id is not null
        group by record_id having bool_and(row_id in (select row_id from going_rows))""")
    workspace.con.execute("""
        create or replace temp table going_children as
        select child_key from links
        group by child_key having bool_and(record_id in (select record_id from going_records))""")


def _purge(workspace: Workspace, extra: dict[str, Predicate], *, what: str) -> dict[str, int]:
    con = workspace.con
    con.execute("""
        create or replace temp table going_events as
        select event_id, record_id from events semi join going_rows using (row_id)""")
    con.execute("""
        create or replace temp table going_findings as
        select finding_id from findings
        where child_key in (select child_key from going_children)
           or list_has_any(event_ids, coalesce((select list(event_id) from going_events), []))""")
    rows: dict[str, Predicate] = {
        table: _keys(workspace, column, f"({query})") for table, (column, query) in BY_KEYS.items()
    }
    ids = con.execute("select record_id from going_records").fetchall()
    rows |= {table: _among(["record_a", "record_b"], [one for (one,) in ids]) for table in PAIRS}
    forget_memory(workspace)
    forget_index(workspace)  # before the rows, so that no break leaves names in it, nor in the timelines
    forget_timelines(workspace)
    forget_samples(workspace)
    gone = dict(workspace.store.purge(rows | extra, what=what))
    model_path(workspace).unlink(missing_ok=True)  # it holds how common names are: the next run learns it anew
    _say_stale(workspace)
    return gone


def _keys(workspace: Workspace, columns: str, relation: str) -> pa.Table:
    return arrow(workspace.con, f"select distinct {columns} from {relation}")


def _among(columns: Iterable[str], values: list[str]) -> str:
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values) or "null"
    return " or ".join(f"{column} in ({listed})" for column in columns)


def _say_stale(workspace: Workspace) -> None:
    """Tell the next run that it cannot build on the last one."""
    with workspace.store.write("note that the last run is out of date") as tx:
        tx.append("runs", stale_run())


def _said(gone: dict[str, int]) -> str:
    parts = [f"{plural(count, 'row')} of {table}" for table, count in gone.items() if count]
    return "Deleted for good: " + (", ".join(parts) or "nothing was there") + "."
