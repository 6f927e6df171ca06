"""Asking again who it is, before something that cannot be taken back: an export, emergency access, an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.middleware import AccountMiddleware
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver
from requests import RequestException

from trigpoint_web.accounts.middleware import purpose_of

View = Callable[..., HttpResponse]
# allauth asks by raising, and its middleware answers. Our views run in a transaction inside the middleware, where no
# exception reaches it; so the same answer is given around the view itself.
_answer: Any = AccountMiddleware(lambda _request: HttpResponse()).process_exception


def step_up_required(view: View) -> View:
    """The person confirms who they are (passkey, code or password) unless they did so in the last five minutes.

    What they had sent is held meanwhile and carried out afterwards: nobody types it twice.
    """
    return answering(reauthentication_required(view))


def answering(view: View) -> View:
    """The view, with what allauth raises turned into the page to go to."""

    @wraps(view)
    def answered(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if not hasattr(request, "purpose"):  # a request that was held while the person confirmed who they are
            request.purpose = purpose_of(request)  # type: ignore[attr-defined]
        try:
            return view(request, *given, **named)
        except (ImmediateHttpResponse, ReauthenticationRequired) as asks:
            return _answer(request, asks)  # type: ignore[no-any-return]
        except RequestException:  # the identity provider cannot be reached, or answers what it should not
            return render(request, "socialaccount/authentication_error.html", status=HTTPStatus.BAD_GATEWAY)

    return answered


def all_answering(routes: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The routes, each of their views answering."""
    kept = list(routes)
    for route in kept:
        if isinstance(route, URLResolver):
            all_answering(route.url_patterns)
        else:
            route.callback = answering(route.callback)
    return kept
