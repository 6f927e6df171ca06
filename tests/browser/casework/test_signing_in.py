"""Signing in, one's account and an agency's people, in a real browser: by keyboard, by passkey, in both languages."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from playwright.sync_api import Page, expect

from accessible import violations
from trigpoint_web.accounts.models import User
from trigpoint_web.design.models import Draft

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long invented password"  # noqa: S105 - of invented people
OPEN = ["/sign-in/login/", "/sign-in/password/reset/", "/sign-in/password/reset/done/", "/sign-in/signup/"]
OPEN += ["/sign-in/inactive/", "/sign-in/password/reset/key/zz-zz/", "/nowhere/"]
OWN = ["/account/", "/purpose/", "/people/", "/people/invite/", "/design/", "/sign-in/2fa/", "/sign-in/logout/"]
OWN += [
    "/sign-in/2fa/totp/activate/",
    "/sign-in/2fa/webauthn/",
    "/sign-in/2fa/webauthn/add/",
    "/sign-in/password/change/",
]
OWN += ["/sign-in/2fa/recovery-codes/generate/", "/sign-in/password/change/", "/sign-in/reauthenticate/", "/elsewhere/"]


def in_order(page: Page) -> list[Any]:
    """What is wrong with a page as it stands: to axe, and with a phone's width."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = [(each["id"], each["nodes"][0]["html"][:200]) for each in violations(page)]
    return found + ([("wider than a phone", wide)] if wide > page.viewport_size["width"] else [])


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_of_signing_in_are_in_order(visit: Any, language: str, administrator: User) -> None:
    page = visit("/sign-in/login/", language=language, bypass_csp=True, viewport={"width": 320, "height": 800})
    wrong = {}
    for path in OPEN:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        wrong[path] = in_order(page)
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_of_ones_own_are_in_order(visit: Any, language: str, administrator: User, signed_in: Any) -> None:
    TOTP.activate(administrator, generate_totp_secret())
    browser = signed_in(administrator)
    browser.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    session = browser.cookies["sessionid"].value
    small = {"width": 320, "height": 800}
    page = visit("/account/", session=session, language=language, bypass_csp=True, viewport=small)
    wrong = {}
    for path in [*OWN, f"/people/{administrator.pk}/"]:
        page.goto(path)
        wrong[path] = in_order(page)
    page.goto("/people/invite/")
    page.locator("main button[type=submit]").click()
    wrong["an invitation with errors"] = in_order(page)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_password_then_code_then_a_page(visit: Any, administrator: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(administrator, secret)
    page = visit("/people/")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.get_by_label("Email address").fill("ros@example.invalid")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code", exact=True).fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("People of Invented services")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/people/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert said == []


def test_a_passkey_is_added_and_opens_the_door_alone(visit: Any, administrator: User, signed_in: Any) -> None:
    TOTP.activate(administrator, generate_totp_secret())
    browser = signed_in(administrator)
    browser.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    page = visit("/account/", session=browser.cookies["sessionid"].value)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/sign-in/2fa/webauthn/add/")
    page.get_by_label("Name of this passkey").fill("Office laptop")
    page.get_by_label("Sign in with this passkey alone").check()
    page.get_by_role("button", name="Add this passkey").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))  # the page that adds it is itself below 2fa/
    assert Authenticator.objects.filter(user=administrator, type="webauthn").exists()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People of Invented services")


def test_without_scripts_everything_works(visit: Any, administrator: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(administrator, secret)
    page = visit("/account/", java_script_enabled=False)
    page.get_by_label("Email address").fill("ros@example.invalid")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code", exact=True).fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.get_by_role("link", name="Cymraeg").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eich cyfrif")


def test_no_page_makes_the_browser_complain(visit: Any, administrator: User, signed_in: Any) -> None:
    browser = signed_in(administrator)
    page = visit("/account/", session=browser.cookies["sessionid"].value)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in [path for path in OWN if path != "/elsewhere/"]:
        page.goto(path)
    assert said == []
    start = page.url.split("/", 3)[:3]
    assert [url for url in asked if url.split("/", 3)[:3] != start and not url.startswith("data:")] == []
    assert not Draft.objects.exists()
