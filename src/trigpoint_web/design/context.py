"""What every page's frame shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from trigpoint_web.design.navigation import menu


def page(request: HttpRequest) -> dict[str, Any]:
    """The service's name, whether data are invented, the menu, the languages and the purpose."""
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "service_name": settings.SERVICE_NAME,
        "demo": settings.DEMO,
        "menu": menu(request) if signed_in else [],
        "languages": _languages(request),
        "drafted": get_language() in settings.DRAFTED_LANGUAGES,
        "purpose": getattr(request, "purpose", None) if signed_in else None,
    }


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    here = request.get_full_path() if request.method == "GET" else request.path
    return [
        {
            "text": name,
            "lang": code,
            "current": code == get_language(),
            "href": f"{reverse('design:language', args=[code])}?{urlencode({'next': here})}",
        }
        for code, name in settings.LANGUAGES
    ]
