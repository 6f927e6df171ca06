"""The lines that the second opinion learns from: labelled by the pack's behaviours, of several hands, naming nobody."""

import re
from collections import Counter

from benchmarks.scanner.material import conversations_apart, lines_apart, words_of_manner, written

from trigpoint.scanner.message import SURFACES
from unit.scanner.talk import scanner

LINES = written()
NUMBER = re.compile(r"(?:\+44|\b0)(?:[\s-]?\d){9,10}\b")


def test_every_line_is_labelled_by_behaviours_of_the_pack_on_a_known_surface():
    assert {b for line in LINES for b in line.behaviours} == set(scanner().pack.behaviours)
    assert {line.surface for line in LINES} <= set(SURFACES)


def test_each_hand_wrote_both_kinds():
    both = Counter((line.hand, bool(line.behaviours)) for line in LINES)
    assert len({hand for hand, _ in both}) >= 4
    assert min(both.values()) > 200


def test_numbers_are_those_kept_for_drama():
    told = [n for line in LINES for n in NUMBER.findall(line.text)]
    assert all(re.sub(r"\D", "", n).endswith("07700900" + re.sub(r"\D", "", n)[-3:]) for n in told)


def test_what_measures_is_not_trained_on():
    trained = {line.text for line in LINES}
    apart = [line for half in ("looked_at", "counted") for line in lines_apart(half)]
    assert len(apart) > 400
    assert not [line for line in apart if line.text in trained]
    assert {b for line in apart for b in line.behaviours} <= set(scanner().pack.behaviours)
    for which in ("looked_at", "counted", "same_hands"):
        told = [m["text"] for one in conversations_apart(which) for m in one["messages"]]
        assert not [text for text in told if text in trained and len(text.split()) > 4]


def test_how_somebody_speaks_is_not_learned():
    """The same message in another dialect or spelling is another one by what it says alone."""
    weights = scanner().pack.opinion.weights
    assert not [phrase for phrase in weights if words_of_manner().issuperset(phrase.split())]
    opinion = scanner().pack.opinion
    plain, text = opinion.phrases("you are late again"), opinion.phrases("u r late again")
    assert plain == text
