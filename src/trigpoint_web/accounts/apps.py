"""The app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their teams and agencies."""

    name = "trigpoint_web.accounts"
    label = "accounts"
