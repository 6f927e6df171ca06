"""Propose markers from findings by the pack's policy, saying why, and what would change it. People decide."""

from __future__ import annotations

import pyarrow as pa

from trigpoint.engines.proposing import propose
from trigpoint.records.facts import Facts
from trigpoint.records.tables import FIXED
from trigpoint.rules.policy import Policy, PolicyRule, indicators_of, read_policy
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.spoken.phrases import PHRASES
from trigpoint.services.workspace import Workspace, arrow

PROPOSALS = """
    with
    used as (
        select p.child_key, p.rule, min(f.from_on) as from_on, max(f.to_on) as to_on,
            list_sort(list_distinct(flatten(list(f.sources)))) as sources,
            bool_or(t.theme = 'online') as online
        from (select child_key, rule, unnest(finding_ids) as finding_id from proposed) p
        join findings f using (finding_id) join indicator_words t using (indicator) group by all),
    needed as (
        select n.child_key, n.rule,
            string_agg(t.title || ' (' || strftime(f.to_on, '%-d %B %Y') || ')', '; '
                order by f.to_on, t.title) as titles
        from (select child_key, rule, unnest(needed) as finding_id from proposed_on) n
        join findings f using (finding_id) join indicator_words t using (indicator) group by all),
    could_add as (
        select p.child_key, p.rule, string_agg(distinct w.title, '; ' order by w.title) as titles
        from proposed p join rule_indicators r using (rule)
        join unanswered_now u on u.child_key = p.child_key and u.indicator = r.indicator
        join indicator_words w on w.indicator = r.indicator group by all),
    overlapping as (select distinct child_key from findings where indicator in (select unnest($overlaps::varchar[])))
    select substr(md5(p.child_key || chr(31) || p.rule), 1, 20) as proposal_id, p.child_key, r.form, p.rule,
        r.version as rule_version, p.finding_ids, p.agencies, u.sources, u.from_on, u.to_on, r.why,
        case when n.titles is null then $no_single else replace($proved_wrong, '{findings}', n.titles) end
        || case when a.titles is null then '' else ' ' || replace($could_add, '{rules}', a.titles) end
            as what_would_change,
        u.online, o.child_key is not null as overlap_cse
    from proposed p join rule_words r using (rule) join used u using (child_key, rule)
    left join needed n using (child_key, rule) left join could_add a using (child_key, rule)
    left join overlapping o using (child_key)
    order by p.child_key, r.form, p.rule
"""


def propose_markers(workspace: Workspace, *, findings: str, not_known: str, facts: Facts) -> pa.Table:
    """The proposals, in the columns of `records.tables`, for the findings in relation `findings`.

    `not_known` is a query of child_key, indicator, version and missing for answers that are not known; those of
    children with a proposal are left in the table `unanswered_now`. It may name the table `proposed`.
    """
    con = workspace.con
    policy = read_policy(workspace.partnership.pack)
    _lay_out(workspace, policy)
    propose(con, policy, findings=findings, start_t=facts.start_t, as_at_t=facts.as_at_t)
    con.execute(f"""
        create or replace temp table unanswered_now as
        select child_key, indicator, version, missing from ({not_known}) semi join proposed using (child_key)""")
    query = PROPOSALS.replace("findings f", f"{findings} f").replace("from findings where", f"from {findings} where")
    said = {name: PHRASES[name] for name in ("no_single", "proved_wrong", "could_add")}
    return arrow(con, query, {"overlaps": list(policy.overlaps), **said}).cast(FIXED["proposals"])


def _lay_out(workspace: Workspace, policy: Policy) -> None:
    """Small tables of rules and indicators in words."""
    indicators = read_indicators(workspace.partnership.pack)
    words = {
        "indicator": [one.id for one in indicators],
        "title": [one.title for one in indicators],
        "theme": [one.theme for one in indicators],
    }
    looks_at = [(rule.id, name) for rule in policy.rules for name in indicators_of(rule)]
    for name, table in (
        ("indicator_words", pa.table(words)),
        ("rule_words", pa.Table.from_pylist([_words(rule) for rule in policy.rules])),
        ("rule_indicators", pa.table({"rule": [r for r, _ in looks_at], "indicator": [i for _, i in looks_at]})),
    ):
        workspace.con.register("laid_out", table)
        workspace.con.execute(f"create or replace temp table {name} as select * from laid_out")
        workspace.con.unregister("laid_out")


def _words(rule: PolicyRule) -> dict[str, object]:
    return {"rule": rule.id, "version": rule.indicator.version, "form": rule.form, "why": rule.why}
