"""What the dashboard counts, of all children whom the person sees together: whom that is, is worked out once.

Asked row by row, as the walls are, it took seconds with tens of thousands of children. Counts alone leave this function.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.running.roles import WEB_ROLE

# `counted` says what a row counts; `name` and `level` of what; `since`, `took` and `last_on` hold a moment, a length, a day.
COUNTS = f"""
create function response_dashboard(decided_since timestamptz)
returns table (counted text, name text, level text, number bigint, since timestamptz, took interval,
    last_on date)
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return query
    with
    mine as materialized (
        select c.id from casework_child c join casework_visible v on v.child_id = c.id and v.whole where c.current),
    markers as materialized (
        select m.* from casework_markerstanding m join mine on mine.id = m.child_id),
    decided as materialized (
        select p.child_id, p.form, d.verdict::text, d.at, r.registered_at from casework_proposaldecision d
        join casework_proposal p on p.id = d.proposal_id join casework_run r on r.id = p.run_id),
    waiting as materialized (
        select r.registered_at,
            exists (select 1 from markers m where m.child_id = p.child_id and m.form = p.form and m.status = 'set')
            or exists (select 1 from decided d where d.child_id = p.child_id and d.form = p.form) as known
        from casework_standingproposal s join casework_proposal p on p.id = s.proposal_id
        join casework_run r on r.id = p.run_id join mine on mine.id = p.child_id
        where not exists (select 1 from casework_proposaldecision d where d.proposal_id = p.id))
    select case when w.known then 'evidence' else 'proposals' end, '', '', count(*), min(w.registered_at),
        null::interval, null::date
    from waiting w group by 1
    union all
    select 'missing', '', '', count(*), null, null, null from casework_missingepisode e join mine on mine.id = e.child_id
    where e.found_at is null
    union all
    select 'reviews', '', '', count(*), null, null, null from markers m where m.review_due
    union all
    select 'disputes', '', '', count(*), null, null, null from markers m where m.disputed
    union all
    select 'marker', m.form::text, m.level::text, count(*), null, null, null from markers m
    where m.status = 'set' group by 2, 3
    union all
    select 'decided', d.verdict, '', count(*), null, null, null
    from decided d join mine on mine.id = d.child_id where d.at >= decided_since group by 2
    union all
    select 'deciding', '', '', count(*), null, percentile_cont(0.5) within group (order by d.at - d.registered_at), null
    from decided d join mine on mine.id = d.child_id where d.at >= decided_since
    union all
    select 'agency', i.agency_id::text, '', count(distinct i.child_id), null, null, max(i.last_on)
    from casework_involvement i join mine on mine.id = i.child_id group by 2
    union all
    select 'gap', kind::text, '', count(distinct n.child_id), null, null, null
    from casework_notknown n join mine on mine.id = n.child_id cross join lateral unnest(n.missing) kind group by 2;
end $$;
revoke all on function response_dashboard from public;
grant execute on function response_dashboard to {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """One function."""

    dependencies: ClassVar = [("response", "0005_owners"), ("casework", "0009_quick_inbox")]
    operations: ClassVar = [migrations.RunSQL(COUNTS, "drop function response_dashboard")]
