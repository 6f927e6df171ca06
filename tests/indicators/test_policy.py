"""Which findings propose a marker, and, as important, which do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from trigpoint.rules import tree
from trigpoint.rules.policy import Policy, PolicyRule, indicators_of, read_policy
from trigpoint.rules.tree import Indicator, selected_kinds
from trigpoint.terms.pack import Pack, load_pack

Finding = Any  # of conftest.py
Propose = Callable[[Iterable[Finding]], dict[str, str]]
DAY = date(2025, 6, 1)
STATEMENTS = {
    "assessment_factor_criminal_exploitation",
    "nrm_referral_criminal",
    "nrm_county_lines",
    "nrm_positive_decision_forced_crime",
    "marker_elsewhere",
}
# Gaps in the response, and what says nothing of exploitation by itself: no rule may look at them.
NOT_ASKED = {
    "missing_no_return_interview",
    "supply_arrest_no_safeguarding_referral",
    "strategy_discussion_no_section_47",
    "account_closed_no_referral",
    "nrm_referral_no_decision",
    "police_only",
    "placement_move_then_missing",
    "nrm_positive_decision",
    "sexual_exploitation_named",
}
RULES = [rule for rule in read_policy(load_pack()).rules if not rule.statement]
BEHAVIOUR = [pytest.param(rule, id=rule.id) for rule in RULES]
TIMED = [pytest.param(rule, id=rule.id) for rule in RULES if not isinstance(rule.indicator.pattern, tree.Exists)]


@pytest.fixture(scope="session")
def finding() -> Callable[..., Finding]:
    def made(indicator: str, *agencies: str, on: date = DAY) -> Finding:
        return SimpleNamespace(indicator=indicator, on=on, agencies=frozenset(agencies))

    return made


def test_every_form_that_indicators_speak_of_can_be_proposed(policy: Policy) -> None:
    assert {rule.form for rule in policy.rules} == {
        "county_lines",
        "local_supply",
        "cannabis_cultivation",
        "acquisitive_crime",
        "financial_exploitation",
        "violence",
        "online_control",
        "cuckooing",
        "debt_bondage",
        "not_yet_clear",
    }


def test_every_rule_says_why_and_what_a_person_may_consider(policy: Policy) -> None:
    assert [rule.id for rule in policy.rules if len(rule.why) < 40 or not rule.considered] == []


def test_a_professional_s_own_statement_proposes_by_itself(propose: Propose, finding: Callable[..., Finding]) -> None:
    for name in STATEMENTS:
        assert propose([finding(name, "childrens_services")]), name


def test_everything_that_one_agency_ever_saw_proposes_nothing(
    pack: Pack, indicators: Sequence[Indicator], propose: Propose, finding: Callable[..., Finding]
) -> None:
    for agency in pack.agencies:
        seen = [finding(one.id, agency) for one in indicators if one.id not in STATEMENTS]
        assert propose(seen) == {}, agency


def test_one_search_proposes_nothing_even_with_a_marker_long_ended(
    propose: Propose, finding: Callable[..., Finding]
) -> None:
    found = [finding("drug_search_found_weapon", "police"), finding("marker_ended_elsewhere", "police")]
    assert propose([*found, finding("marker_elsewhere", "police")]) == {}


@pytest.mark.parametrize("rule", BEHAVIOUR)
def test_a_rule_holds_with_enough_agencies_and_not_with_fewer(
    rule: PolicyRule, propose: Propose, finding: Callable[..., Finding]
) -> None:
    agencies = ["education", "police", "bank"][: rule.agencies]
    enough = [finding(name, *agencies) for name in _least(rule)]
    fewer = [finding(name, *agencies[1:]) for name in _least(rule)]
    assert propose(enough).get(rule.id) == rule.form
    assert rule.id not in propose(fewer)


@pytest.mark.parametrize("rule", TIMED)
def test_a_rule_holds_at_the_edge_of_its_time_and_not_a_day_later(
    rule: PolicyRule, propose: Propose, finding: Callable[..., Finding]
) -> None:
    within = getattr(_last_way(rule), "within", None)
    assert within is not None
    first, *rest = _least(rule)
    agencies = ["education", "police", "bank"]
    last = [finding(name, *agencies) for name in rest]
    edge = DAY - timedelta(seconds=within)
    assert rule.id in propose([finding(first, *agencies, on=edge), *last])
    assert rule.id not in propose([finding(first, *agencies, on=edge - timedelta(days=1)), *last])


def test_a_marker_that_was_ended_is_not_proposed_again_on_its_own_word(
    propose: Propose, finding: Callable[..., Finding]
) -> None:
    set_once = finding("marker_elsewhere", "police")
    ended = finding("marker_ended_elsewhere", "police")
    assert propose([set_once]) == {"stated_by_marker_elsewhere": "not_yet_clear"}
    assert propose([set_once, ended]) == {}
    set_by_another = finding("marker_elsewhere", "charity")
    assert propose([set_once, ended, set_by_another]) == {"stated_by_two_markers": "not_yet_clear"}


def test_gaps_context_and_sexual_exploitation_are_in_no_rule(policy: Policy) -> None:
    asked = {name for rule in policy.rules for name in indicators_of(rule)}
    assert asked & NOT_ASKED == set()
    assert policy.overlaps == ("sexual_exploitation_named",)


def test_every_other_indicator_is_in_a_rule(policy: Policy, indicators: Sequence[Indicator]) -> None:
    asked = {name for rule in policy.rules for name in indicators_of(rule)}
    assert {one.id for one in indicators} - asked == NOT_ASKED


def test_nothing_in_the_pack_is_a_score(pack: Pack) -> None:
    scored = re.compile(r"^\s*(score|weight|points?|rank|probability|threshold|severity|band)\w*:", re.M)
    files = [pack.policy_file, *pack.indicator_files]
    assert [path.name for path in files if scored.search(path.read_text(encoding="utf-8"))] == []


def _last_way(rule: PolicyRule) -> tree.Pattern:
    """The rule's pattern, or the last of the ways in which it may hold."""
    pattern = rule.indicator.pattern
    return pattern.patterns[-1] if isinstance(pattern, tree.AnyOf) else pattern


def _least(rule: PolicyRule) -> list[str]:
    """Just enough indicators for each part of the rule, all different."""
    way = _last_way(rule)
    found: list[str] = []
    for part in way.patterns if isinstance(way, tree.AllOf) else (way,):
        many = part.at_least if isinstance(part, tree.Count) else 1
        found += [name for name in selected_kinds(part) if name not in found][:many]
    return found
