"""What the tests share: the invented partnership, as sent and as run."""

import shutil
from pathlib import Path

import pytest

from riverside import RIVERSIDE, Ran, keep_sources, run


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
