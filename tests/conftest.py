"""What the tests share: the invented partnership, as sent and as run, and the database of casework.

The database's fixtures stand here, once: two folders that brought them in would each start a server of their own.
"""

import shutil
from pathlib import Path

import pytest

from casework_fixtures import (
    django_db_keepdb,
    django_db_modify_db_settings,
    emptied_with_the_audit,
    postgres,
    signed_in,
)
from riverside import RIVERSIDE, Ran, keep_sources, run

__all__ = ["django_db_keepdb", "django_db_modify_db_settings", "emptied_with_the_audit", "postgres", "signed_in"]


@pytest.fixture
def riverside(tmp_path: Path) -> Path:
    """A copy of the invented partnership that no run has seen."""
    return shutil.copytree(RIVERSIDE, tmp_path / "riverside")


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The invented partnership after one run. To be looked at, not changed."""
    folder = shutil.copytree(RIVERSIDE, tmp_path_factory.mktemp("ran") / "riverside")
    return Ran(folder, folder / "report.html", run(folder))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the invented partnership with five of its sources, that no run has seen."""
    return keep_sources(shutil.copytree(RIVERSIDE, tmp_path / "small"))


@pytest.fixture(scope="session")
def small_ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Five sources of the invented partnership after one run. To be looked at, not changed."""
    folder = keep_sources(shutil.copytree(RIVERSIDE, tmp_path_factory.mktemp("small_ran") / "small"))
    return Ran(folder, folder / "report.html", run(folder))


@pytest.fixture
def ran_copy(ran: Ran, tmp_path: Path) -> Path:
    """A copy of the partnership after one run, to be changed."""
    return shutil.copytree(ran.folder, tmp_path / "ran")
