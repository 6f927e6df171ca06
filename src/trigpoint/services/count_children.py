"""Count what is known, and make the counts that may leave fit to leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa

from trigpoint.counts import DFE, Published, Rule, known, protect, to_publish
from trigpoint.records.tables import FIXED
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace


def count_children(workspace: Workspace, *, as_at: date, progress: Progress = SILENT) -> Published:
    """Count, protect, and keep the published form in the store; return it.

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
    published = protect(to_publish(tables), _rule(workspace))
    _keep(workspace, published)
    progress.step(f"{plural(len(published.tables), 'table')} fit to publish; {published.note}")
    return published


def _rule(workspace: Workspace) -> Rule:
    """The rule of the Department for Education, or that rule with the partnership's own numbers and name."""
    settings = workspace.partnership.counts
    rule = replace(DFE, hide_to=settings.suppress_up_to, round_totals_to=settings.round_totals_to)
    return rule if rule == DFE else replace(rule, name=f"{DFE.name} (changed by this partnership)")


def _keep(workspace: Workspace, published: Published) -> None:
    schema = FIXED["published"]
    tables = [table.cast(schema) for table in published.tables.values()]
    with workspace.store.write("keep the published counts") as tx:
        tx.replace("published", pa.concat_tables(tables) if tables else schema.empty_table())
