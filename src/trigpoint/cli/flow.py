"""Commands that move facts: new, invent, run, load, link, mark."""

from __future__ import annotations

import webbrowser
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trigpoint.cli.screen import Telling, heading, say, table

# Each command here reads what it works with when it is called: to invent and to run take whole libraries each.
if TYPE_CHECKING:
    from trigpoint.services.run_partnership import RunSummary

Folder = Annotated[Path, typer.Argument(help="The partnership's folder.", show_default=False)]
Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Look no further than this day (YYYY-MM-DD).", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("new")(new)
    app.command("invent")(invent)
    app.command("run")(run)
    app.command("load")(load)


def new(folder: Folder, name: Annotated[str | None, typer.Option(help="Its name.")] = None) -> None:
    """Make the folder of a new partnership."""
    from trigpoint.services.new_partnership import new_partnership

    path = new_partnership(folder, name=name)
    say(
        f"Made {path}.",
        "Next: put the agencies' files under sources/, name them in partnership.toml,",
        f"draft a mapping with  trigpoint suggest-mapping FILE  and then  trigpoint run {folder}",
    )


def invent(
    folder: Folder,
    children: Annotated[int, typer.Option(min=10, max=5_000_000, help="How many children.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 1,
    rates: Annotated[str, typer.Option(help="Error rates and patterns: usual or holdout.")] = "usual",
) -> None:
    """Invent a partnership: files as agencies send them, with the truth beside them. Nobody in it is real."""
    from trigpoint.services.invent_partnership import invent_partnership

    made = invent_partnership(folder, children=children, seed=seed, rates=rates, progress=Telling())
    say(f"Invented {made.children:,} children in {made.files:,} files ({made.rows:,} rows) in {folder}.")


def run(
    folder: Folder,
    as_at: Day = None,
    report: Annotated[Path | None, typer.Option(help="Where to write the report.", show_default="in FOLDER")] = None,
    retrain: Annotated[bool, typer.Option(help="Train the linkage model anew.")] = False,
    open_report: Annotated[bool, typer.Option("--open", help="Open the report in a browser.")] = False,
) -> None:
    """Load what is new, link, mark, count, and write the report."""
    from trigpoint.services.run_partnership import run_partnership

    target = report or folder / "report.html"
    summary = run_partnership(
        folder, as_at=as_at.date() if as_at else None, report=target, retrain=retrain, progress=Telling()
    )
    show_summary(summary, folder)
    if open_report and not _opened(target):
        say("Open it in a browser to read it.")


def load(folder: Folder) -> None:
    """Load the files that are new or changed, and nothing more."""
    from trigpoint.services.load_extracts import load_extracts
    from trigpoint.services.workspace import open_workspace

    with open_workspace(folder, turn="load") as workspace:
        show_loads(load_extracts(workspace, progress=Telling()), folder)


def _opened(target: Path) -> bool:
    """Open the report where a person sits at a screen; a server has no browser, and that is no fault."""
    try:
        return webbrowser.open(target.resolve().as_uri())
    except webbrowser.Error:
        return False


def show_loads(loads: list[tuple[str, int, int, int, int]], folder: Path) -> None:
    """Show what each source gave: read = loaded + refused + repeated."""
    if loads:
        table("What was read", ["source", "read", "loaded", "refused", "repeated"], loads, right=1)
        say(f"What was refused or left out, and how to mend it: trigpoint export {folder} rejects -o refused.csv")
    else:
        say("No new files.")


def show_summary(summary: RunSummary, folder: Path) -> None:
    """Show in plain words what the run found."""
    show_loads(summary.loads, folder)
    heading(f"As at {summary.as_at:%-d %B %Y}")
    say(*summary.lines)
    if summary.proposals:
        table("Markers proposed, for a person to decide", ["form", "children"], summary.proposals, right=1)
    say(f"Report: {summary.report}")
