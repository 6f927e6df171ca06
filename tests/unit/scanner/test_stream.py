"""State: in order, out of order and in parts it is the same; it is small, can be saved, and forgets."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.scanner import StateError
from unit.scanner.talk import NOON, said, scanner

TALK = said(
    "A: yo u looking for work",
    "B: what work",
    "A: £200 a day, no id needed",
    "B: is it legit",
    "A: dont tell ur mum",
    "A: take the pack to the flat and give it to the man outside",
    "B: ok im here",
    "A: send me a pic of the room now or im coming down there",
    "B: im scared",
    "A: u lost the pack so u owe me 800",
    "B: please give me more time",
    "A: u can work it off, two more trips and were even",
    "A: we know where ur mum lives, bring it by tomorrow",
    "B: i dont want to carry this stuff anymore",
    "A: delete this chat",
)


def told(answer):
    signals = [(s.behaviour, s.sender, s.points, s.messages) for s in answer.signals]
    return signals, answer.stages, answer.verdict, answer.parts


@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 14), max_size=4))
@settings(max_examples=25, deadline=None)
def test_any_order_and_any_parts_give_the_same_answer(draw: random.Random, cuts):
    whole = scanner().stream()
    whole.take(TALK)
    shuffled = draw.sample(TALK, len(TALK))
    parts = scanner().stream()
    ends = [0, *sorted(cuts), len(TALK)]
    for start, end in pairwise(ends):
        parts.take(shuffled[start:end])
    assert told(parts.conversation("c")) == told(whole.conversation("c"))
    assert told(scanner().scan_conversation(shuffled)) == told(whole.conversation("c"))


def test_the_same_message_twice_changes_nothing():
    once, twice = scanner().stream(), scanner().stream()
    once.take(TALK)
    twice.take(TALK + TALK)
    assert told(twice.conversation("c")) == told(once.conversation("c"))


def test_state_is_saved_and_taken_up_where_it_was_left():
    first, later = scanner().stream(), scanner().stream()
    first.take(TALK[:8])
    later.restore(first.snapshot())
    assert later.snapshot() == first.snapshot()
    first.take(TALK[8:])
    later.take(TALK[8:])
    assert told(later.conversation("c")) == told(first.conversation("c"))


def test_state_is_small_and_holds_no_words():
    stream = scanner().stream()
    stream.take(TALK)
    saved = stream.snapshot()
    keys = len(stream.conversation("c").signals)  # conversation, sender and behaviour
    assert len(saved) / keys < 200
    assert b"pack" not in saved
    assert b"scared" not in saved


def test_state_does_not_grow_without_end():
    stream = scanner().stream()
    lines = [f"A: take the pack to flat {i} and give it to the man outside" for i in range(200)]
    stream.take(said(*lines))
    assert len(stream.snapshot()) < 22 * 200


@pytest.mark.parametrize("spoil", [lambda b: b[:-3], lambda b: b"x" + b, lambda _: b""])
def test_damaged_state_is_refused_with_a_reason(spoil):
    stream = scanner().stream()
    stream.take(TALK)
    with pytest.raises(StateError) as refused:
        scanner().stream().restore(spoil(stream.snapshot()))
    assert refused.value.mend


def test_old_conversations_can_be_forgotten():
    stream = scanner().stream()
    stream.take(TALK)
    assert stream.forget(before=int(NOON.timestamp()) + 10**6) == 1
    assert stream.conversations() == ()


def test_new_messages_raise_what_they_make_whole_and_no_more():
    stream = scanner().stream()
    stream.take(TALK[:6])
    assert stream.take([replace(said("B: hello there", start=60)[0], id="later")]) == ()
    raised = stream.take(TALK[12:13])
    assert "threat_to_family" in {s.behaviour for s in raised}
