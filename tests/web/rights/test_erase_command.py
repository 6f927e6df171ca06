"""`trigpoint web erase` as a person types it: it says what it did, and what it does not reach."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rights_world import Worked, asked_for
from trigpoint_web.audit.person import working_as
from trigpoint_web.casework.models import Child
from trigpoint_web.rights import commands
from trigpoint_web.rights.erasing.deciding import confirm_erasures, decide_request
from trigpoint_web.rights.erasing.journal import journal_path
from trigpoint_web.running.commands import app


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database is up already, and its owner is who we are."""
    monkeypatch.setattr(commands, "start_django", lambda **_named: None)
    monkeypatch.setattr(commands, "as_owner", nullcontext)


def test_it_says_what_it_did_and_writes_the_files_anew(worked: Worked, tmp_path: Path) -> None:
    extract = tmp_path / "extract"
    first = CliRunner().invoke(app, ["erase", "--extract", str(extract)])
    assert "0 carried out" in first.output
    assert worked.child.key in (extract / "markers.csv").read_text()
    with working_as(worked.first.user):
        made = decide_request(worked.first, asked_for(worked, "erasure"))
    with working_as(worked.second.user):
        confirm_erasures(worked.second, [str(made.pk)])
    said = CliRunner().invoke(app, ["erase", "--extract", str(extract)])
    assert said.exit_code == 0, said.output
    assert "1 carried out, 0 stopped" in said.output
    assert "Agencies' own files hold these children still: " in said.output
    assert "Backups" in said.output
    assert not Child.objects.filter(pk=worked.child.pk).exists()
    assert worked.child.key not in (extract / "markers.csv").read_text()
    assert str(made.pk) in journal_path().read_text()
    assert not {name for name in worked.names() if name in said.output}
