"""A stream given many messages at once, that weighs only where something may rise, answers as a plain one does."""

import random

import pytest
from benchmarks.scanner.material import conversations, lines
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.scanner import Message, Stream
from trigpoint.scanner.answering.conversation import ConversationAnswers
from unit.scanner.talk import scanner

WRITTEN = [one.text for one in lines(2)]


@pytest.fixture(scope="module")
def talks() -> list[Message]:
    """Every written conversation, and written lines in made-up conversations of several senders, all mixed."""
    many = [one for side in conversations().values() for one in side]
    said = [
        Message(one["id"], line.split(": ", 1)[0], line.split(": ", 1)[1], str(n + 1))
        for one in many
        for n, line in enumerate(one["messages"])
    ]
    made = [Message(f"made {n % 40}", "AB"[n % 3 == 0], text, f"m{n}") for n, text in enumerate(WRITTEN)]
    return [*said, *made]


def raised(stream: Stream, messages: list[Message]) -> list[tuple]:
    return [(s.conversation, s.sender, s.behaviour, s.points, s.spans) for s in stream.take(messages)]


def test_many_at_once_leave_the_state_that_one_by_one_leaves(talks):
    at_once, one_by_one = scanner().stream(), scanner().stream()
    raised(at_once, talks)
    for message in talks:
        raised(one_by_one, [message])
    assert at_once.snapshot() == one_by_one.snapshot()
    told = [at_once.conversation(name) for name in at_once.conversations()]
    assert told == [one_by_one.conversation(name) for name in at_once.conversations()]
    assert sum(one.verdict == "signals" for one in told) > len(told) / 3


def test_what_need_not_be_weighed_would_have_raised_nothing(talks, monkeypatch):
    """The plain way weighs every conversation with every message."""
    quick = scanner().stream()
    found = [raised(quick, [message]) for message in talks]
    monkeypatch.setattr(ConversationAnswers, "may_raise", lambda *_: True)
    plain = scanner().stream()
    assert [raised(plain, [message]) for message in talks] == found
    assert sum(map(len, found)) > 100


@settings(max_examples=15, deadline=None)
@given(draw=st.randoms(use_true_random=False), size=st.integers(24, 60), part=st.integers(1, 60))
def test_drawn_talk_in_parts_of_any_size_raises_what_it_raises_weighed_always(draw: random.Random, size, part):
    texts = [draw.choice(WRITTEN) for _ in range(size)]
    talk = [Message(str(draw.randrange(3)), draw.choice("AB"), text, str(n + 1)) for n, text in enumerate(texts)]
    parts = [talk[at : at + part] for at in range(0, size, part)]
    quick, plain = scanner().stream(), scanner().stream()
    for some in parts:
        found = raised(quick, some)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ConversationAnswers, "may_raise", lambda *_: True)
            assert raised(plain, some) == found


def test_system_lines_are_passed_over_wherever_they_stand():
    lines_of_app = [Message("c", "app", "kez joined", f"s{n}", kind="system") for n in range(1100)]
    stream = scanner().stream()
    stream.take([*lines_of_app, Message("c", "kez", "delete this chat after u drop the bag", "1")])
    assert stream.conversation("c").searched == 1
    assert stream.conversation("c").verdict == "signals"
