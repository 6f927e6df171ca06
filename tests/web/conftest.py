"""Tests of casework without a browser."""

from __future__ import annotations

import pytest

from casework_fixtures import django_db_modify_db_settings, emptied_with_the_audit, postgres, signed_in
from casework_world import World

__all__ = ["django_db_modify_db_settings", "emptied_with_the_audit", "postgres", "signed_in"]


@pytest.fixture
def world(db: None) -> World:
    """The agencies and areas of an invented partnership; children and people are made as a test needs them."""
    return World()
