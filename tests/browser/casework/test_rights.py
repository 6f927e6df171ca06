"""The governance officers erase a record together, and give somebody a copy of what is held about them."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accessible import violations
from rights_world import PASSWORD, Worked, a_child_of_the_run, asked_for, officer, place, work_on
from riverside import Ran
from trigpoint_web.accounts.middleware import PURPOSE
from trigpoint_web.casework.models import Child
from trigpoint_web.rights.erasing.carrying_out import carry_out_all
from trigpoint_web.rights.models import Disclosure, Erasure

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = Path("build/test-output/rights")


@pytest.fixture
def worked(small_ran: Ran, tmp_path: Path, transactional_db: None, settings: Any) -> Worked:
    store, documents = shutil.copytree(small_ran.folder, tmp_path / "store"), tmp_path / "documents"
    place(settings, store, documents)
    world, child = a_child_of_the_run(store)
    work_on(world, child)
    return Worked(world, child, officer(world), officer(world), store, documents)


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def session_of(signed_in: Any, acting: Any) -> str:
    browser = signed_in(acting.user, purpose=None)
    session = browser.session
    session[PURPOSE] = acting.purpose.pk
    session.save()
    return str(browser.cookies["sessionid"].value)


def say_again_who(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()


def fill_day(page: Page, name: str) -> None:
    today = timezone.localdate()
    for part in ("day", "month", "year"):
        page.locator(f"[name={name}-{part}]").fill(str(getattr(today, part)))


def receive(page: Page, key: str, kind: str) -> None:
    page.get_by_role("link", name="Retention and requests").click()
    page.get_by_role("button", name="A request came").click()
    page.get_by_label("Child", exact=True).fill(key)
    page.get_by_label(kind).check()
    page.get_by_label("The child, or the adult that they are now").check()
    fill_day(page, "received_on")
    fill_day(page, "identity_on")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("The request is written down.")).to_be_visible()


def test_somebody_is_given_a_copy_of_what_is_held(worked: Worked, visit: Any, signed_in: Any, tmp_path: Path) -> None:
    # given a request of a child on whom people worked
    page = visit("/audit/", session=session_of(signed_in, worked.first), accept_downloads=True)
    receive(page, worked.child.key, "A copy of what is held")
    picture(page, "a-request-and-its-clock")
    # when the officer reads what is pointed out, withholds one entry, and discloses the rest as it is
    page.get_by_role("link", name="The pack: read it and decide what is left out").click()
    picture(page, "what-is-pointed-out")
    page.get_by_role("link", name="Letter to").first.click()
    page.get_by_label("Withhold, and say so").check()
    page.get_by_label("Ground, where something is withheld").select_option("others")
    page.get_by_label("Reason").fill("Written by a relative, who did not agree.")
    picture(page, "one-entry")
    page.get_by_role("button", name="Decide", exact=True).click()
    while page.get_by_role("button", name="Disclose these as they are").count():
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_label("Why may they be disclosed as they are?").fill("Read; nobody else's.")
        page.get_by_role("button", name="Disclose these as they are").click()
    # then the pack leaves after the officer said again who they are, and that it left is written down
    page.get_by_role("button", name="Make the pack").click()
    with page.expect_download() as downloaded:
        say_again_who(page)
    downloaded.value.save_as(tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as zipped:
        zipped.extractall(tmp_path / "pack")
    assert not (tmp_path / "pack" / "documents").exists()
    page.goto(f"/rights/requests/{Disclosure.objects.get().request_number}/")
    expect(page.get_by_text("1 withheld")).to_be_visible()
    picture(page, "a-pack-left")
    leaf = visit("/health/", viewport={"width": 390, "height": 844})
    leaf.goto((tmp_path / "pack" / "index.html").as_uri())
    expect(leaf.get_by_text("An entry is withheld.").first).to_be_visible()
    picture(leaf, "what-somebody-is-given")
    assert in_order(leaf) == []


def test_two_officers_erase_a_record(worked: Worked, visit: Any, signed_in: Any) -> None:
    # given a request to erase
    page = visit("/audit/", session=session_of(signed_in, worked.first))
    receive(page, worked.child.key, "To erase")
    # when one officer grants it
    page.get_by_role("link", name="Answer the request").click()
    page.get_by_label("Done as asked").check()
    page.get_by_label("Reason", exact=True).fill("It is not needed any more.")
    page.get_by_role("button", name="Write it down").click()
    say_again_who(page)
    page.goto("/rights/waiting/")
    expect(page.get_by_text("Decided by you: another officer confirms it")).to_be_visible()
    # and another confirms it
    other = visit("/rights/waiting/", session=session_of(signed_in, worked.second))
    other.get_by_label(worked.child.key).check()
    picture(other, "to-be-confirmed")
    other.get_by_role("button", name="Confirm").click()
    say_again_who(other)
    other.goto("/rights/erasures/")
    expect(other.get_by_text("Confirmed: waits to be carried out")).to_be_visible()
    # then the command carries it out, and the proof says so without saying what it was
    carry_out_all()
    assert not Child.objects.filter(pk=worked.child.pk).exists()
    other.reload()
    other.get_by_role("link", name=worked.child.key).click()
    expect(other.get_by_text("Carried out on")).to_be_visible()
    assert not [name for name in worked.names() if name in other.content()]
    picture(other, "the-proof")


def in_order(page: Page) -> list[Any]:
    found = violations(page)
    wide = page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]  # type: ignore[index]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found] + (["wide"] if wide else [])


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_of_rights_are_in_order(worked: Worked, visit: Any, signed_in: Any, language: str) -> None:
    made, erasure = asked_for(worked, "access"), asked_for(worked, "erasure")
    first = session_of(signed_in, worked.first)
    Erasure.objects.create(child_number=worked.child.pk, child_key=worked.child.key, ground="request",
                           decided_by=worked.second.user, counts={"response_note": 2}, hashes={"response_note": "ab"},
                           extracts=["police/arrests.csv"])  # fmt: skip
    at = f"/rights/requests/{made.pk}/"
    paths = ["", "waiting/", "erasures/", f"erasures/{Erasure.objects.get().pk}/", "holds/", "holds/new/", "requests/",
             "requests/new/"]  # fmt: skip
    paths = [f"/rights/{path}" for path in paths] + [at, f"{at}pack/", f"{at}pack/?show=all", f"{at}extend/",
             f"{at}answer/", f"/rights/requests/{erasure.pk}/answer/"]  # fmt: skip
    page = visit(paths[0], session=first, language=language, bypass_csp=True, viewport={"width": 320, "height": 800})
    wrong = {}
    for path in paths:
        page.goto(path)
        wrong[path] = in_order(page)
    page.goto(f"{at}pack/")
    page.locator(".app-rows a").first.click()
    wrong["entry"] = in_order(page)
    picture(page, f"one-entry-{language}")
    assert {path: found for path, found in wrong.items() if found} == {}
