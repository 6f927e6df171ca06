"""What must hold of the indicators of England and Wales taken together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from trigpoint.rules import tree
from trigpoint.rules.tree import Indicator, Pattern
from trigpoint.terms.located import read_yaml
from trigpoint.terms.pack import Pack

# A gap in the response is no sign about the child: these may be met by what services did alone.
GAPS = {"strategy_discussion_no_section_47"}

CONTEXT = """
child: {born: 2010-05-01, area: RV}
events:
  - {on: 2023-02-01, event: looked_after, legal_status: C2}
  - {on: 2023-02-01, event: placement, placement_type: K2, out_of_area: true, area: LF, km_east: 80}
  - {on: 2023-03-01, event: child_in_need_plan}
  - {on: 2023-04-01, event: child_protection_plan, category: NEG}
  - {on: 2023-05-01, event: assessment}
  - {on: 2023-05-02, event: assessment_factor, factor: 2B}
  - {on: 2023-05-02, event: assessment_factor, factor: 16A}
  - {on: 2023-05-02, event: assessment_factor, factor: 5A}
  - {on: 2023-06-01, event: early_help}
  - {on: 2023-07-01, event: permanent_exclusion, reason: DB}
  - {on: 2023-07-05, event: suspension, reason: PP}
  - {on: 2023-07-09, event: managed_move}
  - {on: 2023-07-12, event: alternative_provision}
  - {on: 2023-07-15, event: missing_education}
  - {on: 2023-08-01, event: mental_health_referral}
  - {on: 2023-08-02, event: substance_use_referral}
  - {on: 2023-08-03, event: youth_justice_intervention, intervention: prevention}
  - {on: 2023-08-04, event: account_opened}
"""

# Words that put the harm on the child, after the appropriate language guides.
BLAME = re.compile(
    r"offender|perpetrator|runaway|absconded|gang member|money mule|drug runner|drug mule|lifestyle|promiscuous"
    r"|streetwise|prostitut|keeps going|involved in|known to police|refuse[sd]? to|non-compliant|risk-taking"
    r"|recruited|at-risk|putting (?:her|him|them)sel",
    re.IGNORECASE,
)


def test_there_are_enough_and_every_theme_has_some(pack: Pack, indicators: list[Indicator]) -> None:
    assert len(indicators) >= 40
    themes = Counter(one.theme for one in indicators)
    assert set(themes) == set(pack.themes)
    assert min(themes.values()) >= 4


def test_every_operator_and_condition_is_used_twice(indicators: list[Indicator]) -> None:
    used: Counter[type] = Counter()
    for one in indicators:
        used.update({type(part) for part in _patterns(one.pattern)})
        used.update({type(part) for part in tree.all_conditions(one.pattern)})
    operators = [tree.Exists, tree.Count, tree.Sequence, tree.Unfollowed, tree.Change]
    operators += [tree.AllOf, tree.AnyOf, tree.Not]
    conditions = [
        tree.Is,
        tree.AtLeast,
        tree.Age,
        tree.Distance,
        tree.OutOfArea,
        tree.During,
        tree.Together,
        tree.Shares,
    ]
    conditions += [tree.Either, tree.Unless]
    assert {part.__name__: used[part] for part in [*operators, *conditions] if used[part] < 2} == {}


def test_silence_is_absence_only_where_somebody_would_have_told_us(ask: Callable[[str], Any]) -> None:
    assert set(ask("child: {born: 2010-05-01, area: RV}").answers.values()) == {"not met"}
    assert set(ask("child: {born: 2010-05-01, area: RV}\ncoverage: []").answers.values()) == {"not known"}


def test_a_hard_life_alone_meets_nothing(ask: Callable[[str], Any]) -> None:
    assert ask(CONTEXT).met == set()


def test_a_plain_school_and_care_record_with_gaps_meets_gaps_only(ask: Callable[[str], Any]) -> None:
    told = ask(CONTEXT + "  - {on: 2025-03-01, event: strategy_discussion}\n")
    assert told.met == GAPS


def test_searches_that_find_nothing_meet_nothing_however_many(ask: Callable[[str], Any]) -> None:
    stops = "".join(
        f"  - {{on: 2025-{month:02}-11 18:00, event: stop_search, search_object: drugs, search_found: nothing}}\n"
        for month in range(1, 11)
    )
    told = ask("child: {born: 2010-05-01, area: RV}\nevents:\n" + stops)
    assert set(told.answers.values()) == {"not met"}


@pytest.mark.parametrize("part", ["title", "sentence", "practice", "caution"])
def test_no_words_put_the_harm_on_the_child(part: str, indicators: list[Indicator]) -> None:
    found = {one.id: BLAME.findall(getattr(one, part)) for one in indicators}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_indicator_says_what_to_do_and_what_else_it_may_be(indicators: list[Indicator]) -> None:
    assert [one.id for one in indicators if not (one.practice and one.caution)] == []


def test_a_source_without_an_address_is_marked_unconfirmed(pack: Pack) -> None:
    sources = {path.stem: read_yaml(path).value["source"] for path in pack.indicator_files}
    assert [name for name, s in sources.items() if s["status"] not in ("confirmed", "unconfirmed")] == []
    assert [name for name, s in sources.items() if "url" not in s and s["status"] == "confirmed"] == []
    assert [name for name, s in sources.items() if not s["note"]] == []


def _patterns(pattern: Pattern) -> Iterator[Pattern]:
    yield pattern
    match pattern:
        case tree.AllOf(parts) | tree.AnyOf(parts):
            for one in parts:
                yield from _patterns(one)
        case tree.Not(inner):
            yield from _patterns(inner)
        case _:
            pass
