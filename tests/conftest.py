"""What the tests share: the invented partnership of examples/riverside, as sent and as run."""

import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from trigpoint.services.run_partnership import RunSummary, run_partnership

ROOT = Path(__file__).parents[1]
RIVERSIDE = ROOT / "examples" / "riverside"
AS_AT = date(2026, 10, 31)
COMMAND = [sys.executable, "-c", "from trigpoint.cli.main import run; run()"]


@dataclass(frozen=True)
class Ran:
    folder: Path
    report: Path
    summary: RunSummary


@pytest.fixture
def riverside(tmp_path: Path) -> Path:
    """A copy of the invented partnership that no run has seen."""
    return shutil.copytree(RIVERSIDE, tmp_path / "riverside")


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The invented partnership after one run. To be looked at, not changed."""
    folder = shutil.copytree(RIVERSIDE, tmp_path_factory.mktemp("ran") / "riverside")
    report = folder / "report.html"
    return Ran(folder, report, run_partnership(folder, report=report, as_at=AS_AT))


@pytest.fixture
def ran_copy(ran: Ran, tmp_path: Path) -> Path:
    """A copy of the partnership after one run, to be changed."""
    return shutil.copytree(ran.folder, tmp_path / "ran")
