"""Met, not met, not known: silence is absence only where somebody would have told."""

from datetime import date

import pytest
from drawn import FIRST, Drawn, ask

from trigpoint.engines.answers import Engine
from trigpoint.rules.tree import (
    DAY,
    HOUR,
    AllOf,
    AnyOf,
    Change,
    Count,
    Exists,
    Is,
    Not,
    Pattern,
    Select,
    Sequence,
    Unfollowed,
)

MISSING = Select(("missing",))
HIGH = Select(("missing",), (Is("risk", ("high",)),))
ARREST = Select(("arrest",))
INTERVIEW = Select(("return_interview",))
NO_INTERVIEW = Unfollowed(MISSING, INTERVIEW, 3 * DAY)
BOTH = AllOf((Exists(MISSING), Exists(ARREST)), 3 * DAY)
EITHER = AnyOf((Exists(MISSING), Exists(ARREST)))
ONLY_MISSING = AllOf((Exists(MISSING), Not(Exists(ARREST))))

CASES: list[tuple[Pattern, str, str, str]] = [
    # pattern, timeline, covered kinds, answer
    (Exists(MISSING), "....", "missing", "not met"),
    (Exists(MISSING), "....", "arrest", "not known"),
    (Exists(MISSING), "M...", "", "met"),
    (Count(HIGH, 2, 9 * DAY), "M..m", "missing", "not known"),
    (Count(HIGH, 2, 9 * DAY), "M..l", "missing", "not met"),
    (Count(MISSING, 2, 9 * DAY, "place"), "M..M", "missing", "not known"),  # two unknown places may be two
    (Sequence((HIGH, ARREST), 3 * DAY), "m.A.", "missing arrest", "not known"),
    (Sequence((HIGH, ARREST), 3 * DAY), "A.m.", "missing arrest", "not met"),
    (Change(Select(("attendance",)), "percent", "fall", 20, 9 * DAY), "9..?", "attendance", "not known"),
    (Change(Select(("attendance",)), "percent", "fall", 20, 9 * DAY), "?..9", "attendance", "not met"),
    (NO_INTERVIEW, "M...", "missing return_interview", "met"),
    (NO_INTERVIEW, "M...", "missing", "not known"),  # nobody would have told of an interview
    (NO_INTERVIEW, "....", "missing", "not met"),  # and no interview could make it met
    (NO_INTERVIEW, "....", "return_interview", "not known"),
    (BOTH, "M...", "missing arrest", "not met"),
    (BOTH, "M...", "missing", "not known"),
    (BOTH, "....", "missing", "not met"),  # the one that is surely not met decides
    (BOTH, "M........A", "missing arrest", "not met"),
    (BOTH, "M........A", "missing", "not known"),  # an arrest nearer by may not have been told
    (EITHER, "M...", "", "met"),
    (EITHER, "....", "missing", "not known"),
    (EITHER, "....", "missing arrest", "not met"),
    (ONLY_MISSING, "M...", "arrest", "met"),
    (ONLY_MISSING, "M...", "missing", "not known"),
    (ONLY_MISSING, "....", "missing", "not met"),
    (ONLY_MISSING, "MA..", "missing", "not met"),
]


@pytest.mark.parametrize(("pattern", "timeline", "covered", "answer"), CASES)
def test_the_answer_follows_from_events_and_coverage(
    engine: Engine, pattern: Pattern, timeline: str, covered: str, answer: str
) -> None:
    assert ask(engine, pattern, Drawn([timeline], covered=covered.split())).answer == answer


def test_what_is_missing_is_named(engine: Engine) -> None:
    assert ask(engine, BOTH, Drawn(["M..."], covered=["missing"])).missing == ["arrest"]
    assert ask(engine, Exists(HIGH), Drawn(["m..."], covered=["missing"])).missing == []


def test_the_time_to_answer_must_have_run_out(engine: Engine) -> None:
    assert ask(engine, NO_INTERVIEW, Drawn(["....M"], days=7)).answer == "not known"
    assert ask(engine, NO_INTERVIEW, Drawn(["....M"], days=8)).answer == "met"


@pytest.mark.parametrize(
    ("coverage", "area", "answer"),
    [
        ([("missing", None, 0, 60)], "RV", "not met"),
        ([("missing", None, 0, 30), ("missing", None, 30, 30)], "RV", "not met"),  # next to one another
        ([("missing", None, 0, 30), ("missing", None, 31, 29)], "RV", "not known"),  # a day between
        ([("missing", None, 0, 30), ("missing", "RV", 20, 40)], "RV", "not met"),
        ([("missing", None, 0, 30), ("missing", "RV", 20, 40)], "LF", "not known"),
        ([("missing", "RV", 0, 60)], None, "not known"),
        ([("missing", None, 1, 59)], "RV", "not known"),
    ],
)
def test_coverage_is_the_union_for_the_childs_area(
    engine: Engine, coverage: list[tuple[str, str | None, int, int]], area: str | None, answer: str
) -> None:
    drawn = Drawn(["...."], covered=[], coverage=coverage, area=area)
    assert ask(engine, Exists(MISSING), drawn).answer == answer


def test_nothing_needs_covering_before_birth(engine: Engine) -> None:
    late = [("missing", None, 10, 50)]
    born = Drawn(["...."], covered=[], coverage=late, born=date(2025, 1, 11))
    earlier = Drawn(["...."], covered=[], coverage=late, born=date(2025, 1, 10))
    assert ask(engine, Exists(MISSING), born).answer == "not met"
    assert ask(engine, Exists(MISSING), earlier).answer == "not known"


def test_silence_on_answers_counts_only_over_the_time_to_answer(engine: Engine) -> None:
    just_then = [("missing", None, 0, 60), ("return_interview", None, 4, 4)]
    assert ask(engine, NO_INTERVIEW, Drawn(["....M"], covered=[], coverage=just_then)).answer == "met"
    too_short = [("missing", None, 0, 60), ("return_interview", None, 4, 3)]
    assert ask(engine, NO_INTERVIEW, Drawn(["....M"], covered=[], coverage=too_short)).answer == "not known"


def test_an_answer_dated_without_a_time_may_have_come_that_day(engine: Engine) -> None:
    evening = {"M4": {"t": FIRST + 4 * DAY + 20 * HOUR}}
    assert ask(engine, NO_INTERVIEW, Drawn(["....M", "....R"], where=evening)).answer == "not met"
    assert ask(engine, NO_INTERVIEW, Drawn(["....M", "...R."], where=evening)).answer == "met"
