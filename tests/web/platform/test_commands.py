"""`trigpoint web`, run as somebody would run it: tables, check, backup, restore; no traceback reaches anybody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMMAND = str(Path(sys.executable).parent / "trigpoint")


def web(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = kept | {"TRIGPOINT_WEB_DATA": str(data), "COLUMNS": "200"}
    return subprocess.run([COMMAND, "web", *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database whose tables are up to date. Others may pass through it: the server is not root."""
    folder = tmp_path_factory.mktemp("web")
    done = web(folder, "migrate", "--demo")
    assert done.stdout.strip() == "The database is up to date.", done.stderr
    return folder


def test_a_backup_brings_back_what_was_there(data: Path) -> None:
    from trigpoint_web.running.embedded import start_server

    server = start_server(data / "postgres")
    import psycopg

    def areas() -> list[str]:
        with psycopg.connect(server.address(server.owner)) as connection:
            return [code for (code,) in connection.execute("select code from accounts_area order by code")]

    def change(statement: str) -> None:
        with psycopg.connect(server.address(server.owner)) as connection:
            connection.execute(statement)

    change("insert into accounts_area (code, name_en, name_cy) values ('RV', 'Riverside', '')")
    file = data / "kept" / "backup.dump"
    assert "Kept in" in web(data, "backup", str(file), "--demo").stdout
    assert file.stat().st_mode & 0o077 == 0
    change("delete from accounts_area")
    junk = data / "junk.dump"
    junk.write_text("no backup")
    refused = web(data, "restore", str(junk), "--demo", "--yes")
    assert (refused.returncode, "the database is as it was" in refused.stderr) == (1, True)
    assert areas() == []
    done = web(data, "restore", str(file), "--demo", "--yes")
    assert done.returncode == 0, done.stderr
    assert areas() == ["RV"]
    assert "Not done" in web(data, "restore", str(data / "none"), "--demo", "--yes").stderr


def test_without_settings_it_says_what_is_missing(data: Path) -> None:
    done = web(data, "check")
    assert done.returncode == 1
    assert "TRIGPOINT_WEB_SECRET_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
