"""Pages for when something goes wrong. They need no database and no signed-in person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """400."""
    return _page("400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """403 where a form's token is missing or old."""
    return _page("403_csrf.html", 403)


def _page(template: str, status: int) -> HttpResponse:
    # Without the request: a request with a false host name cannot even say where it is.
    return HttpResponse(render_to_string(template), status=status)
