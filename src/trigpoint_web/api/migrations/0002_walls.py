"""Who sees which row of the API's tables; which child a system may be told of; events that no child is found for."""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.casework.walls import guarded, open_again
from trigpoint_web.running.roles import WEB_ROLE

# Keys that the core found, as children here: those of them whom this system may know of at all.
CHILDREN = f"""
create function api_children_of(keys text[])
returns table (child_id bigint, visible boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    with recursive now as (
        select c.id, c.superseded_by_id, 0 as steps from casework_child c where c.key = any(keys)
        union all
        select c.id, c.superseded_by_id, n.steps + 1 from now n join casework_child c on c.id = n.superseded_by_id
        where n.steps < 20)
    select distinct n.id, v.child_id is not null
    from now n join casework_child c on c.id = n.id and c.current
    left join casework_visible v on v.child_id = n.id
    where n.superseded_by_id is null
      and not exists (select 1 from casework_conflictofinterest x
                      where x.child_id = n.id and x.user_id = trigpoint_me() and x.ended_at is null)
      and (v.child_id is not null
           or not exists (select 1 from casework_restriction r where r.child_id = n.id and r.ended_at is null))
    order by n.id
$$;
revoke all on function api_children_of from public;
grant execute on function api_children_of to {WEB_ROLE};
"""
# An event of which nobody could say whose it is belongs to who sent it, until a run links it.
UNLINKED = f"""
create policy unlinked on casework_postedevent for all to {WEB_ROLE}
    using (child_id is null and by_id = trigpoint_me()) with check (child_id is null and by_id = trigpoint_me());
"""
MINE = """exists (select 1 from allauth_idp_oidc_client c
    where c.id = api_subscription.client_id and c.owner_id = trigpoint_me())"""
WALLS = (
    guarded("api_answeredrequest", "by_id = trigpoint_me()")
    + guarded("api_subscription", MINE)
    + guarded("api_notice", "exists (select 1 from api_subscription s where s.id = api_notice.subscription_id)")
)
RIGHTS = f"""
grant select, insert, update, delete on allauth_idp_oidc_token to {WEB_ROLE};
grant usage, select on all sequences in schema public to {WEB_ROLE};
revoke insert, update, delete, truncate on allauth_idp_oidc_client from {WEB_ROLE};
grant select on allauth_idp_oidc_client to {WEB_ROLE};
revoke insert, delete, truncate on api_subscription from {WEB_ROLE};
revoke update, delete, truncate on api_answeredrequest from {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """The second wall of the API."""

    dependencies: ClassVar = [("api", "0001_initial"), ("casework", "0002_walls")]
    operations: ClassVar = [
        migrations.RunSQL(
            CHILDREN + UNLINKED + WALLS + RIGHTS,
            open_again(["api_notice", "api_subscription", "api_answeredrequest"])
            + "drop policy unlinked on casework_postedevent; drop function api_children_of;",
        )
    ]
