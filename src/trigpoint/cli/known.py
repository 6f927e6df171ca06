"""The command that says what is known beyond the tables of a run: known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trigpoint.cli.flow import Folder
from trigpoint.cli.screen import Telling, say
from trigpoint.services.know_children import Asked, know_children
from trigpoint.services.workspace import open_workspace
from trigpoint.services.write_known import check_ending, say_known, write_known


def add_to(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("known")(known)


def known(
    folder: Folder,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output", "-o", help="Write .html or .json; may be given again.", show_default="known.html in FOLDER"
        ),
    ] = None,
    months: Annotated[int | None, typer.Option(min=1, help="Replay so many months.", show_default="all")] = None,
    draws: Annotated[int, typer.Option(min=0, max=2_000, help="Other clusterings to count under; 0: none.")] = 100,
    populations: Annotated[
        Path | None,
        typer.Option(help="CSV: area, year, children, source.", show_default="populations.csv in FOLDER"),
    ] = None,
    as_if_shared: Annotated[
        bool, typer.Option("--as-if-shared", help="Replay also as if all had been shared at once.")
    ] = False,
) -> None:
    """Say what is known over time and by area, who is missed, and how far unsure links move the counts."""
    asked = Asked(months=months, draws=draws, populations=populations, as_if_shared=as_if_shared)
    targets = output or [folder / "known.html"]
    for path in targets:
        check_ending(path)
    with open_workspace(folder, turn="say what is known") as workspace:
        told = know_children(workspace, asked, progress=Telling())
    for path in targets:
        write_known(told, path)
    say("", *say_known(told), "", *(f"Wrote {path}." for path in targets))
