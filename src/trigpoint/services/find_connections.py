"""What a child has in common with other children: people, places, phones, handles, accounts, lines, online spaces.

What very many share, such as a large station, connects nobody: it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from trigpoint.errors import NotFoundError
from trigpoint.services.current import show_current
from trigpoint.services.keep_timelines import KEPT_NOW, Standing, attach_timelines
from trigpoint.services.workspace import Workspace, arrow

AT_MOST = 10  # other children; a thing that more of them share says nothing of any two


@dataclass(frozen=True)
class Shared:
    """One thing, and one child who has it. `kinds` are the kinds of event that say so, empty where a record does.

    `kind` is a kind of mention of the pack, or "place". `value` is as records keep it: an address of a place, a
    number, and for a person the child key where the person is a child of the partnership.
    """

    kind: str
    value: str
    child_key: str
    kinds: tuple[str, ...]
    agencies: tuple[str, ...]
    times: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Connected:
    """What a child shares with others: its own row of each thing first, then one for each other child.

    `older`: read from what was kept ready before the newest rows came, which are left out.
    """

    rows: list[Shared]
    older: bool = False


# What the child has, by the words of its own rows.
MINE = """
    create or replace temp table connections_mine as
    with own as (select * from child_events where child_key = $child)
    select distinct thing, value from (
        select thing, value from named semi join own using (event_id)
        union all select 'place', {place} from own where place_id is not null
        union all select 'phone', unnest(phones) from child_records where child_key = $child
        union all select 'person', child_key from child_records where child_key = $child)
"""
# Who has one of those things, and how it is known.
HELD = """
    create or replace temp table connections_held as
    with
    told as (select * from named semi join connections_mine using (thing, value)),
    placed as (
        select child_key, 'place' as thing, {place} as value, kind, agency, happened_at::date as on_day
        from child_events where place_id is not null),
    rung as (
        select child_key, 'phone' as thing, unnest(phones) as value, null as kind, agency, learnt_at::date as on_day
        from child_records where len(phones) > 0)
    select e.child_key, t.thing, t.value, e.kind, e.agency, e.happened_at::date as on_day
    from told t join child_events e using (event_id)
    union all select * from placed semi join connections_mine using (thing, value)
    union all select * from rung semi join connections_mine using (thing, value)
    union all
    select child_key, 'person', child_key, null, agency, learnt_at::date from child_records
    where child_key in (select value from connections_mine where thing = 'person')
"""
PLACE = "coalesce(nullif(concat_ws(', ', place_name, postcode), ''), place_id)"
VIEWS = {
    "child_events": "select e.*, l.child_key from events e join links l using (record_id)",
    "child_records": "select r.*, l.child_key from records r join links l using (record_id)",
    "named": """
        select m.event_id, m.kind as thing,
            case when m.kind = 'person' then coalesce(l.child_key, m.value) else m.value end as value
        from raw_mentions m left join links l on l.record_id = m.value""",
}
KEPT_VIEWS = {
    "links": "from kept.links",
    "raw_mentions": "from kept.mentions",
    "child_events": f"select * rename (of_child as child_key) from {KEPT_NOW.format(table='events')}",
    "child_records": f"select * rename (of_child as child_key) from {KEPT_NOW.format(table='records')}",
    "named": VIEWS["named"],
}
CONNECTIONS = """
    with rare as (
        select thing, value from connections_held group by all
        having count(distinct child_key) between 2 and $most + 1)
    select h.thing as kind, h.value, h.child_key, list_sort(list(distinct h.kind) filter (h.kind is not null)) as kinds,
        list_sort(list(distinct h.agency)) as agencies, count(*) as times, min(on_day) as first_on,
        max(on_day) as last_on
    from connections_held h semi join rare r on r.thing = h.thing and r.value = h.value
    group by h.thing, h.value, h.child_key order by h.thing, h.value, h.child_key <> $child, h.child_key
"""


def find_connections(workspace: Workspace, child_key: str, *, at_most: int = AT_MOST, older: bool = False) -> Connected:
    """What `child_key` shares with others, by kind and value.

    With `older`, timelines kept before newer rows came will do. Raises NotFoundError where there is no such child.
    """
    con = workspace.con
    kept = _show(workspace, child_key, older=older)
    if not con.execute("select 1 from links where child_key = ? limit 1", [child_key]).fetchone():
        raise NotFoundError(f"There is no child '{child_key}'.")
    con.execute(MINE.format(place=PLACE), {"child": child_key})
    con.execute(HELD.format(place=PLACE))
    rows = arrow(con, CONNECTIONS, {"child": child_key, "most": at_most}).to_pylist()
    return Connected([_shared(row) for row in rows], older=kept == Standing.OLDER)


def _show(workspace: Workspace, child_key: str, *, older: bool) -> Standing | None:
    """The views that the queries read: over what is kept ready where it is, otherwise over the store."""
    views, kept = KEPT_VIEWS, attach_timelines(workspace, of_child=child_key, older=older)
    if kept is None:
        show_current(workspace)
        workspace.store.scan(workspace.con, "links")
        views = VIEWS
    for name, query in views.items():
        workspace.con.execute(f"create or replace temp view {name} as {query}")
    return kept


def _shared(row: dict[str, Any]) -> Shared:
    return Shared(**row | {"kinds": tuple(row["kinds"] or ()), "agencies": tuple(row["agencies"])})
