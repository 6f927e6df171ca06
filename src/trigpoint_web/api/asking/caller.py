"""Which system calls, with which token, for which purpose and on which legal basis."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.idp.oidc.contrib.ninja.security import TokenAuth
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Header
from ninja.throttling import AuthRateThrottle

from trigpoint_web.accounts.models import User
from trigpoint_web.api.asking.shapes import Why
from trigpoint_web.api.policy import SCOPES, can_be_system, check_scope
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record, writing_at_the_end
from trigpoint_web.audit.models import Act, Purpose
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.refusals import RefusedError

View = Callable[..., Any]
CALLS_A_MINUTE = 120


@dataclass(frozen=True)
class Caller:
    """An agency's system, as its token says. `client` is the client's id."""

    user: User
    client: str
    scopes: tuple[str, ...]

    def __str__(self) -> str:
        return self.client


class SystemToken(TokenAuth):  # type: ignore[misc]  # its library has no types
    """A token that the client fetched with its credentials. Tokens are looked up by hash: none can be forged."""

    openapi_type = "oauth2"
    openapi_flows = {"clientCredentials": {"tokenUrl": "/api/token", "scopes": SCOPES}}

    def __init__(self) -> None:
        super().__init__(scope=[])

    def __call__(self, request: HttpRequest) -> Caller | None:
        """The caller, or None where the token is missing, unknown, expired, taken back, or of a closed account."""
        if not request.headers.get("Authorization", "").lower().startswith("bearer "):
            return None  # a token in an address or a form would be kept in logs
        token: Token | None = super().__call__(request)
        if token is None or token.client is None:
            return None
        owner = User.objects.select_related("agency").filter(pk=token.client.owner_id).first()
        if owner is None or not can_be_system(owner):
            return None
        return Caller(owner, token.client.pk, tuple(token.get_scopes()))


class EachClient(AuthRateThrottle):
    """Counts the calls of each client, over all of its tokens and addresses."""

    def __init__(self) -> None:
        super().__init__(f"{CALLS_A_MINUTE}/min")

    def get_cache_key(self, request: HttpRequest) -> str:
        """One key a client."""
        return f"api_calls_{request.auth.client}"  # type: ignore[attr-defined]  # set by SystemToken


def for_purpose(scope: str) -> Callable[[View], View]:
    """Turn a function of `(acting, …)` into an operation that runs as the system, with purpose and basis in headers.

    It runs in one transaction with its audit rows. What it did is undone where it raises; a refusal is recorded.
    """

    def around(view: View) -> View:
        @wraps(view)
        def within(request: HttpRequest, *, why: Why, **given: Any) -> Any:
            caller: Caller = request.auth  # type: ignore[attr-defined]  # set by SystemToken
            try:
                check_scope(caller.scopes, scope)
                with writing_at_the_end(), working_as(caller.user, savepoint=False):
                    return view(Acting(caller.user, _purpose(caller.user, why)), **given)
            except RefusedError as refused:
                with transaction.atomic():
                    record(Acting(caller.user), Act.REFUSE, thing=refused.thing, thing_id=refused.thing_id,
                           detail={"rule": refused.rule, "api": True})  # fmt: skip
                raise

        within.__signature__ = _with_reasons(view)  # type: ignore[attr-defined]  # what ninja reads
        return within

    return around


def _with_reasons(view: View) -> inspect.Signature:
    """The view's signature with a request in the place of who acts, and with the headers that say why."""
    asked = list(inspect.signature(view, eval_str=True).parameters.values())[1:]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    first = inspect.Parameter("request", kind, annotation=HttpRequest)
    return inspect.Signature([first, *asked, inspect.Parameter("why", kind, annotation=Header[Why])])


def _purpose(user: User, why: Why) -> Purpose:
    """The purpose that the audit rows name. One row serves the calls of a working day with the same reasons."""
    said = {"user": user, "code": why.trigpoint_purpose, "text": f"legal basis: {why.trigpoint_legal_basis}"}
    since = timezone.now() - timedelta(hours=settings.PURPOSE_HOURS)
    current = Purpose.objects.filter(**said, ended_at=None, started_at__gte=since).order_by("pk").first()
    return current or Purpose.objects.create(**said)
