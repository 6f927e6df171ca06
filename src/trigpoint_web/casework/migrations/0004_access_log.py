"""A child's access log: pages of the child alone, and lists that showed the child among others."""

from typing import ClassVar

from django.db import migrations

LISTED = """
create index audit_listed on audit_auditrow using gin ((detail -> 'children') jsonb_path_ops)
    where detail -> 'children' is not null;
"""

# It reads past row-level security, for whoever sees the child whole. What else a list held is not told.
LOG = """
create function audit_of_child(asked bigint, before bigint, most integer)
returns table (seq bigint, at timestamptz, actor_id uuid, agency_id bigint, purpose_id bigint, act varchar,
               thing_kind varchar)
language sql stable security definer set search_path = public, pg_temp as $$
    with may as (
        select session_user <> 'trigpoint_web' and trigpoint_me() is null
            or exists (select 1 from casework_visible v where v.child_id = asked and v.whole)
            or exists (select 1 from accounts_user u
                       where u.id = trigpoint_me() and u.is_active and u.role = 'governance_officer') as may),
    mine as (
        (select r.* from audit_auditrow r where r.child_id = asked and r.seq < before order by r.seq desc limit most)
        union all
        (select r.* from audit_auditrow r
         where r.detail -> 'children' @> to_jsonb(asked) and r.detail -> 'children' is not null and r.child_id is null
           and r.seq < before order by r.seq desc limit most))
    select m.seq, m.at, m.actor_id, m.agency_id, m.purpose_id, m.act, m.thing_kind
    from mine m, may where may.may order by m.seq desc limit most
$$;
"""


class Migration(migrations.Migration):
    """The access log."""

    dependencies: ClassVar = [("casework", "0003_unusual")]
    operations: ClassVar = [
        migrations.RunSQL(LISTED, "drop index audit_listed"),
        migrations.RunSQL(LOG, "drop function audit_of_child"),
    ]
