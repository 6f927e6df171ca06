"""How allauth's sign-in is bent to casework: nobody signs up, secrets are encrypted, steps are recorded."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from trigpoint_web.accounts.models import User


class PeopleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth carries no types
    """Who a session belongs to, with agency and team: every page asks for both."""

    def get_user(self, user_id: Any) -> User | None:
        """The person, or None where the account is closed."""
        found = User.objects.select_related("agency", "team").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Accounts are made by an administrator's invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def add_message(self, *_given: Any, **_more: Any) -> None:
        """No passing messages: each page says what was done."""

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        """Take the account's language where the browser has chosen none here."""
        response: HttpResponse = super().post_login(request, user, **given)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=request.is_secure()
            )
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps lie encrypted; the last second factor cannot be taken away."""

    def encrypt(self, text: str) -> str:
        """The text under a key made from the service's secret key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text again."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether another second factor is left."""
        factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        others = Authenticator.objects.filter(user=authenticator.user, type__in=factors).exclude(pk=authenticator.pk)
        return authenticator.type not in factors or bool(others.exists())

    def get_totp_issuer(self) -> str:
        """The name that an authenticator app shows."""
        return str(settings.SERVICE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site that a passkey is for."""
        return dict(super().get_public_key_credential_rp_entity(), name=str(settings.SERVICE_NAME))


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity provider opens accounts that exist; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        """Never."""
        return False


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()))
