"""The same walls, asked quicker: a rule that PostgreSQL plans once for a connection, and the inbox's longest list.

A policy whose rule is a query is planned anew with every statement on its table, and a page has some twenty of them: that
was most of what a page took. As a function the rule is planned once. A list that looks through thousands of proposals
for the few on top does so in one function, which asks the same rule of all of them together.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.casework.walls import SEES_FUNCTION
from trigpoint_web.running.roles import WEB_ROLE

# Policies as older versions of casework made them.
TAKEN_OVER = r"""
do $$
declare
    one record;
    said text;
    asks constant text := '\(?EXISTS \( SELECT 1\s+FROM casework_visible v\s+WHERE ';
begin
    for one in select * from pg_policies where schemaname = 'public' and qual like '%casework_visible%' loop
        said := regexp_replace(one.qual, asks || '\(\(v\.child_id = ([a-z_.]+)\) AND v\.whole\)\)\)?',
                               'casework_sees(\1, true)', 'g');
        said := regexp_replace(said, asks || '\(v\.child_id = ([a-z_.]+)\)\)\)?', 'casework_sees(\1, false)', 'g');
        execute format('alter policy %I on %I using (%s)', one.policyname, one.tablename, said);
        if one.with_check is not null then
            execute format('alter policy %I on %I with check (%s)', one.policyname, one.tablename, said);
        end if;
    end loop;
    said := pg_get_viewdef('casework_markerstanding');
    execute 'create or replace view casework_markerstanding as ' || regexp_replace(
        said, asks || '\(v\.child_id = ([a-z_.]+)\)\)\)?', 'casework_sees(\1, false)', 'g');
end $$;
"""

# Of each child the newest proposal that waits, for children whom the person sees whole. `known`: whether somebody has
# decided on this child and form before. The same is said by queries/inbox.py of one proposal; a test compares the two.
WAITING = f"""
create function casework_waiting(
    known boolean, of_form text, of_area bigint, of_agency bigint, of_team bigint, most integer, skip integer)
returns table (proposal_id bigint)
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return query
    with waiting as (
        select p.id, p.child_id, p.form, p.to_on,
            row_number() over (partition by p.child_id order by p.to_on desc, p.id) as place
        from casework_standingproposal s join casework_proposal p on p.id = s.proposal_id
        where not exists (select 1 from casework_proposaldecision d where d.proposal_id = p.id))
    select w.id
    from waiting w join casework_child c on c.id = w.child_id and c.current
    where w.place = 1
      and (of_form is null or w.form = of_form)
      and (of_area is null or c.area_id = of_area)
      and (of_team is null
           or exists (select 1 from accounts_team_areas t where t.team_id = of_team and t.area_id = c.area_id))
      and (of_agency is null
           or exists (select 1 from casework_involvement i where i.child_id = c.id and i.agency_id = of_agency))
      and known = (
          exists (select 1 from casework_markerstanding m
                  where m.child_id = w.child_id and m.form = w.form and m.status = 'set')
          or exists (select 1 from casework_proposal o join casework_proposaldecision d on d.proposal_id = o.id
                     where o.child_id = w.child_id and o.form = w.form))
      and exists (select 1 from casework_visible v where v.child_id = w.child_id and v.whole)
    order by w.to_on desc, w.id offset skip limit most;
end $$;
revoke all on function casework_waiting from public;
grant execute on function casework_waiting to {WEB_ROLE};
"""

# Questions that the last run still asks and nobody has answered, where the person sees both children whole, newest run
# first. Where a filter is given, one of the two has to be current and pass it.
QUESTIONS = f"""
create function casework_waiting_questions(
    of_area bigint, of_agency bigint, of_team bigint, most integer, skip integer)
returns table (question_id bigint)
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return query
    select q.id from review_standingquestion s join review_linkquestion q on q.id = s.question_id
    where not exists (select 1 from review_judgement j
                      where j.record_a = least(q.record_a, q.record_b) and j.record_b = greatest(q.record_a, q.record_b))
      and exists (select 1 from casework_visible v where v.child_id = q.child_a_id and v.whole)
      and exists (select 1 from casework_visible v where v.child_id = q.child_b_id and v.whole)
      and exists (
          select 1 from casework_child c where c.id in (q.child_a_id, q.child_b_id) and c.current
            and (of_area is null or c.area_id = of_area)
            and (of_team is null
                 or exists (select 1 from accounts_team_areas t where t.team_id = of_team and t.area_id = c.area_id))
            and (of_agency is null or exists (select 1 from casework_involvement i
                                              where i.child_id = c.id and i.agency_id = of_agency)))
    order by q.run_id desc, q.question_id offset skip limit most;
