"""The pack in Welsh: complete, with the same placeholders, and said from the facts that the English was filled with."""

import re
import shutil
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.rules.reading import read_indicators
from trigpoint.rules.sentence import Cited, fill, listed
from trigpoint.rules.spoken.checking import check_words
from trigpoint.rules.spoken.phrases import PHRASES
from trigpoint.rules.spoken.read_back import read_back
from trigpoint.services.say_rule import say_rule
from trigpoint.services.speak import Speech, speak
from trigpoint.terms.pack import Attribute, Pack, load_pack
from trigpoint.terms.spoken import spoken

FIRST_DAY = datetime(2024, 1, 1)


@cache
def welsh() -> Speech:
    return speak("cy")


def values(one: Attribute, pack: Pack) -> st.SearchStrategy[object]:
    if one.codes:
        return st.sampled_from(sorted(pack.codes[one.codes].values))
    return st.booleans() if one.type == "boolean" else st.none()


@st.composite
def cited(draw: st.DrawFn) -> list[Cited]:
    pack = load_pack()
    said = st.fixed_dictionaries({}, optional={a.name: values(a, pack) for a in pack.attributes.values()})
    one = st.builds(
        Cited,
        at=st.integers(0, 900).map(lambda days: FIRST_DAY + timedelta(days=days)),
        agency=st.sampled_from([None, *pack.agencies]),
        source=st.sampled_from(["a", "b"]),
        metres=st.sampled_from([None, 400, 41_600]),
        age=st.sampled_from([None, 9, 15]),
        episode=st.sampled_from([None, 1]),
        values=said,
    )
    return sorted(draw(st.lists(one, min_size=1, max_size=4)), key=lambda each: each.at)


@settings(deadline=None)
@given(st.sampled_from([one.id for one in read_indicators(load_pack())]), cited(), st.integers(0, 4))
def test_a_finding_says_in_welsh_what_its_facts_say(name: str, events: list[Cited], others: int) -> None:
    speech = welsh()
    english = fill(speech.kept[name].sentence, events, others=others, pack=speech.english)
    said = speech.finding(english, indicator=name, version=speech.kept[name].version)
    assert said.language == "cy"
    assert said.text == fill(speech.indicators[name].sentence, events, others=others, pack=speech.pack)


@settings(deadline=None)
@given(st.sampled_from([one.id for one in read_indicators(load_pack())]), cited(), st.integers(0, 4))
def test_facts_read_back_are_those_that_were_said(name: str, events: list[Cited], others: int) -> None:
    pack, template = load_pack(), welsh().kept[name].sentence
    sentence = fill(template, events, others=others, pack=pack)
    facts = read_back(sentence, template, pack=pack)
    assert facts is not None
    if "last_on" in facts:
        assert facts["last_on"] == events[-1].at.date()
    if "agencies" in facts:
        assert set(facts["agencies"]) == {one.agency for one in events if one.agency}
    assert facts.get("others", others) == others


def test_what_cannot_be_said_with_certainty_stays_as_it_was_kept() -> None:
    speech, name = welsh(), "missing_three_times_in_90_days"
    kept = "Was reported missing 3 times between 3 January 2025 and 5 March 2025."
    assert speech.finding(kept, indicator=name, version=1).language == "cy"
    for sentence, indicator, version in (
        (kept, name, 2),
        (kept.replace("3 times", "three times"), name, 1),
        (kept.replace("3 January", "31 February"), name, 1),
        (kept, "a_rule_that_went", 1),
    ):
        said = speech.finding(sentence, indicator=indicator, version=version)
        assert (said.text, said.language) == (sentence, "en")
    assert speech.title("An older name of it", indicator=name).language == "en"
    assert speech.why("Another reason.", rule="under_ten", version=1).language == "en"
    assert speech.change("It may change.").language == "en"


