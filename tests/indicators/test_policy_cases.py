"""Whole invented stories, from what agencies sent to what is proposed for a person to decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from trigpoint.engines.proposing import propose as propose_set_wise
from trigpoint.records.facts import seconds
from trigpoint.rules.policy import Policy

AS_AT = date(2025, 12, 31)

# name: (timeline, forms proposed)
CASES = {
    "a looked-after child drawn into moving money": (
        """
child: {born: 2010-02-10, sex: M, area: RV}
events:
  - {on: 2024-01-10, event: looked_after, legal_status: C2}
  - {on: 2024-01-10, event: placement, placement_type: U6, out_of_area: true, area: LF, km_east: 45, km_north: 5}
  - {on: 2025-03-01 20:00, event: online_contact, behaviour: quick_cash_offer, agency: platform}
  - {on: 2025-03-12, event: account_opened}
  - {on: 2025-03-28, event: mule_account_suspected, pattern: pass_through, amount: 640, agency: bank}
  - {on: 2025-04-02, event: referral, no_further_action: true}
  - {on: 2025-04-20, event: mule_account_suspected, pattern: stolen_card_purchases, amount: 1260, agency: bank}
  - {on: 2025-05-01, event: referral, no_further_action: true}
  - {on: 2025-05-09 18:00, event: missing, agency: missing_persons}
  - {on: 2025-05-11 09:00, event: found, km_east: 1, km_north: 0, agency: missing_persons}
  - {on: 2025-05-20, event: online_contact, behaviour: threat_to_family, agency: platform}
""",
        {"financial_exploitation", "online_control", "not_yet_clear"},
    ),
    "a girl of sixteen found far away with another child after contact on an app": (
        """
child: {born: 2009-04-04, sex: F, area: RV}
events:
  - {on: 2025-09-20 21:00, event: online_contact, behaviour: quick_cash_offer, agency: platform}
  - {on: 2025-09-27 22:00, event: online_contact, behaviour: instruction, agency: platform}
  - {on: 2025-10-01 17:00, event: missing, risk: medium, agency: police}
  - {on: 2025-10-04 05:00, event: found, place: Harbour Road, km_east: 120, area: elsewhere, agency: police}
others:
  - area: RV
    events:
      - {on: 2025-10-04 05:30, event: found, place: Harbour Road, area: elsewhere, agency: police}
""",
        {"county_lines", "not_yet_clear"},
    ),
    "a boy of seven, seen by his school and by housing": (
        """
child: {born: 2017-11-01, sex: M, area: RV}
events:
  - {on: 2025-03-18 09:10, event: concern_noted, about: cash, agency: education}
  - {on: 2025-05-02, event: concern_noted, about: older_associates, agency: housing}
""",
        {"not_yet_clear"},
    ),
    "a girl of thirteen held by images, whose school saw her change": (
        """
child: {born: 2012-06-01, sex: F, area: RV}
events:
  - {on: 2025-01-31, event: attendance, percent: 97}
  - {on: 2025-02-28, event: attendance, percent: 95}
  - {on: 2025-03-10, event: online_contact, behaviour: online_collateral, agency: charity}
  - {on: 2025-03-31, event: attendance, percent: 60}
""",
        {"online_control"},
    ),
    "a child whom only a bank and a platform ever saw": (
        """
child: {born: 2009-11-11, sex: F, area: RV}
events:
  - {on: 2025-03-01, event: online_contact, behaviour: glamorising, agency: platform}
  - {on: 2025-08-20, event: mule_account_suspected, pattern: many_payers, agency: bank}
""",
        {"financial_exploitation"},
    ),
    "a social worker's own finding": (
        """
child: {born: 2010-11-02, sex: F, area: RV}
events:
  - {on: 2025-06-12, event: assessment_factor, factor: 24A}
""",
        {"not_yet_clear"},
    ),
    "one stop, one search, one weapon": (
        """
child: {born: 2009-08-08, sex: M, area: RV}
events:
  - {on: 2025-06-06 20:20, event: stop_search, search_object: drugs, search_found: weapons}
""",
        set(),
    ),
    "many arrests and searches by one force": (
        """
child: {born: 2009-08-08, sex: M, area: RV}
events:
  - {on: 2025-01-06 20:20, event: stop_search, search_object: drugs, search_found: drugs}
  - {on: 2025-02-06 20:20, event: arrest, offence: possession}
  - {on: 2025-03-06 20:20, event: stop_search, search_object: drugs, search_found: weapons}
  - {on: 2025-04-06 20:20, event: arrest, offence: pwits_class_a, km_east: 50, km_north: 0}
  - {on: 2025-05-06 20:20, event: arrest, offence: weapons}
  - {on: 2025-05-20, event: intelligence, about: gang, agency: police}
""",
        set(),
    ),
    "a child in care who changes school and is often ill": (
        """
child: {born: 2011-08-08, sex: F, area: RV}
events:
  - {on: 2023-06-01, event: looked_after, legal_status: V2}
  - {on: 2023-06-01, event: placement, placement_type: K2, out_of_area: true}
  - {on: 2024-09-01, event: managed_move}
  - {on: 2024-10-01, event: alternative_provision}
  - {on: 2025-01-31, event: attendance, percent: 88}
  - {on: 2025-02-28, event: attendance, percent: 60}
  - {on: 2025-03-10, event: ae_attendance, category: other, agency: health}
  - {on: 2025-04-01, event: mental_health_referral, agency: health}
""",
        set(),
    ),
    "a teenager who stayed out twice and came home": (
        """
child: {born: 2010-08-08, sex: M, area: RV}
events:
  - {on: 2025-02-01 22:00, event: missing, risk: low, agency: missing_persons}
  - {on: 2025-02-02 01:00, event: found, found_with: peers, km_east: 1, area: RV, agency: missing_persons}
  - {on: 2025-02-03, event: return_interview, harm_disclosed: false}
  - {on: 2025-03-01 22:00, event: missing, risk: low, agency: missing_persons}
  - {on: 2025-03-02 01:00, event: found, found_with: peers, km_east: 1, area: RV, agency: missing_persons}
  - {on: 2025-03-03, event: return_interview, harm_disclosed: false}
  - {on: 2025-03-20, event: suspension, reason: DB}
""",
        set(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_proposed(name: str, ask: Callable[[str], Any], propose: Callable[[Any], dict[str, str]]) -> None:
    timeline, forms = CASES[name]
    assert set(propose(ask(timeline).findings).values()) == forms


def test_the_set_wise_reading_proposes_the_same(
    ask: Callable[[str], Any], propose: Callable[[Any], dict[str, str]], policy: Policy
) -> None:
    con = duckdb.connect()
    rows = []
    expected = {}
    for child, (timeline, _) in CASES.items():
        found = ask(timeline).findings
        expected[child] = set(propose(found))
        rows += [
            {"child_key": child, "finding_id": f"{child} {n}", "indicator": one.indicator, "to_on": one.on}
            | {"agencies": sorted(one.agencies)}
            for n, one in enumerate(found)
        ]
    con.register("given", pa.Table.from_pylist(rows))
    propose_set_wise(con, policy, findings="given", start_t=0, as_at_t=seconds(AS_AT))
    proposed = con.execute("select child_key, rule from proposed").fetchall()
    assert {child: {rule for key, rule in proposed if key == child} for child in CASES} == expected
