"""Who sees which row, which rows never change, what a marker's steps come to, and searching past the wall."""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.casework.walls import SEES_FUNCTION, guarded, guarded_by_child, guarded_through, never_changes
from trigpoint_web.running.roles import WEB_ROLE

NEVER = """
create function casework_never_changes() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_user <> 'trigpoint_web'
       and current_setting('trigpoint.erasing', true) = 'yes' then
        return old;
    end if;
    raise exception 'A row of % never changes: % is refused.', tg_table_name, tg_op
        using errcode = 'insufficient_privilege';
end $$;

create function casework_only_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_user <> 'trigpoint_web'
       and current_setting('trigpoint.erasing', true) = 'yes' then
        return old;
    end if;
    if tg_op = 'UPDATE' and to_jsonb(new) - 'child_id' = to_jsonb(old) - 'child_id' then
        return new;
    end if;
    raise exception 'A row of % never changes, but for the child it follows: % is refused.', tg_table_name, tg_op
        using errcode = 'insufficient_privilege';
end $$;
"""

# The person at work, set for one transaction (audit/person.py). Nobody: nothing is visible.
ME = """
create function trigpoint_me() returns uuid language sql stable parallel safe as
$$ select nullif(current_setting('trigpoint.user_id', true), '')::uuid $$;
"""

# The view belongs to the owner of the tables, so it reads them past the wall that it is part of.
VISIBLE = """
create view casework_visible as
select c.id as child_id, not a.headline_only as whole
from accounts_user u
join accounts_agency a on a.id = u.agency_id
cross join casework_child c
where u.id = trigpoint_me() and u.is_active
  and u.role in ('practitioner', 'supervisor', 'panel_chair', 'analyst', 'system_client')
  and (
    exists (select 1 from casework_involvement i where i.child_id = c.id and i.agency_id = u.agency_id)
    or (
        (u.role in ('panel_chair', 'analyst')
         or (a.kind = 'childrens_services' and u.role in ('practitioner', 'supervisor')))
        and exists (select 1 from accounts_team_areas t where t.team_id = u.team_id and t.area_id = c.area_id))
    or exists (select 1 from casework_emergencyaccess e
               where e.child_id = c.id and e.user_id = u.id and e.until > now() and e.outcome <> 'not_justified'))
  and not exists (select 1 from casework_conflictofinterest x
                  where x.child_id = c.id and x.user_id = u.id and x.ended_at is null)
  and (
    not exists (select 1 from casework_restriction r where r.child_id = c.id and r.ended_at is null)
    or exists (select 1 from casework_restriction r
               join casework_restriction_may_see s on s.restriction_id = r.id
               where r.child_id = c.id and r.ended_at is null and s.user_id = u.id));
"""

# What a marker's steps come to today. casework/status.py says the same of one marker; a test compares them.
STANDING = """
create view casework_markerstanding as
select m.id as marker_id, m.child_id, m.form,
    case when ended then 'ended'
         when last.expires_on < (now() at time zone 'Europe/London')::date then 'expired'
         else 'set' end as status,
    last.level,
    exists (select 1 from casework_markerstep d where d.marker_id = m.id and d.kind = 'disputed' and not exists (
        select 1 from casework_markerstep r where r.about_id = d.id and r.kind in ('answered', 'corrected')))
        as disputed,
    not ended and last.expires_on >= (now() at time zone 'Europe/London')::date
        and last.review_on <= (now() at time zone 'Europe/London')::date as review_due,
    m.opened_at as set_at, last.review_on, last.expires_on, last.number as steps, last.at as last_at
from casework_marker m
join lateral (select * from casework_markerstep s where s.marker_id = m.id order by s.number desc limit 1) last on true
cross join lateral (
    select exists (select 1 from casework_markerstep s where s.marker_id = m.id and s.kind = 'ended') as ended) e
where current_user <> 'trigpoint_web'
   or exists (select 1 from casework_visible v where v.child_id = m.child_id);
"""

