"""The plain words of a pattern and the facts of a sentence."""

from datetime import datetime

import pytest

from trigpoint.rules.describe import describe, duration
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.sentence import Cited, fill
from trigpoint.rules.tree import (
    DAY,
    HOUR,
    Age,
    AllOf,
    Count,
    Distance,
    During,
    Exists,
    Is,
    Not,
    Select,
    Sequence,
    Unfollowed,
    Unless,
)
from trigpoint.terms.pack import Pack, load_pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack()


MISSING, ARREST = Select(("missing",)), Select(("arrest",))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (Exists(Select(("missing",), (Is("risk", ("high",)),))),
         "reported missing, with risk level of a missing report: high risk"),
        (Exists(Select(("arrest",), (Age(10, 13), Distance(30_000)))),
         "arrested, aged 10 to 13, 30 km or more from where the child lives"),
        (Count(MISSING, 3, 90 * DAY), "three or more times within 90 days: reported missing"),
        (Count(MISSING, 2, None, "agency"), "from two or more different agencies: reported missing"),
        (Sequence((MISSING, ARREST), 3 * DAY), "reported missing, then arrested, each within 3 days of the last"),
        (Unfollowed(MISSING, ARREST, 72 * HOUR, "end"),
         "reported missing, not followed within 3 days of its end by arrested"),
        (AllOf((Exists(MISSING), Not(Exists(ARREST))), DAY),
         "all of: reported missing; not known to have arrested, all within 1 day"),
        (Exists(Select(("arrest",), (Unless(During(Select(("looked_after",)))),))),
         "arrested, except while looked after"),
    ],
)  # fmt: skip
def test_a_pattern_is_said_in_plain_words(pack: Pack, pattern, words: str) -> None:
    assert describe(pattern, pack).startswith(words[:40])
    assert describe(pattern, pack).split(",")[0] == words.split(",", maxsplit=1)[0]


def test_every_indicator_of_the_pack_can_be_said(pack: Pack) -> None:
    for indicator in read_indicators(pack):
        words = describe(indicator.pattern, pack)
        assert words
        assert "_" not in words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(HOUR, "1 hour"), (36 * HOUR, "36 hours"), (48 * HOUR, "2 days"), (365 * DAY, "1 year"), (90, "90 seconds")],
)
def test_a_duration_is_said_in_the_largest_whole_unit(seconds: int, words: str) -> None:
    assert duration(seconds) == words


FIRST = Cited(datetime(2025, 1, 3, 21), "police", "force", metres=41_600, age=14, values={"risk": "high"})
LAST = Cited(datetime(2025, 2, 4, 1), "health", "trust", metres=None, age=15, values={"risk": None})


@pytest.mark.parametrize(
    ("sentence", "filled"),
    [
        ("{count} from {first_on} to {last_on}", "2 from 3 January 2025 to 4 February 2025"),
        ("{agencies}; {sources}", "health and police; force and trust"),
        ("{days} days, {km} km, {age} years, {others} others", "33 days, 42 km, 15 years, 3 others"),
        ("{others} other missing (child|children)", "3 other missing children"),
        ("{attribute:agency}", "not recorded"),
    ],
)
def test_a_sentence_is_filled_with_facts(pack: Pack, sentence: str, filled: str) -> None:
    assert fill(sentence, [FIRST, LAST], others=3, pack=pack) == filled


def test_what_is_not_recorded_is_said_so(pack: Pack) -> None:
    bare = Cited(datetime(2025, 1, 3), None, None)
    assert fill("{agencies}, {age}, {attribute:risk}", [bare], others=0, pack=pack) == ", ".join(["not recorded"] * 3)
    assert fill("with {others} other (child|children).", [bare], others=1, pack=pack) == "with 1 other child."
    assert fill("{km} km", [bare], others=0, pack=pack) == "an unknown number of km"
