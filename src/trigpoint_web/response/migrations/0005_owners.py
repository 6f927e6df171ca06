"""Whether somebody else would see a child: an action is not given to a person who could never read it.

The person who asks may not read why the other does not see the child (a conflict of interest is not theirs to know),
so the answer comes from behind the wall, as yes or no, and only about a child whom the asker sees whole.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.running.roles import WEB_ROLE

WOULD_SEE = f"""
create function response_would_see(asked_user uuid, asked_child bigint) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    before text := coalesce(current_setting('trigpoint.user_id', true), '');
    found_whole boolean;
begin
    if before <> '' and not exists (
        select 1 from casework_visible v where v.child_id = asked_child and v.whole) then
        return false;
    end if;
    perform set_config('trigpoint.user_id', asked_user::text, true);
    select exists (select 1 from casework_visible v where v.child_id = asked_child and v.whole) into found_whole;
    perform set_config('trigpoint.user_id', before, true);
    return found_whole;
end $$;
revoke all on function response_would_see(uuid, bigint) from public;
grant execute on function response_would_see(uuid, bigint) to {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """Who may own an action."""

    dependencies: ClassVar = [("response", "0004_equality")]
    operations: ClassVar = [migrations.RunSQL(WOULD_SEE, "drop function response_would_see(uuid, bigint)")]
