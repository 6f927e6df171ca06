"""Pages for when something goes wrong. They need no database and no signed-in person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, _exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it so
    """403 where a form's token is missing or old."""
    return render(request, "403_csrf.html", status=403)


def closed(request: HttpRequest) -> HttpResponse:
    """503."""
    return render(request, "503.html", status=503)
