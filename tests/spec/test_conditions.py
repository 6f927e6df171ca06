"""What each condition means, and on what else a finding then stands."""

from datetime import date

import pytest
from drawn import Drawn, ask

from trigpoint.engines.answers import Engine
from trigpoint.rules.tree import (
    DAY,
    HOUR,
    Age,
    Condition,
    Distance,
    During,
    Either,
    Exists,
    Is,
    OutOfArea,
    Select,
    Shares,
    Together,
    Unless,
)

IN_CARE = Select(("looked_after",))


def arrested(*where: Condition) -> Exists:
    return Exists(Select(("arrest",), where))


def test_during_holds_from_the_first_second_of_a_spell_to_its_last(engine: Engine) -> None:
    drawn = Drawn([".A.A.A.A", "...<->.."])
    assert ask(engine, arrested(During(IN_CARE)), drawn).evidence == ["<3", "A3", "A5"]


def test_during_a_spell_that_is_open_lasts(engine: Engine) -> None:
    assert ask(engine, arrested(During(IN_CARE)), Drawn([".......A", "...<...."])).answer == "met"


def test_during_a_spell_that_may_fit_is_not_known(engine: Engine) -> None:
    risky = Select(("missing",), (Is("risk", ("high",)),))
    assert ask(engine, arrested(During(risky)), Drawn([".A", "m."])).answer == "not known"


@pytest.mark.parametrize(
    ("born", "age", "answer"),
    [
        (date(2010, 1, 3), Age(15, 17), "met"),
        (date(2010, 1, 4), Age(15, 17), "not met"),
        (date(2010, 1, 4), Age(None, 14), "met"),
        (date(2008, 2, 29), Age(16, 16), "met"),
        (None, Age(15, 17), "not known"),
    ],
)
def test_age_is_in_whole_years_at_the_event(engine: Engine, born: date | None, age: Age, answer: str) -> None:
    assert ask(engine, arrested(age), Drawn(["..A"], born=born)).answer == answer


HOME = {"easting": 400_000, "northing": 300_000, "area": "RV"}


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ({"easting": 403_000, "northing": 304_000}, "met"),
        ({"easting": 403_000, "northing": 303_999}, "not met"),
        ({"easting": None, "northing": None}, "not known"),
    ],
)
def test_distance_is_from_where_the_child_lives_which_is_evidence(
    engine: Engine, place: dict[str, int | None], answer: str
) -> None:
    drawn = Drawn([".A", "<."], where={"<0": HOME, "A1": place})
    said = ask(engine, arrested(Distance(5_000)), drawn)
    assert said.answer == answer
    assert said.evidence == (["<0", "A1"] if answer == "met" else [])


def test_the_latest_base_that_holds_the_time_counts_and_a_later_one_where_there_is_no_earlier(engine: Engine) -> None:
    near = {"easting": 400_000, "northing": 300_000}
    far = {"easting": 450_000, "northing": 300_000}
    drawn = Drawn(["A..A", ".<.."], where={"<1": far, "A0": near, "A3": far})
    assert ask(engine, arrested(Distance(30_000)), drawn).evidence == ["A0", "<1"]


@pytest.mark.parametrize(
    ("lived", "area", "answer"),
    [
        ("RV", "LF", "met"),
        ("RV", "RV", "not met"),
        ("RV", "elsewhere", "met"),
        ("elsewhere", "elsewhere", "not known"),
        ("RV", None, "not known"),
        (None, "LF", "not known"),
    ],
)
def test_out_of_area_is_against_the_base_else_the_childs_own_area(
    engine: Engine, lived: str | None, area: str | None, answer: str
) -> None:
    placed = Drawn([".A", "<."], where={"<0": {"area": lived}, "A1": {"area": area}}, area=None)
    assert ask(engine, arrested(OutOfArea()), placed).answer == answer
    homeless = Drawn([".A"], where={"A1": {"area": area}}, area=lived)
    assert ask(engine, arrested(OutOfArea()), homeless).answer == answer


AT_P = {"place_id": "p"}


def test_together_is_another_child_at_the_place_within_the_hours(engine: Engine) -> None:
    pattern = arrested(Together(24 * HOUR))
    drawn = Drawn(["..A...A"], [["...A..."]], where={"A2": AT_P, "A6": AT_P, "other1:A3": AT_P})
    assert ask(engine, pattern, drawn).evidence == ["A2", "other1:A3"]


