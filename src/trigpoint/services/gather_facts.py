"""The facts that engines and counts read: children, their current events, who mentions what, who covers what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from trigpoint.engines.duckdb.needs import Needs
from trigpoint.engines.retold import episodes_sql
from trigpoint.records.facts import Facts, last_second, seconds
from trigpoint.rules.sentence import attributes_in
from trigpoint.rules.tree import Indicator
from trigpoint.services.workspace import Workspace

# What several sources tell of is few beside all events: it is found first, and joined to them.
RETOLD = """(
    select l.child_key, e.event_id, e.kind, epoch(e.happened_at)::bigint as t,
        case when e.kind in ({spells}) then epoch(e.ended_at)::bigint end as t_end, e.source
    from events e join {links} l using (record_id) {among})
"""

EVENTS = """
    create or replace {what} fact_events as
    select l.child_key, e.event_id, e.kind, epoch(e.happened_at)::bigint as t,
        case when e.kind in ({spells}) then epoch(e.ended_at)::bigint end as t_end,
        e.source, e.agency, e.place_id, e.area, e.easting, e.northing, p.episode{attributes}
    from events e join links l using (record_id) left join fact_episodes p using (event_id) {among}
"""

# Mentions are few beside events: they are narrowed to the current ones by the events that are there already.
MENTIONS = """
    create or replace {what} fact_mentions as
    select e.child_key, m.event_id, m.kind,
        case when m.kind = 'person' then coalesce(other.child_key, m.value) else m.value end as value
    from raw_mentions m
    join (select event_id, child_key from fact_events) e using (event_id)
    left join links other on other.record_id = m.value
    union all
    select distinct child_key, null, 'person', child_key from links l {among}
    union all
    select distinct l.child_key, null, 'phone', r.phone
    from (select record_id, unnest(phones) as phone from records where len(phones) > 0) r
    join links l using (record_id) {among}
"""

COVERAGE = """
    create or replace temp table fact_coverage as
    select kind, area, epoch(from_on::timestamp)::bigint as from_t, epoch(to_on::timestamp)::bigint + 86399 as to_t
    from coverage
"""


def retold_sql(workspace: Workspace, *, among: str = "", links: str = "links") -> str:
    """A query of which events tell of one episode, and which is believed, as `engines.retold.episodes_sql` has it.

    Reads the view of current `events` and the relation `links`; `among` narrows them further.
    """
    partnership = workspace.partnership
    spells = ", ".join(f"'{kind.kind}'" for kind in partnership.pack.kinds.values() if kind.spell)
    told = RETOLD.format(links=links, among=among, spells=spells or "null")
    return episodes_sql(told, hours=partnership.pack.retold, sources=[one.name for one in partnership.sources])


def gather_facts(
    workspace: Workspace,
    *,
    as_at: date,
    children: str = "children",
    lasting: bool = True,
    among: str | None = None,
    indicators: Sequence[Indicator] | None = None,
) -> Facts:
    """Make the relations that an engine reads, from the views of `show_current`, `links` and `coverage`.

    `lasting` writes them out once, into the working database on disk (many indicators will read them); without it they
    are views, cheaper for one child. `among` names a relation with a child_key: then of these children alone. With
    `indicators` events have the attributes that these ask and say, and no others. The period is the partnership's, up
    to `as_at`.
    """
    con, partnership = workspace.con, workspace.partnership
    pack = partnership.pack
    what = "table" if lasting else "temp view"
    only = f"semi join {among} using (child_key)" if among else ""
    spells = [kind.kind for kind in pack.kinds.values() if kind.spell]
    lasting_kinds = ", ".join(f"'{kind}'" for kind in spells)
    con.execute(f"create or replace temp table fact_episodes as {retold_sql(workspace, among=only)}")
    con.execute(EVENTS.format(
        what=what,
        among=only,
        spells=lasting_kinds,
        attributes="".join(f', e."{name}"' for name in _attributes(workspace, indicators)),
    ))  # fmt: skip
    con.execute(MENTIONS.format(what=what, among=only))
    con.execute(COVERAGE)
    return Facts(
        children=children,
        events="fact_events",
        mentions="fact_mentions",
        coverage="fact_coverage",
        start_t=seconds(partnership.period.from_on),
        as_at_t=last_second(as_at),
        base_kinds=pack.base_kinds,
        spell_kinds=frozenset(spells),
        retold_kinds=frozenset(pack.retold),
    )


def _attributes(workspace: Workspace, indicators: Sequence[Indicator] | None) -> list[str]:
    every = list(workspace.partnership.pack.attributes)
    if indicators is None:
        return every
    wanted = {name for one in indicators for name in attributes_in(one.sentence)} | Needs.of(indicators).columns.keys()
    return [name for name in every if name in wanted]
