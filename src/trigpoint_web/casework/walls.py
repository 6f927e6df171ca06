"""The second wall: SQL for row-level security and for rows that never change, shared by the apps' migrations.

The first wall is `casework/policy.py`. Both say who may see a child from the same facts, written separately; a test
holds them to one another over every combination of facts.
"""

from __future__ import annotations

from collections.abc import Iterable

from trigpoint_web.running.roles import WEB_ROLE

# Whether the person at work may see this child, `wholly` or the headline at least: what the view `casework_visible`
# says (see VISIBLE in 0002_walls), asked of one child. It is a function and not a query, so that the rule is planned
# once for a connection and not with every statement on every table that it guards. It is asked of one row after the
# other, so it begins with the person and never looks for the child itself. The cost tells the planner to ask late.
SEES_FUNCTION = """
create or replace function casework_sees(asked bigint, wholly boolean) returns boolean
language plpgsql stable security definer parallel safe cost 1000
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
begin
    return exists (
        select 1 from accounts_user u join accounts_agency a on a.id = u.agency_id
        where u.id = trigpoint_me() and u.is_active and not (wholly and a.headline_only)
          and u.role in ('practitioner', 'supervisor', 'panel_chair', 'analyst', 'system_client')
          and (
            exists (select 1 from casework_involvement i where i.child_id = asked and i.agency_id = u.agency_id)
            or (
                (u.role in ('panel_chair', 'analyst')
                 or (a.kind = 'childrens_services' and u.role in ('practitioner', 'supervisor')))
                and exists (select 1 from casework_child c
                            join accounts_team_areas t on t.area_id = c.area_id and t.team_id = u.team_id
                            where c.id = asked))
            or exists (select 1 from casework_emergencyaccess e
                       where e.child_id = asked and e.user_id = u.id and e.until > now()
                         and e.outcome <> 'not_justified'))
          and not exists (select 1 from casework_conflictofinterest x
                          where x.child_id = asked and x.user_id = u.id and x.ended_at is null)
          and (
            not exists (select 1 from casework_restriction r where r.child_id = asked and r.ended_at is null)
            or exists (select 1 from casework_restriction r
                       join casework_restriction_may_see s on s.restriction_id = r.id
                       where r.child_id = asked and r.ended_at is null and s.user_id = u.id)));
end $$;
"""
SEES = "casework_sees({column}, false)"
SEES_ALL = "casework_sees({column}, true)"


def guarded(table: str, rule: str) -> str:
    """SQL that lets the web's role see and write only those rows of `table` for which `rule` holds."""
    return f"""
        alter table {table} enable row level security;
        create policy sees on {table} for all to {WEB_ROLE} using ({rule}) with check ({rule});
    """


def guarded_by_child(table: str, *, column: str = "child_id", whole: bool = True) -> str:
    """SQL that guards `table` by the child that `column` names: `whole`, or its headline too."""
    rule = (SEES_ALL if whole else SEES).format(column=f"{table}.{column}")
    return guarded(table, rule)


def guarded_through(table: str, parent: str, *, column: str) -> str:
    """SQL that guards `table` by its row of `parent`: who sees that row, sees this."""
    return guarded(table, f"exists (select 1 from {parent} p where p.id = {table}.{column})")


def never_changes(tables: Iterable[str], *, but_moves: bool = False) -> str:
    """SQL that refuses to change or remove rows. With `but_moves`, a row may follow its child to another key.

    Erasure removes rows as the owner, after `set local trigpoint.erasing = 'yes'`.
    """
    function = "casework_only_moves" if but_moves else "casework_never_changes"
    return "".join(
        f"""
        create trigger never_changes before update or delete on {table}
            for each row execute function {function}();
        create trigger never_emptied before truncate on {table}
            for each statement execute function casework_never_changes();
        revoke truncate, delete {"" if but_moves else ", update"} on {table} from {WEB_ROLE};
        """
        for table in tables
    )


def open_again(tables: Iterable[str]) -> str:
    """SQL that takes back what `guarded` made, for undoing a migration."""
    return "".join(f"drop policy if exists sees on {t}; alter table {t} disable row level security;" for t in tables)
