"""The command line: `trigpoint`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import entry_points
from typing import Annotated, Any

import typer

from trigpoint import __version__
from trigpoint.cli.screen import guarded, say

# The commands of each module, in the order in which work goes. What all modules together import takes seconds to
# read, so that of a command which is named only its own module is read.
OFFERED = {
    "flow": ("new", "invent", "run", "load"),
    "look": ("show", "report", "export"),
    "find": ("find", "why", "review-sample"),
    "known": ("known",),
    "estimate": ("unseen",),
    "release": ("release",),
    "context": ("national", "assessment"),
    "scan": ("scan", "bundle", "verify-bundle", "hand-over"),
    "refer": ("scan-into", "refer", "receive"),
    "platform": ("scan-stream", "scan-batch", "risk-assessment"),
    "words": ("suggest-mapping", "terms"),
    "keep": ("judge", "judge-from", "forget", "retain"),
}


def _version(asked: bool) -> None:
    if asked:
        say(f"trigpoint {__version__}")
        raise typer.Exit


def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """One consistent, explained marker for children who may be criminally exploited."""


def offering(arguments: Sequence[str]) -> typer.Typer:
    """The command line as far as these arguments need it: the commands beside the one they name, or all of them.

    All of them where none is named, for a list of them, or where nobody knows the name.
    """
    asked = arguments[0] if arguments else ""
    modules = [module for module, commands in OFFERED.items() if asked in commands]
    # What is built on Trigpoint adds its commands by this group, so that the core needs to know nothing of it.
    plugins = sorted(entry_points(group="trigpoint.commands"))
    added = [plugin for plugin in plugins if plugin.name == asked]
    made = typer.Typer(
        name="trigpoint",
        help="One consistent, explained marker for children who may be criminally exploited.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode="rich",
    )
    made.callback()(_options)
    every = not modules and not added
    for module in OFFERED if every else modules:
        import_module(f"trigpoint.cli.{module}").add_to(made)
    for plugin in plugins if every else added:
        made.add_typer(plugin.load(), name=plugin.name)
    return made


def __getattr__(name: str) -> Any:
    """`app`, the whole command line, made when it is asked for."""
    if name == "app":
        return offering([])
    raise AttributeError(f"module {__name__} has no attribute {name}")


def run() -> None:
    """Run the command line and leave with its exit code: 0 done, 1 not done, 2 wrong usage, 70 our own fault."""
    sys.exit(guarded(_answer))


def _answer() -> None:
    offering(sys.argv[1:])()
