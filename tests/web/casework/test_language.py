"""The reader of blaming words: each entry of the table with words that it sees and a near miss."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.errors import TermsError
from trigpoint.terms.pack import load_pack
from trigpoint_web.casework.language import LONGEST, read, read_language

SEEN = [
    ("L01", "He is involved in CCE.", "Three agencies are involved in CCE work."),
    (
        "L02",
        "She has been contacting older adult men online.",
        "She has been speaking to her social worker about adults.",
    ),
    ("L03", "He is a money mule.", "The bank follows the money mule action plan."),
    ("L04", "He was plugging.", "She was plugging in the charger."),
    ("L05", "He is treated as a slave.", "A referral under the Modern Slavery Act."),
    ("L06", "She became involved in a group.", "Children's services became involved in March."),
    ("L07", "He was recruited by a line.", "A mentor was recruited for him."),
    ("L08", "She works for an older gang.", "Her aunt works for the council as team manager of a line."),
    ("L09", "He puts himself at risk.", "Adults put him at risk."),
    ("L10", "She goes back to her exploiters.", "He chose to stay at school for lunch."),
    ("L11", "He keeps going missing.", "He is missing again."),
    ("L12", "She sent explicit images.", "She was coerced and sent explicit images."),
    ("L13", "She is in a relationship with an older man.", "She has a good relationship with her foster carer."),
    ("L14", "He is a gang member.", "He says that a gang threatens him."),
    ("L15", "A county lines runner.", "He runs for the athletics club."),
    ("L16", "It is a lifestyle choice.", "The school gave her a choice of subjects."),
    ("L17", "She is promiscuous.", "She was sexually abused."),
    ("L18", "Child prostitution was feared.", "She was sexually exploited."),
    ("L19", "He is streetwise and old for his age.", "He is fifteen years old."),
    ("L20", "She won’t engage.", "The agency did not engage with the family."),
    ("L21", "He absconded again.", "He could not attend."),
    ("L22", "His offending behaviour is rising.", "The exploiter's criminal activity was reported."),
    ("L23", "She was a willing participant.", "He is willing to talk."),
    ("L24", "He is in with the wrong crowd.", "His friends came to the panel."),
    ("L25", "A young offender who recruits.", "An adult perpetrator."),
    ("L26", "He hangs around the station.", "He spends time at the station."),
    ("L27", "She is manipulative.", "The adult groomer is manipulative."),
    ("L28", "There was no disclosure. NFA.", "No account has been given yet."),
    ("L29", "A chaotic family.", "The family needs help with debts."),
    ("L30", "Her risk-taking behaviour.", "The risk that others pose to her."),
    ("L31", "He was in a trap house.", "He was in a house used to sell drugs."),
    ("L32", "He is at risk of offending.", "He is at risk of being exploited."),
    ("L33", "The alleged victim said nothing.", "The potential victim said nothing."),
    ("L34", "A county lines boy.", "A boy exploited through county lines."),
]


@pytest.mark.parametrize(("rule", "seen", "near"), SEEN, ids=[one[0] for one in SEEN])
def test_each_entry_sees_its_words_and_no_near_miss(rule: str, seen: str, near: str) -> None:
    assert rule in [one.rule for one in read(seen)]
    assert rule not in [one.rule for one in read(near)]
    assert rule not in [one.rule for one in read(f"He said: “{seen}”")]


def test_every_entry_of_the_table_is_tried_here() -> None:
    assert [one[0] for one in SEEN] == [entry.id for entry in read_language(load_pack()).entries]


def test_a_suggestion_points_at_the_words_and_gives_others() -> None:
    text = "On Monday he was Money   Muling again."
    (one,) = read(text)
    assert text[one.start : one.end] == one.words == "Money   Muling"
    assert one.instead == ("a child who is being financially exploited",)
    assert one.why.endswith(".")


def test_what_is_suggested_is_not_itself_complained_of() -> None:
    for entry in read_language(load_pack()).entries:
        for words in entry.instead:
            assert read(f"The child {words} somebody.") == (), words


QUOTES = ["“he is a slave”", '"he is a slave"', "‘he is a slave’", "'he is a slave'", "> he is a slave"]


@pytest.mark.parametrize("text", QUOTES)
def test_somebodys_own_words_are_left_alone(text: str) -> None:
    assert read(text) == ()


def test_an_apostrophe_begins_no_quotation() -> None:
    assert [one.rule for one in read("It's the boy's mother who calls him a slave; it's the carers' word.")] == ["L05"]


def test_official_labels_are_left_alone_and_the_same_words_elsewhere_are_not() -> None:
    label = next(
        code.title
        for codes in load_pack().codes.values()
        for code in codes.values.values()
        if len(code.title.split()) >= 3
    )
    assert read(f"Recorded as: {label}.") == ()


@given(st.text(max_size=300))
def test_any_text_is_read_and_suggestions_do_not_overlap(text: str) -> None:
    found = read(text)
    assert all(text[one.start : one.end] == one.words for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_huge_text_is_read_up_to_a_bound() -> None:
    text = "He keeps going missing " * 5_000
    assert read(text)
    assert all(one.end <= LONGEST for one in read(text))
    assert read("involved" + " " * 200_000 + "x") == ()


def test_a_broken_table_is_shown_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "language.yaml"
    path.write_text(
        "language: x\nversion: 1\nsource: {title: t}\nentries:\n  - {id: X1, words: [a], why: w, try: [t], status: s}\n"
    )
    with pytest.raises(TermsError, match=r"language\.yaml"):
        read_language(load_pack(), path)
