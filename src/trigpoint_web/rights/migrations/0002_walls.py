"""Who sees holds, requests and proofs; what never changes; and the doors through which officers read past the wall.

Officers see no child (ADR 27). Each function here answers one question of theirs, for officers alone and never about a
child with whom they have a conflict of interest: which records are due, how much is held, what is held of somebody
whose request for it is open and whose identity was confirmed.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.casework.walls import guarded, guarded_through, never_changes
from trigpoint_web.rights.held import HELD, where
from trigpoint_web.running.roles import WEB_ROLE

OFFICER = """exists (select 1 from accounts_user u
    where u.id = trigpoint_me() and u.is_active and u.role = 'governance_officer')"""
NO_CONFLICT = """not exists (select 1 from casework_conflictofinterest x
    where x.child_id = {column} and x.user_id = trigpoint_me() and x.ended_at is null)"""
FUNCTION = "language sql stable security definer set search_path = public, pg_temp as"

WALLS = "".join(
    [
        *(
            guarded(table, f"{OFFICER} and {NO_CONFLICT.format(column=f'{table}.{column}')}")
            for table, column in {
                "rights_hold": "child_id", "rights_request": "child_id", "rights_disclosure": "child_number",
                "rights_erasure": "child_number",
            }.items()
        ),
        guarded_through("rights_answer", "rights_request", column="request_id"),
        guarded_through("rights_itemdecision", "rights_request", column="request_id"),
    ]
) + never_changes(["rights_answer", "rights_itemdecision", "rights_disclosure"])  # fmt: skip

RIGHTS = f"""
revoke delete, truncate on rights_hold, rights_request, rights_erasure from {WEB_ROLE};
revoke update on rights_hold, rights_request, rights_erasure from {WEB_ROLE};
grant update (ended_at, ended_by_id, ended_reason) on rights_hold to {WEB_ROLE};
grant update (identity_on, extended_at, extension_reason) on rights_request to {WEB_ROLE};
grant update (confirmed_by_id, confirmed_at, stopped_by_id, stopped_at, stopped_why) on rights_erasure to {WEB_ROLE};
alter table rights_erasure add constraint two_people check (confirmed_by_id <> decided_by_id);
create function rights_proof_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'TRUNCATE' or old.done_at is not null then
        raise exception 'The proof of an erasure stays as it is: % is refused.', tg_op
            using errcode = 'insufficient_privilege';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger proof_stays before update or delete on rights_erasure
    for each row execute function rights_proof_stays();
create trigger proof_never_emptied before truncate on rights_erasure
    for each statement execute function rights_proof_stays();
"""

FAMILY = f"""
create function rights_family(asked bigint) returns bigint[] {FUNCTION} $$
    with recursive family as (
        select c.id, c.superseded_by_id from casework_child c where c.id = asked
        union
        select c.id, c.superseded_by_id from family f
        join casework_child c on c.superseded_by_id = f.id or c.id = f.superseded_by_id)
    select array_agg(id) from family where unusual_may_ask()
$$;
create function rights_child(asked_key text) returns bigint {FUNCTION} $$
    select c.id from casework_child c where c.key = asked_key and {OFFICER} and {NO_CONFLICT.format(column="c.id")}
$$;
"""


def of_kids(what: str, *, given: bool) -> str:
    """A union over the tables that hold something, with `what` selected of each, for the children of `kids`."""
    kids = "(select ids from kids)"
    return " union all ".join(
        f"select '{one.table}'::text, {what} from {one.table} t where {where(one, kids + '::bigint[]')}"
        for one in HELD
        if one.given or not given
    )


READ = f"""
create function rights_count(asked bigint) returns table (held text, number bigint) {FUNCTION} $$
    with kids as materialized (select rights_family(asked) as ids
        where unusual_may_ask() and {NO_CONFLICT.format(column="asked")}),
    counted (held, number) as ({of_kids("count(*)", given=False)})
    select held, number from counted where number > 0
$$;
create function rights_held(asked_request bigint) returns table (held text, body jsonb) {FUNCTION} $$
    with kids as materialized (select rights_family(r.child_id) as ids from rights_request r
        where r.id = asked_request and r.kind = 'access' and r.identity_on is not null
          and {OFFICER} and {NO_CONFLICT.format(column="r.child_id")})
    {of_kids("to_jsonb(t)", given=True)}
$$;
create function rights_known_names(asked_request bigint, words text[]) returns setof text {FUNCTION} $$
    with kids as materialized (select rights_family(r.child_id) as ids from rights_request r
        where r.id = asked_request and {OFFICER} and {NO_CONFLICT.format(column="r.child_id")}),
    asked as (select distinct w from unnest(words) w),
    others as (
        select lower(n.surname) as said from casework_name n, kids where n.child_id <> all(kids.ids)
        union select lower(n.given_names) from casework_name n, kids where n.child_id <> all(kids.ids))
    select w from asked where lower(w) in (select said from others where said <> '')
