"""What lists can be narrowed to: areas, agencies and teams by name."""

from __future__ import annotations

from trigpoint_web.accounts.models import Agency, Area, Team, User

Choices = list[tuple[str, str]]


def areas() -> Choices:
    """Every area of the partnership."""
    return [(str(one.pk), one.name) for one in Area.objects.order_by("name_en")]


def agencies() -> Choices:
    """Every agency of the partnership."""
    return [(str(one.pk), one.name) for one in Agency.objects.order_by("name_en")]


def teams(user: User) -> Choices:
    """The teams of the person's own agency."""
    return [(str(one.pk), one.name) for one in Team.objects.filter(agency=user.agency_id).order_by("name")]
