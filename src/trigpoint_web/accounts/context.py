"""What sign-in pages show besides the form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from trigpoint_web.accounts.signing_in.demo import demo_accounts


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """The demo's accounts and codes on the pages of signing in; the name of the identity provider, if there is one."""
    route = getattr(request.resolver_match, "view_name", "") or ""
    asked = route in {"account_login", "mfa_authenticate", "mfa_reauthenticate", "account_reauthenticate"}
    return {"demo_accounts": demo_accounts() if asked else [], "provider": settings.OIDC_ISSUER and settings.OIDC_NAME}
