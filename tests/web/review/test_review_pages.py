"""Questions about identity on pages: the list, two records side by side, parting records, a case whose key changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from casework_world import AT, Brought, World, child, involved, marker_form
from riverside import Ran
from trigpoint.services.link_records import model_file
from trigpoint.services.read_border import BorderQuestion, BorderSuccession, read_border
from trigpoint.services.workspace import open_workspace
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.models import Child
from trigpoint_web.review import reasons, views
from trigpoint_web.review.models import Judgement, KeyQuestion, LinkQuestion
from trigpoint_web.review.reasons import RecordShown, Why, _lines_without

MOST_QUERIES = 25


@pytest.fixture
def browser(world: World, signed_in: Callable[..., Client]) -> Client:
    asked = [BorderQuestion("q1", "guard", "r2", "r1", "CA", "CB", "a twin?")]
    take_run(Brought(kids=[child("CA"), child("CB")], involving=[involved("CA"), involved("CB")], asked=asked))
    return signed_in(world.person(role=Role.ANALYST))


def where() -> str:
    return f"/review/questions/{LinkQuestion.objects.get().pk}/"


def sent(page: Any, **more: object) -> dict[str, object]:
    form = page.context["form"]
    hidden = {name: form[name].value() for name in ("request_key", "seen") if name in form.fields}
    return hidden | {"verdict": "different", "reason": "Twins, seen at both schools."} | more


def test_a_question_is_read_answered_and_leaves_the_list(browser: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        assert b"a twin?" in browser.get("/review/").content
    with django_assert_max_num_queries(MOST_QUERIES):
        page = browser.get(where())
    assert AuditRow.objects.filter(act="read", thing_kind="review:question").count() == 2
    answer = browser.post(where(), sent(page))
    assert (answer.status_code, answer.url) == (302, "/review/")
    assert b"a twin?" not in browser.get("/review/").content
    assert b"a twin?" in browser.get("/review/?list=answered").content
    assert browser.post(where(), sent(page)).status_code == 302  # sent twice: written once
    assert Judgement.objects.count() == 1


def test_the_second_of_two_people_sees_what_the_first_said(browser: Client, world: World, signed_in: Any) -> None:
    second = signed_in(world.person(role=Role.SUPERVISOR))
    mine, theirs = browser.get(where()), second.get(where())
    browser.post(where(), sent(mine))
    page = second.post(where(), sent(theirs, verdict="same", reason="I know the family."))
    assert b"What changed while you were working" in page.content
    assert b"I know the family." in page.content
    assert Judgement.objects.count() == 1
    second.post(where(), sent(page, verdict="same", reason="I know the family."))
    assert Judgement.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"verdict": ""}, {"reason": " "}, {"verdict": "perhaps"}, {"reason": "x" * 20_000}])
def test_an_answer_that_lacks_something_is_asked_again(browser: Client, wrong: dict[str, str]) -> None:
    page = browser.post(where(), sent(browser.get(where()), **wrong))
    assert page.status_code == 200
    assert b"govuk-error-summary" in page.content
    assert not Judgement.objects.exists()


def test_who_may_not_see_both_children_finds_nothing(browser: Client, world: World, signed_in: Any) -> None:
    other = signed_in(world.person("bank"))
    assert other.get(where()).status_code == other.get("/review/questions/999/").status_code == 404
    assert signed_in(world.person(role=Role.GOVERNANCE_OFFICER)).get("/review/").status_code == 403
    assert other.get("/review/children/CA/").status_code == other.get("/review/children/CZ/").status_code == 404


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core's explanation, as it would be of three invented records."""
    records = [RecordShown(f"r{n}", "Police", "police", f"Robin Invented{n}", date(2011, 5, 4), 2) for n in (1, 2, 9)]
    monkeypatch.setattr(views, "why_one", lambda _user, _child: Why(records, ["The names agree."], []))


def test_records_are_parted_pair_by_pair(browser: Client, known: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        page = browser.get("/review/children/CA/")
    assert b"The names agree." in page.content
    given = {"away": ["r9"], "reason": "A brother.", "request_key": str(uuid4())}
    for _ in range(2):
        assert browser.post("/review/children/CA/", given).status_code == 302
    assert sorted(Judgement.objects.values_list("record_a", "record_b", "verdict")) == [
        ("r1", "r9", "different"), ("r2", "r9", "different"),
    ]  # fmt: skip
    for wrong in ({"away": []}, {"away": ["r1", "r2", "r9"]}, {"away": ["r77"]}, {"reason": ""}):
        fresh = given | {"request_key": str(uuid4())} | wrong
        assert b"govuk-error-summary" in browser.post("/review/children/CA/", fresh).content
    assert Judgement.objects.count() == 2


def test_without_a_partnership_the_page_says_so(browser: Client, settings: Any) -> None:
    settings.PARTNERSHIP_FOLDER = ""
    assert b"timelines cannot be read" in browser.get("/review/children/CA/").content
    assert b"timelines cannot be read" in browser.get(where()).content


def test_a_case_moves_when_a_person_says_so(browser: Client, world: World, signed_in: Any) -> None:
    acting = world.acting(role=Role.SUPERVISOR)
    markers.set_marker(acting, Child.objects.get(key="CA"), form=marker_form(), seen=0, request_key=uuid4())
    joined = BorderSuccession(AT.replace(day=1, hour=10), "CA", "CB", "now one child", True)
    take_run(Brought(number=2, kids=[child("CB")], involving=[involved("CB")], keys=[joined]))
    page = f"/review/keys/{KeyQuestion.objects.get().pk}/"
    supervisor = signed_in(acting.user)
    assert b"now one child" in supervisor.get(page).content
    answer = supervisor.post(page, {"choice": "move", "reason": "Same school.", "request_key": str(uuid4())})
    assert (answer.status_code, answer.url) == (302, "/children/CB/")
    assert Child.objects.get(key="CB").markers.count() == 1
    assert supervisor.get(page).status_code == 404


def test_a_record_of_a_child_who_may_not_be_known_is_in_no_line() -> None:
    lines = ["aa and bb: joined", "birth date: the same", "aa and cc: not joined", "surname: the same", "bb and dd: x"]
    assert _lines_without(lines, {"cc"}) == ["aa and bb: joined", "birth date: the same", "bb and dd: x"]


def test_records_stand_side_by_side_where_what_linking_learnt_is_gone(
    world: World, settings: Any, small_ran: Ran, tmp_path: Path
) -> None:
    """An erasure deletes the model, which quotes names; until the next run people have the records to judge by."""
    settings.PARTNERSHIP_FOLDER = str(shutil.copytree(small_ran.folder, tmp_path / "store"))
    with read_border(Path(settings.PARTNERSHIP_FOLDER)) as border:
        keys = sorted(one.child_key for one in border.children())[:2]
    children, user = (world.child(keys[0]), world.child(keys[1])), world.person()
    pair = tuple(reasons.why_one(user, one).records[0].record_id for one in children)
    whole = reasons.two_sides(user, children=children, pair=pair)
    assert (whole.closed, bool(whole.lines)) == ("", True)
    with open_workspace(Path(settings.PARTNERSHIP_FOLDER)) as workspace:
        model_file(workspace).unlink()
    left = reasons.two_sides(user, children=children, pair=pair)
    assert (left.left, left.right, left.lines) == (whole.left, whole.right, [])
    assert "after the next run" in left.closed
    alone = reasons.why_one(user, children[0])
    assert alone.records
    assert "after the next run" in alone.closed
    gone = reasons.two_sides(user, children=children, pair=(pair[0], "gone"))
    assert "have changed since" in gone.closed
