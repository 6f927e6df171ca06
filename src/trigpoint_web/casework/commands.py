"""`trigpoint web register-run` and `write-extract`. Django is imported when a command runs."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer

from trigpoint.errors import TrigpointError
from trigpoint.services.keep_timelines import keep_timelines
from trigpoint.services.workspace import open_workspace
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


def keep_ready(folder: Path) -> str:
    """Keep children's timelines ready for the pages that open them, without getting in the way of people at work.

    Where that cannot be done (somebody else writes in the partnership just now), pages read the store, only slower.
    """
    try:
        with ThreadPoolExecutor(1, initializer=os.nice, initargs=(10,)) as pool:  # of this thread and those it begins
            pool.submit(_keep, folder).result()
    except TrigpointError as fault:
        return f"Timelines are not ready: chronologies open slowly until the run is registered again. {fault}"
    return "Timelines are ready."


def _keep(folder: Path) -> None:
    with open_workspace(folder, turn="keep timelines ready") as workspace:
        keep_timelines(workspace)


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
