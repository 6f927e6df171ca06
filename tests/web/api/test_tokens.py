"""Tokens: forged, expired, taken back, of a closed account, without the scope, too many calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Client as Registered
from allauth.idp.oidc.models import Token
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from casework_systems import ROBIN, System
from casework_world import World
from trigpoint_web.accounts.models import User
from trigpoint_web.api import tokens
from trigpoint_web.api.asking import counting
from trigpoint_web.api.clients import close_client, open_client
from trigpoint_web.api.models import Calls
from trigpoint_web.audit.models import AuditRow

ASKED = {"person": ROBIN}


def asks(system: System, token: str | None = None) -> int:
    system.token = system.token if token is None else token
    return system.call("look-up", ASKED).status_code


def test_no_secret_and_no_token_is_kept_readable(system: Callable[..., System]) -> None:
    asking = system()
    kept = str(Registered.objects.values()) + str(Token.objects.values())
    assert asking.secret not in kept
    assert asking.token not in kept


@pytest.mark.parametrize("forge", ["", "x", "a" * 5000, "\x7f", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
def test_a_forged_token_opens_nothing(system: Callable[..., System], forge: str) -> None:
    asking = system()
    assert asks(asking, forge) == 401
    assert asks(asking, asking.token[:-1] + "A") == 401


def test_a_token_runs_out_and_can_be_given_back(system: Callable[..., System]) -> None:
    asking = system()
    assert asks(asking) == 200
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert asks(asking) == 401
    asking.sign_in()
    assert asks(asking) == 200
    given = {"token": asking.token, "client_id": asking.client_id, "client_secret": asking.secret}
    assert Client().post("/api/revoke", given).status_code == 200
    assert asks(asking) == 401  # a token that was taken back is not good again


def test_a_token_holds_a_quarter_of_an_hour(system: Callable[..., System]) -> None:
    assert system().fetch().json()["expires_in"] == 900


def test_a_token_in_an_address_is_not_taken(system: Callable[..., System]) -> None:
    asking = system()
    headers = {name: value for name, value in asking.headers.items() if name != "Authorization"}
    path = f"/api/v1/look-up?access_token={asking.token}"
    assert Client().post(path, ASKED, content_type="application/json", headers=headers).status_code == 401


@pytest.mark.parametrize("wrong", ["client_id", "client_secret", "grant_type"])
@pytest.mark.parametrize("value", ["", "guess", "\x00"])
def test_wrong_credentials_give_no_token(system: Callable[..., System], wrong: str, value: str) -> None:
    answer = system().fetch(**{wrong: value})
    assert answer.status_code in (400, 401)
    assert "access_token" not in answer.json()


def test_tokens_given_and_refused_are_recorded(system: Callable[..., System]) -> None:
    asking = system()
    asking.fetch(client_secret="guess")  # noqa: S106 - a wrong one
    assert list(AuditRow.objects.filter(thing_kind="client").order_by("seq").values_list("act", flat=True)) == [
        "write", "sign_in", "refuse",
    ]  # fmt: skip


def test_a_closed_account_gets_no_answer(system: Callable[..., System]) -> None:
    asking = system()
    close_client(asking.client_id)
    assert asks(asking) == 401
    asking.fetch()
    assert asks(asking) == 401


def test_a_persons_account_is_no_systems(system: Callable[..., System], world: World) -> None:
    asking = system()
    User.objects.filter(role="system_client").update(role="practitioner")
    assert asks(asking) == 401


def test_a_scope_that_was_not_given_is_refused_and_recorded(system: Callable[..., System]) -> None:
    asking = system("police", "event:write")
    assert asks(asking) == 403
    assert AuditRow.objects.filter(act="refuse", detail__rule="scope").count() == 1
    assert asking.fetch(scope="marker:read").status_code == 400  # nor can it be asked for
    assert asking.post("arrest").status_code == 201


def test_too_many_calls_are_told_to_wait(system: Callable[..., System], monkeypatch: Any) -> None:
    asking, other = system(), system("bank")
    monkeypatch.setattr(tokens, "TOKENS_A_MINUTE", "2/min")
    assert [asking.fetch().status_code for _ in range(4)][-1] == 429
    codes = [asks(asking) for _ in range(counting.CALLS_A_MINUTE + 1)]
    assert (codes.count(200), codes[-1]) == (counting.CALLS_A_MINUTE, 429)
    assert 0 < int(asking.call("look-up", ASKED)["Retry-After"]) <= 60
    assert asks(other) == 200


def test_calls_of_more_than_a_minute_ago_no_longer_count(system: Callable[..., System], monkeypatch: Any) -> None:
    asking = system()
    monkeypatch.setattr(counting, "CALLS_A_MINUTE", 3)
    assert [asks(asking) for _ in range(4)] == [200, 200, 200, 429]
    kept = Calls.objects.get()
    kept.at = [one - timedelta(seconds=61) for one in kept.at[:2]] + kept.at[2:]
    kept.save()
    assert [asks(asking) for _ in range(3)] == [200, 200, 429]
    assert len(Calls.objects.get().at) == 3


def test_a_systems_account_cannot_sign_in_as_a_person(world: World) -> None:
    made = open_client("police", name="Invented system", scopes=["marker:read"])
    assert made.client.owner is not None
    assert not made.client.owner.has_usable_password()
    sent = {"login": made.client.owner.email, "password": made.secret}
    assert Client().post("/sign-in/login/", sent).status_code == 200  # the page again, with its fault


def test_every_route_of_the_api_asks_for_a_token(db: None) -> None:
    """All but the token's own routes and the description."""
    open_ones = {"api/token", "api/revoke", "api/v1/openapi.json"}
    for path in sorted(set(_paths()) - open_ones):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(f"/{path.replace('<child>', 'C1')}")
            assert answer.status_code in (401, 404, 405), path


def _paths() -> list[str]:
    (api,) = [route for route in get_resolver().url_patterns if str(route.pattern) == "api/"]
    found = []
    for route in api.url_patterns:
        inner = getattr(route, "url_patterns", None)
        found += [f"api/{route.pattern}{one.pattern}" for one in inner] if inner else [f"api/{route.pattern}"]
    return found
