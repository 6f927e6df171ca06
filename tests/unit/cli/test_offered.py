"""Of a command that is named only its own module is read; the list of who offers what is true."""

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from trigpoint.cli.main import OFFERED, offering

MAKE = "import sys; from trigpoint.cli.main import offering; offering([sys.argv[1]]); print(*sys.modules)"


def named(app: typer.Typer) -> list[str]:
    app.callback()(lambda: None)  # with one command alone it would be no group
    return list(typer.main.get_command(app).commands)


@pytest.mark.parametrize("module", OFFERED)
def test_each_module_offers_what_the_list_says(module):
    app = typer.Typer()
    import_module(f"trigpoint.cli.{module}").add_to(app)
    assert sorted(named(app)) == sorted(OFFERED[module])


def test_without_a_name_or_with_one_that_nobody_knows_all_commands_are_there():
    every = [command for commands in OFFERED.values() for command in commands]
    for arguments in ([], ["--help"], ["runn"]):
        found = typer.main.get_command(offering(arguments)).commands
        assert set(every) <= set(found)
        assert "web" in found  # which another package adds


def test_a_command_reads_no_module_of_another():
    seen = subprocess.run(
        [sys.executable, "-c", MAKE, "run"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "trigpoint.cli.flow" in seen
    assert not {"trigpoint.cli.scan", "trigpoint.cli.keep", "trigpoint_web", "duckdb", "numpy"} & set(seen)