$$;
"""

# What was last done with a child's record here, as days. A marker that nobody ended counts until it runs out.
LAST = """
    select child_id, (at at time zone 'Europe/London')::date as on_day from response_note
    union all select child_id, (at at time zone 'Europe/London')::date from response_decision
    union all select a.child_id, (s.at at time zone 'Europe/London')::date
        from response_actionstep s join response_action a on a.id = s.action_id where a.child_id is not null
    union all select p.child_id, (v.at at time zone 'Europe/London')::date
        from response_planversion v join response_safetyplan p on p.id = v.plan_id
    union all select child_id, (at at time zone 'Europe/London')::date from response_referralcheck
    union all select child_id, (at at time zone 'Europe/London')::date from response_thingchild
    union all select child_id, (at at time zone 'Europe/London')::date from response_agendaitem
    union all select child_id, (at at time zone 'Europe/London')::date from casework_document
    union all select m.child_id, case when s.kind = 'ended' then (s.at at time zone 'Europe/London')::date
        else s.expires_on end from casework_markerstep s join casework_marker m on m.id = s.marker_id
        where s.number = (select max(l.number) from casework_markerstep l where l.marker_id = m.id)
    union all select child_id, (coalesce(found_at, opened_at) at time zone 'Europe/London')::date
        from casework_missingepisode
    union all select child_id, (happened_at at time zone 'Europe/London')::date from casework_postedevent
    union all select child_id, last_on from casework_involvement
    union all select child_id, to_on from casework_citation
"""
LIVE = """(exists (select 1 from casework_markerstanding s where s.child_id = k.id and s.status = 'set')
    or exists (select 1 from rights_request r left join rights_answer w on w.request_id = r.id
               where r.child_id = k.id and w.id is null))"""

DUE = f"""
create function rights_due(
    after_18 integer, in_care_age integer, idle_years numeric, source_years jsonb, before date, asked bigint)
returns table (child_id bigint, child_key text, rule text, due_on date, last_on date, live boolean, held boolean,
               on_its_way boolean)
{FUNCTION} $$
    with kids as (
        select c.id, c.key::text as key, f.birth_on, coalesce(f.in_care, false) as in_care, r.at as run_at,
            coalesce((select max((source_years->>s)::numeric) from unnest(f.sources) s), idle_years) as years
        from casework_child c left join casework_childface f on f.child_id = c.id
        left join casework_run r on r.id = f.run_id
        where c.superseded_by_id is null and (asked is null or c.id = asked) and unusual_may_ask()
          and {NO_CONFLICT.format(column="c.id")}),
    worked as (
        select coalesce(o.superseded_by_id, o.id) as id, max(l.on_day) as last_on
        from ({LAST}) l join casework_child o on o.id = l.child_id where l.on_day is not null group by 1),
    dated as (
        select k.*, coalesce(w.last_on, k.run_at::date) as last_on,
            (k.birth_on + make_interval(years => case when k.in_care then in_care_age else 18 + after_18 end))::date
                as by_age,
            (coalesce(w.last_on, k.run_at::date) + make_interval(days => ceil(k.years * 365.25)::int))::date as by_idle
        from kids k left join worked w on w.id = k.id)
    select k.id, k.key,
        case when k.by_age >= k.by_idle and k.in_care then 'in_care'
             when k.by_age >= k.by_idle then 'after_18' else 'last_activity' end,
        greatest(k.by_age, k.by_idle), k.last_on, {LIVE},
        exists (select 1 from rights_hold h where h.child_id = k.id and h.ended_at is null),
        exists (select 1 from rights_erasure e
                where e.child_number = k.id and e.stopped_at is null and e.done_at is null)
    from dated k
    where asked is not null or (greatest(k.by_age, k.by_idle) <= before and not {LIVE})
    order by 4, 2
$$;
"""
NAMES = (
    "rights_due(integer, integer, numeric, jsonb, date, bigint)", "rights_known_names(bigint, text[])",
    "rights_held(bigint)", "rights_count(bigint)", "rights_child(text)", "rights_family(bigint)",
)  # fmt: skip


class Migration(migrations.Migration):
    """The second wall of rights."""

    dependencies: ClassVar = [
        ("rights", "0001_initial"), ("response", "0005_owners"), ("review", "0002_walls"), ("api", "0002_walls"),
        ("casework", "0006_overseen"),
    ]  # fmt: skip
    operations: ClassVar = [
        migrations.RunSQL(WALLS + RIGHTS),
        migrations.RunSQL(FAMILY + READ + DUE, "".join(f"drop function {name};" for name in NAMES)),
    ]
