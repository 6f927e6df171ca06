"""The command line: `trigpoint`."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from typing import Annotated

import typer

from trigpoint import __version__
from trigpoint.cli import context, estimate, find, flow, keep, known, look, platform, refer, release, scan, words
from trigpoint.cli.screen import guarded, say

app = typer.Typer(
    name="trigpoint",
    help="One consistent, explained marker for children who may be criminally exploited.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
)
flow.add_to(app)
look.add_to(app)
find.add_to(app)
known.add_to(app)
estimate.add_to(app)
release.add_to(app)
context.add_to(app)
scan.add_to(app)
refer.add_to(app)
platform.add_to(app)
words.add_to(app)
keep.add_to(app)
# What is built on Trigpoint adds its commands by this group, so that the core needs to know nothing of it.
for plugin in sorted(entry_points(group="trigpoint.commands")):
    app.add_typer(plugin.load(), name=plugin.name)


def _version(asked: bool) -> None:
    if asked:
        say(f"trigpoint {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """One consistent, explained marker for children who may be criminally exploited."""


def run() -> None:
    """Run the command line and leave with its exit code: 0 done, 1 not done, 2 wrong usage, 70 our own fault."""
    sys.exit(guarded(app))
