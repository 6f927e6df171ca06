"""What is recorded and remembered as people sign in and out."""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from trigpoint_web.accounts.middleware import SECOND_FACTOR
from trigpoint_web.accounts.models import User
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.actions import record
from trigpoint_web.audit.models import Act

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    ways = [entry["method"] for entry in get_authentication_records(request, user)]
    by_provider = "socialaccount" in ways and settings.OIDC_HAS_SECOND_FACTOR
    request.session[SECOND_FACTOR] = bool(by_provider or is_mfa_enabled(user, FACTORS))
    _record(user, "in", ways=ways)


@receiver(user_logged_out)
def _signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        _record(user, "out")


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    address = credentials.get("email") or credentials.get("username") or ""
    known = User.objects.filter(email__iexact=address).first()
    if known is not None:  # an address that nobody has is not written down: it may be a mistyped password
        _record(known, "failed")


@receiver(authenticator_added)
def _factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type in FACTORS:
        request.session[SECOND_FACTOR] = True
    _record(user, "factor_added", kind=authenticator.type)


@receiver(authenticator_removed)
def _factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    _record(user, "factor_removed", kind=authenticator.type)


def _record(user: User, what: str, **detail: Any) -> None:
    with transaction.atomic():
        record(Acting(user), Act.SIGN_IN, thing="session", thing_id=user.pk, detail={"what": what} | detail)
