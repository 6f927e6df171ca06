"""What a child has in common with other children: people, places, phones, handles, accounts, lines, online spaces.

What very many share, such as a large station, connects nobody: it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from trigpoint.errors import NotFoundError
from trigpoint.services.current import show_current
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


HELD = """
    create or replace temp table connections_held as
    with
    own as (select e.*, l.child_key from events e join links l using (record_id)),
    held as (
        select e.child_key, m.kind as thing,
            case when m.kind = 'person' then coalesce(o.child_key, m.value) else m.value end as value,
            e.kind, e.agency, e.happened_at::date as on_day
        from mentions m join own e using (event_id) left join links o on o.record_id = m.value
        union all
        select child_key, 'place', coalesce(nullif(concat_ws(', ', place_name, postcode), ''), place_id), kind, agency,
            happened_at::date
        from own where place_id is not null
        union all
        select l.child_key, 'phone', r.phone, null, r.agency, r.learnt_at::date
        from (select record_id, agency, learnt_at, unnest(phones) as phone from records where len(phones) > 0) r
        join links l using (record_id)
        union all
        select l.child_key, 'person', l.child_key, null, r.agency, r.learnt_at::date
        from records r join links l using (record_id))
    select h.* from held h
    semi join (select distinct thing, value from held where child_key = $child) mine
        on mine.thing = h.thing and mine.value = h.value
"""
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


def find_connections(workspace: Workspace, child_key: str, *, at_most: int = AT_MOST) -> list[Shared]:
    """What `child_key` shares with others, by kind and value: its own row first, then one for each other child.

    Raises NotFoundError where there is no such child.
    """
    show_current(workspace)
    workspace.store.scan(workspace.con, "links")
    if not workspace.con.execute("select 1 from links where child_key = ? limit 1", [child_key]).fetchone():
        raise NotFoundError(f"There is no child '{child_key}'.")
    workspace.con.execute(HELD, {"child": child_key})
    rows = arrow(workspace.con, CONNECTIONS, {"child": child_key, "most": at_most}).to_pylist()
    return [_shared(row) for row in rows]


def _shared(row: dict[str, Any]) -> Shared:
    return Shared(**row | {"kinds": tuple(row["kinds"] or ()), "agencies": tuple(row["agencies"])})
