"""Gather what the report shows from the store and the working database, already short."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa

from trigpoint import __version__
from trigpoint.counts import SYMBOLS
from trigpoint.report.data import COLUMNS, MOST, ReportData, Words
from trigpoint.rules.reading import read_indicators
from trigpoint.services.count_children import limits_now
from trigpoint.services.link_records import passed_over
from trigpoint.services.workspace import Workspace, arrow

# Missing now: an episode without an end that began in the last ninety days; an older one is more likely never closed.
SHOWN = """
    create or replace temp table shown_children as
    with
    missing_now as (
        select distinct l.child_key from events e join links l using (record_id)
        where e.kind = 'missing' and e.ended_at is null
            and e.happened_at < $as_at::timestamp + interval 1 day
            and e.happened_at > $as_at::timestamp - interval 90 day),
    newest as (select child_key, max(to_on) as newest_on from proposals group by child_key)
    select c.child_key, ({today} - {born}) // 10000 as age, c.sex, c.area, c.in_care,
        m.child_key is not null as missing_now, n.newest_on
    from newest n join children c using (child_key) left join missing_now m using (child_key)
    order by missing_now desc, n.newest_on desc, c.child_key limit {most}
"""
DAY = "(year({0}) * 10000 + month({0}) * 100 + day({0}))"

QUERIES = {
    "children": "select * from shown_children order by missing_now desc, newest_on desc, child_key",
    "proposals": """
        select proposal_id, child_key, form, from_on, to_on, why, what_would_change, online, overlap_cse
        from proposals semi join shown_children using (child_key) order by child_key, to_on desc, form, rule""",
    "reasons": """
        select p.proposal_id, f.indicator, f.version, f.sentence, f.from_on, f.to_on, f.agencies, f.sources
        from (select proposal_id, unnest(finding_ids) as finding_id
              from proposals semi join shown_children using (child_key)) p
        join findings f using (finding_id) order by p.proposal_id, f.from_on, f.indicator""",
    "seen_by": """
        select child_key, agency, list_sort(list(distinct kind)) as kinds, count(*)::bigint as events,
            min(happened_at)::date as first_on, max(happened_at)::date as last_on
        from events join links using (record_id) semi join shown_children using (child_key)
        group by child_key, agency order by child_key, agency""",
    "not_known": """
        select child_key, indicator, missing from unanswered semi join shown_children using (child_key)
        order by child_key, indicator""",
    "indicators": """
        select indicator, theme, agency, count(distinct child_key)::bigint as children
        from (select child_key, indicator, unnest(agencies) as agency from findings)
        join indicator_themes using (indicator) group by all order by all""",
    "trend": """
        select strftime(first_on, '%Y-%m') as month, form, count(*)::bigint as children
        from (select child_key, form, min(to_on) as first_on from proposals group by all)
        group by all order by all""",
    "found": """
        select e.easting, e.northing, c.easting as home_easting, c.northing as home_northing,
            e.happened_at::date as happened_on
        from events e join links l using (record_id) join children c using (child_key)
        where e.kind = 'found' and e.easting is not null and c.easting is not null
        order by e.happened_at desc, e.event_id limit {found}""",
    "recording": "select * from counted_recording_by_agency",
    "clusters": """
        select records, count(*)::bigint as children from children group by records order by records""",
    "bands": """
        select low as "from", low + 0.1 as "to", decision, count(*)::bigint as pairs from (
            select least(floor(e.probability * 10) / 10, 0.9) as low,
                case when a.child_key = b.child_key then 'joined'
                     when q.question_id is not null then 'asked' else 'parted' end as decision
            from edges e join links a on a.record_id = e.record_a join links b on b.record_id = e.record_b
            left join questions q on q.record_a = e.record_a and q.record_b = e.record_b)
        group by all order by all""",
    "attention": """
        select kind, reason, count(*)::bigint as questions
        from questions group by all order by questions desc, kind, reason""",
    "sources": """
        select source, any_value(agency) as agency, count(*)::bigint as files, max(received_at)::date as latest_on,
            sum(read)::bigint as read, sum(loaded)::bigint as loaded, sum(refused)::bigint as refused,
            sum(repeated)::bigint as repeated, sum(corrected)::bigint as corrected,
            sum(values_left_out)::bigint as values_left_out
        from raw_extracts join source_agencies using (source) group by source order by source""",
    "refusals": """
        select source, "column", reason, any_value(mend) as mend, count(*)::bigint as rows
        from refusals group by source, "column", reason
        order by rows desc, source, "column", reason limit {refusals}""",
}


def gather_report(workspace: Workspace, *, as_at: date, published: dict[str, pa.Table], note: str) -> ReportData:
    """The report's data. Needs the views of `show_current`, the table `children` and `counted_recording_by_agency`."""
    con, partnership = workspace.con, workspace.partnership
    for table in ("findings", "proposals", "unanswered", "links", "edges", "questions", "refusals"):
        workspace.store.scan(con, table)
    _name_things(workspace)
    con.execute(
        SHOWN.format(today=DAY.format("$as_at::date"), born=DAY.format("c.birth_on"), most=MOST["children"]),
        {"as_at": as_at},
    )
    tables = {name: _table(workspace, name) for name in QUERIES}
    return ReportData(
        partnership=partnership.name,
        as_at=as_at,
        made_at=datetime.now().replace(microsecond=0),
        invented=partnership.invented,
        records=_count(workspace, "select count(*) from links"),
        children_known=_count(workspace, "select count(*) from children"),
        events=_count(workspace, "select count(*) from events"),
        children_in_all=_count(workspace, "select count(distinct child_key) from proposals"),
        proposals_in_all=_count(workspace, "select count(*) from proposals"),
        words=_words(workspace),
        folder=partnership.folder.name,
        versions={"Trigpoint": __version__, "Terms": f"{partnership.pack.name} {partnership.pack.version}"},
        published=published,
        published_note=note,
        limits=limits_now(workspace),
        symbols=dict(SYMBOLS),
        passed_over=pa.Table.from_pylist(
            [
                {"shared": block.rule, "values": block.stopped_blocks, "pairs": block.pairs_left_out}
                for block in passed_over(workspace)
            ],
            schema=COLUMNS["passed_over"],
        ),
        **tables,
    )


