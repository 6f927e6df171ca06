"""An agency's system with credentials, and children of an invented partnership."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from casework_systems import SCOPES, System, named
from casework_world import World
from trigpoint_web.api.clients import open_client
from trigpoint_web.casework.models import Child


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """Each test starts with no calls counted."""
    cache.clear()


@pytest.fixture
def system(world: World) -> Callable[..., System]:
    """Open a system of an agency, with a token of its scopes."""

    def opened(agency: str = "police", *scopes: str) -> System:
        made = open_client(agency, name=f"Invented system of {agency}", scopes=scopes or SCOPES)
        return System(made.client.pk, made.secret).sign_in()

    return opened


@pytest.fixture
def robin(world: World) -> Child:
    return named(world.child())


@pytest.fixture
def partnership(settings: Any, tmp_path: Path) -> None:
    """A partnership's folder in which no run has ended yet."""
    settings.PARTNERSHIP_FOLDER = str(tmp_path)
