"""The inbox, search and making a child by hand, as pages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework_world import Brought, World, child, citation, involved, marker_form, missing, proposal
from trigpoint_web.accounts.models import Role, Team
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import take_run, write_extract
from trigpoint_web.casework.models import Child, Identifier, Involvement, MissingEpisode
from trigpoint_web.review.models import KeyQuestion


def brought(number: int = 1, **more: Any) -> Brought:
    found = [citation("CA"), citation("CA", 2), citation("CB"), citation("CL")]
    proposed = [
        proposal("CA", 1, to_on=date(2026, 9, 1)),
        proposal("CA", 1, 2, rule="another_rule", form="debt_bondage", to_on=date(2026, 9, 5)),
        proposal("CB", to_on=date(2026, 10, 1)),
        proposal("CL", to_on=date(2026, 8, 1)),
    ]
    given = {
        "kids": [child("CA"), child("CB"), child("CL", area="LF", home_area="LF")],
        "involving": [involved("CA"), involved("CB"), involved("CB", "education"), involved("CL")],
        "found": found, "proposed": proposed, "away": [missing("CA")],
    }  # fmt: skip
    return Brought(number, **(given | more))


@pytest.fixture
def run(world: World) -> World:
    take_run(brought())
    return world


def rows(page: Any, name: str) -> list[str]:
    (found,) = [one.rows for one in page.context["lists"] if one.section.name == name]
    return [row.name.removeprefix("Robin Invented") for row in found]


def test_the_inbox_stands_in_its_stated_order_a_child_once(run: World, signed_in: Any) -> None:
    page = signed_in(run.person()).get("/")
    assert rows(page, "proposals") == ["CB", "CA", "CL"]
    assert rows(page, "missing") == ["CA"]
    said = page.content.decode()
    assert "Newest evidence is of 5 September 2026, from police. One more reason waits for a decision." in said
    assert "Longest missing first" in said
    assert "No review is due." in said


def test_the_inbox_is_recorded_with_whom_it_showed_and_needs_a_purpose(run: World, signed_in: Any) -> None:
    user = run.person()
    assert signed_in(user, purpose=None).get("/")["Location"].startswith("/purpose/")
    signed_in(user).get("/")
    row = AuditRow.objects.get(thing_kind="inbox")
    assert row.detail["children"] == sorted(Child.objects.values_list("pk", flat=True))
    assert row.purpose.code == "safeguarding"


def test_the_inbox_is_frugal_however_full(world: World, signed_in: Any) -> None:
    keys = [f"C{n}" for n in range(30)]
    proposed = [proposal(key, rule=rule) for key in keys for rule in ("a_rule", "b_rule")]
    take_run(
        Brought(
            kids=[child(key) for key in keys], involving=[involved(key) for key in keys],
            found=[citation(key) for key in keys], proposed=proposed, away=[missing(key) for key in keys],
        )
    )  # fmt: skip
    browser = signed_in(world.person())
    with CaptureQueriesContext(connection) as asked:
        page = browser.get("/")
    assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 25
    assert len(rows(page, "proposals")) == 5
    first, second = browser.get("/?list=proposals"), browser.get("/?list=proposals&page=2")
    assert len(set(rows(first, "proposals")) | set(rows(second, "proposals"))) == 30


def test_filters_by_team_area_agency_and_form(run: World, signed_in: Any) -> None:
    user = run.person()
    team = Team.objects.create(agency=user.agency, name="Lowford team")
    team.areas.set([run.areas["LF"]])
    browser = signed_in(user)
    shown = {
        "team": rows(browser.get(f"/?team={team.pk}"), "proposals"),
        "area": rows(browser.get(f"/?area={run.areas['RV'].pk}"), "proposals"),
        "agency": rows(browser.get(f"/?agency={run.agencies['school_rv'].pk}"), "proposals"),
        "form": rows(browser.get("/?form=debt_bondage"), "proposals"),
        "nonsense": rows(browser.get("/?form=gossip&area=x"), "proposals"),
    }
    assert shown == {
        "team": ["CL"], "area": ["CB", "CA"], "agency": ["CB"], "form": ["CA"], "nonsense": ["CB", "CA", "CL"]
    }  # fmt: skip


def test_what_waits_leaves_the_inbox_once_decided_and_comes_back_with_new_evidence(run: World, signed_in: Any) -> None:
    acting = run.acting()
    one = Child.objects.get(key="CB")
    markers.set_marker(
        acting, one, form=marker_form(), proposals=list(one.proposals.all()), seen=0, request_key=uuid4()
    )
    browser = signed_in(acting.user)
    assert rows(browser.get("/"), "proposals") == ["CA", "CL"]
    later = brought(2)
    later.found.append(citation("CB", 2))
    later.proposed[2] = proposal("CB", 1, 2, to_on=date(2026, 10, 20))
    take_run(later)
    page = browser.get("/")
    assert (rows(page, "proposals"), rows(page, "evidence")) == (["CA", "CL"], ["CB"])


def test_interviews_say_how_late_they_are(run: World, signed_in: Any) -> None:
    robin = Child.objects.get(key="CB")
    MissingEpisode.objects.create(
        child=robin, origin="here", agency="police", opened_at=timezone.now() - timedelta(days=9),
        found_at=timezone.now() - timedelta(days=8),
    )  # fmt: skip
    page = signed_in(run.person()).get("/").content.decode()
    assert "The interview was due 5 days ago." in page


@pytest.mark.parametrize("role", [Role.GOVERNANCE_OFFICER, Role.AGENCY_ADMINISTRATOR])
def test_the_inbox_is_not_everybodys(run: World, signed_in: Any, role: str) -> None:
    browser = signed_in(run.person(role=role))
    assert browser.get("/search/").status_code == 403
    assert browser.get("/")["Location"] == "/home/"  # where everybody arrives: nobody is told off there
    assert browser.get("/home/")["Location"] not in ("/", "/home/")


# Search.


def test_what_is_looked_for_stands_in_no_address(run: World, signed_in: Any) -> None:
    page = signed_in(run.person()).post("/search/", {"name": "Robyn InventedCA"})
    assert page.status_code == 200
    assert page.context["hits"][0].key == "CA"
    typed = {"name": "Ash Newly", "birth_on-day": "1", "birth_on-month": "2", "birth_on-year": "2012"}
    assert signed_in(run.person()).post("/search/", typed).context["carried"] == list(typed.items())
    assert [form.split('"')[0] for form in page.content.decode().split('method="')[1:]] == ["post"] * 3


def test_search_asks_the_purpose_before_anything_is_typed(run: World, signed_in: Any) -> None:
    assert signed_in(run.person(), purpose=None).get("/search/")["Location"].startswith("/purpose/")


@pytest.mark.parametrize(
    "sent", [{}, {"name": "  "}, {"birth_on-day": "31", "birth_on-month": "2", "birth_on-year": "2010"},
             {"name": "x" * 300}, {"birth_on-day": "1", "birth_on-month": "1", "birth_on-year": "2999"},
             {"number": "\x00"}],
)  # fmt: skip
def test_a_search_that_cannot_be_is_said(run: World, signed_in: Any, sent: dict[str, str]) -> None:
    page = signed_in(run.person()).post("/search/", sent)
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert not AuditRow.objects.filter(act="search").exists()


def test_of_a_child_whom_one_may_not_see_only_whom_to_ask_is_said(run: World, signed_in: Any) -> None:
    Identifier.objects.create(child=Child.objects.get(key="CA"), scheme="nhs", value="9990001111")
    page = signed_in(run.person("bank")).post("/search/", {"number": "999 000 1111"}).content.decode()
    assert "Invented police" in page
    assert "01632 960001" in page
    for hidden in ("InventedCA", 'href="/children/CA/"', "4 May 2011"):
        assert hidden not in page


# A child made by hand.


def new(**more: Any) -> dict[str, str]:
    on = {"birth_on-day": "1", "birth_on-month": "2", "birth_on-year": "2012"}
    return on | {"given_names": "Ash", "surname": "Newly", "request_key": str(uuid4())} | more


def searched(browser: Any) -> Any:
    browser.post("/search/", {"name": "Ash Newly"})
    return browser


def test_one_searches_before_one_makes_a_child(run: World, signed_in: Any) -> None:
    browser = signed_in(run.person())
    assert browser.get("/search/new-child/")["Location"] == "/search/"
    assert browser.post("/search/new-child/", new())["Location"] == "/search/"
    assert searched(browser).get("/search/new-child/").status_code == 200
    begun = browser.post("/search/new-child/", {"begin": "yes", "name": "Ash Newly", "birth_on-day": "1"})
    assert 'value="Newly"' in begun.content.decode()


def test_a_child_is_made_once_and_seen_by_the_agency_that_made_it(run: World, signed_in: Any) -> None:
    user = run.person("school_rv")
    browser, sent = searched(signed_in(user)), new(nhs_number="943 476 5919", area=str(run.areas["RV"].pk))
    first, second = (browser.post("/search/new-child/", sent)["Location"] for _ in range(2))
    made = Child.objects.get(made_as__startswith="H")
    assert first == second == f"/children/{made.key}/"
    assert (made.area, made.face.surname) == (run.areas["RV"], "Newly")
    assert Involvement.objects.get(child=made).origin == "here"
    assert browser.get(first).status_code == 200
    assert signed_in(run.person("police")).get(first).status_code == 404
    assert browser.post("/search/", {"number": "9434765919"}).context["hits"][0].key == made.key
    assert AuditRow.objects.filter(act="write", thing_kind="child", child_id=made.pk).count() == 1


def test_a_child_who_is_surely_there_is_shown_before_another_is_made(run: World, signed_in: Any) -> None:
    browser = searched(signed_in(run.person()))
    sent = new(given_names="Robin", surname="InventedCA") | {
        "birth_on-day": "4", "birth_on-month": "5", "birth_on-year": "2011"
    }  # fmt: skip
    page = browser.post("/search/new-child/", sent)
    assert "Is it one of these?" in page.content.decode()
    assert not Child.objects.exclude(made_as="").exists()
    assert browser.post("/search/new-child/", sent | {"different": "on"}).status_code == 302


WRONG = [
    ({"given_names": "", "surname": " "}, "given_names"), ({"nhs_number": "943 476 5918"}, "nhs_number"),
    ({"nhs_number": "1111111111"}, "nhs_number"), ({"postcode": "nowhere"}, "postcode"), ({"area": "999999"}, "area"),
    ({"surname": "x" * 400}, "surname"), ({"sex": "X9"}, "sex"), ({"birth_on-year": "2999"}, "birth_on"),
    ({"request_key": "no"}, "request_key"), ({"surname": "a\x00b"}, "surname"),
    ({"given_names": "…", "surname": ""}, "given_names"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_a_child_with_a_fault_is_not_made(run: World, signed_in: Any, wrong: Any, field: str) -> None:
    page = searched(signed_in(run.person())).post("/search/new-child/", new(**wrong))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not Child.objects.exclude(made_as="").exists()


def test_an_analyst_makes_no_child(run: World, signed_in: Any) -> None:
    browser = signed_in(run.person(role=Role.ANALYST, serves=("RV",)))
    assert searched(browser).post("/search/new-child/", new()).status_code == 403


def made(run: World, signed_in: Any) -> Child:
    searched(signed_in(run.person())).post("/search/new-child/", new())
    return Child.objects.get(made_as__startswith="H")


def from_casework(key: str, one: Child, **more: Any) -> Any:
    given = {"names": (("casework", "Ash", "Newly"),), "identifiers": (("casework", one.made_as),)}
    return child(key, **(given | more))


def test_a_child_made_here_goes_to_the_core_and_stands_until_a_run_holds_it(
    run: World, signed_in: Any, tmp_path: Path
) -> None:
    one = made(run, signed_in)
    write_extract(tmp_path)
    assert (tmp_path / "children.csv").read_text().splitlines()[1].startswith(f"{one.made_as},Ash,Newly,01/02/2012")
    assert 'mapping = "casework_children"' in (tmp_path / "casework.toml").read_text()
    take_run(brought(2))
    one.refresh_from_db()
    assert (one.current, one.names.get().folded) == (True, "ash newly")


def test_the_first_run_that_holds_it_gives_it_the_cores_key(run: World, signed_in: Any, tmp_path: Path) -> None:
    one = made(run, signed_in)
    markers.set_marker(run.acting(), one, form=marker_form(), seen=0, request_key=uuid4())
    later = brought(2)
    later.kids.append(from_casework("CN", one))
    take_run(later)
    one.refresh_from_db()
    assert (one.key, one.current, one.markers.count()) == ("CN", True, 1)
    assert Child.objects.count() == 4
    # It goes out under the name it was made with, so that its record stays the same one.
    write_extract(tmp_path)
    assert (tmp_path / "markers.csv").read_text().splitlines()[1].split(",")[1] == one.made_as
    take_run(Brought(3, kids=[*later.kids], involving=later.involving))
    one.refresh_from_db()
    assert (one.key, one.current) == ("CN", True)


@pytest.mark.parametrize("works", [True, False])
def test_one_who_was_known_already_is_joined_or_asked_about(run: World, signed_in: Any, works: bool) -> None:
    one = made(run, signed_in)
    if works:
        markers.set_marker(run.acting(), one, form=marker_form(), seen=0, request_key=uuid4())
    later = brought(2)
    later.kids[0] = from_casework("CA", one, names=(("police", "Robin", "InventedCA"), ("casework", "Ash", "Newly")))
    done = take_run(later)
    one.refresh_from_db()
    assert not one.current
    if works:
        assert (KeyQuestion.objects.get().new.key, done.counts["asked"], one.superseded_by) == ("CA", 1, None)
    else:
        assert (one.superseded_by.key, done.counts["followed"]) == ("CA", 1)
    take_run(Brought(3, kids=later.kids, involving=later.involving))
    assert KeyQuestion.objects.count() == int(works)


def test_the_database_lets_only_those_make_a_child_who_may(run: World) -> None:
    from django.db import ProgrammingError, transaction

    from trigpoint_web.audit.person import working_as

    call = "select casework_make_child('H0000000001', 'A', 'B', '', '{}', null, '', null, '', '{}')"
    for user in (run.person(role=Role.ANALYST), run.person(role=Role.GOVERNANCE_OFFICER)):
        with working_as(user), pytest.raises(ProgrammingError, match="may not make"), transaction.atomic():
            connection.cursor().execute(call)
