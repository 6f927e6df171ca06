"""Signing in: nothing without a second factor, everything recorded, nothing told to whoever guesses."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from django.test import Client

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.models import Act, AuditRow

PASSWORD = "a long invented password"  # noqa: S105 - of invented people
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_left() -> None:
    cache.clear()


@pytest.fixture
def secret(practitioner: User) -> str:
    made = generate_totp_secret()
    TOTP.activate(practitioner, made)
    return made


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, list(counters())[1]))


def sign_in(client: Client, user: User, password: str = PASSWORD) -> str:
    answer = client.post("/sign-in/login/", {"login": user.email, "password": password})
    return urlsplit(answer.headers.get("Location", "")).path or f"{answer.status_code}"


def acts() -> list[str]:
    return [row.detail.get("what") for row in AuditRow.objects.filter(act=Act.SIGN_IN).order_by("seq")]


def test_a_password_alone_opens_nothing_but_setting_up_a_second_factor(client: Client, practitioner: User) -> None:
    assert sign_in(client, practitioner) == "/home/"
    for page in ("/home/", "/account/", "/purpose/", "/people/"):
        assert client.get(page).headers["Location"] == "/sign-in/2fa/"
    assert client.get("/sign-in/2fa/").status_code == 200


def test_with_the_code_of_the_app_one_is_in(client: Client, practitioner: User, secret: str) -> None:
    assert sign_in(client, practitioner) == "/sign-in/2fa/authenticate/"
    assert client.get("/account/").headers["Location"].startswith("/sign-in/login/")
    client.post("/sign-in/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/account/").status_code == 200
    assert acts() == ["in"]


def test_a_code_works_once(practitioner: User, secret: str) -> None:
    code, first, second = code_of(secret), Client(), Client()
    for browser in (first, second):
        sign_in(browser, practitioner)
        browser.post("/sign-in/2fa/authenticate/", {"code": code})
    assert first.get("/account/").status_code == 200
    assert second.get("/account/").status_code == 302


def test_the_secret_of_an_app_lies_encrypted(practitioner: User, secret: str) -> None:
    assert secret not in str(Authenticator.objects.get(user=practitioner).data)


def test_a_wrong_password_says_the_same_as_an_unknown_address(client: Client, practitioner: User) -> None:
    known = client.post("/sign-in/login/", {"login": practitioner.email, "password": "wrong"})
    unknown = client.post("/sign-in/login/", {"login": "nobody@example.invalid", "password": "wrong"})
    assert known.status_code == unknown.status_code == 200
    assert known.context["form"].errors == unknown.context["form"].errors
    assert acts() == ["failed"]


def test_guessing_is_slowed_down(client: Client, practitioner: User) -> None:
    answers = [client.post("/sign-in/login/", {"login": practitioner.email, "password": f"{n}"}) for n in range(12)]
    assert "Too many failed login attempts" in answers[-1].content.decode()
    right = client.post("/sign-in/login/", {"login": practitioner.email, "password": PASSWORD})
    assert "Too many failed login attempts" in right.content.decode()


def test_nobody_signs_up(client: Client, services: object) -> None:
    client.post("/sign-in/signup/", {"email": "new@example.invalid", "password1": PASSWORD})
    assert not User.objects.filter(email="new@example.invalid").exists()


def test_a_closed_account_is_out_at_once(practitioner: User, signed_in: object) -> None:
    browser = signed_in(practitioner)  # type: ignore[operator]
    assert browser.get("/account/").status_code == 200
    User.objects.filter(pk=practitioner.pk).update(is_active=False)
    assert browser.get("/account/").status_code == 302


def test_the_last_second_factor_stays(practitioner: User, secret: str, client: Client) -> None:
    sign_in(client, practitioner)
    client.post("/sign-in/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    client.post("/sign-in/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=practitioner, type="totp").exists()


def test_nobody_is_sent_to_another_site(client: Client, practitioner: User, secret: str) -> None:
    client.post("/sign-in/login/?next=https://elsewhere.invalid/", {"login": practitioner.email, "password": PASSWORD})
    answer = client.post("/sign-in/2fa/authenticate/", {"code": code_of(secret)})
    assert "elsewhere" not in answer.headers["Location"]


@pytest.mark.parametrize("page", ["email/", "3rdparty/", "password/set/"])
def test_pages_that_casework_does_not_want_are_not_there(page: str, practitioner: User, signed_in: object) -> None:
    assert signed_in(practitioner).get(f"/sign-in/{page}").status_code == 404  # type: ignore[operator]
