"""What a conversation shows: over several messages, by role, with what speaks against it, and no further."""

from dataclasses import replace
from itertools import pairwise

import pytest

from unit.scanner.talk import behaviours, said, scanner

RECRUITER = [
    "A: where are you",
    "A: turn your location on or im coming down there",
    "B: ok im here",
    "A: send me a pic of whats left of the pack",
]
PARENT = [
    "A: where are you",
    "A: turn your location on love, tea is on the table",
    "B: ok mum im on the bus",
    "A: send me a pic of your ticket, dad will pick you up",
]


def swapped(lines):
    return [("B" if line[0] == "A" else "A") + line[1:] for line in lines]


def test_a_lure_in_three_messages_is_still_a_lure():
    parts = ["A: u looking for work", "A: £200 a day, no id needed", "A: start today, 15+ is fine"]
    assert all(not scanner().scan_messages(said(part)) for part in parts[:1])
    assert "fake_job" in behaviours(*parts)


def test_the_answer_follows_who_says_it():
    assert "remote_mothering" in behaviours(*RECRUITER, sender="A")
    assert behaviours(*RECRUITER, sender="B") == set()
    assert "remote_mothering" in behaviours(*swapped(RECRUITER), sender="B")
    assert behaviours(*swapped(RECRUITER), sender="A") == set()


def test_a_parents_words_are_a_parents_whoever_holds_the_phone():
    assert behaviours(*PARENT) == set()
    assert behaviours(*swapped(PARENT)) == set()


def test_parts_say_who_asks_and_who_complies():
    answer = scanner().scan_conversation(said(*RECRUITER))
    assert {p.account: p.part for p in answer.parts} == {"A": "asks", "B": "complies"}


def test_a_child_who_asks_for_help_is_not_one_who_asks():
    answer = scanner().scan_conversation(
        said("A: they keep making me hold bags for them and im scared", "A: what do i do", "B: come and talk to me")
    )
    assert {p.account: p.part for p in answer.parts}["A"] == "asks_for_help"


@pytest.mark.parametrize(
    "text",
    [
        'He wrote "can i use your bank account, you keep 200" and I blocked him',
        "Beware of posts that say make £200 a day from your phone, no experience, dm me. It is a scam",
        "Gangs will often say they have a video of you and post it unless you pay",
        "Police said the men told children to take the pack to the flat and give it to the man outside",
        "Barista wanted, £12.21 an hour, no experience needed, full training, apply online with your CV",
        "respawn and take the package to the drop point, hand it to the guy in the lobby, xbox is lagging",
    ],
)
def test_quotation_warning_teaching_news_work_and_games_speak_against(text):
    answer = scanner().scan_conversation(said(f"A: {text}"))
    assert answer.signals == ()


def test_what_speaks_against_has_its_own_place():
    answer = scanner().scan_conversation(said("A: my mate said u can make easy £200 a day, no risk, dm me on snap"))
    against = [e for s in (*answer.signals, *answer.nearly) for e in s.against_it]
    assert {e.kind for e in against} == {"reported"}
    assert all(e.points < 0 for e in against)
    assert {e.span.text for e in against} == {"my mate said"}


def test_a_not_before_it_takes_it_back():
    assert behaviours("A: i dont want to make easy money, no thanks") == set()


def test_a_little_is_not_enough_to_tell_and_says_so():
    answer = scanner().scan_conversation(said("A: turn your location on"))
    assert answer.verdict == "not_enough"
    assert answer.sentence.startswith("Not enough to tell")


def test_nothing_found_is_not_a_statement_of_safety():
    answer = scanner().scan_conversation(said("A: good game last night", "B: yeah well played"))
    assert answer.verdict == "nothing"
    assert "does not say that the child is safe" in answer.sentence


def test_media_alone_is_not_enough_to_tell():
    (one,) = said("A: x")
    media = [type(one)("c", "A", "", f"m{i}", one.sent_at, kind="media") for i in range(4)]
    assert scanner().scan_conversation(media).verdict == "not_enough"


def test_the_points_of_a_signal_are_the_sum_of_what_is_shown():
    answer = scanner().scan_conversation(said(*RECRUITER, "A: i know where ur mum lives so bring the money tonight"))
    for signal in answer.signals:
        shown = sum(e.points for e in (*signal.for_it, *signal.against_it)) + signal.opinion.points
        assert shown == pytest.approx(signal.points, abs=0.06)


def test_no_wording_calls_anybody_guilty():
    told = []
    for behaviour in scanner().pack.behaviours.values():
        for example in behaviour.examples:
            lines = example if isinstance(example, list) else [f"A: {example}"]
            answer = scanner().scan_conversation(said(*lines))
            told += [answer.sentence, *(s.sentence for s in answer.signals), *(p.why for p in answer.parts)]
            told += [a.text for a in answer.advice]
    words = " ".join(told).lower()
    for refused in ("guilty", "offender", "criminal is", "groomer", "dealer", "predator", "suspect is", "perpetrator"):
        assert refused not in words


def test_safeguarding_comes_before_police_and_platform():
    acts = [a.act for a in scanner().scan_conversation(said(*RECRUITER)).advice]
    assert acts.index("safeguard") < acts.index("nrm") < acts.index("police") < acts.index("platform")


def test_messages_of_two_conversations_are_refused():
    with pytest.raises(ValueError, match="several"):
        scanner().scan_conversation(said("A: hi") + said("A: hi", conversation="d"))


def test_a_step_that_goes_on_is_told_once_where_it_begins():
    lines = (
        "A: where r u",
        "A: send live location now",
        "A: send me a pic of the pack now and who is with u",
        "A: turn ur location on or theres gonna be problems",
        "A: show me whats left now, facetime me",
    )
    steps = scanner().scan_conversation(said(*lines)).stages
    same = [a for a, b in pairwise(steps) if (a.sender, a.behaviour) == (b.sender, b.behaviour)]
    assert steps
    assert not same


def test_what_an_app_writes_is_nobodys_message():
    lines = said("A: who wants to make a quick £300, no risk, dm me", "WhatsApp: A added B", "WhatsApp: B left")
    told = [replace(m, kind="system" if m.sender == "WhatsApp" else "text", recipients=()) for m in lines]
    answer = scanner().scan_conversation(told)
    assert [part.account for part in answer.parts] == ["A"]
    assert (answer.searched, answer.not_searched) == (1, 0)
