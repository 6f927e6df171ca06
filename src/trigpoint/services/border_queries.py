"""The queries of the border, over the views that `read_border` makes. Their columns are its dataclasses' fields."""

from __future__ import annotations

from typing import Final

PREPARED: Final = (
    """create or replace temp table border_records as
    select l.child_key, r.agency, r.source, r.local_id, r.nhs_number, r.upn, r.learnt_at,
        coalesce(r.given_names, '') as given_names, coalesce(r.surname, '') as surname, r.other_names, r.area
    from records r join kept_links l using (record_id)""",
    """create or replace temp table border_names as
    with said as (
        select child_key, agency, given_names, surname, count(*) as rows, max(learnt_at) as latest
        from border_records where given_names <> '' or surname <> '' group by all
        union all
        select child_key, agency, unnest(other_names), '', 0, null from border_records where len(other_names) > 0)
    select child_key, list({'agency': agency, 'given_names': given_names, 'surname': surname}
        order by given_names = '' or surname = '', rows desc, latest desc, surname, given_names, agency) as names
    from (select child_key, agency, given_names, surname, sum(rows) as rows, max(latest) as latest
          from said group by all)
    group by child_key""",
    """create or replace temp table border_identifiers as
    with said as (
        select child_key, 'nhs' as scheme, nhs_number as value from border_records
        union select child_key, 'upn', upn from border_records
        union select child_key, source, local_id from border_records)
    select child_key, list({'scheme': scheme, 'value': value} order by scheme, value) as identifiers
    from said where value is not null group by child_key""",
)  # fmt: skip

CHILDREN: Final = """
    with homes as (
        select l.child_key, arg_max(e.area, (e.happened_at, e.event_id)) as home_area
        from events e join kept_links l using (record_id)
        where e.kind = 'home' and e.area <> 'elsewhere' group by l.child_key)
    select c.child_key, n.names, i.identifiers, c.birth_on, c.sex, c.ethnicity, c.disability, c.area, h.home_area,
        c.postcode, c.easting, c.northing, c.in_care, c.records, c.sources, c.agencies
    from kept_children c left join homes h using (child_key) left join border_names n using (child_key)
    left join border_identifiers i using (child_key)
    order by c.child_key
"""

# What casework itself sent back is no agency's involvement.
INVOLVEMENTS: Final = """
    with seen as (
        select l.child_key, e.agency, e.happened_at::date as day, case when e.kind = 'home' then e.area end as area
        from events e join kept_links l using (record_id)
        union all
        select child_key, agency, null, area from border_records)
    select child_key, agency, min(day) as since, max(day) as last_on,
        coalesce(list_sort(list(distinct area) filter (area <> 'elsewhere')), []) as areas
    from seen where agency <> 'casework' group by all order by child_key, agency
"""

CITATIONS: Final = """
    with kinds as (
        select f.finding_id, list_sort(list(distinct e.kind)) as kinds
        from (select finding_id, unnest(event_ids) as event_id from kept_findings) f join events e using (event_id)
        group by all)
    select f.finding_id, f.child_key, f.indicator, f.version, f.sentence, f.from_on, f.to_on, f.agencies, f.sources,
        coalesce(k.kinds, []) as kinds, f.event_ids
    from kept_findings f left join kinds k using (finding_id)
    where f.child_key in (select child_key from kept_children) order by f.child_key, f.finding_id
"""

PROPOSALS: Final = """
    select proposal_id, child_key, form, rule, rule_version, why, coalesce(what_would_change, '') as what_would_change,
        online, overlap_cse, from_on, to_on, agencies, sources, finding_ids
    from kept_proposals where child_key in (select child_key from kept_children) order by child_key, proposal_id
"""

NOT_KNOWN: Final = """
    select child_key, indicator, version, missing from kept_unanswered
    where child_key in (select child_key from kept_children) order by child_key, indicator
"""

QUESTIONS: Final = """
    select question_id, kind, record_a, record_b, a.child_key as child_a, b.child_key as child_b, reason
    from kept_questions q
    join kept_links a on a.record_id = q.record_a join kept_links b on b.record_id = q.record_b
    order by question_id
"""

SUCCESSIONS: Final = """
    select "at", old_key, new_key, why, old_key not in (select child_key from kept_children) as gone
    from kept_successions order by "at", old_key, new_key
"""

