"""The second opinion is shown phrases, within limits, and decides nothing alone; the bound is what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.scanner.answering.usual import Calibration, _Talk
from trigpoint.scanner.opinion.phrases import MOST, OpinionModel
from unit.scanner.talk import said, scanner

MODEL = OpinionModel({"easy money": 3.0, "tap in": 2.0, "homework": -9.0}, bias=-1.0, slope=1.0, offset=0.5)


def test_an_opinion_is_the_sum_of_the_phrases_that_it_shows():
    phrases = MODEL.phrases("who wants easy money tap in")
    assert phrases == {"easy money": 3.0, "tap in": 2.0}
    assert MODEL.log_odds(phrases) == pytest.approx(-1.0 + 5.0 + 0.5)


def test_a_phrase_is_whole_words():
    assert MODEL.phrases("uneasy moneybags") == {}


@given(st.lists(st.sampled_from(["easy money", "tap in", "homework", "hello"])))
def test_it_stays_within_its_limits(words):
    assert abs(MODEL.points(MODEL.phrases(" and ".join(words)))) <= MOST


def test_a_text_of_learned_phrases_without_a_frame_is_no_signal():
    model = scanner().pack.opinion
    strongest = sorted(model.weights, key=lambda p: -model.weights[p])[:3]
    for phrase in strongest:
        assert model.points(model.phrases(f"x {phrase} x")) > 0
    assert scanner().scan_messages(said("A: favour address strict windows")) == []


def test_no_pack_weight_is_hidden():
    assert len(scanner().pack.opinion.weights) > 20
    assert all(len(phrase.split()) <= 3 for phrase in scanner().pack.opinion.weights)


def test_the_bound_counts_how_many_ordinary_messages_reach_it():
    calibration = Calibration({"direct": _Talk(99, "invented", (1.0, 2.0, 3.0))})
    assert calibration.usual(2.5, "direct").at_most == pytest.approx(2 / 100)
    assert calibration.usual(9.0, "direct").at_most == pytest.approx(1 / 100)
    assert calibration.usual(9.0, "game").surface == "direct"
    assert "no calibration of its own" in calibration.usual(9.0, "game").sentence
    assert Calibration({}).usual(9.0, "game") is None


def test_a_signal_says_how_usual_it_is():
    (answer,) = scanner().scan_messages(said("A: who wants to make a quick £300 this weekend, no risk, dm me"))
    for signal in answer.signals:
        assert signal.usual.at_most < 0.01
        assert f"{signal.usual.looked_at:,}" in signal.usual.sentence
