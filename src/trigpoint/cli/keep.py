"""Commands that keep order: judge, judge-from, forget, retain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from trigpoint.cli.flow import Folder
from trigpoint.cli.screen import Telling, confirm, say
from trigpoint.services.forget_data import apply_retention, forget_child, forget_source
from trigpoint.services.judge_records import judge_records
from trigpoint.services.progress import plural
from trigpoint.services.take_judgements import take_judgements
from trigpoint.services.workspace import open_workspace

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("judge")(judge)
    app.command("judge-from")(judge_from)
    app.command("forget")(forget)
    app.command("retain")(retain)


def judge(
    folder: Folder,
    record: Annotated[str, typer.Argument(help="A record id.", show_default=False)],
    other: Annotated[str, typer.Argument(help="Another record id.", show_default=False)],
    verdict: Annotated[Literal["same", "different"], typer.Argument(show_default=False)],
    reason: Annotated[str, typer.Option(help="Why. Kept with the judgement.", prompt=True)],
    by: Annotated[str, typer.Option(help="Who judges.", prompt=True)],
) -> None:
    """Say that two records are the same child, or are not. No later run overturns it."""
    with open_workspace(folder) as workspace:
        judge_records(workspace, record, other, verdict=verdict, reason=reason, by=by)
    say("Kept. The next run follows it.")


def judge_from(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="Judgements as casework writes them.", show_default=False)],
) -> None:
    """Take judgements made in casework, each once. No later run overturns them."""
    with open_workspace(folder, turn="take judgements") as workspace:
        taken = take_judgements(workspace, file)
    say(
        f"{plural(taken.fresh, 'judgement')} taken, {taken.known:,} known already, "
        f"{taken.gone:,} about records that are gone. The next run follows them."
    )


def forget(
    folder: Folder,
    child: Annotated[str | None, typer.Option(help="A child key.", show_default=False)] = None,
    source: Annotated[str | None, typer.Option(help="A source's name.", show_default=False)] = None,
    yes: Yes = False,
) -> None:
    """Delete a child's or a source's data truly, older versions included. It cannot be undone."""
    if (child is None) == (source is None):
        raise typer.BadParameter("give either --child or --source")
    confirm("This deletes for good, older versions included. Go on?", yes=yes)
    with open_workspace(folder, turn="forget") as workspace:
        done = forget_child(workspace, child) if child else forget_source(workspace, str(source))
    say(*done)


def retain(folder: Folder, yes: Yes = False) -> None:
    """Delete what is past its agreement's retention."""
    confirm("This deletes for good what is past its retention. Go on?", yes=yes)
    with open_workspace(folder, turn="retain") as workspace:
        say(*apply_retention(workspace, progress=Telling()))
