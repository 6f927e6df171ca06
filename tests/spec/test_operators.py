"""What each operator means, drawn. The second line marks the evidence; no marks: not met."""

import pytest
from drawn import FIRST, Drawn, ask, marked

from trigpoint.engines.answers import Engine
from trigpoint.rules.tree import (
    DAY,
    HOUR,
    AllOf,
    AnyOf,
    AtLeast,
    Change,
    Count,
    Distance,
    Exists,
    Is,
    Not,
    Pattern,
    Select,
    Sequence,
    Together,
    Unfollowed,
)

MISSING = Select(("missing",))
HIGH = Select(("missing",), (Is("risk", ("high",)),))
ARREST = Select(("arrest",))
INTERVIEW = Select(("return_interview",))
ATTENDANCE = Select(("attendance",))
THRICE = Count(MISSING, 3, 4 * DAY)
ARREST_THEN_MISSING = Sequence((ARREST, MISSING), 3 * DAY)
FALL = Change(ATTENDANCE, "percent", "fall", 20, 10 * DAY, 2)
RISE = Change(ATTENDANCE, "percent", "rise", 20, 10 * DAY, 1)

CASES: list[tuple[str, Pattern, str, str]] = [
    ("exists: one match an event", Exists(MISSING),
     "..M...M..",
     "..^...^.."),
    ("exists: conditions choose", Exists(HIGH),
     "..M.l....",
     "..^......"),
    ("exists: other kinds do not count", Exists(MISSING),
     "..A...R..",
     ""),
    ("count: the window's first and last second belong to it", THRICE,
     ".M.M.M...",
     ".^.^.^..."),
    ("count: a day more is too late", THRICE,
     "M..M.M...",
     ""),
    ("count: windows that overlap are one episode with all evidence", THRICE,
     "M.M.M.M..",
     "^.^.^.^.."),
    ("count: without a window everything up to the event counts", Count(MISSING, 3),
     "M......M.....M.",
     "^......^.....^."),
    ("count: days are told apart", Count(Select(("missing", "arrest")), 2, 9 * DAY, "day"),
     "M...A....",
     "^...^...."),
    ("count: kinds are told apart", Count(Select(("missing", "arrest")), 2, 9 * DAY, "kind"),
     "M.M.M....",
     ""),
    ("sequence: in order", ARREST_THEN_MISSING,
     "A..M.....",
     "^..^....."),
    ("sequence: not the other way round", ARREST_THEN_MISSING,
     "M..A.....",
     ""),
    ("sequence: each gap is measured", ARREST_THEN_MISSING,
     "A...M....",
     ""),
    ("sequence: the latest before is the evidence", ARREST_THEN_MISSING,
     "A.A.M....",
     "..^.^...."),
    ("sequence: three steps by way of an event that can be reached",
     Sequence((ARREST, MISSING, INTERVIEW), 3 * DAY),
     "A.M..R...",
     "^.^..^..."),
    ("sequence: the latest before may lead nowhere, an earlier one leads on",
     Sequence((ARREST, MISSING, INTERVIEW), 3 * DAY),
     "A..M.MR..",
     "^..^..^.."),
    ("sequence: an event does not follow itself", Sequence((MISSING, MISSING), 3 * DAY),
     "...M.....",
     ""),
    ("sequence: of the same kind", Sequence((MISSING, MISSING), 3 * DAY),
     "...M.M...",
     "...^.^..."),
    ("unfollowed: nothing came in time", Unfollowed(MISSING, INTERVIEW, 3 * DAY),
     "M...R....",
     "^........"),
    ("unfollowed: the last second is in time", Unfollowed(MISSING, INTERVIEW, 3 * DAY),
     "M..R.....",
     ""),
    ("unfollowed: an answer before it is none", Unfollowed(MISSING, INTERVIEW, 3 * DAY),
     "R.M......",
     "..^......"),
    ("unfollowed: an event does not answer itself", Unfollowed(MISSING, MISSING, 3 * DAY),
     "M.M......",
     "..^......"),
    ("change: against the mean of those before", FALL,
     "9.7.6....",
     "^.^.^...."),
    ("change: less than asked", FALL,
     "9.7.7....",
     ""),
    ("change: too few before", FALL,
     "9.5......",
     ""),
    ("change: those too long ago are not compared", FALL,
     "99.........66..",
     ""),
    ("change: a rise", RISE,
     "3.5......",
     "^.^......"),
    ("agencies: one agency is one", Count(MISSING, 2, 9 * DAY, "agency"),
     "M.M.M....",
     ""),
    ("all_of: every pattern", AllOf((Exists(MISSING), Exists(ARREST))),
     "M.......A",
     "^.......^"),
    ("all_of: one is not met", AllOf((Exists(MISSING), Exists(ARREST))),
     "M........",
     ""),
    ("all_of within: near enough", AllOf((Exists(MISSING), Exists(ARREST)), 3 * DAY),
     "M....A.M.",
     ".....^.^."),
    ("all_of within: too far apart", AllOf((Exists(MISSING), Exists(ARREST)), 3 * DAY),
     "M....A...",
     ""),
    ("all_of with not: the gate is open", AllOf((Exists(MISSING), Not(Exists(ARREST)))),
     "M..M.....",
     "^..^....."),
    ("all_of with not: the gate is shut", AllOf((Exists(MISSING), Not(Exists(ARREST)))),
     "M..M.A...",
     ""),
    ("any_of: the matches of each", AnyOf((Exists(MISSING), Exists(ARREST))),
     "M....A..R",
     "^....^..."),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "timeline", "marks"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_an_operator_means_what_is_drawn(engine: Engine, pattern: Pattern, timeline: str, marks: str) -> None:
    said = ask(engine, pattern, Drawn([timeline]))
    assert (said.answer, said.evidence) == ("met" if marks else "not met", marked(timeline, marks))


NOON, EVENING = {"t": FIRST + 2 * DAY + 12 * HOUR}, {"t": FIRST + 2 * DAY + 20 * HOUR}


@pytest.mark.parametrize(
    ("arrest", "missing", "answer"),
    [
        (NOON, EVENING, "met"),
        (EVENING, NOON, "not met"),
        (NOON, NOON, "met"),  # at the same minute: neither was later
        (NOON, {}, "not known"),  # missing that day, it is not known when
        ({}, NOON, "not known"),
        ({}, {}, "not known"),
    ],
)
def test_a_sequence_within_a_day_needs_times(
    engine: Engine, arrest: dict[str, int], missing: dict[str, int], answer: str
) -> None:
    drawn = Drawn(["..A..", "..M.."], where={"A2": arrest, "M2": missing})
    assert ask(engine, ARREST_THEN_MISSING, drawn).answer == answer


def test_a_day_before_is_before_whatever_the_times(engine: Engine) -> None:
    said = ask(engine, ARREST_THEN_MISSING, Drawn([".AA..", "..M.."], where={"A1": {"t": FIRST + DAY + 20 * HOUR}}))
    assert (said.answer, said.evidence) == ("met", ["A1", "M2"])


def test_agencies_are_counted_not_events(engine: Engine) -> None:
    drawn = Drawn(["M.M......"], where={"M2": {"agency": "health"}})
    assert ask(engine, Count(MISSING, 2, 9 * DAY, "agency"), drawn).evidence == ["M0", "M2"]


FAR = Select(("missing",), (Distance(30_000),))


@pytest.mark.parametrize(("second", "answer"), [("police", "not met"), ("health", "met")])
def test_whoever_sent_the_base_did_not_see_the_child_there(engine: Engine, second: str, answer: str) -> None:
    """The home from which a distance is measured is evidence, and its agency is none of those that saw."""
    here, far = {"easting": 400_000, "northing": 300_000}, {"easting": 440_000, "northing": 300_000}
    where = {"<0": {**here, "agency": "childrens_services"}, "M2": far, "M4": {**far, "agency": second}}
    said = ask(engine, Count(FAR, 2, 9 * DAY, "agency"), Drawn(["..M.M", "<...."], where=where))
    assert (said.answer, said.evidence) == (answer, ["<0", "M2", "M4"] if answer == "met" else [])


def test_whoever_told_of_another_child_did_not_see_this_one(engine: Engine) -> None:
    together = Select(("missing",), (Together(DAY),))
    place = {"place_id": "p1"}
    where = {"M2": place, "M4": place, "other1:M2": {**place, "agency": "health"}, "other1:M4": place}
    drawn = Drawn(["..M.M"], others=[["..M.M"]], where=where)
    assert ask(engine, Count(together, 2, 9 * DAY), drawn).evidence == ["M2", "other1:M2", "M4", "other1:M4"]
    assert ask(engine, Count(together, 2, 9 * DAY, "agency"), drawn).answer == "not met"


def test_matches_that_touch_are_one_episode_and_others_are_not(engine: Engine) -> None:
    said = ask(engine, Count(MISSING, 2, 2 * DAY), Drawn(["M.M.M.....M.M"]))
    assert said.episodes == [(0, 4), (10, 12)]


def test_an_unfollowed_event_lasts_until_the_time_to_answer_is_over(engine: Engine) -> None:
    said = ask(engine, Unfollowed(MISSING, INTERVIEW, 3 * DAY), Drawn(["M........"]))
    assert said.episodes == [(0, 3)]


def test_all_of_within_ends_where_its_evidence_ends(engine: Engine) -> None:
    far = AllOf((Exists(MISSING), Exists(ARREST), Exists(INTERVIEW)), 4 * DAY)
    said = ask(engine, far, Drawn(["M.A.R....M.A.R"]))
    assert said.episodes == [(0, 4), (9, 13)]


def test_an_indicator_that_looks_back_sees_nothing_before(engine: Engine) -> None:
    drawn = Drawn(["A........"], days=20)
    assert ask(engine, Exists(ARREST), drawn, looks_back=21 * DAY).answer == "met"
    assert ask(engine, Exists(ARREST), drawn, looks_back=9 * DAY).answer == "not met"


def test_a_spell_that_began_before_is_seen_while_it_lasts(engine: Engine) -> None:
    in_care = Exists(Select(("looked_after",)))
    assert ask(engine, in_care, Drawn(["<----------"], days=20), looks_back=9 * DAY).answer == "met"
    assert ask(engine, in_care, Drawn(["<---->....."], days=20), looks_back=9 * DAY).answer == "not met"


def test_numbers_are_compared_with_the_number_itself_included(engine: Engine) -> None:
    at_least = Exists(Select(("attendance",), (AtLeast("percent", 50),)))
    assert ask(engine, at_least, Drawn(["4.5.6"])).evidence == ["52", "64"]
