"""The review page of a scan in a real browser: WCAG 2.2 AA, a phone, no request, the keyboard. All is invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from accessible import check_asks_for_nothing, faults, open_all
from trigpoint.services.scan_file import scan_file
from trigpoint.services.show_scan import keep_scan

CHAT = Path(__file__).parents[2] / "examples" / "messages" / "WhatsApp Chat with Zed (invented).txt"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A long conversation, so that quiet stretches fold, with a refused line and a second, quiet conversation."""
    folder = tmp_path_factory.mktemp("scan") / "export"
    folder.mkdir()
    folder.joinpath(CHAT.name).write_bytes(CHAT.read_bytes())
    quiet = [{"sender": "a" * 60, "text": f"see you at {n}", "sent_at": 1773497100 + n} for n in range(40)]
    lines = [*map(json.dumps, quiet), "broken"]
    folder.joinpath("other.jsonl").write_text("\n".join(lines), encoding="utf-8")
    written = folder.parent / "review.html"
    keep_scan(scan_file(folder), written, invented=True)
    return written.as_uri()


@pytest.mark.parametrize(("width", "everything_open"), [(320, True), (1280, False)])
def test_axe_finds_no_violation(page: Page, address: str, width: int, everything_open: bool) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    if everything_open:
        open_all(page)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_request_leaves_the_page_and_nothing_is_blocked(browser: Browser, address: str) -> None:
    check_asks_for_nothing(browser, address)


def test_from_a_step_to_the_very_words_and_on_to_why(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="message 2", exact=True).first.click()
    message = page.locator("li:target")
    assert "quick cash" in message.inner_text()
    assert message.locator("mark").count() >= 1
    message.locator("mark a").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("article:target").get_by_role("table").is_visible()


def test_a_quiet_stretch_is_folded_and_opens_with_the_keyboard(page: Page, address: str) -> None:
    page.goto(address)
    fold = page.locator("details.fold").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.get_by_text("see you at 7", exact=True).is_visible()
