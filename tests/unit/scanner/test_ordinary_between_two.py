"""What is ordinary, mutual, polite or open between people who know each other raises nothing. All of it is invented."""

import pytest

from unit.scanner.talk import behaviours, said, scanner

ORDINARY = [
    # small sums, secrets and trains among friends
    ("A: bro u still owe me 20", "B: ill get u friday", "C: train is 10.15 dont be late", "A: dont tell ur sister"),
    ("A: u owe me a tenner for pizza", "B: u owe me for the bus", "A: pay me by friday or ill batter u", "B: lol ok"),
    ("A: delete this msg", "B: haha what is it", "A: dont tell anyone but i like him", "B: omg lol"),
    # work
    ("A: Text me when you have locked up, and a photo of the alarm", "B: will do", "A: Leave the float in the till"),
    ("A: Can you do the sunday shift? Collect the boxes at 6", "B: who do i give it to", "A: Phil, the manager"),
    # carers
    ("Mum: Keep your location on please", "B: ok", "Mum: Send me a photo. Who is that next to you?", "B: dunno"),
    ("A: Where are you? Send me a picture", "B: town", "A: Lovely. Ring me when you get there, your mum wants you"),
    # brothers and sisters
    ("A: i got a video of u snoring", "B: delete it", "A: gonna post it on the family chat", "B: telling mum lol"),
    # openly, with parents or staff
    ("A: Drop me your address, and ask your mum to ring me first", "B: 12 hill road", "A: I can pick you up at 8"),
    ("A: never you mind whats in the parcel its ur birthday soon", "B: whats in it", "A: under your bed dont open it"),
]  # fmt: skip

BUSINESS = [
    (ORDINARY[0], "A: u lost the pack so u work it off now"),
    (ORDINARY[1], "A: take the pack to the flat and give it to the man outside"),
    (ORDINARY[2], "A: tell the police nothing or ur dead"),
]


@pytest.mark.parametrize("lines", ORDINARY, ids=lambda lines: lines[0][:30])
def test_ordinary_talk_raises_nothing(lines):
    assert behaviours(*lines) == set()


@pytest.mark.parametrize(("lines", "business"), BUSINESS, ids=lambda x: str(x)[:30])
def test_the_same_talk_with_business_in_it_is_raised(lines, business):
    assert behaviours(*lines, business, sender="A")


def test_what_spoke_against_it_over_the_conversation_is_told():
    answer = scanner().scan_conversation(said(*ORDINARY[0]))
    assert "ordinary_kinds" in {e.kind for s in answer.nearly for e in s.against_it}


def test_one_who_is_told_it_alone_is_not_told_it_by_a_friend():
    """Nobody else takes part: nothing says that these two know each other."""
    alone = scanner().scan_conversation(said("A: u owe me 500", "A: pay or ur getting stabbed"))
    assert {"threat_to_child", "debt"} & {s.behaviour for s in alone.signals}
