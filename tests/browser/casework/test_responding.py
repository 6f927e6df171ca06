"""From a proposal to a safety plan, in a real browser: a social worker, a panel, and the pages in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accessible import violations
from casework_world import Brought, World, child, citation, involved, marker_form, proposal
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child, MissingEpisode, Proposal
from trigpoint_web.design.models import Draft
from trigpoint_web.response.actions import meetings, tasks, writing
from trigpoint_web.response.models import Meeting

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = Path("build/screenshots")


class Journey:
    """Somebody at work in a browser; each step leaves a picture."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self._name, self._taken = page, name, 0

    def see(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)
        self._taken += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self._name}-{self._taken}.png", full_page=True)

    def go(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def choose(self, *labels: str) -> None:
        for label in labels:
            self.page.get_by_label(label, exact=True).check()

    def write(self, **by_label: str) -> None:
        for label, words in by_label.items():
            self.page.get_by_label(label.replace("_", " ")).fill(words)

    def on(self, name: str, day: Any) -> None:
        for part in ("day", "month", "year"):
            self.page.locator(f"[name={name}-{part}]").fill(str(getattr(day, part)))


@pytest.fixture
def partnership(transactional_db: None) -> World:
    return World()


@pytest.fixture
def robin(partnership: World) -> Child:
    """A child whom three agencies know, with a proposal."""
    found = [
        citation("CA", agencies=("police", "education")),
        citation("CA", 2, sentence="Was found in another area with cash."),
    ]
    who = [involved("CA", kind) for kind in ("police", "education", "childrens_services")]
    take_run(Brought(kids=[child("CA")], involving=who, found=found, proposed=[proposal("CA", 1, 2)]))
    return Child.objects.get()


@pytest.fixture
def at_work(visit: Any, signed_in: Any) -> Iterator[Callable[..., Journey]]:
    def begin(user: User, path: str, name: str, **more: Any) -> Journey:
        session = signed_in(user).cookies["sessionid"].value
        return Journey(visit(path, session=session, **more), name)

    return begin


def test_a_social_worker_reads_why_sets_a_marker_and_convenes_a_meeting(partnership, robin, at_work) -> None:
    # Given a proposal on a child of the social worker's area
    worker = partnership.person("services_rv", serves=("RV",))
    journey = at_work(worker, "/", "social-worker")
    journey.see("Robin")
    journey.page.goto(reverse("casework:proposal", args=[robin.key, Proposal.objects.get().pk]))
    journey.see("Missing reports worry in more ways than one.", "Was found in another area with cash.")
    # When she sets a marker, in words of which some sound like blame
    journey.press("Set a marker")
    journey.choose("Suspected", "Yes, in words")
    journey.on("told_on", today())
    journey.write(What_have_you_seen_or_been_told_yourself="Robin puts himself at risk.")
    expect(journey.page.locator(".app-wording").first).to_contain_text("is being placed at risk by")
    journey.see("Which findings does it stand on?")
    journey.write(What_have_you_seen_or_been_told_yourself="Robin said: “They make me.”")
    expect(journey.page.locator(".app-wording li")).to_have_count(0)
    journey.write(Why_do_you_set_it="Two agencies saw the same.")
    journey.press("Set a marker")
    # Then it stands on the findings and on what she heard
    journey.see("Two agencies saw the same.", "They make me.", "Was found in another area with cash.")
    # When she convenes a strategy discussion
    journey.go("Respond: meeting, decisions, actions, safety plan")
    journey.press("Call a strategy discussion")
    journey.write(**{"At what time?": "10:00", "What should it answer?": "Is there a section 47 enquiry?"})
    journey.press("Save")
    # Then it stands with the child on its agenda
    journey.see("Strategy discussion", "Robin", "Is there a section 47 enquiry?")
    assert Meeting.objects.get().items.get().child == robin
    assert not Draft.objects.exists()  # what was sent comes back into no form


def test_a_panel_decides_and_gives_actions(partnership, robin, at_work) -> None:
    # Given a child who is missing now, and a panel to come
    chair = partnership.person("services_rv", Role.PANEL_CHAIR, serves=("RV",))
    MissingEpisode.objects.create(
        child=robin, origin="here", agency="police", opened_at=timezone.now() - timedelta(hours=7)
    )
    panel = a_panel(partnership, chair)
    journey = at_work(chair, reverse("response:meeting", args=[panel.pk]), "panel")
    journey.see("Due, and not on the agenda", "Missing now")
    # When the chair puts the child on the agenda and the panel meets
    journey.page.get_by_label("Robin").check()
    journey.press("Put on the agenda")
    journey.press("It is held: who is there?")
    journey.page.get_by_label("Invented services_rv").fill("Gwen Example, Sam Example")
    journey.press("Save")
    journey.press("Write a minute")
    journey.write(What_was_said="Police: a phone that he uses was seen at the arcade.")
    journey.press("Save")
    journey.press("Write down a decision")
    journey.choose("Disrupt exploiters or places")
    journey.write(**{"What exactly was agreed?": "Visit the arcade.", "Why?": "Two children were seen there."})
    journey.press("Save and give an action")
    journey.write(**{"What is to be done?": "Speak to the owner of the arcade."})
    journey.page.get_by_label("Who does it?").select_option(str(chair.pk))
    journey.press("Save")
    # Then minutes, decision and action stand together, on screen and on paper
    journey.see("a phone that he uses", "Visit the arcade.", "Speak to the owner of the arcade.", "Gwen Example")
    journey.press("Close the meeting")
    journey.go("Page for printing")
    journey.see("Confidential.", "Visit the arcade.")
    journey.page.goto(reverse("response:actions"))
    journey.see("Speak to the owner of the arcade.")


def test_a_child_from_marker_to_safety_plan_without_scripts(partnership, robin, at_work) -> None:
    # Given a marker on the child
    worker = partnership.person("services_rv", Role.SUPERVISOR, serves=("RV",))
    step = markers.set_marker(
        partnership.acting(worker), robin, form=marker_form(form="financial_exploitation"), seen=0, request_key=uuid4()
    )
    address = reverse("casework:marker", args=[robin.key, step.marker_id])
    journey = at_work(worker, address, "to-plan", java_script_enabled=False)
    journey.see("Moving money for others")
    # When the questions before a referral are gone through
    journey.go("Respond: meeting, decisions, actions, safety plan")
    journey.go("Go through the questions before a referral")
    journey.see("Forced to commit fraud; Wages taken")
    for name in ("purpose", "chronology", "evidence"):
        journey.page.locator(f"[name={name}][value=yes]").check()
    journey.press("Save")
    journey.see("16 questions are open")
    # And the safety plan is written with the child
    journey.go("Write the safety plan")
    journey.write(
        **{
            "The child's own words": "“I want to go to football again.”",
            "Debt and bank": "Nobody pays. The bank's safeguarding desk is rung on Monday.",
            "Why is it written": "After the bank's report.",
        }
    )
    journey.press("Save")
    # Then it can be read out and printed
    journey.see("I want to go to football again.", "Version 1")
    journey.go("Page for printing")
    journey.see("Nobody pays.")


def a_panel(partnership: World, chair: User) -> Meeting:
    return meetings.call_meeting(
        partnership.acting(chair), kind="panel", title="Riverside panel", area=partnership.areas["RV"],
        planned_for=timezone.now(), invited=[partnership.agencies["police"]], request_key=uuid4(),
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_of_responding_are_in_order_on_a_phone(partnership, robin, visit, signed_in, language: str) -> None:
    chair = partnership.person("services_rv", Role.PANEL_CHAIR, serves=("RV",))
    acting = partnership.acting(chair)
    step = markers.set_marker(acting, robin, form=marker_form(), seen=0, request_key=uuid4())
    markers.dispute_marker(acting, step.marker, by="child", reason="Not so.", seen=1, request_key=uuid4())
    panel = a_panel(partnership, chair)
    item = meetings.add_to_agenda(acting, panel, child=robin, reasons=["disputed"])
    decision = meetings.decide(acting, robin, kind="other", text="x", reason="y", request_key=uuid4(), item=item)
    action = tasks.give_action(
        acting, child=robin, decision=decision, what="Ring.", owner=chair, due_on=today(), request_key=uuid4()
    )
    meetings.write_minute(acting, item, text="Said.", request_key=uuid4())
    thing = writing.make_thing(acting, kind="place", name="The old arcade", request_key=uuid4())
    writing.put_child_around(acting, thing, child=robin, how="Seen there.")
    writing.keep_note(acting, robin, text="A note.", request_key=uuid4())
    key, of_marker = robin.key, [robin.key, step.marker_id]
    addresses = [
        *(reverse(f"casework:{name}", args=of_marker) for name in ("marker", "change-marker", "end-marker")),
        reverse("casework:proposal", args=[key, Proposal.objects.get().pk]),
        reverse("casework:set-marker", args=[key]),
        reverse("casework:dispute-marker", args=of_marker),
        *(reverse(f"response:{name}", args=[key]) for name in (
            "child", "decide", "give-action", "write-note", "plan", "write-plan", "referral", "agenda", "strategy",
            "around",
        )),
        reverse("response:action", args=[key, action.pk]),
        *(reverse(f"response:{name}", args=[panel.pk]) for name in ("meeting", "hold-meeting")),
        reverse("response:meeting", args=[panel.pk]) + "?print=1",
        reverse("response:thing", args=[thing.pk]),
        *(reverse(f"response:{name}") for name in (
            "meeting-list", "call-meeting", "actions", "things", "make-thing", "dashboards"
        )),
    ]  # fmt: skip
    small = {"width": 320, "height": 800}
    session = signed_in(chair).cookies["sessionid"].value
    page = visit("/account/", session=session, language=language, bypass_csp=True, viewport=small)
    wrong = {}
    for address in addresses:
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == language
        wrong[address] = in_order(page)
    page.goto(reverse("casework:set-marker", args=[key]))
    page.locator("main form button[type=submit]").first.click()
    wrong["a marker with errors"] = in_order(page)
    assert {address: found for address, found in wrong.items() if found} == {}


def in_order(page: Page) -> list[Any]:
    """What is wrong with a page as it stands: to axe, and with a phone's width."""
    found = violations(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [(each["id"], each["nodes"][0]["html"][:160]) for each in found] + (
        [("wider than a phone", wide)] if wide > page.viewport_size["width"] else []  # type: ignore[index]
    )
