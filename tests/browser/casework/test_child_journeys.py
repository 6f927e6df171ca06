"""Journeys through the inbox, search and a child's pages in a real browser, and each page as axe sees it.

Screenshots of each station are kept under test-output/journeys.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accessible import violations
from casework_world import Brought, World, child, citation, involved, marker_form, missing, proposal
from riverside import Ran
from trigpoint_web.accounts.models import Agency
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import register_run, take_run
from trigpoint_web.casework.models import Child, ChildFace, Proposal

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = Path("test-output/journeys")
TABS = ["", "markers/", "chronology/", "findings/", "missing/", "connections/", "documents/", "access-log/"]


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> World:
    settings.PARTNERSHIP_FOLDER, settings.DOCUMENTS_FOLDER = str(tmp_path / "none"), tmp_path / "documents"
    return World()


@pytest.fixture
def known(world: World) -> Child:
    """Given a child with a proposal, a marker, findings and a missing episode far from home."""
    take_run(
        Brought(
            kids=[child("CA"), child("CB")], involving=[involved("CA"), involved("CB")],
            found=[citation("CA"), citation("CA", 2, sentence="Found 50 km from home.")],
            proposed=[proposal("CA", 1, 2)],
            away=[missing("CA", found_at=timezone.now().replace(tzinfo=None) - timedelta(days=1), found_easting=430000,
                          found_northing=340000)],
        )
    )  # fmt: skip
    one = Child.objects.get(key="CA")
    markers.set_marker(world.acting(), one, form=marker_form(form="violence"), seen=0, request_key=uuid4())
    return one


def keep(page: Page, name: str) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=KEPT / f"{name}.png", full_page=True)


def wrong_with(page: Page) -> list[Any]:
    """What axe finds, and whether a phone would have to scroll sideways."""
    found = [(each["id"], each["nodes"][0]["html"][:160]) for each in violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([("wider than a phone", wide)] if wide > page.viewport_size["width"] else [])


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_are_in_order_on_a_phone(
    visit: Callable[..., Page], known: Child, world: World, signed_in: Any, language: str
) -> None:
    session = signed_in(world.person()).cookies["sessionid"].value
    phone = {"width": 320, "height": 800}
    page = visit("/", session=session, language=language, bypass_csp=True, viewport=phone)
    wrong = {"/": wrong_with(page)}
    paths = [f"/children/CA/{tab}" for tab in (*TABS, "missing/open/", "findings/as-known/")]
    for path in [*paths, "/search/", "/?list=proposals", "/search/new-child/"]:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        wrong[path] = wrong_with(page)
    page.goto("/search/")
    page.locator("#id_name").fill("Robin")
    page.locator("main form button").last.click()
    wrong["what was found"] = wrong_with(page)
    page.locator("main form button").first.click()
    page.locator("main form button").click()
    wrong["a new child with faults"] = wrong_with(page)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_a_missing_coordinator_opens_an_episode_and_learns_of_the_marker(
    visit: Callable[..., Page], known: Child, world: World, signed_in: Any
) -> None:
    # Given a co-ordinator who was just called about a child, with scripts switched off
    session = signed_in(world.person(), purpose="missing_response").cookies["sessionid"].value
    page = visit("/search/", session=session, java_script_enabled=False)
    # When they look for the child under another spelling and report it missing
    page.get_by_label("Name").fill("Robyn Inventedca")
    page.get_by_role("button", name="Search", exact=True).click()
    keep(page, "missing-1-search")
    page.get_by_role("link", name="Robin InventedCA").click()
    page.get_by_role("link", name="Report the child missing").click()
    page.get_by_label("high risk", exact=False).first.check()
    page.get_by_role("button", name="Report the child missing").click()
    # Then they read at once that there is a marker, and whom to call
    keep(page, "missing-2-learns-of-the-marker")
    expect(page.locator(".govuk-notification-banner")).to_contain_text("The missing report is open")
    expect(page.locator(".app-child")).to_contain_text("Missing now")
    expect(page.locator(".app-child")).to_contain_text("Violence for others: suspected")
    expect(page.get_by_role("link", name="01632 960001").first).to_be_visible()
    # And when the child is found, the clock of the return interview runs
    page.get_by_role("link", name="Write down that the child was found").click()
    page.get_by_role("button", name="Write it down").click()
    keep(page, "missing-3-interview-clock")
    expect(page.locator("main")).to_contain_text("72 hours after the return")


def test_a_social_worker_reads_a_proposal_and_sees_why(
    visit: Callable[..., Page], known: Child, world: World, signed_in: Any
) -> None:
    # Given a social worker of the area, whose agency is not involved yet
    worker = world.person("services_rv", serves=("RV",))
    page = visit("/", session=signed_in(worker).cookies["sessionid"].value)
    keep(page, "proposal-1-inbox")
    # When they open the newest proposal
    page.get_by_role("link", name="Robin InventedCA").first.click()
    keep(page, "proposal-2-why")
    # Then they see why, on what it stands, and what each rule looks for
    card = page.locator(".app-card").first
    expect(card).to_contain_text("Missing reports worry in more ways than one.")
    expect(card).to_contain_text("Found 50 km from home.")
    expect(card.get_by_role("button", name="Read and decide")).to_be_visible()
    page.get_by_role("link", name="Findings").click()
    page.locator("details summary").first.click()
    keep(page, "proposal-3-rule")
    expect(page.locator("details").first).to_contain_text("within 90 days")
    # And their own reading stands in the access log
    page.get_by_role("link", name="Who has looked").click()
    expect(page.locator("table")).to_contain_text(worker.full_name)


def test_the_looked_after_child_is_followed_from_the_banks_report(
    visit: Callable[..., Page], world: World, settings: Any, small_ran: Ran, signed_in: Any
) -> None:
    # Given the invented partnership's run, and an officer whose agency is involved with Rowan
    settings.PARTNERSHIP_FOLDER = str(small_ran.folder)
    Agency.objects.filter(code="police").update(phone="01632 960011")
    register_run(small_ran.folder)
    rowan = ChildFace.objects.get(surname__iexact="selby-marsh").child
    page = visit(f"/children/{rowan.key}/", session=signed_in(world.person()).cookies["sessionid"].value)
    keep(page, "rowan-1-summary")
    # When they go to where it began
    page.get_by_role("link", name="Chronology").click()
    page.get_by_text("Show a part of it").click()
    page.get_by_label("Agency").select_option("bank")
    page.get_by_role("button", name="Show", exact=True).click()
    # Then the bank's reports stand there, each with its row
    keep(page, "rowan-2-bank")
    expect(page.locator(".app-chronology__entry").first).to_contain_text("Bank")
    expect(page.locator(".app-chronology__entry").first).to_contain_text(re.compile(r"bank.*, row \d+"))
    # And what could have been known when the referral was closed is said
    page.get_by_role("link", name="Findings").click()
    for part, typed in {"Day": "30", "Month": "4", "Year": "2025"}.items():
        page.get_by_label(part, exact=True).fill(typed)
    page.get_by_role("button", name="Show", exact=True).click()
    keep(page, "rowan-3-as-known")
    expect(page.locator("main")).to_contain_text("What was known at the end of 30 April 2025")
    expect(page.locator("main")).to_contain_text("Moving money for others")
    # And how far from where he lived he was found stands with each episode
    page.get_by_role("link", name="Missing", exact=True).click()
    keep(page, "rowan-4-missing")
    expect(page.locator("main")).to_contain_text("Return interview")
    # And a social worker of children's services reads why, and sets the marker
    Child.objects.filter(pk=rowan.pk).update(area=world.areas["RV"])
    worker = world.person("services_rv", serves=("RV",))
    at = Proposal.objects.filter(child=rowan, form="financial_exploitation", standing__isnull=False).first()
    assert at
    page = visit(f"/children/{rowan.key}/proposals/{at.pk}/", session=signed_in(worker).cookies["sessionid"].value)
    keep(page, "rowan-5-why")
    page.get_by_role("button", name="Set a marker", exact=True).click()
    page.get_by_label("Suspected", exact=True).check()
    page.get_by_label("Not yet", exact=True).check()
    page.get_by_label("If the child was not told: why not?").fill("He is away; his carer asks us to wait until Friday.")
    page.get_by_label("Why do you set it?").fill("The bank and the police saw the same money.")
    page.get_by_role("button", name="Set a marker", exact=True).click()
    expect(page.locator("main")).to_contain_text("The bank and the police saw the same money.")
    keep(page, "rowan-6-marker")
    # Then the safety plan is written with him, and stands
    page.get_by_role("link", name="Respond: meeting, decisions, actions, safety plan").first.click()
    page.get_by_role("link", name="Write the safety plan").first.click()
    page.get_by_label("The child's own words").fill("“I want it to stop.”")
    page.get_by_label("Debt and bank").fill("Nobody pays. The bank's safeguarding desk is rung on Monday.")
    page.get_by_label("Why is it written").fill("After the bank's report.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("I want it to stop.")
    keep(page, "rowan-7-plan")
