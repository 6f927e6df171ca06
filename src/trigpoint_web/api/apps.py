"""The app of agencies' systems."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Named so that its tables begin with `api_`."""

    name = "trigpoint_web.api"
    label = "api"
