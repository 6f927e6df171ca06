"""How the commands speak: progress as it goes, summaries in plain words, errors that say how to mend."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from time import monotonic

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from trigpoint.errors import TrigpointError

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)
DEBUG = "TRIGPOINT_DEBUG"


class Telling:
    """Shows each stage with the time it took, and its steps below it."""

    def __init__(self) -> None:
        self._began = monotonic()

    def stage(self, title: str) -> None:
        """A stage begins."""
        OUT.print(f"[bold]{escape(title)}[/bold] [dim]({monotonic() - self._began:.0f} s)[/dim]")

    def step(self, said: str) -> None:
        """Something in this stage was done."""
        OUT.print(f"  {escape(said)}", soft_wrap=True)


def say(*lines: str) -> None:
    """Print lines as they are."""
    for line in lines:
        OUT.print(escape(line), soft_wrap=True)


def heading(title: str) -> None:
    """Print a heading."""
    OUT.print(f"\n[bold]{escape(title)}[/bold]")


def table(title: str, headers: Iterable[str], rows: Iterable[Iterable[object]], *, right: int = 99) -> None:
    """Print a table; columns from number `right` on stand to the right, as figures do."""
    drawn = Table(title=title, title_justify="left", title_style="bold")
    for i, header in enumerate(headers):
        drawn.add_column(header, justify="right" if i >= right else "left")
    for row in rows:
        drawn.add_row(*(escape(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row))
    OUT.print(drawn)


def guarded(command: Callable[[], None]) -> int:
    """Run a command; turn what goes wrong into words and an exit code. No traceback unless TRIGPOINT_DEBUG is set."""
    try:
        command()
    except TrigpointError as fault:
        ERR.print(f"[bold red]Not done.[/bold red] {escape(str(fault))}")
        return 1
    except KeyboardInterrupt:
        ERR.print("Stopped. What was already loaded is kept; nothing is half done.")
        return 130
    except OSError as fault:
        return _machine(fault)
    except Exception as fault:
        return _inner(fault)
    return 0


def _machine(fault: OSError) -> int:
    """The disk or the system refused. The file's name is shown, never its content."""
    if os.environ.get(DEBUG):
        raise fault
    ERR.print(f"[bold red]Not done.[/bold red] The computer refused: {escape(fault.strerror or type(fault).__name__)}")
    ERR.print("  mend:  Check free space and permissions of the partnership's folder, then run the command again.")
    return 1


def _inner(fault: Exception) -> int:
    """A fault of Trigpoint's own. Its message may hold data, so only its kind is shown."""
    if os.environ.get(DEBUG):
        raise fault
    if type(fault).__name__ == "OutOfMemoryException":
        ERR.print("[bold red]Not done.[/bold red] This step needs more memory than it may use.")
        ERR.print("  The store is as it was before this step.")
        ERR.print('  mend:  Give it more, such as TRIGPOINT_MEMORY="6GB", and run the command again.')
        return 1
    ERR.print(f"[bold red]Not done.[/bold red] A fault inside Trigpoint ({type(fault).__name__}).")
    ERR.print("  The store is as it was before this step.")
    ERR.print(f"  mend:  Please report it; {DEBUG}=1 shows where, and may show data of people.")
    return 70


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something that cannot be undone; `yes` answers beforehand."""
    if not yes:
        typer.confirm(question, abort=True)