def _table(workspace: Workspace, name: str) -> pa.Table:
    query = QUERIES[name].format(**MOST)
    return arrow(workspace.con, query).select(COLUMNS[name].names).cast(COLUMNS[name])


def _count(workspace: Workspace, query: str) -> int:
    [[number]] = workspace.con.execute(query).fetchall()
    return int(number)


def _name_things(workspace: Workspace) -> None:
    """Small tables that say which theme an indicator is of and which agency a source."""
    indicators = read_indicators(workspace.partnership.pack)
    themes = pa.table({"indicator": [one.id for one in indicators], "theme": [one.theme for one in indicators]})
    sources = workspace.partnership.sources
    agencies = pa.table({"source": [one.name for one in sources], "agency": [one.agency for one in sources]})
    for name, table in (("indicator_themes", themes), ("source_agencies", agencies)):
        workspace.con.register("named_things", table)
        workspace.con.execute(f"create or replace temp table {name} as select * from named_things")
        workspace.con.unregister("named_things")


def _words(workspace: Workspace) -> Words:
    partnership = workspace.partnership
    pack = partnership.pack
    return Words(
        forms={name: form.title for name, form in pack.forms.items()},
        indicators={one.id: one.title for one in read_indicators(pack)},
        themes={name: theme.title for name, theme in pack.themes.items()},
        agencies={name: agency.title for name, agency in pack.agencies.items()},
        agencies_plain={name: agency.plain or agency.title for name, agency in pack.agencies.items()},
        sources={one.name: one.title for one in partnership.sources},
        kinds={name: kind.title for name, kind in pack.kinds.items()},
        areas={area.code: area.name for area in partnership.areas},
    )
