"""Whom new facts may concern: the children they are about, and those connected with them through place or identifier.

What is looked through is narrow: events at a place and events that mention something, few beside all events. Earlier
versions of rows count too: a correction may take away what two children shared. Whoever is found for nothing is
answered for again and given the same answers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb
import pyarrow as pa

from trigpoint.engines.duckdb.needs import Needs
from trigpoint.rules.tree import Indicator
from trigpoint.services.workspace import Workspace

TOLD_EVENTS = """
    create or replace temp table told_events as
    select l.child_key, e.event_id, case when list_contains($kinds::varchar[], e.kind) then e.place_id end as place_id,
        epoch(e.happened_at)::bigint as t
    from raw_events e join links l using (record_id)
    where (e.place_id is not null and list_contains($kinds::varchar[], e.kind))
       or e.event_id in (select event_id from raw_mentions)
"""

TOLD_VALUES = """
    create or replace temp table told_values as
    with mentioned as (
        select e.child_key, m.kind,
            case when m.kind = 'person' then coalesce(other.child_key, m.value) else m.value end as value
        from raw_mentions m join told_events e using (event_id) left join links other on other.record_id = m.value
        union
        select child_key, 'person', child_key from links
        union
        select l.child_key, 'phone', r.phone
        from (select record_id, unnest(phones) as phone from raw_records where len(phones) > 0) r
        join links l using (record_id))
    select * from mentioned where list_contains($kinds::varchar[], kind)
"""

NEAR = """
    create or replace temp table {found} as
    select child_key from {those} union
    select o.child_key from told_events o
    join (select distinct a.place_id, a.t from told_events a semi join {those} using (child_key)
          where a.place_id is not null) a
        on a.place_id = o.place_id and abs(o.t - a.t) <= {seconds}
"""

SHARING = """
    create or replace temp table {found} as
    select child_key from {those} union
    select child_key from told_values v
    semi join (select kind, value from told_values semi join {those} using (child_key)) s
        on s.kind = v.kind and s.value = v.value
"""


def find_neighbours(workspace: Workspace, indicators: Sequence[Indicator], changed: Collection[str]) -> list[str]:
    """The children to answer for again when facts of the children `changed` did, by key.

    Leaves the table `children_in_sight`: these, and all whom an engine must see to answer for them. Needs the views
    of `show_current`, `links` and the table `children`.
    """
    con, needs = workspace.con, _tell(workspace, indicators, changed)
    _connected(con, needs, those="children_changed", found="children_asked")
    _connected(con, needs, those="children_asked", found="children_in_sight")
    keys = con.execute("select child_key from children_asked semi join children using (child_key) order by child_key")
    return [key for (key,) in keys.fetchall()]


def see_around(workspace: Workspace, indicators: Sequence[Indicator], child_key: str) -> None:
    """Make the table `children_in_sight`: the child, and all whom an engine must see to answer for it.

    Needs the relations `raw_events`, `raw_mentions`, `raw_records` and `links`.
    """
    needs = _tell(workspace, indicators, [child_key])
    _connected(workspace.con, needs, those="children_changed", found="children_in_sight")


def _tell(workspace: Workspace, indicators: Sequence[Indicator], changed: Collection[str]) -> Needs:
    """Make the tables of what connects children, and of those who changed."""
    con, needs = workspace.con, Needs.of(indicators)
    con.execute(TOLD_EVENTS, {"kinds": sorted(needs.columns["place_id"]) if needs.together_seconds is not None else []})
    con.execute(TOLD_VALUES, {"kinds": sorted(needs.shared)})
    con.register("changed_given", pa.table({"child_key": pa.array(sorted(changed), pa.string())}))
    con.execute("create or replace temp table children_changed as select * from changed_given")
    con.unregister("changed_given")
    return needs


def _connected(con: duckdb.DuckDBPyConnection, needs: Needs, *, those: str, found: str) -> None:
    """Those, whoever was at a place near in time to one of them, and whoever holds what any of these mention."""
    con.execute(NEAR.format(found="children_near", those=those, seconds=needs.together_seconds or 0))
    con.execute(SHARING.format(found=found, those="children_near"))
