"""The words of England and Wales: complete, sourced, and never one spelling for two meanings."""

import re
from collections import defaultdict

import pytest

from trigpoint.terms.pack import CodeList, Pack, load_pack

KINDS = [
    "missing",
    "found",
    "return_interview_offered",
    "return_interview",
    "arrest",
    "stop_search",
    "victim_of_violence",
    "custody",
    "intelligence",
    "police_protection",
    "travel_alone",
    "nrm_referral",
    "nrm_reasonable_grounds",
    "nrm_conclusive_grounds",
    "contact",
    "referral",
    "assessment",
    "assessment_factor",
    "strategy_discussion",
    "section_47",
    "child_in_need_plan",
    "child_protection_plan",
    "looked_after",
    "placement",
    "home",
    "early_help",
    "case_closed",
    "attendance",
    "suspension",
    "permanent_exclusion",
    "managed_move",
    "alternative_provision",
    "missing_education",
    "ae_attendance",
    "mental_health_referral",
    "substance_use_referral",
    "self_harm",
    "youth_justice_intervention",
    "mule_account_suspected",
    "account_closed",
    "account_opened",
    "online_contact",
    "concern_noted",
    "marker_set",
    "marker_ended",
    "casework_marker_set",
    "casework_marker_ended",
    "cuckooed_address",
]
BLAME = re.compile(r"\b(offender|suspect|runaway|absconder|gang member|lifestyle|prostitute)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("england_wales")


def test_every_kind_of_event_is_declared(pack: Pack) -> None:
    assert set(pack.kinds) == set(KINDS)


def test_the_placement_outranks_the_home(pack: Pack) -> None:
    assert pack.base_kinds == ("placement", "home")


def test_every_attribute_is_used_and_a_code_has_a_list(pack: Pack) -> None:
    assert {a for kind in pack.kinds.values() for a in kind.attributes} == set(pack.attributes)
    for attribute in pack.attributes.values():
        assert (attribute.codes is not None) == (attribute.type == "code"), attribute.name


def test_every_agency_holds_some_kind_of_event(pack: Pack) -> None:
    assert {a for kind in pack.kinds.values() for a in kind.agencies} == set(pack.agencies)


@pytest.mark.parametrize("codes", load_pack().codes.values(), ids=lambda c: c.codes)
def test_no_spelling_means_two_things(codes: CodeList) -> None:
    owners = defaultdict(set)
    for code, entry in codes.values.items():
        for word in (code, entry.title, *entry.aliases):
            owners[word.strip().lower()].add(code)
    assert {word: found for word, found in owners.items() if len(found) > 1} == {}


def test_no_plain_word_blames_the_child(pack: Pack) -> None:
    said = [kind.plain for kind in pack.kinds.values()] + [kind.title for kind in pack.kinds.values()]
    said += [entry.title for codes in pack.codes.values() for entry in codes.values.values()]
    said += [form.plain for form in pack.forms.values()]
    assert [words for words in said if BLAME.search(words)] == []


def test_what_is_not_confirmed_says_so(pack: Pack) -> None:
    for term in (*pack.kinds.values(), *pack.codes.values(), *pack.forms.values()):
        assert term.source.url or term.source.status == "unconfirmed", term
    assert pack.codes["offence_codes"].values["09271"].status == "unconfirmed"
    assert pack.codes["offence_codes"].values["09270"].status == "confirmed"


def test_offence_codes_and_offence_groups_agree(pack: Pack) -> None:
    spelling = pack.codes["offence"].spelling()
    for code, entry in pack.codes["offence_codes"].values.items():
        for written in (code, *entry.aliases):
            assert spelling[written] == entry.group, written


def test_class_a_intent_to_supply_is_the_proxy_of_counting_lives(pack: Pack) -> None:
    proxy = {c for c, e in pack.codes["offence_codes"].values.items() if e.group == "pwits_class_a"}
    assert proxy == {"09270", "09271", "09272", "09273", "09274", "09275", "09279"}


@pytest.mark.parametrize(
    ("codes", "written", "code"),
    [
        ("missing_risk", "No Apparent Risk", "no_apparent_risk"),
        ("ethnicity", "W1", "WBRI"),
        ("ethnicity", "Black/African/Caribbean/Black British - African", "BAFR"),
        ("sex", "2", "F"),
        ("reason", "Drug and alcohol related", "DA"),
        ("factor", "24a", "24A"),
        ("exploitation_type", "Criminal exploitation", "forced-to-commit-crime"),
        ("outcome", "NFA", "no_further_action"),
    ],
)
def test_spellings_seen_in_extracts_are_understood(pack: Pack, codes: str, written: str, code: str) -> None:
    assert pack.codes[codes].spelling()[written.lower()] == code


def test_the_forms_are_those_a_marker_may_have(pack: Pack) -> None:
    assert set(pack.forms) == set(pack.codes["form"].values)
