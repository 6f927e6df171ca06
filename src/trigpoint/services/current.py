"""The facts as they stand, or as they stood on a day: views that leave out corrected and withdrawn rows.

A row of an extract has versions: the first that was loaded, then every correction. The latest version that was
learnt by then counts; where that one is a withdrawal (no row id), none does. Rows that were never corrected,
nearly all, are not looked at for this.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from trigpoint.services.workspace import Workspace

TABLES = ("sightings", "extracts", "records", "events", "mentions")

HIDDEN_ROWS = """
    create or replace temp table hidden_rows as
    with
    changed_keys as (
        select row_key from raw_sightings
        where (source, feed) in (select (source, feed) from raw_extracts where corrected > 0)
           or (source, feed) in (select distinct (source, feed) from raw_sightings where row_id is null)
        group by row_key having count(*) > 1),
    versions as (
        select s.row_key, s.row_id, s.learnt_at, e.seq, s.row
        from raw_sightings s semi join changed_keys using (row_key)
        join raw_extracts e using (extract_id)),
    latest as (
        select row_key, arg_max(coalesce(row_id, ''), (learnt_at, seq, row)) as row_id
        from versions where learnt_at <= $known_at group by row_key)
    select distinct v.row_id from versions v anti join latest l on l.row_key = v.row_key and l.row_id = v.row_id
    where v.row_id is not null
"""

LATER = datetime(9999, 1, 1)


def show_current(workspace: Workspace, *, known_at: datetime | None = None) -> None:
    """Make the views `records`, `events` and `mentions` (current rows alone) in the working database.

    With `known_at`, they hold what any agency had learnt by that moment, corrections not yet made left out, and no
    spell ends later than that: whoever reads them then does not know yet how it ends. The tables with every version
    stand beside them as `raw_records` and so on.
    """
    for table in TABLES:
        workspace.store.scan(workspace.con, table, name=f"raw_{table}")
    show_as_known(workspace.con, known_at=known_at)


def show_as_known(con: duckdb.DuckDBPyConnection, *, known_at: datetime | None = None) -> None:
    """Make the views of `show_current` over tables with every version that are there already (`raw_records` …)."""
    con.execute(HIDDEN_ROWS, {"known_at": known_at or LATER})
    # The moment stands in the views as it is: to look it up, every row would go through a join.
    moment = f"timestamp '{known_at.isoformat(sep=' ')}'" if known_at else ""
    no_later_end = f"replace (case when ended_at <= {moment} then ended_at end as ended_at)"
    for table, replaced in (("records", ""), ("events", no_later_end if known_at else "")):
        learnt = f"where learnt_at <= {moment}" if known_at else ""
        _view(con, table, f"select * {replaced} from raw_{table} anti join hidden_rows using (row_id) {learnt}")
    _view(con, "mentions", "select * from raw_mentions semi join events using (event_id)")


def _view(con: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    con.execute(f"create or replace temp view {name} as {query}")