# Letters are compared inside these functions: under row-level security such a comparison could not use the index.
FIND = """
create function casework_find(asked_grams varchar[], asked_birth date, asked_numbers varchar[], most integer)
returns table (child_id bigint, visible boolean, alike real, same_birth boolean, same_number boolean)
language sql stable security definer set search_path = public, pg_temp as $$
    with
    named as (
        select n.child_id, max(2.0 * common.number / (cardinality(n.grams) + cardinality(asked_grams)))::real as alike
        from casework_name n
        cross join lateral (select count(*) as number from unnest(n.grams) g where g = any(asked_grams)) common
        where n.grams && asked_grams and 2.0 * common.number >= 0.4 * (cardinality(n.grams) + cardinality(asked_grams))
        group by n.child_id),
    numbered as (
        select distinct i.child_id from casework_identifier i where i.value = any(asked_numbers)),
    born as (
        select f.child_id from casework_childface f
        where cardinality(asked_grams) = 0 and cardinality(asked_numbers) = 0 and f.birth_on = asked_birth),
    found as (
        select child_id from named union select child_id from numbered union select child_id from born)
    select f.child_id, v.child_id is not null, coalesce(n.alike, 0)::real,
        coalesce(face.birth_on = asked_birth, false), b.child_id is not null
    from found f
    join casework_child c on c.id = f.child_id and c.current
    left join casework_childface face on face.child_id = f.child_id
    left join named n on n.child_id = f.child_id
    left join numbered b on b.child_id = f.child_id
    left join casework_visible v on v.child_id = f.child_id
    where v.child_id is not null
       or not exists (select 1 from casework_restriction r where r.child_id = f.child_id and r.ended_at is null)
    order by b.child_id is not null desc, coalesce(face.birth_on = asked_birth, false) desc, n.alike desc nulls last,
        f.child_id
    limit most
$$;

create function casework_whom_to_ask(asked bigint)
returns table (child_key text, agency_id bigint, since date)
language sql stable security definer set search_path = public, pg_temp as $$
    select c.key, i.agency_id, i.since from casework_child c join casework_involvement i on i.child_id = c.id
    where c.id = asked and c.current
      and not exists (select 1 from casework_restriction r where r.child_id = c.id and r.ended_at is null)
      and not exists (select 1 from casework_conflictofinterest x
                      where x.child_id = c.id and x.user_id = trigpoint_me() and x.ended_at is null)
$$;

create function casework_emergency_target(asked_key text) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select c.id from casework_child c
    where c.key = asked_key and c.current
      and not exists (select 1 from casework_restriction r where r.child_id = c.id and r.ended_at is null)
      and not exists (select 1 from casework_conflictofinterest x
                      where x.child_id = c.id and x.user_id = trigpoint_me() and x.ended_at is null)
$$;
"""

HEADLINE = ["casework_childface", "casework_name", "casework_identifier"]
WHOLE = [
    "casework_citation", "casework_proposal", "casework_notknown", "casework_marker", "casework_document",
    "casework_missingepisode", "casework_postedevent",
]  # fmt: skip
NEVER_CHANGE = [
    "casework_run", "casework_citation", "casework_proposal", "casework_proposalcitation",
    "casework_proposaldecision", "casework_markerstep", "casework_stepcitation",
]  # fmt: skip
ONLY_MOVE = ["casework_marker", "casework_postedevent"]
BORDER_ALONE = [
    "casework_run", "casework_child", "casework_childface", "casework_name", "casework_identifier",
    "casework_citation", "casework_proposal", "casework_proposalcitation", "casework_notknown",
    "casework_standingcitation", "casework_standingproposal",
]  # fmt: skip
OVERSEES = """exists (select 1 from accounts_user u join accounts_user o on o.id = {column}
    where u.id = trigpoint_me() and (u.role = 'governance_officer'
        or (u.role = 'supervisor' and u.agency_id = o.agency_id)))"""

