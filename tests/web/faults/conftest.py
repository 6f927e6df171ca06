"""One casework for all tests of faults: real processes that each test leaves running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casework_served import Database, Served, served


@pytest.fixture(scope="session")
def both() -> Iterator[tuple[Served, Database]]:
    with served() as one:
        yield one


@pytest.fixture
def casework(both: tuple[Served, Database]) -> Iterator[Served]:
    yield both[0]
    both[0].close_browsers()


@pytest.fixture
def database(both: tuple[Served, Database]) -> Iterator[Database]:
    yield both[1]
    if not both[1].runs:  # a test that failed leaves it to the others
        both[1].start()
