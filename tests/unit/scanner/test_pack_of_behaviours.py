"""The examples and near-misses of every behaviour in the pack are its tests."""

import pytest

from trigpoint.scanner.course.points import COURSE_FROM, LIKELY, NEARLY
from trigpoint.terms.pack import load_pack
from unit.scanner.talk import behaviours, scanner

PACK = scanner().pack


def lines(example) -> list[str]:
    return example if isinstance(example, list) else [f"A: {example}"]


CASES = [(b.name, e) for b in PACK.behaviours.values() for e in b.examples]
NEAR = [(b.name, e) for b in PACK.behaviours.values() for e in b.near_misses]


@pytest.mark.parametrize(("behaviour", "example"), CASES, ids=lambda v: str(v)[:40])
def test_an_example_shows_its_behaviour(behaviour, example):
    assert behaviour in behaviours(*lines(example))


@pytest.mark.parametrize(("behaviour", "near"), NEAR, ids=lambda v: str(v)[:40])
def test_a_near_miss_does_not(behaviour, near):
    assert behaviour not in behaviours(*lines(near))


def test_every_behaviour_says_where_it_comes_from_and_has_examples_and_near_misses():
    for one in PACK.behaviours.values():
        assert len(one.examples) >= 3
        assert len(one.near_misses) >= 3
        assert one.frames


def test_the_names_are_those_of_the_code_list_that_events_use():
    assert set(PACK.behaviours) == set(load_pack().codes["behaviour"].values)


def test_no_frame_stands_on_one_word_or_picture():
    """A behaviour that fires alone on one cue fires on a phrase of several words, never on slang or an emoji."""
    short = {c.name for c in PACK.lexicon.cues.values() if any(len(p.split()) == 1 and "(" not in p for p in c.phrases)}
    names = PACK.reader.matcher.names
    for one in PACK.behaviours.values():
        for frame in one.frames:
            if len(frame.needs) == 1 and frame.points >= 3:
                alone = {names[i] for i in range(len(names)) if frame.needs[0] >> i & 1}
                assert not alone & (short | {"drug_name", "drug_picture", "pack_words", "goods", "bank_thing"})


FIELDS = [cue for cue in PACK.lexicon.cues.values() if cue.alone]


def test_fields_of_plain_words_count_only_beside_two_other_kinds_or_a_phrase_in_one_message():
    matcher = PACK.reader.matcher
    for one in PACK.behaviours.values():
        for frame in one.frames:
            if any(need & matcher.alone for need in frame.needs):
                assert frame.over == 1
                assert frame.near <= 16
                phrase = any(not need & matcher.alone for need in frame.needs)
                assert len(frame.needs) >= 3 or phrase or not frame.supported
        assert not one.support & matcher.alone


def test_a_weak_frame_is_a_signal_only_where_the_opinion_is_of_its_mind():
    weak = [frame for one in PACK.behaviours.values() for frame in one.frames if not frame.supported]
    assert weak
    for frame in weak:
        assert len(frame.needs) >= 2
        assert NEARLY <= frame.points < min(LIKELY, COURSE_FROM)
        assert frame.over == 1


@pytest.mark.parametrize("field", FIELDS, ids=lambda cue: cue.name)
def test_every_phrase_of_a_field_has_a_word_that_is_not_common(field):
    """A field of common words would stand everywhere, and would be searched for everywhere."""
    often, most = PACK.lexicon.often, 10_000 if field.name.startswith("wide_") else 2_500
    for one in field.expressions:
        assert min(sum(often.get(sign, 1) for sign in need.signs) for need in one.needs) <= most