WALLS = "".join(
    [
        guarded_by_child("casework_child", column="id", whole=False),
        *(guarded_by_child(table, whole=False) for table in HEADLINE),
        *(guarded_by_child(table) for table in WHOLE),
        guarded_through("casework_proposalcitation", "casework_proposal", column="proposal_id"),
        guarded_through("casework_proposaldecision", "casework_proposal", column="proposal_id"),
        guarded_through("casework_standingproposal", "casework_proposal", column="proposal_id"),
        guarded_through("casework_standingcitation", "casework_citation", column="citation_id"),
        guarded_through("casework_markerstep", "casework_marker", column="marker_id"),
        guarded_through("casework_stepcitation", "casework_markerstep", column="step_id"),
        guarded(
            "casework_restriction",
            "by_id = trigpoint_me() or exists (select 1 from accounts_user u where u.id = trigpoint_me() "
            "and u.role = 'governance_officer') "
            "or exists (select 1 from casework_visible v where v.child_id = casework_restriction.child_id)",
        ),
        guarded_through("casework_restriction_may_see", "casework_restriction", column="restriction_id"),
        guarded(
            "casework_conflictofinterest",
            f"user_id = trigpoint_me() or by_id = trigpoint_me() or {OVERSEES.format(column='user_id')}",
        ),
        guarded("casework_emergencyaccess", f"user_id = trigpoint_me() or {OVERSEES.format(column='user_id')}"),
    ]
)

# Who is involved is seen with the child; an agency may say of itself that it is involved now.
INVOLVED = f"""
alter table casework_involvement enable row level security;
create policy sees on casework_involvement for select to {WEB_ROLE}
    using (exists (select 1 from casework_visible v where v.child_id = casework_involvement.child_id));
create policy says on casework_involvement for insert to {WEB_ROLE}
    with check (origin = 'here' and agency_id = (select u.agency_id from accounts_user u where u.id = trigpoint_me()));
create policy keeps on casework_involvement for update to {WEB_ROLE}
    using (origin = 'here' and agency_id = (select u.agency_id from accounts_user u where u.id = trigpoint_me()));
revoke delete, truncate on casework_involvement from {WEB_ROLE};
"""

RIGHTS = (
    "".join(f"revoke insert, update, delete, truncate on {table} from {WEB_ROLE};" for table in BORDER_ALONE)
    + f"""
grant select on casework_visible, casework_markerstanding to {WEB_ROLE};
revoke insert, update, delete on casework_visible, casework_markerstanding from {WEB_ROLE};
revoke delete, truncate on casework_restriction, casework_conflictofinterest, casework_emergencyaccess,
    casework_document, casework_missingepisode from {WEB_ROLE};
"""
)

# A person reads audit rows of their own and of children whom they see; a governance officer reads all of them.
AUDIT = f"""
alter table audit_auditrow enable row level security;
create policy adds on audit_auditrow for insert to {WEB_ROLE} with check (true);
create policy sees on audit_auditrow for select to {WEB_ROLE} using (
    actor_id = trigpoint_me()
    or exists (select 1 from accounts_user u where u.id = trigpoint_me() and u.role = 'governance_officer')
    or exists (select 1 from casework_visible v where v.child_id = audit_auditrow.child_id and v.whole));
"""


class Migration(migrations.Migration):
    """The second wall of casework."""

    dependencies: ClassVar = [
        ("casework", "0001_initial"),
        ("audit", "0002_append_only"),
        ("accounts", "0001_initial"),
    ]
    operations: ClassVar = [
        migrations.RunSQL(
            NEVER + ME + VISIBLE + SEES_FUNCTION + STANDING + FIND
            + WALLS + INVOLVED + RIGHTS + AUDIT
            + never_changes(NEVER_CHANGE) + never_changes(ONLY_MOVE, but_moves=True)
        ),
    ]  # fmt: skip
