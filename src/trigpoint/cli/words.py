"""Commands about the words: suggest-mapping, terms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trigpoint.cli.screen import ERR, say
from trigpoint.errors import TermsError
from trigpoint.services.check_terms import check_terms
from trigpoint.services.suggest_mapping import suggest_mapping

terms = typer.Typer(help="The pack: kinds of event, codes, indicators and policy.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("suggest-mapping")(suggest)
    app.add_typer(terms, name="terms")


def suggest(
    file: Annotated[Path, typer.Argument(help="An extract.", show_default=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write it here.", show_default="screen")] = None,
) -> None:
    """Draft a mapping for an extract by looking at its names and values."""
    text, remarks = suggest_mapping(file)
    if output:
        output.write_text(text, encoding="utf-8")
        say(f"Drafted {output}. Read it before you use it.")
    else:
        typer.echo(text)
    for remark in remarks:
        ERR.print(remark, markup=False)


@terms.command("check")
def check(
    pack: Annotated[str, typer.Argument(help="The pack's name or folder.")] = "england_wales",
) -> None:
    """Check a pack: every file, every name in it, every example."""
    checked = check_terms(pack)
    for fault in checked.faults:
        say(str(fault), "")
    if checked.faults:
        raise TermsError(
            f"{len(checked.faults)} thing(s) to mend in pack '{pack}'.", mend="Each is shown above, with its place."
        )
    say(checked.summary)
