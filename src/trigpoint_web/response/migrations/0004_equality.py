"""Counts of all children by sex, age, ethnicity and care, for people who may not see the children behind them.

The counts leave this function as they are; the page passes them through the gate by which every count leaves
(`trigpoint.services.protect_table`). Restricted children are in none of them.
"""

from typing import ClassVar

from django.db import migrations

from trigpoint_web.running.roles import WEB_ROLE

EQUALITY = f"""
create function response_equality()
returns table (dimension text, value text, stage text, number bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    with asked as (
        select 1 from accounts_user u join accounts_agency a on a.id = u.agency_id
        where u.id = trigpoint_me() and u.is_active and not a.headline_only
          and u.role in ('practitioner', 'supervisor', 'panel_chair', 'analyst', 'governance_officer')),
    marked as (
        select m.child_id from casework_marker m
        join lateral (select s.expires_on from casework_markerstep s where s.marker_id = m.id
                      order by s.number desc limit 1) last on true
        where last.expires_on >= (now() at time zone 'Europe/London')::date
          and not exists (select 1 from casework_markerstep s where s.marker_id = m.id and s.kind = 'ended')),
    waiting as (
        select p.child_id from casework_proposal p join casework_standingproposal t on t.proposal_id = p.id
        where not exists (select 1 from casework_proposaldecision d where d.proposal_id = p.id)),
    declined as (
        select p.child_id from casework_proposal p
        join casework_proposaldecision d on d.proposal_id = p.id and d.verdict = 'declined'),
    counted as (
        select f.sex, f.ethnicity, f.in_care, extract(year from age(f.birth_on))::int as years,
            case when c.id in (select child_id from marked) then 'marker'
                 when c.id in (select child_id from waiting) then 'waiting'
                 when c.id in (select child_id from declined) then 'declined'
                 else 'none' end as stage
        from casework_child c join casework_childface f on f.child_id = c.id
        where c.current and exists (select 1 from asked)
          and not exists (select 1 from casework_restriction r where r.child_id = c.id and r.ended_at is null))
    select 'sex', case sex when 'F' then 'girls' when 'M' then 'boys' else 'not_known' end, stage, count(*)
        from counted group by 2, 3
    union all
    select 'age', case when years is null then 'not_known' when years < 10 then 'under_10' when years < 13 then '10_12'
        when years < 16 then '13_15' when years < 18 then '16_17' else '18_over' end, stage, count(*)
        from counted group by 2, 3
    union all
    select 'ethnicity', case when ethnicity in ('AIND', 'APKN', 'ABAN', 'AOTH', 'CHNE') then 'asian'
        when ethnicity in ('BCRB', 'BAFR', 'BOTH') then 'black'
        when ethnicity in ('MWBC', 'MWBA', 'MWAS', 'MOTH') then 'mixed'
        when ethnicity in ('OOTH', 'WARA') then 'other'
        when ethnicity in ('WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH') then 'white' else 'not_known' end, stage, count(*)
        from counted group by 2, 3
    union all
    select 'care', case in_care when true then 'looked_after' when false then 'not_looked_after' else 'not_known' end,
        stage, count(*)
        from counted group by 2, 3
$$;
revoke all on function response_equality() from public;
grant execute on function response_equality() to {WEB_ROLE};
"""


class Migration(migrations.Migration):
    """Counts for the equality view."""

    dependencies: ClassVar = [("response", "0003_referral_check"), ("casework", "0002_walls")]
    operations: ClassVar = [migrations.RunSQL(EQUALITY, "drop function response_equality()")]
