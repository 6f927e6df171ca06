"""The app of design."""

from __future__ import annotations

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Components, the page's frame, forms, drafts."""

    name = "trigpoint_web.design"
    label = "design"
