"""Before any page: is somebody signed in with a second factor, and what is their purpose?"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from trigpoint_web.audit.models import Purpose
from trigpoint_web.design.drafts import keep_for_owner

SECOND_FACTOR = "second_factor"
PURPOSE = "purpose"
LAST_PAGE = "last_page"
Answer = Callable[[HttpRequest], HttpResponse]

# Routes for people who are not signed in, and for those who have yet to set up a second factor.
OPEN_ROUTES = frozenset({"health", "design:language", "design:components"})
SETTING_UP = frozenset({"account_logout", "account_reauthenticate", "mfa_reauthenticate"})


class SignedInMiddleware:
    """Every page needs somebody who is signed in with a second factor, but for those of signing in.

    Closed unless a route is named open: a new page cannot forget it. What somebody sends after their session ended is
    kept as a draft.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, or where to go first."""
        _put_off_the_end(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_given: Any) -> HttpResponse | None:
        """Send whoever is not signed in to the sign-in page, and whoever has no second factor to setting one up."""
        route = getattr(request.resolver_match, "view_name", "") or ""
        if _is_open(route, view):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not request.session.get(SECOND_FACTOR) and not _sets_up(route):
            return redirect("mfa_index")
        return None


def _put_off_the_end(request: HttpRequest) -> None:
    """A session ends so many minutes after its last page. Written down once a minute, not with every page."""
    now = int(time.time())
    if request.user.is_authenticated and now - request.session.get(LAST_PAGE, 0) >= settings.SESSION_KEPT_EVERY:
        request.session[LAST_PAGE] = now


def _is_open(route: str, view: Any) -> bool:
    if getattr(view, "for_systems", False):  # an agency's system shows its own token
        return True
    return route in OPEN_ROUTES or route in _SIGNING_IN or route.startswith(("openid_connect_", "socialaccount_"))


_SIGNING_IN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)


def _sets_up(route: str) -> bool:
    return route in SETTING_UP or route.startswith("mfa_")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        keep_for_owner(request.POST)
    back = request.path if request.method == "POST" else request.get_full_path()
    return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")


class PurposeMiddleware:
    """Sets `request.purpose`: the purpose that this person gave for their task, or None."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, with the purpose set."""
        request.purpose = purpose_of(request)  # type: ignore[attr-defined]  # read by audit.acting
        return self.get_response(request)


def purpose_of(request: HttpRequest) -> Purpose | None:
    """The purpose that the person of this request gave for their task, or None."""
    kept = request.session.get(PURPOSE) if request.user.is_authenticated else None
    if kept is None:
        return None
    since = timezone.now() - timedelta(hours=settings.PURPOSE_HOURS)
    current = Purpose.objects.filter(user=request.user.pk, ended_at=None, started_at__gte=since)
    return current.filter(pk=kept).first()
