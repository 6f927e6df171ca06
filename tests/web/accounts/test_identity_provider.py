"""Signing in at an identity provider, which is a process of its own and speaks OpenID Connect over HTTP.

It opens accounts that exist, under an address that it has verified; the second factor is asked for all the same, unless
the settings say that the provider asks for one.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from django.test import Client

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.models import Act, AuditRow

pytestmark = pytest.mark.django_db
LOGIN = "/sign-in/oidc/organisation/login/"
CALLBACK = "/sign-in/oidc/organisation/login/callback/"


@pytest.fixture(scope="module")
def provider() -> Iterator[httpx.Client]:
    """A provider on this machine. Put somebody under /users/NAME, and that is what it says of them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", port]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web:
            _wait(web)
            yield web
    finally:
        running.kill()
        running.wait()


def _wait(web: httpx.Client) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            web.get("/.well-known/openid-configuration").raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < until, "the provider did not start"
            time.sleep(0.2)
        else:
            return


@pytest.fixture(autouse=True)
def at_provider(provider: httpx.Client, settings: Any) -> None:
    """Casework set to that provider, as the settings do it from the environment."""
    cache.clear()
    settings.OIDC_ISSUER, settings.OIDC_HAS_SECOND_FACTOR = str(provider.base_url), False
    app = {
        "provider_id": "organisation", "name": "Invented organisation", "client_id": "casework", "secret": "invented",
        "settings": {"server_url": str(provider.base_url)},
    }  # fmt: skip
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture
def known_as(provider: httpx.Client) -> Callable[..., None]:
    """What the provider says of its user `sub`."""

    def say(sub: str, *, email: str, verified: bool = True) -> None:
        claims = {"email": email, "email_verified": verified, "name": "Invented Person"}
        provider.put(f"/users/{sub}", json=claims).raise_for_status()

    return say


def sent_back(browser: Client, provider: httpx.Client, sub: str) -> str:
    """Press the button, sign in at the provider as `sub`; the address to which the provider sends the browser back."""
    begun = browser.post(LOGIN)
    assert begun.status_code == 302, begun.content
    asked = parse_qs(urlsplit(begun["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]  # a code that was caught on the way is worth nothing
    answered = provider.post(begun["Location"], data={"sub": sub})
    back = urlsplit(answered.headers["Location"])
    assert back.path == CALLBACK
    return f"{back.path}?{back.query}"


def came_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def acts() -> list[str]:
    return [row.detail.get("what") for row in AuditRow.objects.filter(act=Act.SIGN_IN).order_by("seq")]


def test_the_button_stands_on_the_sign_in_page(client: Client) -> None:
    assert LOGIN in client.get("/sign-in/login/").content.decode()


def test_the_account_of_the_verified_address_is_opened_with_its_second_factor(
    client: Client, practitioner: User, provider: httpx.Client, known_as: Any
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(practitioner, secret)
    known_as("sam-1", email=practitioner.email.upper())
    answer = client.get(sent_back(client, provider, "sam-1"))
    assert answer["Location"].startswith("/sign-in/2fa/authenticate/")
    assert not came_in(client)
    client.post("/sign-in/2fa/authenticate/", {"code": format_hotp_value(hotp_value(secret, list(counters())[1]))})
    assert came_in(client)
    assert acts() == ["in"]


def test_without_a_second_factor_one_sets_one_up_first(
    client: Client, practitioner: User, provider: httpx.Client, known_as: Any
) -> None:
    known_as("sam-2", email=practitioner.email)
    client.get(sent_back(client, provider, "sam-2"))
    for page in ("/", "/search/", "/account/"):
        assert client.get(page)["Location"] == "/sign-in/2fa/"


def test_where_the_provider_asks_for_a_second_factor_one_is_in(
    client: Client, practitioner: User, provider: httpx.Client, known_as: Any, settings: Any
) -> None:
    settings.OIDC_HAS_SECOND_FACTOR = True
    known_as("sam-3", email=practitioner.email)
    client.get(sent_back(client, provider, "sam-3"))
    assert came_in(client)


@pytest.mark.parametrize(("email", "verified"), [("nobody@example.invalid", True), (None, False)])
def test_an_unknown_person_or_an_address_that_is_not_verified_is_refused_in_plain_words(
    client: Client, practitioner: User, provider: httpx.Client, known_as: Any, email: str | None, verified: bool
) -> None:
    known_as("stranger", email=email or practitioner.email, verified=verified)
    before = User.objects.count()
    answer = client.get(sent_back(client, provider, "stranger"), follow=True)
    assert "Accounts are made by invitation" in answer.content.decode()
    assert not came_in(client)
    assert User.objects.count() == before
    assert acts() == []


def test_a_closed_account_is_not_opened(
    client: Client, practitioner: User, provider: httpx.Client, known_as: Any
) -> None:
    User.objects.filter(pk=practitioner.pk).update(is_active=False)
    known_as("sam-4", email=practitioner.email)
    answer = client.get(sent_back(client, provider, "sam-4"), follow=True)
    assert answer.status_code == 200
    assert not came_in(client)


def test_a_sign_in_sent_again_or_begun_elsewhere_opens_nothing(
    client: Client, practitioner: User, provider: httpx.Client, known_as: Any, settings: Any
) -> None:
    settings.OIDC_HAS_SECOND_FACTOR = True
    known_as("sam-5", email=practitioner.email)
    back, elsewhere = sent_back(client, provider, "sam-5"), Client()
    answer = elsewhere.get(back)  # the code was taken over by somebody else's browser
    assert "Signing in did not work" in answer.content.decode()
    client.get(back)
    assert came_in(client)
    client.post("/sign-in/logout/")
    assert "Signing in did not work" in client.get(back).content.decode()
    forged = f"{CALLBACK}?code=invented&state={parse_qs(urlsplit(back).query)['state'][0]}"
    assert "Signing in did not work" in client.get(forged).content.decode()
    assert not came_in(client)
    assert not came_in(elsewhere)


def test_stopping_at_the_provider_is_said_plainly(client: Client, provider: httpx.Client) -> None:
    state = parse_qs(urlsplit(sent_back(client, provider, "sam-6")).query)["state"][0]
    answer = client.get(f"{CALLBACK}?error=access_denied&state={state}", follow=True)
    assert "You stopped signing in" in answer.content.decode()


def test_a_provider_that_does_not_answer_is_said_plainly(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:1"
    answer = client.post(LOGIN)
    assert "Signing in did not work" in answer.content.decode()
    assert answer.status_code == 502
