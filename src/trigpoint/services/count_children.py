"""Count what is known, and make the counts that may leave fit to leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.counts import DFE, Published, Rule, known, protect, to_publish
from trigpoint.counts.drawn import shown_limits
from trigpoint.records.tables import FIXED
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace


def count_children(
    workspace: Workspace, *, as_at: date, also: Mapping[str, pa.Table] | None = None, progress: Progress = SILENT
) -> Published:
    """Count, protect, and keep the published form in the store; return it.

    `also` are further counted tables that leave with these, and so pass the gate together with them.
    Needs the views of `show_current` and the table `children`. Leaves every counted table, unprotected, in the
    working database as `counted_<name>`: those are for the partnership itself and are not kept.
    """
    progress.stage("Counting children")
    con, partnership = workspace.con, workspace.partnership
    for table in ("findings", "proposals", "links", "coverage"):
        workspace.store.scan(con, table)
    tables = known(
        con, since=partnership.period.from_on, as_at=as_at, apart=[area.code for area in partnership.areas[:1]]
    )
    for name, table in tables.items():
        con.register("counted_now", table)
        con.execute(f'create or replace temp table "counted_{name}" as select * from counted_now')
        con.unregister("counted_now")
    further = dict(sorted((also or {}).items()))
    published = protect({**to_publish(tables), **further}, rule_of(workspace))
    _keep(workspace, published)
    progress.step(f"{plural(len(published.tables), 'table')} fit to publish; {published.note}")
    return published


def rule_of(workspace: Workspace) -> Rule:
    """The rule of the Department for Education, or that rule with the partnership's own numbers and name."""
    settings = workspace.partnership.counts
    rule = replace(DFE, hide_to=settings.suppress_up_to, round_totals_to=settings.round_totals_to)
    return rule if rule == DFE else replace(rule, name=f"{DFE.name} (changed by this partnership)")


def _keep(workspace: Workspace, published: Published) -> None:
    schema = FIXED["published"]
    tables = [table.cast(schema) for table in published.tables.values()]
    with workspace.store.write("keep the published counts") as tx:
        tx.replace("published", pa.concat_tables(tables) if tables else schema.empty_table())


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
