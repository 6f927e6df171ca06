"""Keys of children for those who oversee: they see no child, and have to say which record they ask about."""

from typing import ClassVar

from django.db import migrations

OFFICER = """exists (select 1 from accounts_user u
    where u.id = trigpoint_me() and u.is_active and u.role = 'governance_officer')"""

# A supervisor is told the keys that people of their own agency opened in an emergency, and no others.
KEYS = f"""
create function casework_keys_overseen(asked bigint[]) returns table (child_id bigint, child_key text)
language sql stable security definer set search_path = public, pg_temp as $$
    select c.id, c.key from casework_child c where c.id = any(asked) and (
        {OFFICER}
        or exists (select 1 from casework_emergencyaccess e
                   join accounts_user o on o.id = e.user_id join accounts_user u on u.id = trigpoint_me()
                   where e.child_id = c.id and u.is_active and u.role = 'supervisor' and u.agency_id = o.agency_id))
$$;
create function casework_child_overseen(asked_key text) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select c.id from casework_child c where c.key = asked_key and {OFFICER}
$$;
"""
AWAY = "drop function casework_keys_overseen(bigint[]); drop function casework_child_overseen(text);"


class Migration(migrations.Migration):
    """Two functions that read past row-level security."""

    dependencies: ClassVar = [("casework", "0005_made_here")]
    operations: ClassVar = [migrations.RunSQL(KEYS, AWAY)]
