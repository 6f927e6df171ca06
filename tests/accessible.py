"""What axe finds wrong on a page, by WCAG 2.2 AA and its best practices."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[dict[str, Any]]:
    """Each violation with its nodes; empty for a page that holds to the standards."""
    return Axe().run(page, options={"runOnly": STANDARDS}).response["violations"]  # type: ignore[no-any-return]
