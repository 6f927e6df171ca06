"""Which markers the policy proposes: its rules, answered by the engine over findings in the place of events.

What a proposal hangs on is found by trying: every finding is left out in turn, for all proposals at once, and the
rules are answered again. No finding has a weight; it is needed or it is not. Few children are answered for by the
engine that defines what a rule means; to plan a rule set-wise costs more than they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.engines.answers import ANSWERS
from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.engines.memory import MemoryEngine
from trigpoint.records.facts import COVERAGE, MENTIONS, Facts
from trigpoint.rules.policy import Policy, PolicyRule, indicators_of
from trigpoint.rules.tree import AllOf, AnyOf, Not, Pattern
from trigpoint.rules.tree import Sequence as InOrder

RULES = pa.schema([("rule", pa.string()), ("agencies", pa.int64())])
LOOKS = pa.schema([("rule", pa.string()), ("indicator", pa.string())])
FEW = 4_000  # children asked about, each once for each rule that may hold
Asked = dict[str, list[str]]  # by rule, the children who have the kinds of finding for it

# A finding stands once for each agency that saw it, so that rules can count agencies.
AS_EVENTS = """
    create or replace temp table finding_events as
    select child_key, finding_id || '|' || agency as event_id, indicator as kind,
        epoch(to_on::timestamp)::bigint as t, null::bigint as t_end, null::varchar as source, agency,
        null::varchar as place_id, null::varchar as area, null::integer as easting, null::integer as northing
    from (select child_key, finding_id, indicator, to_on,
              unnest(case when len(agencies) > 0 then agencies else ['not known'] end) as agency
          from {findings} semi join policy_looks using (indicator))
"""

# Episodes of a rule that enough agencies saw, taken together: one proposal for a child and a rule.
HELD = """
    create or replace temp table {name} as
    with
    used as (
        select m.child_key, m.indicator as rule, m.finding_id as episode, x.finding_id, x.agency from (
            select child_key, indicator, finding_id, unnest(event_ids) as event_id from {met}) m,
            lateral (select split_part(m.event_id, '|', 1) as finding_id, split_part(m.event_id, '|', 2) as agency) x),
    enough as (
        select u.episode from used u join policy_rules p using (rule)
        group by u.episode, p.agencies having count(distinct u.agency) >= p.agencies)
    select child_key, rule, list_sort(list(distinct finding_id)) as finding_ids,
        list_sort(list(distinct agency)) as agencies
    from used semi join enough using (episode) group by child_key, rule
"""

NOTHING_HELD = """
    create or replace temp table {name} (child_key varchar, rule varchar, finding_ids varchar[], agencies varchar[])
"""

# Every proposal once more for each of its findings, as a child of its own that has what the rule looks at without it.
LESSENED = """
    create or replace temp table findings_lessened as
    select h.child_key || '|' || h.rule || '|' || left_out as child_key, h.rule, f.finding_id, f.indicator, f.to_on,
        f.agencies
    from (select child_key, rule, unnest(finding_ids) as left_out from proposed) h
    join policy_looks l using (rule)
    join {findings} f on f.child_key = h.child_key and f.indicator = l.indicator and f.finding_id <> h.left_out
"""

NEEDED = """
    create or replace temp table proposed_on as
    select p.child_key, p.rule, list_sort(list(left_out)) as needed
    from (select child_key, rule, unnest(finding_ids) as left_out from proposed) p
    anti join proposed_without w on w.child_key = p.child_key || '|' || p.rule || '|' || p.left_out and w.rule = p.rule
    group by all
