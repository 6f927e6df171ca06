"""A run that is killed, starved or doubled loses nothing that was kept, and leaves nothing half done."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from riverside import AS_AT, COMMAND, facts
from trigpoint.services.workspace import open_workspace

# Runs the partnership and dies, as by kill -9, when the named stage begins or a file of it is done.
DYING = """
import os, signal, sys
from datetime import date
from pathlib import Path
from trigpoint.services.run_partnership import run_partnership

class Dying:
    def stage(self, title):
        if title == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)
    def step(self, said):
        if sys.argv[2] in said:
            os.kill(os.getpid(), signal.SIGKILL)

folder = Path(sys.argv[1])
run_partnership(folder, report=folder / "report.html", as_at=date.fromisoformat(sys.argv[3]), progress=Dying())
"""

RUN = ["run", "--as-at", str(AS_AT)]


def die(folder: Path, when: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(folder), when, str(AS_AT)], check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, RUN[0], str(folder), *RUN[1:]], check=False, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("when", ["arrests", "for a person", "answered for", "fit to publish", "Writing the report"])
def test_a_killed_run_is_taken_up_where_it_stood(small_ran, small, tmp_path, when):
    die(small, when)
    done = run(small)
    assert done.returncode == 0, done.stderr
    for what in ("findings", "markers"):
        assert facts(small, what, tmp_path) == facts(small_ran.folder, what, tmp_path)
    assert not list((small / ".trigpoint").glob("work-*")), "scratch of the dead run is swept"


def test_two_runs_at_once_end_as_one(small_ran, small, tmp_path):
    command = [*COMMAND, RUN[0], str(small), *RUN[1:]]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [(one.communicate(timeout=300), one.returncode) for one in both]
    assert any(code == 0 for _, code in ends), ends
    for (_, errors), code in ends:
        assert "Traceback" not in errors
        assert code == 0 or "mend:" in errors
    assert facts(small, "findings", tmp_path) == facts(small_ran.folder, "findings", tmp_path)


def test_a_folder_that_cannot_be_written_is_said_in_plain_words(small):
    if os.geteuid() == 0:
        (small / ".trigpoint").write_text("a file where the store should be")
    else:
        small.chmod(0o500)
    done = run(small)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "mend:" in done.stderr


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("", "'name': is missing"),
        ("name = ", "not TOML"),
    ],
)
def test_broken_settings_name_file_key_and_mend(small, broken, said):
    (small / "partnership.toml").write_text(broken)
    done = run(small)
    assert done.returncode == 1
    assert said in done.stderr
    assert "partnership.toml" in done.stderr
    assert "mend:" in done.stderr


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "partnership.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('mapping = "police_arrests"', 'mapping = "police_arests"', "police_arrests"),
        ('agency = "police"', 'agency = "polis"', "police"),
        ('kinds = ["arrest", ', 'kinds = ["arest", ', "arrest"),
        ('pack = "england_wales"', 'pack = "england_wales"\nsurprise = 1', "'surprise': is not a setting"),
        ('name = "missing_persons"', 'name = "police"', "one name"),
        ('"sources/police/arrests', '"../police/arrests', "leaves the partnership"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told_the_nearest(small, old, new, said):
    edit(small, old, new)
    done = run(small)
    assert done.returncode == 1
    assert said in done.stderr
    assert "partnership.toml" in done.stderr


def test_a_file_that_breaks_off_the_load_keeps_what_was_loaded_before(small):
    broken = small / "sources" / "nrm" / "nrm_log_broken_2026-10-31.xlsx"
    broken.write_bytes(b"this is no workbook")
    edit(small, "sources/nrm/", 'sources/nrm/*broken*.xlsx", "sources/nrm/')
    done = run(small)
    assert done.returncode == 1
    assert broken.name in done.stderr
    assert "Traceback" not in done.stderr
    with open_workspace(small) as workspace:
        assert "police" in workspace.store.read("extracts", columns=["source"])["source"].to_pylist()
    broken.unlink()
    assert run(small).returncode == 0
