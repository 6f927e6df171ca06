"""Where each page lives. Each app's routes are taken in where the app is installed."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from trigpoint_web.running.health import health

# The app's name, and the address under which its pages begin.
PAGES = {
    "design": "",
    "accounts": "",
    "audit": "audit/",
    "review": "review/",
    "response": "",
    "publishing": "publishing/",
    "api": "api/",
    "rights": "rights/",
    "casework": "",
}
handler400 = "trigpoint_web.design.failures.bad_request"
handler500 = "trigpoint_web.design.failures.server_error"


def _has_pages(room: str) -> bool:
    installed = f"trigpoint_web.{room}" in settings.INSTALLED_APPS
    return installed and find_spec(f"trigpoint_web.{room}.urls") is not None


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    *(path(start, include(f"trigpoint_web.{room}.urls")) for room, start in PAGES.items() if _has_pages(room)),
]
