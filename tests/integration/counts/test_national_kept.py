"""Published figures kept in a partnership's folder, listed and shown, by the commands that a person types."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from riverside import RIVERSIDE
from trigpoint.cli.main import app
from trigpoint.cli.screen import OUT
from trigpoint.errors import TrigpointError
from trigpoint.services.keep_national import latest
from trigpoint.services.workspace import open_workspace
from unit.counts.national import published_files as files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "riverside"
    made.mkdir()
    for part in ("partnership.toml", "places.csv", "mappings"):
        source = RIVERSIDE / part
        shutil.copytree(source, made / part) if source.is_dir() else shutil.copy(source, made / part)
    return made


def typed(*words: str | Path) -> str:
    """What the screen shows; what a person can mend is raised, as the command line's own guard would catch it."""
    OUT.width = 250
    with OUT.capture() as shown:
        done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)
    if isinstance(done.exception, TrigpointError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return shown.get()


def kept(folder: Path, series: str) -> list[dict]:
    with open_workspace(folder) as workspace:
        return latest(workspace, series)


def test_a_file_is_kept_once_listed_and_shown_by_kind_of_period(folder: Path, tmp_path: Path) -> None:
    assert "nothing is" not in typed("national", "list", folder)
    file = files.nrm_file(tmp_path)
    said = typed("national", "add", folder, file, "--published", "2024-11-07")
    assert said.startswith("Kept: Referrals to the National Referral Mechanism")
    assert "Left out Table_30" in said
    before = len(kept(folder, "nrm"))
    assert "already kept" in typed("national", "add", folder, file, "--published", "2024-11-07")
    assert len(kept(folder, "nrm")) == before
    assert "2024-11-07" in typed("national", "list", folder)
    shown = typed("national", "show", folder, "nrm")
    assert shown.index("by calendar year") < shown.index("by part of a calendar year") < shown.index("by quarter")
    assert "Adult" not in shown
    assert "Adult" in typed("national", "show", folder, "nrm", "--every")


def test_a_later_publication_is_shown_and_the_earlier_is_kept(folder: Path, tmp_path: Path) -> None:
    for name, number, published in (("old.csv", 16000, "2025-10-30"), ("new.csv", 16100, "2026-10-29")):
        rows = files.factors_rows()
        rows[2][17] = number
        typed("national", "add", folder, files.write_csv(tmp_path / name, rows), "--published", published)
    words = ("national", "show", folder, "factors", "--area", "E92000001", "--category", "child criminal exploitation")
    shown = typed(*words)
    assert "16,100" in shown
    assert "16,000" not in shown
    assert "+7%" in shown  # from 15,000
    with open_workspace(folder) as workspace:
        assert {16000, 16100} <= set(workspace.store.read("national", columns=["value"])["value"].to_pylist())


def test_a_mark_is_shown_as_it_was_printed(folder: Path, tmp_path: Path) -> None:
    typed(
        "national",
        "add",
        folder,
        files.write_csv(tmp_path / "c3.csv", files.factors_rows()),
        "--published",
        "2025-10-30",
    )
    shown = typed("national", "show", folder, "factors", "--area", "inventedshire")
    line = next(line for line in shown.splitlines() if "child criminal exploitation" in line)
    assert [cell.strip() for cell in line.strip("│ ").split("│")][3] == "c"


def test_a_broken_file_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    rows = files.factors_rows()
    rows[3][12] = "sixty"
    path = files.write_csv(tmp_path / "c3.csv", rows)
    with pytest.raises(TrigpointError, match="neither a number nor a mark"):
        typed("national", "add", folder, path, "--published", "2025-10-30")
    assert kept(folder, "factors") == []


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["show", "nrmm"], "There is no series"),
        (["show", "nrm"], "No figure"),
        (["add", "nowhere.ods", "--published", "2024-11-07"], "no such file"),
        (["add", "partnership.toml", "--published", "2999-01-01"], "lies ahead"),
        (["add", "partnership.toml", "--published", "2024-01-01", "--period", "lately"], "no period"),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, words: list[str], what: str) -> None:
    file = [folder / word if word == "partnership.toml" else word for word in words[1:]]
    with pytest.raises(TrigpointError, match=what):
        typed("national", words[0], folder, *file)
