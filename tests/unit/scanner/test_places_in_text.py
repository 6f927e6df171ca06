"""Every span points at the very words in the raw text, however they were written."""

import pytest
from benchmarks.scanner.attacks import ATTACKS
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.scanner.talk import said, scanner

LURES = [e for b in scanner().pack.behaviours.values() for e in b.examples if isinstance(e, str)]
PIECES = st.sampled_from(
    ["£1,500", "№ 5", "👍🏽", "m o n e y", "ｃａｓｈ", "сarԁ", "b\u200bank", "n\u0303o", "\n", "…", "İ", "ß"]
)


@given(st.lists(st.one_of(st.sampled_from(LURES), PIECES, st.text(max_size=12)), min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_a_span_is_a_place_in_the_raw_text_and_holds_its_words(parts):
    text = " ".join(parts)
    (message,) = said("A: x")
    message = type(message)("c", "A", text, "1", message.sent_at)
    for answer in scanner().scan_messages([message]):
        for signal in answer.signals:
            for span in signal.spans:
                assert 0 <= span.start < span.end <= len(text)
                assert span.text == text[span.start : span.end]


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_and_its_words_stand_in_order(text):
    reading = scanner().pack.reader.read(text)
    places = [reading.place((i, i + 1)) for i in range(len(reading.words))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@pytest.mark.parametrize("attack", ATTACKS)
def test_most_lures_are_seen_through_a_disguise(attack):
    seen = [t for t in LURES if scanner().scan_messages(said(f"A: {t}"))]
    still = [t for t in seen if scanner().scan_messages(said(f"A: {ATTACKS[attack](t)}"))]
    assert len(still) >= 0.8 * len(seen)


def test_the_words_of_a_disguised_lure_are_shown_as_they_were_written():
    (answer,) = scanner().scan_messages(said("A: who wants to make e a s y  m0n3y? dm me, no risk"))
    shown = {s.text for signal in answer.signals for s in signal.spans}
    assert any("e a s y  m0n3y" in words for words in shown)


@pytest.mark.parametrize("plain", ["£50", "3:30", "50/50", "20%", "16+", "7pm", "2nd", "£1,500", "3.5g"])
def test_prices_times_and_shares_are_never_taken_for_words(plain):
    assert not any(word.disguised for word in scanner().pack.reader.read(f"it is {plain} now").words)
