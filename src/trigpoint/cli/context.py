"""Commands about the year as a whole: national, assessment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from trigpoint.cli.flow import Folder
from trigpoint.cli.screen import Telling, say, table
from trigpoint.counts.national import SERIES
from trigpoint.services.keep_national import add_national, list_national, show_national
from trigpoint.services.workspace import open_workspace
from trigpoint.services.write_assessment import Lists, write_assessment

national = typer.Typer(help="Figures that others publish, as context beside local ones.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(national, name="national")
    app.command("assessment")(assessment)


def assessment(
    folder: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write it in.")],
    area: Annotated[
        list[str] | None, typer.Option(help="An ONS code whose published figures stand beside; may be given again.")
    ] = None,
    lists: Annotated[
        Lists,
        typer.Option(
            help="From which children's lists to estimate the unseen: with a finding, a proposed marker, one set."
        ),
    ] = "found",
    resamples: Annotated[int, typer.Option(min=100, max=200_000, help="Bootstrap samples of that estimate.")] = 5_000,
) -> None:
    """Write the needs assessment of the last run, as a page and as a Word document, from published counts alone."""
    with open_workspace(folder) as workspace:
        written = write_assessment(
            workspace, output, areas=area or (), lists=lists, resamples=resamples, progress=Telling()
        )
    say(*(f"Wrote {path}." for path in written), "What stands in a marked box is for the partnership to write.")


@national.command("add")
def add(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="A file as it was published: ODS, XLSX or CSV.", show_default=False)],
    published: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day on which it was published.", show_default=False)
    ],
    period: Annotated[
        str | None, typer.Option(help="Of a table that names none: 2024, 2024/25, 2024-Q3 or 2024-09.")
    ] = None,
    area_code: Annotated[str | None, typer.Option(help="Of a file that names one area without its ONS code.")] = None,
) -> None:
    """Keep the figures of a published file: NRM, factors at assessment, arrests, stop and search."""
    with open_workspace(folder) as workspace:
        added = add_national(workspace, file, published_on=published.date(), period=period, area_code=area_code)
    kept = "This file is already kept; nothing changed" if added.again else "Kept"
    first, last = added.periods[0], added.periods[-1]
    say(
        f"{kept}: {SERIES[added.series].title}, {added.figures:,} figures and {added.marks:,} marks in place of one, "
        f"{first if first == last else f'{first} to {last}'}.",
        *added.remarks,
    )


@national.command("list")
def list_(folder: Folder) -> None:
    """List the published files that are kept."""
    with open_workspace(folder) as workspace:
        rows = list_national(workspace)
    if rows:
        table("Published figures", ["series", "file", "published", "periods", "figures"], rows, right=4)
    else:
        say("No published figures are kept. Add some: trigpoint national add FOLDER FILE --published YYYY-MM-DD")


@national.command("show")
def show(
    folder: Folder,
    series: Annotated[str, typer.Argument(help=f"One of: {', '.join(SERIES)}.", show_default=False)],
    area: Annotated[str | None, typer.Option(help="Only this area: its ONS code or name.")] = None,
    category: Annotated[str | None, typer.Option(help="Only this type, factor or reason.")] = None,
    every: Annotated[bool, typer.Option(help="Also what is parted by sex, ethnicity or more, and of adults.")] = False,
) -> None:
    """Show figures of a series, each kind of period by itself, with the change since the one before."""
    with open_workspace(folder) as workspace:
        shown, caution = show_national(workspace, series, area=area, category=category, every=every)
    for one in shown:
        heads = ["area", "of", one.period_type, "figure", "change", "published"]
        table(f"{SERIES[series].title}, by {one.period_type}", heads, one.rows, right=3)
    say(f"Source: {SERIES[series].publisher}, {SERIES[series].address}", caution)
