"""What the database's functions answer at once is what the plain queries say, and a plain judge of names."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest

from casework_world import AT, Brought, World, child, citation, involved, marker_form, proposal, sql
from trigpoint_web.audit.person import working_as
from trigpoint_web.casework.actions.markers import set_marker
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.grams import fold, grams
from trigpoint_web.casework.models import Child, Proposal
from trigpoint_web.casework.queries import inbox

pytestmark = pytest.mark.django_db
LETTERS = "aeilnorst"
FORMS = ("county_lines", "violence")


@pytest.fixture
def many(world: World) -> World:
    """Children of two areas with proposals of two forms, on some of whom somebody has decided."""
    draw, kids = random.Random(5), [f"C{number:03d}" for number in range(40)]  # noqa: S311 - invented children
    areas = {key: draw.choice(["RV", "LF"]) for key in kids}
    take_run(
        Brought(
            kids=[child(key, area=areas[key]) for key in kids],
            involving=[involved(key, agency) for key in kids for agency in draw.sample(["police", "education"], 1)],
            found=[citation(key, number, to_on=AT.date().replace(day=number)) for key in kids for number in (1, 2)],
            proposed=[
                proposal(key, number, rule=f"{number}{form}", form=form, to_on=AT.date().replace(day=number))
                for key in kids for number in (1, 2) for form in draw.sample(FORMS, draw.randint(0, 2))
            ],
        )
    )  # fmt: skip
    acting = world.acting(role="panel_chair", agency="services_rv", serves=("RV", "LF"))
    for key in kids[::3]:
        if waiting := Proposal.objects.filter(child__key=key, form="county_lines").first():
            set_marker(acting, waiting.child, form=marker_form(), proposals=[waiting], seen=0, request_key=uuid4())
    return world


def newest(proposals: Any) -> list[int]:
    """Of each child the newest of all that wait, where it is among `proposals`."""
    first: dict[int, int] = {}
    for one in Proposal.objects.filter(standing__isnull=False, decisions=None).order_by("-to_on", "pk"):
        first.setdefault(one.child_id, one.pk)
    return [one.pk for one in proposals if first[one.child_id] == one.pk]


@pytest.mark.parametrize("role", ["panel_chair", "practitioner"])
def test_the_list_of_the_newest_is_what_the_queries_say_one_by_one(many: World, role: str) -> None:
    user = many.person(agency="services_rv" if role == "panel_chair" else "police", role=role, serves=("RV",))
    area, agency = many.areas["RV"].pk, many.agencies["police"].pk
    shown = 0
    for filters in (
        inbox.NO_FILTERS, inbox.Filters(area=area), inbox.Filters(agency=agency), inbox.Filters(form="violence"),
        inbox.Filters(team=user.team_id, area=area, form="county_lines"),
    ):  # fmt: skip
        with working_as(user):
            for known, query in ((False, inbox.new_proposals), (True, inbox.new_evidence)):
                listed = inbox.NewestWaiting(user, filters, known=known)
                right = newest(query(user, filters))
                assert [one.pk for one in listed[:100]] == right
                assert [one.pk for one in listed[1:3]] == right[1:3]
                assert len(listed) == len(right)
                shown += len(right)
    assert shown > 20


def alike(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def test_a_search_by_the_rarest_letters_finds_what_comparing_with_every_name_finds(world: World) -> None:
    draw = random.Random(3)  # noqa: S311 - invented names
    word = lambda: "".join(draw.choices(LETTERS, k=draw.randint(2, 6)))  # noqa: E731 - drawn anew each time
    names = {f"C{number:03d}": f"{word()} {word()}" for number in range(150)}
    brought = [
        child(key, names=(("police", *name.title().split()),)) for key, name in names.items()
    ]  # fmt: skip
    take_run(Brought(kids=brought, involving=[involved(key) for key in names]))
    sql("analyze casework_name")
    keys = dict(Child.objects.values_list("pk", "key"))
    user, found = world.person(), 0
    for _ in range(60):
        asked = grams(fold(f"{word()} {word()}" if draw.random() < 0.5 else draw.choice([*names.values()])[1:]))
        with working_as(user):
            rows = sql("select child_id, alike from casework_find(%s, null, '{}', 500)", asked)
        right = {key: alike(set(asked), set(grams(fold(name)))) for key, name in names.items()}
        expected = {key: value for key, value in right.items() if round(value, 9) >= 0.4}
        assert {keys[pk]: pytest.approx(value, abs=1e-6) for pk, value in rows} == expected
        found += len(expected)
    assert found > 60
