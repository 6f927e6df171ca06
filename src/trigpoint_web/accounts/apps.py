"""The app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their teams and agencies."""

    name = "trigpoint_web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to sign-ins."""
        import trigpoint_web.accounts.signing_in.signals  # noqa: F401
