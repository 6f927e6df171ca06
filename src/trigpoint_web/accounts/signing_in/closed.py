"""Pages of allauth that casework has no use for: nobody changes their own address or joins accounts together here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

CLOSED = ["email/", "confirm-email/", "login/code/confirm/", "password/set/", "3rdparty/", "3rdparty/signup/"]


def _nothing_here(_request: HttpRequest) -> HttpResponse:
    raise Http404


def closed_routes(start: str) -> list[URLPattern]:
    """Routes that stand before allauth's own and answer "not found"."""
    return [path(f"{start}{each}", _nothing_here) for each in CLOSED]
