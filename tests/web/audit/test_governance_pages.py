"""The governance officer's pages: who read what, what is unusual, and whether the chain holds."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import trigpoint_web
from casework_world import World
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.models import AuditRow, UnusualReadingReview
from trigpoint_web.audit.reading import reading, reading_list
from trigpoint_web.casework.models import Child
from trigpoint_web.casework.presenters.access_log import THINGS

PAGES = ["/audit/", "/audit/unusual/", "/audit/chain/", "/emergency/"]


@pytest.fixture
def officer(world: World) -> User:
    return world.person("services_lf", Role.GOVERNANCE_OFFICER)


@pytest.fixture
def browser(officer: User, signed_in: Any) -> Client:
    return signed_in(officer, purpose="audit")


@pytest.fixture
def outsider(world: World) -> tuple[User, Child]:
    """Somebody who read of a child with whom their agency is not involved."""
    acting, robin = world.acting(), world.child(involved=("school_rv",))
    reading(acting, robin, page="child")
    return acting.user, robin


def lines(page: Any) -> list[tuple[str, str, str]]:
    return [(one.person, one.what, one.child_key or one.others) for one in page.context["lines"]]


@pytest.mark.parametrize("path", PAGES)
def test_the_officer_has_each_page_and_it_is_frugal(browser: Client, outsider: Any, path: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(path)
    assert page.status_code == 200
    assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 25


@pytest.mark.parametrize("role", [role for role in Role.values if role not in ("governance_officer", "system_client")])
def test_nobody_else_has_them(world: World, signed_in: Any, role: str) -> None:
    browser = signed_in(world.person(role=role), purpose="audit")
    found = [browser.get(path).status_code for path in PAGES]
    assert found == [403, 403, 403, 200 if role == "supervisor" else 403]


def test_a_purpose_is_asked_first_and_looking_is_recorded(officer: User, signed_in: Any, outsider: Any) -> None:
    asked = signed_in(officer, purpose=None).get("/audit/?child=CAAA")
    assert asked["Location"].startswith("/purpose/?next=")
    signed_in(officer, purpose="audit").get("/audit/?child=CAAA")
    (row,) = AuditRow.objects.filter(actor=officer, thing_kind="audit")
    assert row.detail == {"by": ["child"], "children": [outsider[1].pk]}


def test_rows_are_found_by_person_child_act_and_day(browser: Client, world: World, outsider: Any) -> None:
    user, robin = outsider
    listed, kim = world.acting(), world.child("CKIM")
    reading_list(listed, [robin.pk, kim.pk], page="inbox")
    reading(listed, kim, page="markers", act="print")
    one, two = user.full_name, listed.user.full_name
    read, in_list, printed = (one, "Read: Summary", "CAAA"), (
        two, "Read: A list with other children", "2 children"), (two, "Printed: Markers", "CKIM")  # fmt: skip
    mine = ("Read: Who read what", "1 child")
    by_child = [each for each in lines(browser.get("/audit/?child=CAAA")) if each[1:] != mine]
    assert by_child == [in_list, read]
    assert lines(browser.get(f"/audit/?person={user.email.upper()}")) == [read]
    assert lines(browser.get(f"/audit/?person={two}")) == [printed, in_list]
    assert lines(browser.get("/audit/?act=print")) == [printed]
    now = timezone.localdate()
    today = f"since-day={now.day}&since-month={now.month}&since-year={now.year}"
    assert read in lines(browser.get(f"/audit/?{today}"))
    assert lines(browser.get(f"/audit/?{today.replace(str(now.year), '2999')}")) == []
    assert lines(browser.get("/audit/?child=CNONE")) == []


@pytest.mark.parametrize(
    "query", ["act=x", "since-day=99", "page=²", "person=%00", "child=" + "x" * 500, "until-year=1"]
)
def test_a_strange_address_says_what_is_wrong_or_breaks_nothing(browser: Client, outsider: Any, query: str) -> None:
    for path in ("/audit/", "/audit/unusual/"):
        assert browser.get(f"{path}?{query}").status_code == 200


def test_unusual_reading_is_named_opened_and_answered_once(browser: Client, outsider: Any, officer: User) -> None:
    user, _robin = outsider
    page = browser.get("/audit/unusual/")
    (one,) = [each for each in page.context["found"] if each.seen.rule == "not_involved"]
    assert user.full_name in page.content.decode()
    at = f"/audit/unusual/not_involved/{user.pk}/{one.seen.day.isoformat()}/"
    assert at in page.content.decode()
    opened = browser.get(at).content.decode()
    assert "CAAA" in opened
    assert browser.post(at, {"outcome": "", "reason": ""}).context["form"].errors.keys() == {"outcome", "reason"}
    for outcome in ("raised", "explained"):  # sent twice: the first stands
        sent = browser.post(at, {"outcome": outcome, "reason": "Asked the line manager."})
        assert sent["Location"] == "/audit/unusual/"
    assert UnusualReadingReview.objects.get().outcome == "raised"
    again = browser.get("/audit/unusual/").context["found"]
    assert [each.reviews[0].by for each in again if each.seen.rule == "not_involved"] == [officer]


@pytest.mark.parametrize("at", ["not_involved/{}/2026-01-01", "no_such_rule/{}/2026-01-01", "not_involved/{}/someday"])
def test_what_no_rule_saw_is_not_there(browser: Client, outsider: Any, at: str) -> None:
    assert browser.get(f"/audit/unusual/{at.format(outsider[0].pk)}/").status_code == 404


# What is recorded is named by a keyword, or as the argument at this place.
NAMED_AT = {"wrote": 1, "looked": 1, "exporting": 1, "reads_child": 0}


def recorded_things(source: str) -> set[str]:
    """What the calls in the source record as read, changed or refused."""
    given: list[ast.expr] = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        given += [one.value for one in call.keywords if one.arg in ("thing", "page")]
        at = NAMED_AT.get(getattr(call.func, "id", getattr(call.func, "attr", "")))
        given += [] if at is None else call.args[at : at + 1]
    return {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_whatever_is_recorded_has_words_in_the_log() -> None:
    """A child, or a parent, may ask for the log: it says "Return interview", in either language, never a code."""
    room = Path(trigpoint_web.__file__).parent
    found = {thing for file in room.rglob("*.py") for thing in recorded_things(file.read_text("utf-8"))}
    assert len(found) > 40
    assert found - set(THINGS) == set()
    assert recorded_things("reads_child('a')\nq.looked(x, 'b')\nf(thing='c')\nf('d')") == {"a", "b", "c"}


def test_the_chain_is_checked_and_its_break_is_named(browser: Client, outsider: Any) -> None:
    assert "Each is as it was written" in browser.post("/audit/chain/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update audit_auditrow set act = 'write' where seq = 1")
        cursor.execute("set local session_replication_role = origin")
    assert "broken at row 1" in browser.post("/audit/chain/").content.decode()


def test_a_refusal_is_a_page_of_the_service_in_both_languages(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person())
    for language, words in (("en", "Only an information-governance officer"), ("cy", "Dim ond swyddog")):
        browser.cookies["django_language"] = language
        page = browser.get("/audit/").content.decode()
        assert words in page
        assert "casework.css" in page
