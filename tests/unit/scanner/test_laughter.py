"""A threat that is laughed off between friends is none; the same words where somebody is controlled still are."""

import pytest

from trigpoint.scanner import Message
from unit.scanner.talk import behaviours, said, scanner

THREATS = {"threat_to_child", "threat_to_family"}
LAUGHED_OFF = [
    ("A: ill kill u if u tell", "B: lol shut up"),
    ("A: ill batter u if u say anything", "B: 😂😂"),
    ("A: snitch and ur dead", "B: hahaha as if"),
    ("A: we know where you live", "B: lmao you live next door"),
    ("A: if u tell her ill kill u jk",),
]
CONTROL = [
    ("A: take the pack to the flat and give it to the man outside", "B: ok"),
    ("A: u still owe me 500 for the food", "B: i know"),
    ("A: keep ur live location on", "B: it is on"),
    ("A: i still got that video of u", "B: delete it"),
    ("A: can i use ur bank account for some money", "B: maybe"),
]


@pytest.mark.parametrize("lines", LAUGHED_OFF, ids=lambda lines: lines[0])
def test_a_threat_that_is_laughed_off_is_none(lines):
    assert not THREATS & behaviours(*lines)


@pytest.mark.parametrize("lines", LAUGHED_OFF[:4], ids=lambda lines: lines[0])
def test_without_the_laughter_it_was_one_or_not_enough_to_tell(lines):
    answer = scanner().scan_conversation(said(lines[0], "B: ok"))
    assert THREATS & {s.behaviour for s in (*answer.signals, *answer.nearly)}


@pytest.mark.parametrize("before", CONTROL, ids=lambda lines: lines[0])
@pytest.mark.parametrize("lines", LAUGHED_OFF[:3], ids=lambda lines: lines[0])
def test_laughter_silences_nothing_where_somebody_is_controlled(before, lines):
    """The swap: the same friends' words, put into a conversation where one orders, holds or is owed."""
    assert "threat_to_child" in behaviours(*before, *lines)
    assert "threat_to_child" in behaviours(*lines, *before)


def test_laughter_of_one_who_is_afraid_silences_nothing():
    assert "threat_to_child" in behaviours("A: if u tell ur mum ill kill u", "B: lol", "B: please dont hurt me")


def test_laughter_hours_later_answers_nothing():
    early, late = said("A: ill kill u if u tell")[0], said("B: lol", start=180)[0]
    later = Message("c", "B", "lol", "later", late.sent_at)
    assert {s.behaviour for s in scanner().scan_conversation([early, later]).signals} == {"threat_to_child"}


def test_the_answer_says_what_spoke_against_it():
    answer = scanner().scan_conversation(said("A: ill kill u if u tell", "B: lol shut up"))
    (near,) = [s for s in answer.nearly if s.behaviour == "threat_to_child"]
    assert "laughed_off" in {e.kind for e in near.against_it}
