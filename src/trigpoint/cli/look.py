"""Commands that look: show, report, export."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from trigpoint.cli.flow import Folder
from trigpoint.cli.screen import say
from trigpoint.services.export_table import EXPORTS, export_table
from trigpoint.services.show_child import show_child
from trigpoint.services.workspace import open_workspace
from trigpoint.services.write_report import rewrite_report


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("show")(show)
    app.command("report")(report)
    app.command("export")(export)


def show(
    folder: Folder,
    child: Annotated[str, typer.Argument(help="A child key, as the report shows it.", show_default=False)],
    as_at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Show only what was known on this day.", show_default=False),
    ] = None,
) -> None:
    """Show a child's timeline, findings, and why these records are one child."""
    with open_workspace(folder) as workspace:
        say(*show_child(workspace, child, as_at=as_at.date() if as_at else None))


def report(
    folder: Folder,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write it.", show_default="report.html in FOLDER")
    ] = None,
) -> None:
    """Write the report of the last run again."""
    target = output or folder / "report.html"
    with open_workspace(folder) as workspace:
        rewrite_report(workspace, target)
    say(f"Report: {target}")


def export(
    folder: Folder,
    what: Annotated[str, typer.Argument(help=f"Which table: {', '.join(EXPORTS)}.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="A .csv or .parquet file.")],
) -> None:
    """Write a table as CSV or Parquet."""
    with open_workspace(folder) as workspace:
        rows = export_table(workspace, what, output=output)
    say(f"Wrote {rows:,} rows to {output}.")
