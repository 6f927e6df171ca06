"""What every page is held to: WCAG 2.2 AA and best practice by axe, no wider than the screen, asking for nothing."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[dict[str, Any]]:
    """Each violation with its nodes; empty for a page that holds to the standards."""
    return Axe().run(page, options={"runOnly": STANDARDS}).response["violations"]  # type: ignore[no-any-return]


def faults(page: Page) -> list[tuple[str, str]]:
    """Each violation by its rule and the beginning of the first element that breaks it."""
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in violations(page)]


def open_all(page: Page) -> None:
    """Open every part that folds, so that what is inside is judged too."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")


def check_standing_alone(browser: Browser, address: str, width: int) -> None:
    """Fail where axe finds a violation with everything open, or the page scrolls sideways at this width."""
    page = browser.new_page(bypass_csp=True)  # axe is a script, and the page lets none run
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    open_all(page)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def check_asks_for_nothing(browser: Browser, address: str) -> None:
    """Fail where a request leaves the page, or its own policy blocks anything of it."""
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address, wait_until="networkidle")
    assert asked == [address]
    assert complaints == []
    page.close()
