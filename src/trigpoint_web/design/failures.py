"""Pages for when something goes wrong. They need no database and no signed-in person."""

from __future__ import annotations

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

# The database was stopped, went away in the middle, or has no connection free.
UNREACHABLE: Final = (OperationalError, InterfaceError)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """400."""
    return _page("400.html", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """403 where a form's token is missing or old."""
    return _page("403_csrf.html", 403)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """503 where the database does not answer, 500 for a fault of ours. Django calls it while the error is handled."""
    if isinstance(sys.exc_info()[1], UNREACHABLE):
        return _page("503.html", 503)
    return _page("500.html", 500)


def _page(template: str, status: int) -> HttpResponse:
    # Without the request: a request with a false host name cannot even say where it is.
    return HttpResponse(render_to_string(template), status=status)
