"""The frame: health, the security policy, pages for when something goes wrong, languages, the menu."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from lxml import html

from invented_people import person
from trigpoint_web.accounts.models import Agency, Role, User

pytestmark = pytest.mark.django_db
PAGES = ["/account/", "/purpose/", "/people/", "/design/", "/sign-in/2fa/", "/sign-in/password/change/", "/nowhere/"]


@pytest.fixture
def administrator(db: None) -> User:
    return person("ros", Agency.objects.create(code="a", name_en="A", kind="police"), role=Role.AGENCY_ADMINISTRATOR)


def test_health_says_that_the_database_answers(client: Client) -> None:
    assert client.get("/health/").json() == {"healthy": True, "database": "answers"}


def test_health_says_that_it_does_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", broken)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["healthy"]) == (503, False)


@pytest.mark.parametrize("path", [*PAGES, "/sign-in/login/"])
def test_no_page_holds_a_script_or_a_style_and_the_policy_allows_none(
    path: str, administrator: User, signed_in: Any
) -> None:
    answer = (Client() if path == "/sign-in/login/" else signed_in(administrator)).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    page = html.fromstring(answer.content.decode())
    scripts = [each for each in page.iter("script") if each.get("type") != "application/json"]
    assert [each.get("src") for each in scripts if (each.text or "").strip() or not each.get("src")] == []
    assert page.xpath("//style | //@style | //@onclick | //@onload") == []


def test_nobody_who_is_not_signed_in_sees_a_page(client: Client) -> None:
    for path in ("/account/", "/purpose/", "/people/", "/home/", "/sign-in/2fa/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/login/")


def test_a_page_that_is_not_there_is_plain(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "We cannot find this page" in answer.content.decode()


def test_a_fault_of_ours_says_nothing_of_what_it_was(administrator: User, signed_in: Any, monkeypatch: Any) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("a child's name")

    monkeypatch.setattr("trigpoint_web.accounts.queries.people_managed_by", broken)
    browser = signed_in(administrator)
    browser.raise_request_exception = False
    answer = browser.get("/people/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
    assert "name" not in answer.content.decode().replace("name=", "").replace("app-header__name", "")


def test_a_database_that_does_not_answer_is_said_and_not_called_a_fault(
    administrator: User, signed_in: Any, monkeypatch: Any
) -> None:
    def gone(*_given: object, **_more: object) -> None:
        raise OperationalError("server closed the connection: a child's name")

    monkeypatch.setattr("trigpoint_web.accounts.queries.people_managed_by", gone)
    browser = signed_in(administrator)
    browser.raise_request_exception = False
    answer = browser.get("/people/")
    assert answer.status_code == 503
    assert "The service is not open just now" in answer.content.decode()
    assert "server closed" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_plainly(administrator: User, signed_in: Any) -> None:
    browser = signed_in(administrator, client=Client(enforce_csrf_checks=True))
    answer = browser.post("/purpose/", {"code": "panel"})
    assert answer.status_code == 403
    assert "The page was open too long" in answer.content.decode()


def test_a_host_that_is_not_ours_gets_nothing(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/sign-in/login/", headers={"host": "elsewhere.invalid"})
    assert answer.status_code == 400
    assert "We could not read what was sent" in answer.content.decode()


def test_the_language_is_kept_and_leads_nowhere_else(client: Client) -> None:
    answer = client.get("/language/cy/?next=/sign-in/login/")
    assert answer.headers["Location"] == "/sign-in/login/"
    assert "Mewngofnodi" in client.get("/sign-in/login/").content.decode()
    assert client.get("/language/cy/?next=https://elsewhere.invalid/").headers["Location"] == "/"
    assert client.get("/language/xx/").status_code == 404


def test_the_menu_offers_what_the_role_may_open(administrator: User, signed_in: Any) -> None:
    shown = [item["href"] for item in signed_in(administrator).get("/account/").context["menu"]]
    assert "/people/" in shown
    other = person("sam", administrator.agency)
    assert "/people/" not in [item["href"] for item in signed_in(other).get("/account/").context["menu"]]


def test_the_demos_accounts_are_shown_in_the_demo_alone(client: Client, settings: Any) -> None:
    from trigpoint.errors import SettingsError
    from trigpoint_web.accounts.signing_in.demo import PASSWORD, make_demo_people

    with pytest.raises(SettingsError, match="for the demo alone"):
        make_demo_people()
    settings.DEMO = True
    make_demo_people()
    make_demo_people()
    assert User.objects.filter(is_demo=True).count() == 10
    assert PASSWORD in client.get("/sign-in/login/").content.decode()
    settings.DEMO = False
    assert PASSWORD not in client.get("/sign-in/login/").content.decode()
