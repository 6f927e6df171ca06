"""Tests of casework without a browser."""

from __future__ import annotations

import pytest

from casework_world import World


@pytest.fixture
def world(db: None) -> World:
    """The agencies and areas of an invented partnership; children and people are made as a test needs them."""
    return World()
