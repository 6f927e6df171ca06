"""Bring missing episodes into casework: each once, whoever tells of it, on the row on which somebody worked.

Which tellings are of one episode the core says, and it changes as extracts come. A row keeps its number and what people
wrote on it; the event under which it stands, and the tellings beside it, follow the run.
"""

from __future__ import annotations

from typing import Final

# Every telling of an episode, the one that is believed among them.
TELLINGS: Final = """
    create temp table in_tellings on commit drop as
    select c.id as child_id, i.event_id as episode, t.event_id, t.agency, t.opened_at, t.day_only
    from in_missing i join casework_child c on c.key = i.child_key
    cross join lateral (
        select i.event_id, i.agency, i.opened_at, i.day_only
        union all
        select a.event_id, a.agency, a.opened_at, a.day_only
        from jsonb_to_recordset(i.also_told) as a(event_id text, agency text, opened_at timestamp, day_only boolean)) t
"""
# What went from here to the core comes back as a telling of casework's own: it is the row from which it went.
CAME_BACK: Final = """
    with went as (
        select id, child_id, date_trunc('minute', opened_at at time zone 'Europe/London') as since,
            row_number() over (partition by child_id, date_trunc('minute', opened_at) order by id) as place
        from casework_missingepisode where origin <> 'run' and event_id is null),
    came as (
        select event_id, child_id, opened_at as since,
            row_number() over (partition by child_id, opened_at order by event_id) as place
        from in_tellings t where agency = 'casework'
          and not exists (select 1 from casework_missingepisode m where m.event_id = t.event_id))
    update casework_missingepisode m set event_id = came.event_id
    from went join came using (child_id, since, place) where m.id = went.id
"""
# Of rows that turn out to tell of one episode, that stands on which somebody worked.
CHOSEN: Final = """
    create temp table in_chosen on commit drop as
    select m.id, t.episode, worked, row_number() over (
        partition by t.episode order by worked desc, m.event_id = t.episode desc, m.id) as place
    from in_tellings t join casework_missingepisode m on m.event_id = t.event_id,
    lateral (select m.origin <> 'run' or m.closed_by_id is not null
        or exists (select 1 from response_returninterview r where r.episode_id = m.id) as worked) w
"""
NOT_CHOSEN: Final = """
    delete from casework_missingepisode m using in_chosen c where c.id = m.id and c.place > 1 and not c.worked
"""
RENAMED: Final = """
    update casework_missingepisode m set event_id = c.episode
    from in_chosen c where c.id = m.id and c.place = 1 and m.event_id <> c.episode
"""
MISSING: Final = """
    insert into casework_missingepisode (event_id, child_id, origin, agency, opened_at, opened_day_only, risk,
        from_place, from_easting, from_northing, found_at, found_place, found_easting, found_northing, found_with,
        told_interview, told_on, told_by, run_id)
    select i.event_id, c.id, 'run', i.agency, i.opened_at at time zone 'Europe/London', i.day_only,
        coalesce(i.risk, ''), coalesce(i.from_place, ''), i.from_easting, i.from_northing,
        i.found_at at time zone 'Europe/London', coalesce(i.found_place, ''), i.found_easting, i.found_northing,
        coalesce(i.found_with, ''), coalesce(i.interview, ''), i.interview_on, coalesce(i.interview_agency, ''), %(run)s
    from in_missing i join casework_child c on c.key = i.child_key
    on conflict (event_id) do update set child_id = excluded.child_id, risk = excluded.risk,
        found_at = excluded.found_at, found_place = excluded.found_place, found_easting = excluded.found_easting,
        found_northing = excluded.found_northing, found_with = excluded.found_with, run_id = excluded.run_id
    where casework_missingepisode.closed_by_id is null
      and (casework_missingepisode.child_id, casework_missingepisode.risk, casework_missingepisode.found_at,
           casework_missingepisode.found_place, casework_missingepisode.found_with)
        is distinct from (excluded.child_id, excluded.risk, excluded.found_at, excluded.found_place,
           excluded.found_with)
"""
# What extracts tell of the interview, and who else tells of the episode, follows the run, also where a person here
# ended it. Of a row that was written here the telling that is believed is another's; its own, come back, is not.
TOLD: Final = """
    with also as (
        select m.id, coalesce(jsonb_agg(jsonb_build_object('event_id', t.event_id, 'agency', t.agency,
                'opened_at', t.opened_at, 'day_only', t.day_only) order by t.opened_at, t.event_id)
            filter (where case when m.origin = 'run' then t.event_id <> t.episode else t.agency <> 'casework' end),
            '[]') as told
        from in_tellings t join casework_missingepisode m on m.event_id = t.episode group by m.id)
    update casework_missingepisode m
    set told_interview = coalesce(i.interview, ''), told_on = i.interview_on,
        told_by = coalesce(i.interview_agency, ''), also_told = a.told
    from in_missing i, also a where i.event_id = m.event_id and a.id = m.id
      and (m.told_interview, m.told_on, m.told_by, m.also_told)
        is distinct from (coalesce(i.interview, ''), i.interview_on, coalesce(i.interview_agency, ''), a.told)
"""
# An agency took the episode back, and nobody here has worked on it.
NOT_MISSING: Final = """
    delete from casework_missingepisode m
    where m.origin = 'run' and m.closed_by_id is null
      and not exists (select 1 from in_missing i where i.event_id = m.event_id)
      and not exists (select 1 from response_returninterview r where r.episode_id = m.id)
"""

EPISODES: Final = (TELLINGS, CAME_BACK, CHOSEN, NOT_CHOSEN, RENAMED, MISSING, TOLD, NOT_MISSING)
