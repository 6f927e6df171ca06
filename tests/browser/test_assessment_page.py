"""The needs assessment in a real browser: accessible, not wider than a phone, asking for nothing, printed whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accessible import violations
from trigpoint.report.assessment import compose, render_assessment
from unit.report.invented_assessment import invented


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    written: Path = tmp_path_factory.mktemp("assessment") / "assessment.html"
    written.write_text(render_assessment(compose(invented())), encoding="utf-8")
    return written.as_uri()


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(bypass_csp=True)  # axe is a script, and the page lets none run
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    found = violations(page)
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_no_request_leaves_the_page_and_nothing_is_blocked(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address, wait_until="networkidle")
    assert asked == [address]
    assert complaints == []
    page.close()


def test_on_paper_the_numbers_behind_a_picture_are_shown_and_the_boxes_leave_room(
    browser: Browser, address: str
) -> None:
    page = browser.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    assert page.locator("nav.contents").is_hidden()
    assert page.locator("#figure-forms table").is_visible()
    boxes = page.locator(".ask .box")
    assert min(boxes.nth(i).bounding_box()["height"] for i in range(boxes.count())) > 90
    page.close()
