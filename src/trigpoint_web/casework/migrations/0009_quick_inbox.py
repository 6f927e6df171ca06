"""All lists of the inbox asked at once: ids in order, looked for among all that wait, walled where something was found.

A marker's standing is worked out of its steps. Under row-level security each step is first asked whether the person may
see it; of thousands of markers few are due. So the functions look for what is due, and then ask of those few.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.running.roles import WEB_ROLE

# Whether a child passes what the inbox is narrowed to, and the person sees it whole.
PASSES = """
    exists (select 1 from casework_child c where c.id = {child} and c.current
        and (of_area is null or c.area_id = of_area)
        and (of_team is null
             or exists (select 1 from accounts_team_areas t where t.team_id = of_team and t.area_id = c.area_id))
        and (of_agency is null
             or exists (select 1 from casework_involvement i where i.child_id = c.id and i.agency_id = of_agency)))
    and exists (select 1 from casework_visible v where v.child_id = {child} and v.whole)
"""
HEAD = "language plpgsql stable security definer\nset search_path = public, pg_temp set plan_cache_mode = force_generic_plan"
# Markers whose review is due or that run out by a day; or, `disputes`, those that somebody says are wrong.
MARKERS = f"""
create function casework_waiting_markers(
    disputes boolean, soon date, of_form text, of_area bigint, of_agency bigint, of_team bigint, most integer,
    skip integer)
returns table (marker_id bigint)
{HEAD} as $$
begin
    return query
    with due as materialized (
        select m.marker_id, m.child_id, case when disputes then m.last_at else m.review_on::timestamptz end as since
        from casework_markerstanding m
        where (disputes and m.disputed)
           or (not disputes and (m.review_due or (m.status = 'set' and m.expires_on <= soon))
               and (of_form is null or m.form = of_form)))
    select d.marker_id from due d where {PASSES.format(child="d.child_id")}
    order by d.since, d.marker_id offset skip limit most;
end $$;
"""
# Children missing now; or, `back` since a day, those whose return interview nothing settles. `tells`: extracts count.
EPISODES = f"""
create function casework_waiting_episodes(
    back timestamptz, tells boolean, of_area bigint, of_agency bigint, of_team bigint, most integer, skip integer)
returns table (episode_id bigint)
{HEAD} as $$
begin
    return query
    with away as materialized (
        select e.id, e.child_id, coalesce(e.found_at, e.opened_at) as since from casework_missingepisode e
        where (back is null and e.found_at is null)
           or (e.found_at >= back
               and not (tells and e.told_interview in ('held', 'declined', 'not_offered'))
               and not exists (select 1 from response_returninterview r
                               where r.episode_id = e.id and r.kind in ('held', 'declined', 'not_offered'))))
    select a.id from away a where {PASSES.format(child="a.child_id")}
    order by a.since, a.id offset skip limit most;
end $$;
"""
# The beginning of each list, by its name in addresses.
INBOX = f"""
create function casework_inbox(
    soon date, back timestamptz, tells boolean, of_form text, of_area bigint, of_agency bigint, of_team bigint,
    most integer)
returns table (list text, place bigint, id bigint)
{HEAD} as $$
begin
    return query
    select 'missing', w.place, w.id
    from casework_waiting_episodes(null, tells, of_area, of_agency, of_team, most, 0) with ordinality w(id, place)
    union all select 'proposals', w.place, w.id
    from casework_waiting(false, of_form, of_area, of_agency, of_team, most, 0) with ordinality w(id, place)
    union all select 'evidence', w.place, w.id
    from casework_waiting(true, of_form, of_area, of_agency, of_team, most, 0) with ordinality w(id, place)
    union all select 'interviews', w.place, w.id
    from casework_waiting_episodes(back, tells, of_area, of_agency, of_team, most, 0) with ordinality w(id, place)
    union all select 'reviews', w.place, w.id
    from casework_waiting_markers(false, soon, of_form, of_area, of_agency, of_team, most, 0)
        with ordinality w(id, place)
    union all select 'disputes', w.place, w.id
    from casework_waiting_markers(true, soon, of_form, of_area, of_agency, of_team, most, 0)
        with ordinality w(id, place)
    union all select 'identity', w.place, w.id
    from casework_waiting_questions(of_area, of_agency, of_team, most, 0) with ordinality w(id, place)
    where of_form is null;
end $$;
"""
NAMES = ("casework_waiting_markers", "casework_waiting_episodes", "casework_inbox")
GRANTS = "".join(
    f"revoke all on function {name} from public; grant execute on function {name} to {WEB_ROLE};" for name in NAMES
)


class Migration(migrations.Migration):
    """Functions that give ids."""

    dependencies: ClassVar = [("casework", "0008_interviews_told"), ("response", "0005_owners")]
    operations: ClassVar = [
        migrations.RunSQL(
            MARKERS + EPISODES + INBOX + GRANTS, "".join(f"drop function {name};" for name in reversed(NAMES))
        ),
    ]