def test_what_would_change_a_proposal_is_said_in_welsh() -> None:
    speech = welsh()
    one, other = speech.kept["found_far_from_home"].title, speech.kept["remote_mothering"].title
    kept = f"{PHRASES['proved_wrong']} {PHRASES['could_add']}".format(
        findings=f"{one} (3 May 2025); {other} (14 August 2025)", rules=other
    )
    said = speech.change(kept)
    assert said.language == "cy"
    for indicator in ("found_far_from_home", "remote_mothering"):
        assert speech.indicators[indicator].title in said.text
    assert "(3 Mai 2025)" in said.text
    assert "(14 Awst 2025)" in said.text
    assert speech.change(PHRASES["no_single"]).text == speech.pack.said_in.phrases["no_single"]  # type: ignore[union-attr]  # it is there


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["yr heddlu"], "yr heddlu"),
        (["addysg", "yr heddlu"], "addysg a'r heddlu"),
        (["y gwasanaethau plant", "elusen"], "y gwasanaethau plant ac elusen"),
        (["dwyn", "twyll"], "dwyn a thwyll"),
        (["dwyn", "cario arf"], "dwyn a chario arf"),
        (["dwyn", "twyll", "possession"], "dwyn, twyll a phossession"),
        (["twyll", "bwrgleriaeth"], "twyll a bwrgleriaeth"),
        (["dwyn", "chwaraeon"], "dwyn a chwaraeon"),
        ([], "heb ei gofnodi"),
    ],
)
def test_a_list_follows_the_grammar_of_welsh(words: list[str], said: str) -> None:
    assert listed(words, welsh().pack) == said


def test_a_rule_is_said_in_welsh() -> None:
    rule = say_rule("missing_three_times_in_90_days", pack=welsh().pack)
    assert rule.looks_for == "3 gwaith neu fwy o fewn 90 diwrnod: adroddwyd ar goll"
    assert rule.title == "Adroddwyd ar goll dair gwaith neu fwy mewn 90 diwrnod"
    assert rule.caution != say_rule(rule.id, pack=load_pack()).caution


def test_the_words_of_the_pack_in_welsh_are_complete_and_say_that_a_machine_drafted_them() -> None:
    assert list(check_words(load_pack(), "cy")) == []
    assert welsh().pack.said_in is not None
    assert not welsh().reviewed
    assert spoken(load_pack(), "gd") is load_pack()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return Path(shutil.copytree(load_pack().folder, tmp_path / "england_wales"))


@pytest.mark.parametrize(
    ("file", "was", "becomes", "complaint"),
    [
        ("indicators/going_missing.yaml", "{count} (waith", "tair (waith", r"\{count\} stands in the English alone"),
        ("indicators/going_missing.yaml", "ar {first_on} tua", "ar {day} tua", r"\{day\} stands in these words alone"),
        ("indicators/care.yaml", "version: 1", "version: 7", "the English is at version 1"),
        ("indicators/care.yaml", "  practice: ", "  nonsense: ", "nonsense"),
        ("indicators/money.yaml", "small_sums_tried:", "small_sums_trie:", "Did you mean 'small_sums_tried'"),
        ("codes.yaml", "  theft: dwyn\n", "", "'theft' is missing among the codes of 'offence'"),
        ("words.yaml", "    plain: arestiwyd\n", "", "'plain' is missing"),
        ("policy.yaml", "under_ten:", "under_tenn:", "Did you mean 'under_ten'"),
        ("phrases.yaml", "{span}", "{spann}", "stands in"),
    ],
)
def test_broken_words_are_pointed_at(broken: Path, file: str, was: str, becomes: str, complaint: str) -> None:
    place = broken / "cy" / file
    text = place.read_text(encoding="utf-8")
    assert was in text
    place.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    said = "\n".join(str(fault) for fault in check_words(load_pack(str(broken)), "cy"))
    assert re.search(complaint, said), said


def test_an_indicator_without_welsh_is_named(broken: Path) -> None:
    (broken / "cy" / "indicators" / "health.yaml").unlink()
    said = [str(fault) for fault in check_words(load_pack(str(broken)), "cy")]
    assert any("emergency_injuries_repeated" in one for one in said)
    assert len(said) == 5
