"""`trigpoint web register-run` and `write-extract`. Django is imported when a command runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from trigpoint_web.running.ready import keep_ready
from trigpoint_web.running.starting import as_owner, start_django

Demo = Annotated[bool, typer.Option("--demo", help="The invented partnership, on this machine alone.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to `trigpoint web`."""
    app.command("register-run")(register_run)
    app.command("write-extract")(write_extract)


def register_run(
    folder: Annotated[Path, typer.Argument(help="The partnership's folder.", show_default=False)], demo: Demo = False
) -> None:
    """Bring the partnership's last finished run into casework: all of it, or nothing."""
    os.nice(10)  # people at work on the same machine come first
    start_django(demo=demo)
    from trigpoint_web.casework.border import register_run as register

    with as_owner():
        done = register(folder)
    if done.fresh:
        for line in _said(done.counts):
            typer.echo(line)
    else:
        typer.echo(f"Run {done.run.run_no} stands in casework already. Nothing was changed.")
    typer.echo(keep_ready(folder))


def write_extract(
    folder: Annotated[Path, typer.Argument(help="The folder to write the files into.", show_default=False)],
    demo: Demo = False,
) -> None:
    """Write what people decided as files that the core loads: judgements, markers, interviews, discussions."""
    start_django(demo=demo)
    from trigpoint_web.casework.border import write_extract as write

    with as_owner():
        for name, rows in write(folder).items():
            typer.echo(f"{name}: {rows:,} rows")


def _said(counts: dict[str, int]) -> list[str]:
    lines = [
        f"{counts['children']:,} children stand in casework.",
        f"{counts['citations']:,} new findings, {counts['proposals']:,} new proposals, "
        f"{counts['questions']:,} new questions.",
        f"{counts['followed']:,} changed keys followed, {counts['asked']:,} put as questions.",
    ]
    if counts["unplaced"]:
        lines.append(f"{counts['unplaced']:,} involvements name an agency that casework has not, or cannot tell apart.")
    return lines
