"""The dashboard's counts and the agenda's new evidence, asked of all children together.

The person is joined with the agency before any child is looked at (`join_collapse_limit`), and what is counted once a
child is put together by hashing, not by sorting.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.running.roles import WEB_ROLE

COUNTS = """
create or replace function response_dashboard(decided_since timestamptz)
returns table (counted text, name text, level text, number bigint, since timestamptz, took interval,
    last_on date)
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan set join_collapse_limit = 1 as $$
begin
    return query
    with
    mine as materialized (
        select v.child_id as id from casework_visible v
        where v.whole and v.child_id not in (select c.id from casework_child c where not c.current)),
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
    select 'agency', k.agency_id::text, '', count(*), null, null, max(k.last_on)
    from (select i.agency_id, i.child_id, max(i.last_on) as last_on
          from casework_involvement i join mine on mine.id = i.child_id group by 1, 2) k
    group by 2
    union all
    select 'gap', g.kind, '', count(*), null, null, null
    from (select distinct n.child_id, kind::text as kind
          from casework_notknown n join mine on mine.id = n.child_id cross join lateral unnest(n.missing) kind) g
    group by 2;
end $$;
"""
# Children of an area with proposals that nobody has decided, of a form on which somebody decided before; the same is said
# by `new_evidence` of casework/queries/inbox.py, and a test compares the two.
EVIDENCE = f"""
create function response_new_evidence(of_area bigint) returns table (child_id bigint)
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return query
    select distinct p.child_id
    from casework_standingproposal s join casework_proposal p on p.id = s.proposal_id
    join casework_child c on c.id = p.child_id and c.current and c.area_id = of_area
    where not exists (select 1 from casework_proposaldecision d where d.proposal_id = p.id)
      and (exists (select 1 from casework_markerstanding m
                   where m.child_id = p.child_id and m.form = p.form and m.status = 'set')
           or exists (select 1 from casework_proposal o join casework_proposaldecision d on d.proposal_id = o.id
                      where o.child_id = p.child_id and o.form = p.form))
      and exists (select 1 from casework_visible v where v.child_id = p.child_id and v.whole);
end $$;
revoke all on function response_new_evidence from public;
grant execute on function response_new_evidence to {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """Two functions."""

    dependencies: ClassVar = [("response", "0006_dashboard"), ("casework", "0011_quicker_sight")]
    operations: ClassVar = [
        migrations.RunSQL(COUNTS, migrations.RunSQL.noop),
        migrations.RunSQL(EVIDENCE, "drop function response_new_evidence"),
    ]