end $$;
revoke all on function casework_waiting_questions from public;
grant execute on function casework_waiting_questions to {WEB_ROLE};
"""

# A name counts as alike from 0.4 on: twice the groups of letters in common, of the groups of both. A name has no fewer
# groups than it has in common, so a quarter of those asked for are in common at the least; and a name that shares so many
# shares one of any three quarters of them. So it is enough to look up the rarest three quarters: the common ones (nearly
# every name has one) are what took the time. How common each is, PostgreSQL has counted for its planner.
FIND = """
create or replace function casework_find(
    asked_grams varchar[], asked_birth date, asked_numbers varchar[], most integer)
returns table (child_id bigint, visible boolean, alike real, same_birth boolean, same_number boolean)
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
    asked_number constant integer := cardinality(asked_grams);
    rarest constant varchar[] := array(
        select g from unnest(asked_grams) g
        left join (
            select e.gram, e.share from pg_stats s
            cross join lateral unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) e(gram, share)
            where s.schemaname = 'public' and s.tablename = 'casework_name' and s.attname = 'grams') counted
            on counted.gram = g
        order by coalesce(counted.share, 0), g
        limit asked_number - ceil(asked_number / 4.0)::integer + 1);
begin
    return query
    with
    named as (
        select n.child_id, max(2.0 * common.number / (cardinality(n.grams) + asked_number))::real as alike
        from casework_name n
        cross join lateral (select count(*) as number from unnest(n.grams) g where g = any(asked_grams)) common
        where n.grams && rarest and 2.0 * common.number >= 0.4 * (cardinality(n.grams) + asked_number)
        group by n.child_id),
    numbered as (
        select distinct i.child_id from casework_identifier i where i.value = any(asked_numbers)),
    born as (
        select f.child_id from casework_childface f
        where asked_number = 0 and cardinality(asked_numbers) = 0 and f.birth_on = asked_birth),
    found as (
        select child_id from named union select child_id from numbered union select child_id from born),
    ordered as (
        select f.child_id, coalesce(n.alike, 0)::real as alike, coalesce(face.birth_on = asked_birth, false) as same_birth,
            b.child_id is not null as same_number
        from found f
        join casework_child c on c.id = f.child_id and c.current
        left join casework_childface face on face.child_id = f.child_id
        left join named n on n.child_id = f.child_id
        left join numbered b on b.child_id = f.child_id)
    select o.child_id, v.visible, o.alike, o.same_birth, o.same_number
    from ordered o
    cross join lateral (
        select exists (select 1 from casework_visible v where v.child_id = o.child_id) as visible) v
    where v.visible
       or not exists (select 1 from casework_restriction r where r.child_id = o.child_id and r.ended_at is null)
    order by o.same_number desc, o.same_birth desc, o.alike desc, o.child_id
    limit most;
end $$;
"""

# Who is surely meant: the same number, or the same birthday and a name that is nearly the same. Looked up by the birthday.
FIND_SURE = f"""
create function casework_find_sure(
    asked_grams varchar[], asked_birth date, asked_numbers varchar[], sure double precision, most integer)
returns table (child_id bigint, visible boolean)
language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
    return query
    with
    found as (
        select i.child_id, true as same_number from casework_identifier i where i.value = any(asked_numbers)
        union all
        select n.child_id, false from casework_childface f join casework_name n on n.child_id = f.child_id
        cross join lateral (select count(*) as number from unnest(n.grams) g where g = any(asked_grams)) common
        where f.birth_on = asked_birth
          and 2.0 * common.number >= sure * (cardinality(n.grams) + cardinality(asked_grams))),
    each as (select f.child_id, bool_or(f.same_number) as same_number from found f group by f.child_id)
    select e.child_id, v.visible
    from each e join casework_child c on c.id = e.child_id and c.current
    cross join lateral (
        select exists (select 1 from casework_visible v where v.child_id = e.child_id) as visible) v
    where v.visible
       or not exists (select 1 from casework_restriction r where r.child_id = e.child_id and r.ended_at is null)
    order by e.same_number desc, e.child_id limit most;
end $$;
revoke all on function casework_find_sure from public;
grant execute on function casework_find_sure to {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """Functions in the place of queries."""

    dependencies: ClassVar = [("casework", "0006_overseen"), ("response", "0005_owners"), ("review", "0002_walls")]
    operations: ClassVar = [
        migrations.RunSQL(SEES_FUNCTION + TAKEN_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, "drop function casework_waiting"),
        migrations.RunSQL(QUESTIONS, "drop function casework_waiting_questions"),
        migrations.RunSQL("drop function casework_find;" + FIND, migrations.RunSQL.noop),
        migrations.RunSQL(FIND_SURE, "drop function casework_find_sure"),
    ]
