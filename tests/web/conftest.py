"""Tests of casework without a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from casework_world import World


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page that a test opened in Welsh leaves its thread in Welsh: the next test begins in English."""
    yield
    translation.activate("en")


@pytest.fixture
def world(db: None) -> World:
    """The agencies and areas of an invented partnership; children and people are made as a test needs them."""
    return World()
