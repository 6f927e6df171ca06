"""The page on the unseen in a real browser: accessible, not wider than a phone, and asking for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accessible import check_asks_for_nothing, check_standing_alone
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
    check_standing_alone(browser, address, width)


def test_no_request_leaves_the_page_and_nothing_is_blocked(browser: Browser, address: str) -> None:
    check_asks_for_nothing(browser, address)
