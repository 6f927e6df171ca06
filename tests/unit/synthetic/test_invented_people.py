"""Names over many communities, families, and characteristics that say nothing about being exploited."""

from __future__ import annotations

import numpy as np
import pytest

from trigpoint.synthetic.life.cast import cast_children
from trigpoint.synthetic.people.families import People, invent_people
from trigpoint.synthetic.people.names import names, plain
from trigpoint.synthetic.people.views import Habits, mistyped, view_people
from trigpoint.synthetic.rates import Rates

MANY = 60_000


@pytest.fixture(scope="module")
def people() -> People:
    rng = np.random.default_rng(3)
    return invent_people(rng, numbers=np.arange(MANY), children=MANY, seed=3, rates=Rates())


@pytest.mark.parametrize("community", [c for c in names().communities if c.rule != "two"], ids=lambda c: c.name)
def test_a_community_has_enough_names_and_none_twice(community: object) -> None:
    held = community
    assert all(len(set(pool)) == len(pool) >= 40 for pool in (*held.given, held.surnames))  # type: ignore[attr-defined]  # a Community


def test_families_have_siblings_with_names_of_their_own(people: People) -> None:
    same = people.family[1:] == people.family[:-1]
    assert 0.2 < same.mean() < 0.6
    named: dict[int, list[str]] = {}
    for family, given in zip(people.family.tolist(), people.given.tolist(), strict=True):
        named.setdefault(family, []).append(given)
    twice = sum(len(set(given)) < len(given) for given in named.values())
    assert twice < len(named) * 0.002  # a name that both sexes bear may meet itself


def test_twins_are_born_on_one_day(people: People) -> None:
    twins = np.flatnonzero(people.twin)
    assert len(twins) > 100
    for first, second in zip(twins[::2], twins[1::2], strict=True):
        assert people.family[first] == people.family[second]
        assert people.born[first] == people.born[second]


def test_surnames_follow_the_rule_of_the_community(people: People) -> None:
    sikh = [s for s in people.surname.tolist() if s.startswith(("Kaur", "Singh"))]
    assert any(" " in s for s in sikh)
    assert "Kaur" in sikh
    girls = {s for s, boy in zip(people.surname.tolist(), people.boy.tolist(), strict=True) if not boy}
    assert "Kowalska" in girls
    assert "Kowalski" not in girls
    assert 0.03 < np.mean(["-" in s for s in people.surname.tolist()]) < 0.12


def test_exploitation_is_drawn_apart_from_the_community(people: People) -> None:
    cast = cast_children(np.random.default_rng(4), people, chunk=0, children=MANY, rates=Rates(exploited=0.2))
    exploited = cast.story >= 0
    overall = exploited.mean()
    for code in np.unique(people.ethnicity.astype(str)):
        at = people.ethnicity == code
        if at.sum() > 400:
            assert abs(exploited[at].mean() - overall) < 4 * np.sqrt(overall / at.sum()), code


def test_girls_and_under_tens_are_among_the_exploited(people: People) -> None:
    cast = cast_children(np.random.default_rng(4), people, chunk=0, children=MANY, rates=Rates())
    chosen = cast.story >= 0
    ages = (cast.start[chosen] / 1440 - people.born[chosen]) / 365.25
    assert 0.2 < (~people.boy[chosen]).mean() < 0.5
    assert 0.02 < (ages < 10).mean() < 0.25
    assert ages.min() > 6.5
    assert (ages < 18).all()
    assert len(set(cast.forms()[chosen])) >= 8


def test_an_agency_writes_names_as_its_system_can(people: People) -> None:
    police = Habits("police", "N", case="upper", accents="plain")
    view = view_people(np.random.default_rng(1), people, habits=police, rates=Rates())
    assert all(s.isascii() and s == s.upper() for s in view.surname.tolist())
    assert len(set(view.local.tolist())) == MANY


@pytest.mark.parametrize(("agency", "share"), [("health", 0.03), ("childrens_services", 0.25), ("police", 1.0)])
def test_nhs_numbers_are_missing_as_often_as_said(people: People, agency: str, share: float) -> None:
    view = view_people(np.random.default_rng(1), people, habits=Habits(agency, "X"), rates=Rates())
    assert abs(np.mean([n is None for n in view.nhs.tolist()]) - share) < 0.01


def test_names_and_birthdays_go_wrong_as_often_as_said(people: People) -> None:
    rates = Rates(other_spelling=0, short_name=0, swapped_names=0, wrong_birth_digit=0, step_surname=0)
    view = view_people(np.random.default_rng(1), people, habits=Habits("x", "X", nicknames=0), rates=rates)
    long = np.array([len(g) >= 4 for g in people.given.tolist()])
    wrong = (view.given != people.given)[long].mean()
    assert abs(wrong - rates.typing_error) < 0.006
    certain = ~people.estimated
    day_first = (view.born != people.born)[certain].mean()
    assert (
        rates.swapped_day_month * 0.25 < day_first < rates.swapped_day_month * 0.5
    )  # 12 days of a month can be a month
    assert len({mistyped(np.random.default_rng(i), "Alexandra") for i in range(60)}) > 12


def test_plain_letters() -> None:
    assert [plain(n) for n in ("Małgorzata", "Nguyễn", "Şeyma", "Siobhán")] == [
        "Malgorzata", "Nguyen", "Seyma", "Siobhan",
    ]  # fmt: skip
