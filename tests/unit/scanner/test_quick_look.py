"""Many messages at once give the same answers as each message read closely by itself: the quick look overlooks none."""

from functools import cache

import pytest
from benchmarks.scanner.attacks import ATTACKS
from benchmarks.scanner.material import conversations, lines
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.scanner import Message
from trigpoint.scanner.cues.alphabet import PARTED
from trigpoint.scanner.cues.sieve import Sieve
from unit.scanner.talk import scanner

WRITTEN = [one.text for one in lines(3)]


def messages(texts) -> list[Message]:
    return [Message("c", "a", text, str(i)) for i, text in enumerate(texts)]


def closely(texts):
    """Every message taken through the whole of the scanner, with no quick look."""
    answers = (scanner()._alone(message, at) for at, message in enumerate(messages(texts)))
    return [answer for answer in answers if answer.signals]


@cache
def every_cue() -> Sieve:
    return Sieve(scanner().pack.reader.matcher.phrases)


def cues_at_once(texts) -> list[int]:
    found = every_cue().cues(scanner().pack.reader.signs_of_all(texts), lambda _: True)
    return [found.get(at, 0) for at in range(len(texts))]


@pytest.fixture(scope="module")
def examples() -> list[str]:
    pack = scanner().pack
    each = (e for b in pack.behaviours.values() for e in (*b.examples, *b.near_misses))
    said = [line.split(": ", 1)[-1] for e in each for line in ([e] if isinstance(e, str) else e)]
    hand = [line.split(": ", 1)[1] for many in conversations().values() for one in many for line in one["messages"]]
    return said + hand + WRITTEN


def test_a_batch_answers_as_each_message_alone(examples):
    answers = scanner().scan_messages(messages(examples))
    assert len(answers) > len(examples) / 10
    assert answers == closely(examples)


@pytest.mark.parametrize("attack", ATTACKS)
def test_disguised_messages_too(attack, examples):
    texts = [ATTACKS[attack](text) for text in examples[::5]]
    assert scanner().scan_messages(messages(texts)) == closely(texts)


def test_a_few_messages_answer_as_many_do(examples):
    one_by_one = [answer for text in examples[::3] for answer in scanner().scan_messages(messages([text]))]
    at_once = scanner().scan_messages(messages(examples[::3]))
    assert [a.signals[0].spans for a in one_by_one] == [
        tuple(type(s)("0", s.start, s.end, s.text) for s in a.signals[0].spans) for a in at_once
    ]


@cache
def phrase_words() -> list[str]:
    """Words of the vocabulary, so that drawn messages are full of phrases and of their beginnings."""
    words = sorted(scanner().pack.lexicon.alphabet.words())
    common = [word for text in WRITTEN for word in text.split()]
    return [*words, *common, "£50", "20%", "4", "m0ney", "i", "p a c k", "\n", "\u200b", "🔌", "|", "сash", "x  y z"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_cues_found_at_once_are_those_found_in_each(data):
    message = st.lists(st.sampled_from(phrase_words()), max_size=14).map(" ".join)
    texts = data.draw(st.lists(message, min_size=1, max_size=12))
    assert cues_at_once(texts) == [scanner().pack.reader.cues(text) for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=12))
def test_any_text_at_all_gives_the_signs_that_it_has_alone(texts):
    reader = scanner().pack.reader
    assert reader.signs_of_all(texts).split(PARTED) == [reader.signs(text) for text in texts]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_written_lines_within_other_lines_are_never_overlooked(data):
    line = st.sampled_from(WRITTEN)
    texts = data.draw(st.lists(st.lists(line, min_size=1, max_size=2).map(" ".join), min_size=24, max_size=30))
    assert scanner().scan_messages(messages(texts)) == closely(texts)
