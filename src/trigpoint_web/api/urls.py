"""Routes of the API: tokens, and version 1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import include, path

from trigpoint_web.api.operations import api
from trigpoint_web.api.tokens import for_systems, revoke, token


def _all_for_systems(routes: Iterable[Any]) -> list[Any]:
    kept = list(routes)
    for route in kept:
        for_systems(route.callback)
    return kept


_routes, _app, _namespace = api.urls
urlpatterns = [
    path("token", token, name="api-token"),
    path("revoke", revoke, name="api-revoke"),
    path("v1/", include((_all_for_systems(_routes), _app), namespace=_namespace)),
]
