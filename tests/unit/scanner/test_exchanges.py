"""An exchange: what one asks or orders counts with what the other answers, and only then. All of it is invented."""

import random
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trigpoint.terms
from trigpoint.errors import TermsError
from trigpoint.scanner import Message
from trigpoint.scanner.answering.conversation import ConversationAnswers
from trigpoint.scanner.pack import read_pack
from unit.scanner.talk import behaviours, said, scanner

PACK = Path(trigpoint.terms.__file__).parent / "packs" / "england_wales"
# What is shown, what one says, what the other answers, and what the other might answer that shows nothing of it.
EXCHANGES = [
    ("online_collateral", ["A: i still got the video of u", "A: do what i say"], "B: please delete it", "B: ok cool"),
    ("mule_recruitment", ["A: can i use ur bank account for a day"], "B: is that even legal", "B: which one"),
    ("instruction", ["A: take the bag to the lad by the shops", "A: not ur business"], "B: whats in it", "B: ok cool"),
    ("debt", ["A: u lost my stuff so u owe me", "A: not my problem"], "B: i havent got it", "B: ok cool"),
    ("threat_to_family", ["A: i know where ur mum lives"], "B: please leave my mum out of it", "B: ok cool"),
    ("quick_cash_offer", ["A: i can show u how to make easy money"], "B: sounds dodgy", "B: ok cool"),
]


def points(lines, behaviour):
    answer = scanner().scan_conversation(said(*lines))
    return max((s.points for s in (*answer.signals, *answer.nearly) if s.behaviour == behaviour), default=0.0)


@pytest.mark.parametrize(("behaviour", "asked", "answered", "otherwise"), EXCHANGES, ids=lambda x: str(x)[:20])
def test_what_the_other_answers_makes_it_whole_or_weightier(behaviour, asked, answered, otherwise):
    assert behaviour in behaviours(*asked, answered, sender="A")
    assert points([*asked, answered], behaviour) > points([*asked, otherwise], behaviour)


@pytest.mark.parametrize(("behaviour", "asked", "answered", "otherwise"), EXCHANGES, ids=lambda x: str(x)[:20])
def test_it_does_not_matter_who_of_them_is_called_what(behaviour, asked, answered, otherwise):
    swapped = [("B" if line[0] == "A" else "A") + line[1:] for line in [*asked, answered]]
    assert behaviour in behaviours(*swapped, sender="B")
    assert behaviour not in behaviours(*swapped, sender="A")


def test_the_answer_shows_both_sides_of_an_exchange():
    answer = scanner().scan_conversation(said("A: can i use ur bank account for a day", "B: is that even legal"))
    (signal,) = [s for s in answer.signals if s.behaviour == "mule_recruitment"]
    assert signal.sender == "A"
    assert signal.messages == ("c-1", "c-2")
    heard = [e for e in signal.for_it if e.plain.startswith("the other: ")]
    assert [e.span.text for e in heard] == ["is that even legal"]
    assert {step.message for step in answer.stages if step.behaviour == "mule_recruitment"} == {"c-1"}


def test_words_of_one_person_alone_are_no_exchange():
    assert "instruction" not in behaviours("A: take the bag to the shops", "A: not ur business", "A: whats in it")


def test_an_answer_hours_later_answers_nothing():
    asked, answered = said("A: can i use ur bank account for a day", "B: is that even legal")
    late = replace(answered, sent_at=asked.sent_at + timedelta(hours=4))
    assert scanner().scan_conversation([asked, answered]).signals
    assert not scanner().scan_conversation([asked, late]).signals


def test_among_many_nobody_can_tell_who_answers_whom():
    lines = ["A: can i use ur bank account for a day", "B: is that even legal"]
    crowd = [f"{who}: please can someone send the homework" for who in "CDEFGH"]
    assert "mule_recruitment" in behaviours(*lines)
    assert "mule_recruitment" not in behaviours(*lines, *crowd)


POOL = [line.split(": ", 1)[1] for _, asked, answered, otherwise in EXCHANGES for line in (*asked, answered, otherwise)]


def drawn_talk(draw: random.Random, size: int) -> list[Message]:
    return said(*(f"{draw.choice('ABC')}: {draw.choice(POOL)}" for _ in range(size)))


def told(answer):
    return [(s.behaviour, s.sender, s.points, s.messages) for s in answer.signals], answer.parts, answer.stages


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 14))
def test_any_order_of_messages_and_a_saved_state_give_the_same_answer(draw: random.Random, size):
    talk = drawn_talk(draw, size)
    plain, mixed = scanner().stream(), scanner().stream()
    plain.take(talk)
    shuffled = draw.sample(talk, size)
    mixed.take(shuffled[: size // 2])
    later = scanner().stream()
    later.restore(mixed.snapshot())
    later.take(shuffled[size // 2 :])
    assert told(later.conversation("c")) == told(plain.conversation("c"))


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(2, 14))
def test_what_need_not_be_weighed_would_have_raised_nothing(draw: random.Random, size):
    talk = drawn_talk(draw, size)
    quick, plain = scanner().stream(), scanner().stream()
    found = [quick.take([message]) for message in talk]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConversationAnswers, "may_raise", lambda *_: True)
        assert [plain.take([message]) for message in talk] == found


def test_an_exchange_of_a_behaviour_that_is_not_there_is_refused(tmp_path):
    folder = tmp_path / "pack"
    shutil.copytree(PACK / "scanner", folder / "scanner")
    file = folder / "scanner" / "exchanges.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  mule_recruitment:", "  mule_recruitmen:"), "utf-8")
    with pytest.raises(TermsError, match="mule_recruitmen") as refused:
        read_pack(folder)
    assert "mule_recruitment" in str(refused.value.mend)
