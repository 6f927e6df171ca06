"""Unusual reading as functions: they read past row-level security, and answer the governance officer alone."""

from typing import ClassVar

from django.db import migrations

READS = """r.act in ('read', 'print', 'export') and r.child_id is not null
      and r.at >= begins and r.at < ends and unusual_may_ask()"""
DAY = "(r.at at time zone 'Europe/London')::date"

MAY_ASK = """
create function unusual_may_ask() returns boolean language sql stable security definer
set search_path = public, pg_temp as $$
    select session_user <> 'trigpoint_web' and nullif(current_setting('trigpoint.user_id', true), '') is null
        or exists (select 1 from accounts_user u
                   where u.id = trigpoint_me() and u.is_active and u.role = 'governance_officer')
$$;
"""


def function(rule: str, query: str) -> str:
    """SQL of the function of one rule."""
    return f"""
        create function unusual_{rule}(begins timestamptz, ends timestamptz, most integer)
        returns table (person uuid, day date, children bigint[], number bigint)
        language sql stable security definer set search_path = public, pg_temp as $$ {query} $$;
    """


NOT_INVOLVED = f"""
    select r.actor_id, {DAY}, array_agg(distinct r.child_id), count(distinct r.child_id) from audit_auditrow r
            join accounts_user u on u.id = r.actor_id join casework_child c on c.id = r.child_id
            where {READS}
              and not exists (select 1 from casework_involvement i
                              where i.child_id = c.id and i.agency_id = r.agency_id)
              and not exists (select 1 from accounts_team_areas t where t.team_id = u.team_id and t.area_id = c.area_id)
            group by 1, 2
"""
MANY_CHILDREN = f"""
    select r.actor_id, {DAY}, array_agg(distinct r.child_id), count(distinct r.child_id) from audit_auditrow r
            where {READS} group by 1, 2 having count(distinct r.child_id) >= most
"""
ODD_HOURS = f"""
    select r.actor_id, {DAY}, array_agg(distinct r.child_id), count(distinct r.child_id) from audit_auditrow r
            join accounts_agency a on a.id = r.agency_id
            where {READS} and not a.kind in ('police', 'missing_persons')
              and ((r.at at time zone 'Europe/London')::time >= time '23:00'
                   or (r.at at time zone 'Europe/London')::time < time '05:00')
            group by 1, 2
"""
OWN_NAME = rf"""
    select r.actor_id, {DAY}, array_agg(distinct r.child_id), count(distinct r.child_id) from audit_auditrow r
            join accounts_user u on u.id = r.actor_id join casework_childface f on f.child_id = r.child_id
            where {READS} and f.surname <> ''
              and lower(f.surname) = lower(regexp_replace(u.full_name, '^.*\s', ''))
            group by 1, 2
"""
MANY_REFUSED = f"""
    select r.actor_id, {DAY}, array[]::bigint[], count(*) from audit_auditrow r
            where r.act = 'refuse' and r.actor_id is not null and r.at >= begins and r.at < ends and unusual_may_ask()
            group by 1, 2 having count(*) >= most
"""


class Migration(migrations.Migration):
    """The rules of unusual reading."""

    dependencies: ClassVar = [("casework", "0002_walls")]
    operations: ClassVar = [
        migrations.RunSQL(MAY_ASK),
        migrations.RunSQL(function("not_involved", NOT_INVOLVED), "drop function unusual_not_involved"),
        migrations.RunSQL(function("many_children", MANY_CHILDREN), "drop function unusual_many_children"),
        migrations.RunSQL(function("odd_hours", ODD_HOURS), "drop function unusual_odd_hours"),
        migrations.RunSQL(function("own_name", OWN_NAME), "drop function unusual_own_name"),
        migrations.RunSQL(function("many_refused", MANY_REFUSED), "drop function unusual_many_refused"),
    ]
