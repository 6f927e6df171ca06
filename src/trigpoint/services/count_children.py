"""Count what is known, and make the counts that may leave fit to leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.counts import DFE, PUBLISHED, Published, Rule, known, protect, to_publish
from trigpoint.counts.drawn import shown_limits
from trigpoint.records.tables import FIXED
from trigpoint.services.answer_all import last_day
from trigpoint.services.current import show_current
from trigpoint.services.describe_children import describe_children
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.release_ledger import Release, as_earlier, published_before
from trigpoint.services.workspace import Workspace


def count_children(
    workspace: Workspace, *, as_at: date, also: Mapping[str, pa.Table] | None = None, progress: Progress = SILENT
) -> Published:
    """Count, protect beside all that was published before, and keep the published form in the store; return it.

    `also` are further counted tables that leave with these, and so pass the gate together with them.
    Needs the views of `show_current` and the table `children`. Leaves every counted table, unprotected, in the
    working database as `counted_<name>`: those are for the partnership itself and are not kept.
    """
    progress.stage("Counting children")
    published = protect_counts(workspace, as_at=as_at, also=also or {})
    _keep(workspace, published, compared=published_before(workspace, as_at=as_at))
    progress.step(f"{plural(len(published.tables), 'table')} fit to publish; {published.note}")
    return published


def protect_counts(workspace: Workspace, *, as_at: date, also: Mapping[str, pa.Table]) -> Published:
    """Count, and protect what may leave beside every release that was published over a time that overlaps.

    A run, the report and a release all count by this, and so show the same of each cell. Needs and leaves the same as
    `count_children`, and keeps nothing.
    """
    con, partnership = workspace.con, workspace.partnership
    for table in ("findings", "proposals", "links", "coverage"):
        workspace.store.scan(con, table)
    tables = known(
        con, since=partnership.period.from_on, as_at=as_at, apart=[area.code for area in partnership.areas[:1]]
    )
    lay_out(workspace, tables)
    leave = {**to_publish(tables), **dict(sorted(also.items()))}
    before = published_before(workspace, as_at=as_at)
    return protect(leave, rule_of(workspace), earlier=as_earlier(workspace, before, now=leave))


def lay_out(workspace: Workspace, tables: Mapping[str, pa.Table]) -> None:
    """Counted tables, unprotected, as `counted_<name>` in the working database."""
    for name, table in tables.items():
        workspace.con.register("counted_now", table)
        workspace.con.execute(f'create or replace temp table "counted_{name}" as select * from counted_now')
        workspace.con.unregister("counted_now")


def rule_of(workspace: Workspace) -> Rule:
    """The rule of the Department for Education, or that rule with the partnership's own numbers and name."""
    settings = workspace.partnership.counts
    rule = replace(DFE, hide_to=settings.suppress_up_to, round_totals_to=settings.round_totals_to)
    return rule if rule == DFE else replace(rule, name=f"{DFE.name} (changed by this partnership)")


def _keep(workspace: Workspace, published: Published, *, compared: Sequence[Release]) -> None:
    schema = FIXED["published"]
    table = pa.concat_tables([PUBLISHED.empty_table(), *published.tables.values()])
    places = pa.array(range(len(table)), pa.int64())
    note = {"note": str(published.note), **_made_by(workspace, compared)}
    with workspace.store.write("keep the published counts") as tx:
        tx.replace("published", table.append_column("place", places).cast(schema))
        tx.replace("published_notes", pa.Table.from_pylist([note], schema=FIXED["published_notes"]))


def _made_by(workspace: Workspace, compared: Sequence[Release]) -> dict[str, Any]:
    """What a published form hangs on beside the counts: the rule, and the releases that it was compared with."""
    return {"rule": repr(rule_of(workspace)), "compared": [one.name for one in compared]}


@dataclass(frozen=True)
class Kept:
    """The published form of the last run as it is kept: tables (`counts.PUBLISHED`) by name, and what was done."""

    tables: dict[str, pa.Table]
    note: str


