"""A store begun once for a file of tests, a copy of it for each test, and processes that write to it and die."""

import pytest
from stores_begun import begun, copied, dying_writers


@pytest.fixture(scope="module")
def writers():
    with dying_writers() as ask:
        yield ask


@pytest.fixture(scope="module")
def begun_store(tmp_path_factory):
    return begun(tmp_path_factory.mktemp("begun"))


@pytest.fixture
def folder(begun_store, tmp_path):
    return copied(begun_store, into=tmp_path)
