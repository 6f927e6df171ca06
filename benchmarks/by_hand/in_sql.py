"""The ten in DuckDB SQL."""

from __future__ import annotations

DAY = 86_400

# The nearest later hit is the tightest window: an event is evidence where it lies within it.
RECENT = """
    with chosen as ({chosen}),
    judged as (select *, {hit} as hit from chosen window w as (partition by child_key order by t {frame})),
    near as (
        select child_key, event_id, t,
            min(case when hit then t end) over (
                partition by child_key order by t range between current row and unbounded following) as next_hit
        from judged)
    select child_key, list(event_id order by event_id) as event_ids from near where next_hit - t <= {within} group by 1
"""

MISSING_THREE_TIMES = RECENT.format(
    chosen="select child_key, event_id, t from events where kind = 'missing'",
    hit=f"coalesce(t - lag(t, 2) over w <= {90 * DAY}, false)",
    frame="",
    within=90 * DAY,
)

FOUND_IN_THREE_PLACES = RECENT.format(
    chosen="select child_key, event_id, t, place_id from events where kind = 'found'",
    hit="count(distinct place_id) over w >= 3",
    frame=f"range between {180 * DAY} preceding and current row",
    within=180 * DAY,
)

THREE_AGENCIES = RECENT.format(
    chosen="""select child_key, event_id, t, agency from events where kind in ('missing', 'arrest',
        'victim_of_violence', 'concern_noted', 'suspension', 'ae_attendance', 'mule_account_suspected',
        'online_contact', 'intelligence')""",
    hit="count(distinct agency) over w >= 3",
    frame=f"range between {90 * DAY} preceding and current row",
    within=90 * DAY,
)

SECOND_PHONE_AND_WITHDRAWAL = RECENT.format(
    chosen="""select child_key, event_id, t, about = 'second_phone' as phone from events
        where kind = 'concern_noted' and about in ('second_phone', 'isolation', 'change_in_behaviour', 'fear')""",
    hit="bool_or(phone) over w and not bool_and(phone) over w",
    frame=f"range between {90 * DAY} preceding and current row",
    within=90 * DAY,
)

FOUND_FAR_FROM_HOME = """
    with found as (select child_key, event_id, t, easting, northing from events
                   where kind = 'found' and easting is not null),
    home as (select child_key, t, event_id, easting, northing from events where kind = 'home'),
    placed as (
        select f.event_id, arg_max({'id': p.event_id, 'easting': p.easting, 'northing': p.northing},
                                   (p.t, p.event_id)) as base
        from found f join events p on p.child_key = f.child_key and p.kind = 'placement'
            and f.t between p.t and coalesce(p.t_end, 9e15::bigint)
        group by 1),
    first_home as (
        select child_key, arg_min({'id': event_id, 'easting': easting, 'northing': northing}, t) as base
        from home group by 1),
    based as (
        select f.*, coalesce(p.base,
            case when h.event_id is not null
                 then {'id': h.event_id, 'easting': h.easting, 'northing': h.northing} end, o.base) as base
        from found f left join placed p using (event_id)
        asof left join home h on h.child_key = f.child_key and h.t <= f.t
        left join first_home o on o.child_key = f.child_key)
    select child_key, list_sort(list_distinct(flatten(list([event_id, base.id])))) as event_ids from based
    where round(sqrt((easting - base.easting)::bigint ** 2 + (northing - base.northing)::bigint ** 2)) >= 30000
    group by 1
"""

# Exclusions are dated without a time of day, so what comes surely after one begins with the next day.
EXCLUDED_THEN_MISSING = f"""
    with excluded as (
        select child_key, t, t + {DAY} as over, max(event_id) as event_id from events
        where kind in ('suspension', 'permanent_exclusion') group by all),
    pairs as (
        select m.child_key, m.event_id as missing, x.event_id as excluded
        from (select child_key, event_id, t from events where kind = 'missing') m
        asof join excluded x on x.child_key = m.child_key and x.over <= m.t
        where m.t - x.t <= {30 * DAY})
    select child_key, list_sort(list_distinct(flatten(list([missing, excluded])))) as event_ids from pairs group by 1
"""

NO_RETURN_INTERVIEW = f"""
    select child_key, list(event_id order by event_id) as event_ids
    from (select child_key, event_id, t from events
          where kind = 'found' and t >= $recent and t + {3 * DAY} <= $as_at) f
    where not exists (
        select 1 from events i where i.kind in ('return_interview_offered', 'return_interview')
        and i.child_key = f.child_key and i.t between f.t and f.t + {3 * DAY})
    group by 1
"""

ATTENDANCE_FELL = f"""
    with seen as (select child_key, event_id, t, percent from events
                  where kind = 'attendance' and percent is not null),
    judged as (
        select *, count(*) over w >= 2
            and count(*) over w * percent <= sum(percent) over w - 20 * count(*) over w as hit
        from seen
        window w as (partition by child_key order by t range between {180 * DAY} preceding and 1 preceding)),
    near as (
        select child_key, event_id, hit, max(hit) over (
            partition by child_key order by t range between 1 following and {180 * DAY} following) as before
        from judged)
    select child_key, list(event_id order by event_id) as event_ids from near where hit or before group by 1
"""

MISSING_WITH_ANOTHER_CHILD = """
    with found as (select child_key, event_id, t, place_id from events
                   where kind = 'found' and place_id is not null),
    pairs as (
        select a.child_key, a.event_id, b.event_id as other, b.child_key as friend
        from found a join found b on a.place_id = b.place_id and a.child_key <> b.child_key
            and b.t between a.t - 43200 and a.t + 43200)
    select child_key, list_sort(list_distinct(flatten(list(event_ids)))) as event_ids from (
        select child_key, list_append(list(other), event_id) as event_ids from pairs
        group by child_key, event_id having count(distinct friend) <= 10)
    group by 1
"""

PHONE_SHARED = """
    with held as (select distinct value, child_key from mentions where kind = 'phone'),
    rare as (select value from held group by 1 having count(*) between 2 and 11),
    told as (select m.child_key, m.event_id, m.value from mentions m semi join rare using (value)
             where m.kind = 'phone' and m.event_id is not null),
    here as (select t.* from told t join events e using (event_id)
             where e.kind in ('arrest', 'stop_search', 'missing', 'found', 'intelligence', 'concern_noted')),
    shared as (
        select child_key, event_id from here
        union select h.child_key, o.event_id from here h
        join told o on o.value = h.value and o.child_key <> h.child_key)
    select child_key, list(event_id order by event_id) as event_ids from shared group by 1
"""

BY_INDICATOR = {
    "missing_three_times_in_90_days": MISSING_THREE_TIMES,
    "found_in_three_places": FOUND_IN_THREE_PLACES,
    "three_agencies_in_90_days": THREE_AGENCIES,
    "second_phone_and_withdrawal": SECOND_PHONE_AND_WITHDRAWAL,
    "found_far_from_home": FOUND_FAR_FROM_HOME,
    "excluded_then_missing": EXCLUDED_THEN_MISSING,
    "missing_no_return_interview": NO_RETURN_INTERVIEW,
    "attendance_fell": ATTENDANCE_FELL,
    "missing_with_another_child": MISSING_WITH_ANOTHER_CHILD,
    "phone_shared_with_another_child": PHONE_SHARED,
}