def published_now(workspace: Workspace) -> Kept:
    """The published form that the last run kept, or, where its rule was changed or something was released since, that
    made anew. Raises NotFoundError where no run has finished."""
    as_at = last_day(workspace)
    notes = workspace.store.read("published_notes").to_pylist()
    now = _made_by(workspace, published_before(workspace, as_at=as_at))
    if not notes or any(notes[0][name] != value for name, value in now.items()):
        show_children(workspace, as_at=as_at)
        published = count_children(workspace, as_at=as_at, also=also_now(workspace))
        return Kept(published.tables, str(published.note))
    kept = workspace.store.read("published").sort_by("place")
    names = pc.unique(kept["table"]).to_pylist()
    return Kept(
        {name: kept.filter(pc.equal(kept["table"], name)).select(PUBLISHED.names) for name in names}, notes[0]["note"]
    )


def show_children(workspace: Workspace, *, as_at: date) -> None:
    """What counting needs: the views of what is current, the links, and the table `children`."""
    show_current(workspace)
    workspace.store.scan(workspace.con, "links")
    describe_children(workspace, as_at=as_at)


def keep_also(workspace: Workspace, also: Mapping[str, pa.Table]) -> None:
    """Keep further counted tables for the last run, so that whoever publishes its counts again has them too."""
    run_no, schema = last_run(workspace), FIXED["counted_also"]
    tables = [table.append_column("run_no", pa.array([run_no] * len(table), pa.int64())) for table in also.values()]
    with workspace.store.write("keep further counts") as tx:
        tx.replace("counted_also", pa.concat_tables([schema.empty_table(), *(table.cast(schema) for table in tables)]))


def also_now(workspace: Workspace) -> dict[str, pa.Table]:
    """The further counted tables kept for the last run, by name."""
    kept = workspace.store.read("counted_also")
    kept = kept.filter(pc.equal(kept["run_no"], last_run(workspace))).drop_columns(["run_no"])
    names = pc.unique(kept["table"]).to_pylist()
    return {name: kept.filter(pc.equal(kept["table"], name)) for name in names}


def keep_limits(workspace: Workspace, published: Published, moved: pa.Table, *, draws: int) -> None:
    """Keep how far unsure links move published numbers (`counts.drawn.LIMITS`), in the form that may leave.

    They belong to the last run; after another one they are no longer shown.
    """
    shown = {
        (name, row["row_value"], row["column_value"]): row
        for name, table in published.tables.items()
        for row in table.to_pylist()
        if row["layer_value"] is None
    }
    rows, rule, run_no = [], published.note.rule, last_run(workspace)
    for cell in moved.to_pylist():
        at = (cell["table"], cell["row_value"], cell["column_value"])
        if (row := shown.get(at)) is None:
            continue
        below, above = cell["count"] - cell["low"], cell["high"] - cell["count"]
        found = shown_limits(row["shown"], row["why"], below=below, above=above, rule=rule)
        if found is not None:
            rows.append(dict(zip(FIXED["count_limits"].names, (*at, *found, draws, run_no), strict=True)))
    with workspace.store.write("keep how far links move the published counts") as tx:
        tx.replace("count_limits", pa.Table.from_pylist(rows, schema=FIXED["count_limits"]))


def limits_now(workspace: Workspace) -> dict[tuple[str, str, str], tuple[str, str]]:
    """The limits kept for the last run, by table, row and column; none where it was not asked since."""
    run_no = last_run(workspace)
    rows = workspace.store.read("count_limits").to_pylist()
    return {
        (row["table"], row["row_value"], row["column_value"]): (row["low"], row["high"])
        for row in rows
        if row["run_no"] == run_no
    }


def last_run(workspace: Workspace) -> int:
    """The number of the last run; 0 where there is none."""
    return max(workspace.store.read("runs", columns=["run_no"])["run_no"].to_pylist(), default=0)
