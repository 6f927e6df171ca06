"""The command that estimates: unseen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trigpoint.cli.screen import Telling
from trigpoint.cli.screen import say as print_lines
from trigpoint.counts.unseen import METHODS, Settings, say
from trigpoint.errors import SettingsError
from trigpoint.services.estimate_unseen import (
    PARTS,
    By,
    Lists,
    Of,
    estimate_unseen,
    lists_of_file,
    lists_of_partnership,
    write_unseen,
)
from trigpoint.services.workspace import open_workspace


def add_to(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command("unseen")(unseen)


def unseen(
    folder: Annotated[Path | None, typer.Argument(help="The partnership's folder.", show_default="--lists")] = None,
    lists: Annotated[
        Path | None,
        typer.Option(help="A CSV file: a column of 0 and 1 for each list, one with the number of cases."),
    ] = None,
    count: Annotated[str | None, typer.Option(help="Of --lists: the column with the number of cases.")] = None,
    by: Annotated[By, typer.Option(help="Of FOLDER: one list for each of these.")] = "agency",
    of: Annotated[
        Of, typer.Option(help="Of FOLDER: children with a proposed marker, with a finding, or with a marker set.")
    ] = "proposed",
    form: Annotated[str | None, typer.Option(help="Of FOLDER: only those proposed for this form.")] = None,
    strata: Annotated[
        str | None, typer.Option(help=f"Estimate parts too: of FOLDER by {', '.join(PARTS)}; of --lists by a column.")
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(help=f"Only this; may be given again. Of {', '.join(METHODS)}.", show_default="all but mb"),
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, max=200_000, help="Bootstrap samples.")] = 5_000,
    order: Annotated[int, typer.Option(min=2, max=5, help="How many lists may interact in a chosen model.")] = 2,
    false_links: Annotated[float | None, typer.Option(min=0, max=0.9, help="Share of links that are wrong.")] = None,
    missed_links: Annotated[float | None, typer.Option(min=0, max=0.9, help="Share of true links missed.")] = None,
    output: Annotated[
        list[Path] | None, typer.Option("--output", "-o", help="Write .html or .json; may be given again.")
    ] = None,
) -> None:
    """Estimate how many children are on nobody's list: never one number, and whether any can be trusted."""
    chosen = _lists(folder, lists, count=count, by=by, of=of, form=form, strata=strata)
    errors = None if false_links is None and missed_links is None else (false_links or 0.0, missed_links or 0.0)
    report = estimate_unseen(
        chosen,
        methods=method or (),
        settings=Settings(resamples=resamples, order=order),
        link_errors=errors,
        progress=Telling(),
    )
    for path in output or []:
        write_unseen(report, path, title=chosen.title, as_at=chosen.as_at)
    print_lines("", chosen.made_from, *say(report), "", *(f"Wrote {path}." for path in output or []))


def _lists(
    folder: Path | None, lists: Path | None, *, count: str | None, by: By, of: Of, form: str | None, strata: str | None
) -> Lists:
    if (folder is None) == (lists is None):
        raise SettingsError(
            "Lists come from a partnership's folder or from a file.", mend="Give FOLDER or --lists FILE, one of them."
        )
    if lists is not None:
        return lists_of_file(lists, count=count, strata=strata)
    assert folder is not None  # noqa: S101  refused above where neither is given
    with open_workspace(folder) as workspace:
        return lists_of_partnership(workspace, of=of, by=by, form=form, strata=strata)
