"""The needs assessment in a real browser: accessible, not wider than a phone, asking for nothing, printed whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accessible import check_asks_for_nothing, check_standing_alone
from trigpoint.report.assessment import compose, render_assessment
from unit.report.invented_assessment import invented


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    written: Path = tmp_path_factory.mktemp("assessment") / "assessment.html"
    written.write_text(render_assessment(compose(invented())), encoding="utf-8")
    return written.as_uri()


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    check_standing_alone(browser, address, width)


def test_no_request_leaves_the_page_and_nothing_is_blocked(browser: Browser, address: str) -> None:
    check_asks_for_nothing(browser, address)


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
