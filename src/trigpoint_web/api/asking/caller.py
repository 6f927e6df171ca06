"""Which system calls, with which token, for which purpose and on which legal basis."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from allauth.idp.oidc.internal.resources import is_resources_subset
from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Header
from ninja.errors import HttpError
from ninja.security.base import AuthBase

from trigpoint_web.accounts.models import User
from trigpoint_web.api.asking.counting import count_call
from trigpoint_web.api.asking.shapes import Why
from trigpoint_web.api.policy import SCOPES, can_be_system, check_scope
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record, writing_at_the_end
from trigpoint_web.audit.models import Act, Purpose
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.refusals import RefusedError

View = Callable[..., Any]
BEARER: Final = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


@dataclass(frozen=True)
class Caller:
    """An agency's system, as its token says. `client` is the client's id."""

    user: User
    client: str
    scopes: tuple[str, ...]

    def __str__(self) -> str:
        return self.client


class SystemToken(AuthBase):
    """A token that the client fetched with its credentials. Tokens are looked up by hash: none can be forged.

    It is looked up with every call, together with its client and the client's account: what was taken back or closed
    is worth nothing from then on. A token in an address or a form is not taken: it would be kept in logs.
    """

    openapi_type = "oauth2"
    openapi_flows = {"clientCredentials": {"tokenUrl": "/api/token", "scopes": SCOPES}}

    def __call__(self, request: HttpRequest) -> Caller | None:
        """The caller, or None where the token is missing, unknown, expired, taken back, or of a closed account.

        Raises Throttled where the client calls too often.
        """
        sent = BEARER.fullmatch(request.headers.get("Authorization", ""))
        token = _token(sent[1]) if sent else None
        if token is None or token.client is None or not can_be_system(token.client.owner):
            return None
        if not is_resources_subset([request.build_absolute_uri(request.path)], token.get_resources()):
            raise HttpError(403, "The token was fetched for another address.")
        count_call(token.client.pk)
        return Caller(token.client.owner, token.client.pk, tuple(token.get_scopes()))


def _token(value: str) -> Token | None:
    """The token of a client that keeps a secret, with client, account and agency: one question to the database."""
    asked = Token.objects.valid().by_value(value)
    kept = asked.filter(type=Token.Type.ACCESS_TOKEN, user=None, client__type=Client.Type.CONFIDENTIAL)
    return kept.select_related("client__owner__agency").first()


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
