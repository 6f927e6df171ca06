"""The governance officer finds an unusual reader; somebody opens a record in an emergency and is reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accessible import violations
from casework_world import World
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.models import UnusualReadingReview
from trigpoint_web.audit.reading import reading
from trigpoint_web.casework.models import EmergencyAccess

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long invented password"  # noqa: S105 - of invented people
PICTURES = Path("build/test-output/overseeing")


@pytest.fixture
def world(transactional_db: None) -> World:
    return World()


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def in_order(page: Page) -> list[Any]:
    found = violations(page)
    wide = page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found] + (["wide"] if wide else [])


def session_of(browser: Any) -> str:
    return str(browser.cookies["sessionid"].value)


def outsider(world: World) -> User:
    """Somebody of the police who read of a child whom only the school knows."""
    from django.db import transaction

    with transaction.atomic():
        acting = world.acting()
        reading(acting, world.child(involved=("school_rv",)), page="child")
    return acting.user


def test_a_governance_officer_finds_an_unusual_reader(visit: Any, world: World, signed_in: Any) -> None:
    # given somebody who read of a child with whom their agency is not involved
    user = outsider(world)
    # when the governance officer opens what the rules point at
    officer = signed_in(world.person("services_lf", Role.GOVERNANCE_OFFICER), purpose="audit")
    page = visit("/audit/", session=session_of(officer))
    picture(page, "who-read-what")
    page.get_by_role("link", name="Unusual reading").click()
    picture(page, "unusual-reading")
    page.get_by_role("link", name=user.full_name).first.click()
    # then it says which record, and what was found is written down
    expect(page.get_by_role("link", name="CAAA")).to_be_visible()
    page.get_by_label("Raised with the agency").check()
    page.get_by_label("What it rests on").fill("Asked the line manager, who did not know why.")
    picture(page, "what-was-found")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("What you found is written down.")).to_be_visible()
    assert UnusualReadingReview.objects.get().outcome == "raised"


def test_a_supervisor_uses_emergency_access_and_it_is_reviewed(visit: Any, world: World, signed_in: Any) -> None:
    # given a child whom only the school knows, and a police supervisor
    world.child(involved=("school_rv",))
    supervisor = world.person(role=Role.SUPERVISOR)
    supervisor.set_password(PASSWORD)
    supervisor.save()
    # when the supervisor asks for the record, says again who they are, and gives the reason
    page = visit("/children/CAAA/emergency/", session=session_of(signed_in(supervisor, purpose="emergency")))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.get_by_label("Why is the child in danger now?").fill("Found at a station at night with unknown adults.")
    picture(page, "emergency-asked")
    page.get_by_role("button", name="Open the record now").click()
    # then the record is open at once, and every page of it says so
    expect(page.get_by_text("Emergency access until")).to_be_visible()
    picture(page, "emergency-open")
    # and the governance officer is shown it, and says that it was justified
    officer = signed_in(world.person("services_lf", Role.GOVERNANCE_OFFICER), purpose="audit")
    review = visit("/emergency/", session=session_of(officer))
    review.get_by_role("link", name=supervisor.full_name).click()
    review.get_by_label("Justified", exact=True).check()
    review.get_by_label("Why?").fill("The child was found and brought home.")
    picture(review, "emergency-reviewed")
    review.get_by_role("button", name="Write the review down").click()
    expect(review.get_by_text("None waits for a review.")).to_be_visible()
    assert EmergencyAccess.objects.get().outcome == "justified"


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_of_overseeing_are_in_order(visit: Any, world: World, signed_in: Any, language: str) -> None:
    user = outsider(world)
    world.child("CB")
    officer = session_of(signed_in(world.person("services_lf", Role.GOVERNANCE_OFFICER), purpose="audit"))
    supervisor = session_of(signed_in(world.person(role=Role.SUPERVISOR)))
    day = user.purposes.get().started_at.date().isoformat()
    at_work = [
        "/audit/",
        "/audit/unusual/",
        "/audit/chain/",
        "/emergency/",
        f"/audit/unusual/not_involved/{user.pk}/{day}/",
    ]
    pages = {officer: at_work}
    pages[supervisor] = [f"/children/CB/access/{each}" for each in ("", "restrict/", "conflict/")] + ["/audit/"]
    wrong = {}
    for session, paths in pages.items():
        page = visit(
            paths[0], session=session, language=language, bypass_csp=True, viewport={"width": 320, "height": 800}
        )
        for path in paths:
            page.goto(path)
            wrong[path] = in_order(page)
    assert {path: found for path, found in wrong.items() if found} == {}
