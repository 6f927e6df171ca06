"""The report in a real browser: no violation of WCAG 2.2 AA, no sideways scrolling on a phone, no request."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from accessible import check_asks_for_nothing, faults, open_all
from trigpoint.report import render

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "report"))
from invented_report import invented_report


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    written = tmp_path_factory.mktemp("report") / "report.html"
    written.write_text(render(invented_report(17)), encoding="utf-8")
    return written.as_uri()


@pytest.mark.parametrize(("width", "everything_open"), [(320, True), (1280, False)])
def test_axe_finds_no_violation(page: Page, address: str, width: int, everything_open: bool) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    if everything_open:
        open_all(page)
    assert faults(page) == []


@pytest.mark.parametrize("everything_open", [False, True])
def test_the_page_does_not_scroll_sideways_at_320(page: Page, address: str, everything_open: bool) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(address)
    if everything_open:
        open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_no_request_leaves_the_page_and_nothing_is_blocked(browser: Browser, address: str) -> None:
    check_asks_for_nothing(browser, address)


def test_the_style_that_the_policy_allows_is_the_one_used(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor") == "rgb(13, 59, 68)"
    page.close()


def test_the_keyboard_reaches_the_report_at_once(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_child_opens_with_the_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    child = page.locator("details.child").first
    child.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert child.evaluate("part => part.open")
    assert child.get_by_text("What would change it.").first.is_visible()
