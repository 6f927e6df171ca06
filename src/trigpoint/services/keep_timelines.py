"""Timelines kept ready: the rows of the store once more, child by child, in a database beside it.

The store lies in the order in which extracts came, so that one child's timeline takes a look at every row of it. Where
timelines are opened all day, as casework does, they are kept ready. What is kept is used while it holds the very
versions that the store holds; pages also use it, and say so, until the next run is taken in. It goes with whatever is
forgotten.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb

from trigpoint.services.current import TABLES, show_as_known
from trigpoint.services.workspace import Workspace
from trigpoint.store.durable import as_store_error
from trigpoint.store.snapshot import Snapshot, text

FOLDER: Final = "timelines"
FORMAT: Final = 1
# A row belongs to a child with all its versions, also those that told of somebody else: by them one sees which counts.
KEPT: Final = {
    "links": "select * from raw_links order by child_key",
    "events": "select l.child_key as of_child, e.* from raw_events e join raw_links l using (record_id) order by 1",
    "records": "select l.child_key as of_child, r.* from raw_records r join raw_links l using (record_id) order by 1",
    "sightings": """
        with own as (
            select of_child, row_id from kept.records union select of_child, row_id from kept.events),
        versions as (select distinct o.of_child, s.row_key from raw_sightings s join own o using (row_id))
        select v.of_child, s.* from raw_sightings s join versions v using (row_key) order by 1""",
    "extracts": "select * from raw_extracts",
    "mentions": "select * from raw_mentions",
    "hidden_rows": "select * from hidden_rows",
}
OF_CHILD: Final = ("events", "records", "sightings")
KEPT_NOW: Final = "kept.{table} anti join kept.hidden_rows using (row_id)"


class Standing(StrEnum):
    """Whether newer rows came since timelines were kept."""

    NOW = "now"
    OLDER = "older"


def keep_timelines(workspace: Workspace) -> None:
    """Keep the timelines of what the store holds now, in the place of those before. Costs about a look at every row.

    Call it with the writer's turn (`open_workspace(folder, turn=…)`): what is forgotten meanwhile would come back.
    Raises StoreError where there is no room.
    """
    snapshot, con = workspace.store.snapshot(), workspace.con
    made = _file(workspace, snapshot)
    if made.is_file():
        return
    for table in (*TABLES, "links"):
        snapshot.scan(con, table, name=f"raw_{table}")
    show_as_known(con)
    made.parent.mkdir(exist_ok=True)
    half = made.with_suffix(".part")
    for left in made.parent.glob("*.part*"):  # of one that was broken off
        left.unlink()
    con.execute(f"attach {text(str(half))} as kept")
    try:
        for table, rows in KEPT.items():
            con.execute(f"create table kept.{table} as {rows}")
    except duckdb.Error as fault:
        raise as_store_error(fault, doing="keeping timelines ready", where=made.parent) from None
    finally:
        con.execute("detach kept")
    half.replace(made)
    for other in made.parent.iterdir():
        if other != made:
            other.unlink()


def forget_timelines(workspace: Workspace) -> None:
    """Remove what is kept: it holds names. Timelines are read from the store then."""
    shutil.rmtree(workspace.store.folder / FOLDER, ignore_errors=True)


def attach_timelines(workspace: Workspace, *, of_child: str | None = None, older: bool = False) -> Standing | None:
    """Open what is kept as the database `kept`, with the tables of KEPT. None where none is like the store.

    With `older`, what was kept before newer rows came will do, too: nothing that was forgotten since is in it. With
    `of_child`, only where that child is in it.
    """
    path, standing = _file(workspace, workspace.store.snapshot()), Standing.NOW
    if older and not path.is_file():
        path, standing = next(path.parent.glob(f"{FORMAT}-*.duckdb"), path), Standing.OLDER
    try:
        workspace.con.execute(f"attach if not exists {text(str(path))} as kept (read_only)")
    except duckdb.Error:  # none was made, or it went this moment
        return None
    there = "select 1 from kept.links where child_key = ? limit 1"
    if of_child is not None and not workspace.con.execute(there, [of_child]).fetchone():
        return None
    workspace.con.execute("set threads = 1")  # little is read: two would take a third more between them
    return standing


def show_kept(
    workspace: Workspace,
    child_key: str,
    *,
    known_at: datetime | None = None,
    older: bool = False,
    among: Callable[[], str] | None = None,
) -> Standing | None:
    """Make the views of `show_current`, and `links`, with one child's rows alone. None where they are not kept.

    `among` is called when the views of every version of all children are there, and names a relation with a child_key:
    then the rows of these children are shown, and the links of all.
    """
    standing = attach_timelines(workspace, of_child=child_key, older=older)
    if standing is None:
        return None
    con, of_one = workspace.con, f"where of_child = {text(child_key)}"
    for table in ("extracts", "mentions"):
        con.execute(f"create or replace view raw_{table} as from kept.{table}")
    links = "" if among else f"where child_key = {text(child_key)}"
    con.execute(f"create or replace view links as from kept.links {links}")
    if among:
        _show_rows(con, rows="")
        of_one = f"semi join {among()} on child_key = of_child"
    _show_rows(con, rows=of_one)
    show_as_known(con, known_at=known_at)
    return standing


def _show_rows(con: duckdb.DuckDBPyConnection, *, rows: str) -> None:
    for table in OF_CHILD:
        con.execute(f"create or replace view raw_{table} as select * exclude (of_child) from kept.{table} {rows}")


def show_kept_records(
    workspace: Workspace, *, of_child: str | None = None, of_records: Collection[str] = (), older: bool = False
) -> Standing | None:
    """Make the views `records` of `show_current` and `links` over all that is kept. None where nothing is.

    With `older`, as `attach_timelines`; with `of_records`, only where all of these are in it.
    """
    con, standing = workspace.con, attach_timelines(workspace, of_child=of_child, older=older)
    if standing is None:
        return None
    there = "select count(distinct record_id) from kept.records where list_contains(?, record_id)"
    if of_records and con.execute(there, [list(of_records)]).fetchall() != [(len(set(of_records)),)]:
        return None
    now = KEPT_NOW.format(table="records")
    con.execute(f"create or replace temp view records as select * exclude (of_child) from {now}")
    con.execute("create or replace view links as from kept.links")
    return standing


def _file(workspace: Workspace, snapshot: Snapshot) -> Path:
    """Where the timelines of that state are kept."""
    versions = "-".join(str(snapshot.versions.get(table, "none")) for table in (*TABLES, "links"))
    return workspace.store.folder / FOLDER / f"{FORMAT}-{versions}.duckdb"
