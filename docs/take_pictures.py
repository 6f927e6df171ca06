"""Takes the README's pictures from the demo's report and casework: `make demo`, then `python -m docs.take_pictures`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

REPORT = Path("report.html")
CASEWORK = os.environ.get("CASEWORK", "http://127.0.0.1:8000")
WHO, CHILD = "social.worker@riverside.invalid", "COO4GMXNE27"
FOLDER = Path(__file__).parent / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def take() -> None:
    """Write the pictures into docs/pictures."""
    FOLDER.mkdir(exist_ok=True)
    browser_path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"] if as_root else [])
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(REPORT.resolve().as_uri())
        page.screenshot(path=FOLDER / "report.png", clip={"x": 0, "y": 0, "width": 1280, "height": 1000})
        child = page.locator("details.child").filter(has=page.locator(".tag", has_text="Moving money")).first
        child.locator("summary").first.click()
        box = child.bounding_box() or {}
        top = box["y"] + page.evaluate("window.scrollY")
        page.screenshot(
            path=FOLDER / "child.png",
            full_page=True,
            clip={"x": box["x"] - 8, "y": top - 8, "width": box["width"] + 16, "height": 900},
        )
        _take_casework(browser.new_page(viewport={"width": 1200, "height": 1000}))
        browser.close()


def _take_casework(page: Page) -> None:
    page.goto(CASEWORK)
    code = page.locator(f'[data-demo-code="{WHO}"]').inner_text()
    page.fill("input[name=login]", WHO)
    page.fill("input[name=password]", "invented-riverside")
    page.click('button:has-text("Sign in") >> nth=0')
    page.fill("input[name=code]", code)
    page.click("main button[type=submit] >> nth=0")
    page.locator("input[type=radio]").first.check()
    page.click("main button[type=submit] >> nth=0")
    page.goto(f"{CASEWORK}/children/{CHILD}/")
    page.screenshot(path=FOLDER / "casework.png")


if __name__ == "__main__":
    take()
