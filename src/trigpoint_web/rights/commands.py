"""`trigpoint web erase`. Django is imported when the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trigpoint_web.running.ready import keep_ready
from trigpoint_web.running.starting import as_owner, start_django

if TYPE_CHECKING:
    from trigpoint_web.rights.models import Erasure

Demo = Annotated[bool, typer.Option("--demo", help="The invented partnership, on this machine alone.")]


def add_to(app: typer.Typer) -> None:
    """Add this command to `trigpoint web`."""
    app.command("erase")(erase)


def erase(
    extract: Annotated[
        Path | None, typer.Option(help="The folder of `write-extract`, to be written anew.", show_default=False)
    ] = None,
    nightly: Annotated[
        Path | None, typer.Option(help="The folder of `export-nightly`, to be written anew.", show_default=False)
    ] = None,
    demo: Demo = False,
) -> None:
    """Carry out the erasures that two officers decided, in both homes. Broken off, the next call goes on with it."""
    start_django(demo=demo)
    from trigpoint_web.api.leaving.nightly import export_nightly
    from trigpoint_web.casework.border import write_extract
    from trigpoint_web.casework.queries.child_page import partnership_folder
    from trigpoint_web.rights.erasing.carrying_out import carry_out_all
    from trigpoint_web.rights.erasing.journal import take_up_again, write_journal

    with as_owner():
        write_journal()  # what was done when the last call was broken off before it could write this
        if again := take_up_again():
            typer.echo(f"{again:,} erasures were undone by a restored backup. They are carried out again.")
        done = carry_out_all()
        write_journal()
        if extract:
            write_extract(extract)
        if nightly:
            export_nightly(nightly)
    for line in _said(done):
        typer.echo(line)
    if any(one.done_at for one in done):
        typer.echo(keep_ready(partnership_folder()))


def _said(done: list[Erasure]) -> list[str]:
    gone = [one for one in done if one.done_at]
    lines = [f"{len(gone):,} carried out, {len(done) - len(gone):,} stopped by a hold or by new work."]
    if files := sorted({name for one in gone for name in one.extracts}):
        lines.append(f"Agencies' own files hold these children still: {', '.join(files)}.")
    if gone:
        lines.append(
            "Backups, reports and exports that were made before hold them until they are thrown away. "
            "The next run marks everyone anew."
        )
    return lines
