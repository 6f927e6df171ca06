"""An analyst declines a false link; a custody system asks the API. With screenshots, and each page as axe sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accessible import violations
from casework_systems import named
from casework_world import World, marker_form
from riverside import Ran
from trigpoint_web.accounts.models import Role
from trigpoint_web.api.clients import open_client
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import register_run
from trigpoint_web.casework.models import Child
from trigpoint_web.review.models import Judgement, KeyQuestion, LinkQuestion

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = Path("test-output/journeys")


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


@pytest.fixture
def asked(world: World, ran: Ran, settings: Any) -> LinkQuestion:
    """Given the invented partnership of Riverside, with a question of linkage about two children of one area."""
    settings.PARTNERSHIP_FOLDER = str(ran.folder)
    register_run(ran.folder)
    Child.objects.update(area=world.areas["RV"])
    return LinkQuestion.objects.exclude(standing=None).order_by("question_id").first()


def keep(page: Page, name: str) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=KEPT / f"{name}.png", full_page=True)


def wrong_with(page: Page) -> list[Any]:
    found = violations(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    said = [(each["id"], each["nodes"][0]["html"][:160]) for each in found]
    return said + ([("wider than a phone", wide)] if wide > page.viewport_size["width"] else [])


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_are_in_order_on_a_phone(
    visit: Callable[..., Page], asked: LinkQuestion, world: World, signed_in: Any, language: str
) -> None:
    session = signed_in(world.person(role=Role.ANALYST, serves=("RV",))).cookies["sessionid"].value
    phone = {"width": 320, "height": 800}
    page = visit("/review/", session=session, language=language, bypass_csp=True, viewport=phone)
    wrong = {}
    moved = KeyQuestion.objects.create(
        old=asked.child_a, new=asked.child_b, kind="joined", why="A number was corrected.", run=asked.run,
        at="2026-11-01T09:00Z",
    )  # fmt: skip
    paths = [f"/review/questions/{asked.pk}/", f"/review/keys/{moved.pk}/", f"/review/children/{asked.child_a.key}/"]
    for path in ("/review/", *paths):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        wrong[path] = wrong_with(page)
    page.goto(f"/review/questions/{asked.pk}/")
    page.locator("main form button").last.click()
    wrong["an answer with faults"] = wrong_with(page)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_an_analyst_declines_a_false_link(
    visit: Callable[..., Page], asked: LinkQuestion, world: World, signed_in: Any
) -> None:
    # Given an analyst of the area, with scripts switched off
    session = signed_in(world.person(role=Role.ANALYST, serves=("RV",))).cookies["sessionid"].value
    page = visit("/review/", session=session, java_script_enabled=False)
    keep(page, "identity-1-questions")
    # When they read a question side by side, and answer it with a reason
    page.locator(f"a[href='/review/questions/{asked.pk}/']").click()
    expect(page.get_by_role("heading", name="What speaks for and against")).to_be_visible()
    keep(page, "identity-2-side-by-side")
    page.get_by_label("Different children").check()
    page.get_by_label("How do you know?").fill("Twins, seen at both schools.")
    page.get_by_role("button", name="Write it down").click()
    # Then it is written down under their name and has left the list
    expect(page.get_by_text("none overturns it")).to_be_visible()
    expect(page.locator(f"a[href='/review/questions/{asked.pk}/']")).to_have_count(0)
    assert Judgement.objects.get().verdict == "different"
    page.goto(f"/review/children/{asked.child_a.key}/")
    keep(page, "identity-3-why-one-child")
    expect(page.get_by_role("heading", name="Why these records are one child")).to_be_visible()


def test_a_custody_system_asks(live_server: LiveServer, world: World) -> None:
    # Given a marker on a child, and a custody system with credentials
    child = named(world.child(involved=("services_rv",)))
    markers.set_marker(world.acting(agency="services_rv"), child, form=marker_form(), seen=0, request_key=uuid4())
    made = open_client("police", name="Invented custody system", scopes=["marker:read", "event:write"])
    given = {"grant_type": "client_credentials", "scope": "marker:read event:write"}
    token = requests.post(f"{live_server.url}/api/token", given, auth=(made.client.pk, made.secret), timeout=30)
    headers = {
        "Authorization": f"Bearer {token.json()['access_token']}", "Trigpoint-Purpose": "safeguarding",
        "Trigpoint-Legal-Basis": "law_enforcement",
    }  # fmt: skip
    person = {"given_names": "Robyn", "surname": "Inventedcaaa", "born": "2011-05-04"}
    # When the desk asks about a child whom only children's services know
    asked = requests.post(
        f"{live_server.url}/api/v1/look-up", json={"person": person}, headers=headers, timeout=30
    ).json()
    # Then it is told whom to call, and no more
    assert (asked["marker"], asked["markers"], asked["child"]) == ("ask", [], None)
    assert asked["contacts"][0]["phone"]
    # When the arrest is posted
    event = {"kind": "arrest", "person": person, "happened_at": "2026-11-01T21:30:00+00:00", "offence": "supply"}
    posted = requests.post(
        f"{live_server.url}/api/v1/events", json=event, headers=headers | {"Idempotency-Key": str(uuid4())}, timeout=30
    )
    # Then the marker comes back at once, with what to consider before interview and charge
    assert posted.status_code == 201
    said = posted.json()["answer"]
    assert (said["marker"], said["markers"][0]["level"]) == ("yes", "suspected")
    assert [one["code"] for one in said["consider"]] == ["section_45", "nrm", "appropriate_adult"]
