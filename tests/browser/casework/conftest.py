"""Casework answering to a real browser, with invented people."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from invented_people import person
from trigpoint_web.accounts.models import Agency, Role, Team, User

# Playwright's synchronous door runs an event loop in this thread, which Django would otherwise take for our own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Browser:
    return browser


@pytest.fixture
def administrator(transactional_db: None) -> User:
    agency = Agency.objects.create(code="services", name_en="Invented services", kind="childrens_services")
    Team.objects.create(agency=agency, name="Exploitation")
    return person("ros", agency, role=Role.AGENCY_ADMINISTRATOR)


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Open a page in a fresh browser; `session` signs it in. With axe, a script of its own, the policy is off."""
    opened: list[BrowserContext] = []

    def open_page(path: str, *, session: str = "", language: str = "en", **options: object) -> Page:
        context = chromium.new_context(base_url=live_server.url, **options)  # type: ignore[arg-type]
        opened.append(context)
        known = {"django_language": language, "sessionid": session}
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in known.items() if v])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()
