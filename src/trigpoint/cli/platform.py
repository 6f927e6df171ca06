"""Commands for a platform: scan-stream, scan-batch, risk-assessment."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trigpoint.cli.screen import ERR, say
from trigpoint.errors import SettingsError
from trigpoint.services.assess_risk import draft_assessment, example_answers
from trigpoint.services.scan_batch import scan_arrow
from trigpoint.services.scan_stream import ScanStream, as_line


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("scan-stream")(stream)
    app.command("scan-batch")(batch)
    app.command("risk-assessment")(assessment)


def stream(
    state: Annotated[
        Path | None, typer.Option(help="A file that keeps the state between runs.", show_default=False)
    ] = None,
    at_once: Annotated[
        int, typer.Option("--at-once", min=1, max=8192, help="How many lines are answered together.")
    ] = 1,
    save_every: Annotated[float, typer.Option(min=0.0, help="Seconds between savings of the state.")] = 60.0,
) -> None:
    """Read messages as JSON lines from standard input; write signals and refused lines as JSON lines, one partition."""
    scanning = ScanStream(state=state, save_every=save_every)
    lines = (raw.decode("utf-8", "replace") for raw in sys.stdin.buffer)
    for answer in scanning.answers(lines, batch=at_once):
        sys.stdout.write(as_line(answer) + "\n")
        sys.stdout.flush()
    tally = scanning.tally
    ERR.print(
        f"{tally.read:,} read: {tally.messages:,} messages, {tally.refused:,} refused; {tally.signals:,} signals."
    )


def batch(
    source: Annotated[Path, typer.Argument(help="Messages: .parquet, .arrow or .arrows.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="Signals: .parquet, .arrow or .arrows.")],
) -> None:
    """Scan a table of messages, each alone, into a table of signals."""
    read, found = scan_arrow(source, output)
    say(f"{read:,} messages read, {found:,} signals written to {output}.")


def assessment(
    answers: Annotated[Path | None, typer.Argument(help="The provider's answers, YAML.", show_default=False)] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write the draft (.md).", show_default="the screen")
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Write a file of answers to fill in instead.")] = False,
) -> None:
    """Draft a provider's children's risk assessment, with criminal and financial exploitation in it."""
    if answers is None and not example:
        raise SettingsError(
            "No answers are given.", mend="Write some: trigpoint risk-assessment --example -o answers.yaml"
        )
    text = example_answers() if example or answers is None else draft_assessment(answers)
    if output is None:
        say(text)
    else:
        output.write_text(text, encoding="utf-8")
        say(f"Wrote {output}.")