"""


def propose(con: duckdb.DuckDBPyConnection, policy: Policy, *, findings: str, start_t: int, as_at_t: int) -> None:
    """Make the temporary tables `proposed` and `proposed_on` for the findings in relation `findings`.

    `proposed`: child_key, rule, finding_ids (those that the rule stands on), agencies (that saw them). `proposed_on`:
    child_key, rule, needed (the findings without any one of which the rule would not hold). Seconds of wall clock.
    """
    period = (start_t, as_at_t)
    hold(con, policy, findings=findings, period=period)
    con.execute(LESSENED.format(findings=findings))
    asked = _who_may_hold(con, policy, "findings_lessened", of="rule")
    _answer(con, policy, asked, findings="findings_lessened", held="proposed_without", period=period)
    con.execute(NEEDED)


def hold(con: duckdb.DuckDBPyConnection, policy: Policy, *, findings: str, period: tuple[int, int]) -> None:
    """Make `proposed` alone: which rules hold, without trying what each hangs on. `period` as `propose` has it."""
    _lay_out(con, policy)
    _answer(con, policy, _who_may_hold(con, policy, findings), findings=findings, held="proposed", period=period)


def _lay_out(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    rules = [{"rule": rule.id, "agencies": rule.agencies} for rule in policy.rules]
    looks = [{"rule": rule.id, "indicator": name} for rule in policy.rules for name in indicators_of(rule)]
    for name, table in (
        ("policy_rules", pa.Table.from_pylist(rules, schema=RULES)),
        ("policy_looks", pa.Table.from_pylist(looks, schema=LOOKS)),
    ):
        con.register("policy_given", table)
        con.execute(f"create or replace temp table {name} as select * from policy_given")
        con.unregister("policy_given")


def _who_may_hold(con: duckdb.DuckDBPyConnection, policy: Policy, findings: str, *, of: str = "null") -> Asked:
    """For each rule the children who have the kinds of finding for it: to ask about others finds nothing.

    `of` is the column that names the one rule that a child is asked about, where there is one.
    """
    rows = con.execute(f"""
        select names, rule, list(child_key) from (
            select child_key, {of} as rule, list_sort(list(distinct indicator)) as names from {findings} group by all)
        group by all""").fetchall()
    asked: Asked = {}
    for rule in policy.rules:
        kinds = [(frozenset(names), children) for names, only, children in rows if only in (None, rule.id)]
        if found := [
            child for names, children in kinds if _may_hold(rule.indicator.pattern, names) for child in children
        ]:
            asked[rule.id] = found
    return asked


def _may_hold(pattern: Pattern, kinds: frozenset[str]) -> bool:
    """Whether there is a finding for every part that needs one."""
    match pattern:
        case Not():
            return True
        case AllOf(patterns):
            return all(_may_hold(one, kinds) for one in patterns)
        case AnyOf(patterns):
            return any(_may_hold(one, kinds) for one in patterns)
        case InOrder(steps):
            return all(not kinds.isdisjoint(step.kinds) for step in steps)
        case _:
            return not kinds.isdisjoint(pattern.of.kinds)


def _answer(
    con: duckdb.DuckDBPyConnection,
    policy: Policy,
    asked: Asked,
    *,
    findings: str,
    held: str,
    period: tuple[int, int],
) -> None:
    rules = [rule for rule in policy.rules if rule.id in asked]
    if not rules:
        con.execute(NOTHING_HELD.format(name=held))
        return
    start_t, as_at_t = period
    con.execute(AS_EVENTS.format(findings=findings))
    con.execute(f"""
        create or replace temp table finding_children as
        select distinct child_key, null::date as birth_on, null::varchar as sex, null::varchar as area
        from {findings}""")
    facts = Facts(
        children="finding_children",
        events="finding_events",
        mentions=MENTIONS.empty_table(),
        coverage=_all_covered(rules, start_t=start_t, as_at_t=as_at_t),
        start_t=start_t,
        as_at_t=as_at_t,
    )
    if sum(map(len, asked.values())) > FEW:
        answers = DuckDBEngine(con).answer([rule.indicator for rule in rules], facts)
        con.execute(HELD.format(name=held, met=answers.table))
        answers.close()
    else:
        con.register("rules_met", _met_by_each(con, rules, asked, facts=facts))
        con.execute(HELD.format(name=held, met="rules_met"))
        con.unregister("rules_met")


def _met_by_each(
    con: duckdb.DuckDBPyConnection, rules: Sequence[PolicyRule], asked: Asked, *, facts: Facts
) -> pa.Table:
    """The episodes of each rule for the children who are asked about it, child by child."""
    children, events = (con.table(str(one)).to_arrow_table() for one in (facts.children, facts.events))
    met = [ANSWERS.empty_table()]
    for rule in rules:
        those = pa.array(asked[rule.id], pa.string())
        looked_at = pc.and_(
            pc.is_in(events["child_key"], those), pc.is_in(events["kind"], pa.array(indicators_of(rule), pa.string()))
        )
        few = replace(
            facts, children=children.filter(pc.is_in(children["child_key"], those)), events=events.filter(looked_at)
        )
        met.append(MemoryEngine().answer([rule.indicator], few).met)
    return pa.concat_tables(met)


def _all_covered(rules: Sequence[PolicyRule], *, start_t: int, as_at_t: int) -> pa.Table:
    """Findings are all there: what is not found is, to a rule, not there."""
    kinds: Sequence[str] = sorted({kind for rule in rules for kind in indicators_of(rule)})
    rows = [{"kind": kind, "area": None, "from_t": start_t, "to_t": as_at_t} for kind in kinds]
    return pa.Table.from_pylist(rows, schema=COVERAGE)
