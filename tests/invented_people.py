"""Invented people of casework, for tests."""

from __future__ import annotations

from trigpoint_web.accounts.models import Agency, Role, User


def person(name: str, agency: Agency, role: Role = Role.PRACTITIONER) -> User:
    return User.objects.create_user(
        f"{name}@example.invalid", "a long invented password", full_name=name.title(), agency=agency, role=role
    )