def test_together_with_nobody_elsewhere_or_at_an_unknown_place(engine: Engine) -> None:
    pattern = arrested(Together(24 * HOUR))
    alone = Drawn(["..A", "..A"], [["..A"]], where={"A2": AT_P, "other1:A2": {"place_id": "q"}})
    assert ask(engine, pattern, alone).answer == "not met"
    assert ask(engine, pattern, Drawn(["..A"], [["..A"]], where={"other1:A2": AT_P})).answer == "not known"


def test_together_counts_children_and_a_crowd_says_nothing(engine: Engine) -> None:
    crowd = {"A2": AT_P, "other1:A2": AT_P, "other2:A2": AT_P}
    drawn = Drawn(["..A"], [["..A"], ["..A"]], where=crowd)
    assert ask(engine, arrested(Together(HOUR, at_most=2)), drawn).answer == "met"
    assert ask(engine, arrested(Together(HOUR, at_most=1)), drawn).answer == "not met"


def test_together_asks_the_other_conditions_of_the_other_child_too(engine: Engine) -> None:
    pattern = Exists(Select(("missing",), (Is("risk", ("high",)), Together(HOUR))))
    low = Drawn(["..M"], [["..l"]], where={"M2": AT_P, "other1:l2": AT_P})
    unknown = Drawn(["..M"], [["..m"]], where={"M2": AT_P, "other1:m2": AT_P})
    assert ask(engine, pattern, low).answer == "not met"
    assert ask(engine, pattern, unknown).answer == "not met"


def test_shares_is_a_value_that_another_child_holds_or_mentions(engine: Engine) -> None:
    pattern = arrested(Shares(("phone",)))
    phone = ("phone", "+447700900001")
    mentioned = Drawn(["..A"], [[".M."]], mentions={"A2": phone, "other1:M1": phone})
    assert ask(engine, pattern, mentioned).evidence == ["other1:M1", "A2"]
    owned = Drawn(["..A"], [["..."]], mentions={"A2": phone}, own={"other1": phone})
    assert ask(engine, pattern, owned).evidence == ["A2"]
    assert ask(engine, pattern, Drawn(["..A"], [["..."]], mentions={"A2": phone})).answer == "not met"
    assert ask(engine, pattern, Drawn(["..A"])).answer == "not met"


def test_shares_leaves_out_what_many_hold(engine: Engine) -> None:
    phone = ("phone", "+447700900001")
    drawn = Drawn(["..A"], [["..."], ["..."]], mentions={"A2": phone}, own={"other1": phone, "other2": phone})
    assert ask(engine, arrested(Shares(("phone",), at_most=2)), drawn).answer == "met"
    assert ask(engine, arrested(Shares(("phone",), at_most=1)), drawn).answer == "not met"


def test_another_child_named_in_an_event_is_shared(engine: Engine) -> None:
    drawn = Drawn(["..A"], [["..."]], mentions={"A2": ("person", "other1")})
    assert ask(engine, arrested(Shares(("person",))), drawn).answer == "met"


@pytest.mark.parametrize(("drawn", "answer"), [("M", "met"), ("l", "not met"), ("m", "not known")])
def test_a_value_that_is_not_recorded_is_not_known(engine: Engine, drawn: str, answer: str) -> None:
    high = Is("risk", ("high",))
    assert ask(engine, Exists(Select(("missing",), (high,))), Drawn([drawn])).answer == answer
    turned = {"met": "not met", "not met": "met"}.get(answer, answer)
    assert ask(engine, Exists(Select(("missing",), (Unless(high),))), Drawn([drawn])).answer == turned


def test_one_true_side_of_any_decides_and_only_it_gives_support(engine: Engine) -> None:
    high_or_in_care = Either((Is("risk", ("high",)), During(IN_CARE)))
    pattern = Exists(Select(("missing",), (high_or_in_care,)))
    assert ask(engine, pattern, Drawn(["m..", "<.."])).evidence == ["<0", "m0"]
    assert ask(engine, pattern, Drawn(["M.."])).evidence == ["M0"]
    assert ask(engine, pattern, Drawn(["m.."])).answer == "not known"


def test_what_is_denied_gives_no_support(engine: Engine) -> None:
    drawn = Drawn([".A", "<."], where={"<0": HOME, "A1": {"easting": 400_100, "northing": 300_000}})
    said = ask(engine, arrested(Unless(Distance(5_000))), drawn)
    assert (said.answer, said.evidence) == ("met", ["A1"])


def test_a_year_is_long(engine: Engine) -> None:
    assert ask(engine, arrested(), Drawn(["A"], days=400), looks_back=365 * DAY).answer == "not met"