# What is told of an episode: by the telling that is believed, or else by the earliest of the others that says it.
TOLD: Final = ",\n            ".join(
    f"arg_min({name}, (again, opened_at, event_id)) filter ({name} is not null) as {name}"
    for name in (
        *("agency", "opened_at", "day_only", "risk", "from_place", "from_easting", "from_northing"),
        *("found_at", "found_place", "found_easting", "found_northing", "found_with"),
    )
)
# One row an episode. Several sources may tell of one (`border_episodes`): the telling that is believed gives when it
# began; what it leaves out is taken from the others, and so is the time of a day that it gives without one.
# The same row of an extract tells of going missing and of being found.
MISSING: Final = """
    with found as (
        select row_id, any_value(happened_at) as found_at, any_value(coalesce(place_name, postcode)) as found_place,
            any_value(easting) as found_easting, any_value(northing) as found_northing,
            any_value(found_with) as found_with
        from events where kind = 'found' group by row_id),
    -- Where the child lived then: the placement, or else the home. Systems often name the parents' home alone.
    lived as (
        select m.event_id, arg_max((b.easting, b.northing), (b.kind = 'placement', b.happened_at, b.event_id)) as at
        from events m join kept_links l using (record_id)
        join kept_links k using (child_key) join events b on b.record_id = k.record_id
        where m.kind = 'missing' and b.kind in ('placement', 'home') and b.easting is not null
          and b.happened_at <= m.happened_at and (b.ended_at is null or m.happened_at <= b.ended_at)
        group by m.event_id),
    tellings as (
        select coalesce(b.first, m.event_id) as episode, b.first is not null and b.first <> m.event_id as again,
            m.event_id, l.child_key, m.agency, m.happened_at as opened_at, m.day_only, m.risk,
            coalesce(m.place_name, m.postcode) as from_place,
            coalesce(v.at[1], m.easting) as from_easting, coalesce(v.at[2], m.northing) as from_northing,
            coalesce(m.ended_at, f.found_at) as found_at, f.found_place, f.found_easting, f.found_northing,
            f.found_with
        from events m join kept_links l using (record_id) left join found f using (row_id)
        left join lived v using (event_id) left join border_episodes b using (event_id)
        where m.kind = 'missing' and l.child_key in (select child_key from kept_children)),
    together as (
        select episode, any_value(child_key) as child_key,
            {told},
            coalesce(list({'event_id': event_id, 'agency': agency, 'opened_at': opened_at, 'day_only': day_only}
                order by opened_at, event_id) filter (again), []) as also
        from tellings group by episode),
    timed as (
        select g.episode,
            min(t.opened_at) filter (not t.day_only and t.opened_at::date = g.opened_at::date) as opened_at,
            min(t.found_at) filter (t.found_at::time > time '00:00' and t.found_at::date = g.found_at::date) as found_at
        from together g join tellings t using (episode) where len(g.also) > 0 group by g.episode),
    episodes as (
        select g.* replace (
            case when g.day_only then coalesce(w.opened_at, g.opened_at) else g.opened_at end as opened_at,
            g.day_only and w.opened_at is null as day_only,
            case when g.found_at::time = time '00:00' then coalesce(w.found_at, g.found_at) else g.found_at end
                as found_at), g.episode as event_id
        from together g left join timed w using (episode)),
    -- What any agency's extract tells of an interview after this return and before the child went missing again.
    told as (
        select l.child_key, e.happened_at, e.agency,
            case when e.kind = 'return_interview' then 'held' when e.accepted = 'no' then 'declined' else 'offered' end
                as what
        from events e join kept_links l using (record_id)
        where e.kind in ('return_interview', 'return_interview_offered') and e.agency <> 'casework'),
    interviewed as (
        select m.event_id, arg_min(
            {'what': t.what, 'on': cast(t.happened_at as date), 'agency': t.agency},
            (case t.what when 'held' then 1 when 'declined' then 2 else 3 end, t.happened_at, t.agency)) as interview
        from episodes m join told t using (child_key)
        where cast(t.happened_at as date) >= cast(m.found_at as date)
          and t.happened_at < m.found_at + interval 30 days
          and not exists (select 1 from episodes n where n.child_key = m.child_key
                          and n.opened_at > m.found_at and n.opened_at <= t.happened_at)
        group by m.event_id)
    select m.* exclude (episode), i.interview.what as interview, i.interview.on as interview_on,
        i.interview.agency as interview_agency
    from episodes m left join interviewed i using (event_id)
    order by m.child_key, m.opened_at, m.event_id
""".replace("{told}", TOLD)
