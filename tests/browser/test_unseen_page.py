"""The page on the unseen in a real browser: accessible, not wider than a phone, and asking for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accessible import violations
from trigpoint.counts.unseen import Histories, Settings, appraise
from trigpoint.report.unseen import render_unseen

INVENTED = {
    "Police": [1, 0, 0, 0, 1, 1, 0, 1, 0], "Children's services": [0, 1, 0, 0, 1, 0, 1, 1, 0],
    "Education of two areas": [0, 0, 1, 0, 0, 1, 1, 1, 1], "Health": [0, 0, 0, 1, 0, 0, 0, 1, 1],
    "n": [60, 48, 120, 9, 22, 17, 14, 4, 5],
}  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(resamples=100, link_draws=40)
    report = appraise(Histories.of(INVENTED), methods=("independent", "stepwise", "mth-chao"), settings=settings)
    written: Path = tmp_path_factory.mktemp("unseen") / "unseen.html"
    written.write_text(render_unseen(report.as_dict(), title="Invented lists"), encoding="utf-8")
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
