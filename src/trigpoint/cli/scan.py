"""Commands about messages: scan, bundle, verify-bundle, hand-over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape

from trigpoint.cli.screen import OUT, heading, say
from trigpoint.errors import ExtractError, SettingsError
from trigpoint.report.scan import ShownConversation, ShownScan, ShownSignal
from trigpoint.scanner import Surface
from trigpoint.scanner.reading import OWNER, TITLES, DateOrder, How
from trigpoint.services.bundle_evidence import bundle_evidence
from trigpoint.services.keep_custody import hand_over
from trigpoint.services.scan_file import scan_file
from trigpoint.services.show_scan import keep_scan, printable, show_scan
from trigpoint.services.verify_bundle import verify_bundle

_MOST = 8  # conversations told on the screen
_COLOURS = {"approach": "cyan", "trust": "cyan", "test": "yellow", "task": "red", "control": "red", "harm": "magenta"}

File = Annotated[Path, typer.Argument(help="An export: a file, a folder or a zip.", show_default=False)]
Form = Annotated[
    str | None,
    typer.Option("--format", help=f"Its form: {', '.join(TITLES)}.", show_default="found from the file"),
]
Zone = Annotated[str, typer.Option(help="Time zone of clock times that carry none.")]
Dates = Annotated[
    Literal["day", "month", "year"] | None,
    typer.Option(help="What stands first in dates.", show_default="found from the file"),
]
Owner = Annotated[str, typer.Option(help="The account whose phone it is, where the export says only 'me'.")]
As = Annotated[
    Literal["direct", "group", "game", "advert", "post"] | None,
    typer.Option("--as", help="What kind of talk it is.", show_default="found from the file"),
]
Column = Annotated[
    list[str] | None,
    typer.Option("--column", help="A column of a CSV, as field=NAME; repeat it.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("scan")(scan)
    app.command("bundle")(bundle)
    app.command("verify-bundle")(verify)
    app.command("hand-over")(give)


def scan(
    file: File,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a review page with the conversations.", show_default=False)
    ] = None,
    form: Form = None,
    zone: Zone = "Europe/London",
    dates: Dates = None,
    owner: Owner = OWNER,
    surface: As = None,
    column: Column = None,
) -> None:
    """Scan messages for exploitation: what was said, where, and what a person might do now. Nothing leaves here."""
    scanned = scan_file(file, how(form=form, zone=zone, dates=dates, owner=owner, surface=surface, column=column))
    if html:
        keep_scan(scanned, html)
    if as_json:
        typer.echo(json.dumps(scanned.as_data(), default=str, ensure_ascii=False))
        return
    show(show_scan(scanned))
    if html:
        say(f"Review page: {html}")


def how(
    *,
    form: str | None,
    zone: str,
    dates: DateOrder | None,
    owner: str,
    surface: Surface | None,
    column: list[str] | None,
) -> How:
    """The options of reading. Raises SettingsError where a --column is not field=NAME."""
    columns = {}
    for one in column or ():
        field, sign, name = one.partition("=")
        if not sign or not name:
            raise SettingsError("A --column is not field=NAME.", mend='Write it as: --column "text=Message body"')
        columns[field] = name
    return How(form=form, zone=zone, dates=dates, owner=owner, surface=surface, columns=columns)


def show(scan: ShownScan) -> None:
    """Show a scan on the screen: what was read, then each conversation with signals."""
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in scan.kinds.items())
    say(f"{', '.join(scan.forms)}: {scan.read:,} read: {kinds or 'no messages'}, {len(scan.refused):,} refused.")
    say(*(f"Note: {one}" for one in scan.notes))
    for where, why, mend in scan.refused[:5]:
        say(f"  refused {where}: {why} {mend}")
    if len(scan.refused) > 5:
        say(f"  and {len(scan.refused) - 5:,} more; --json and --html list them.")
    for conversation in scan.with_signals[:_MOST]:
        _conversation(conversation)
    if len(scan.with_signals) > _MOST:
        say(f"\n{len(scan.with_signals) - _MOST:,} more conversations with signals; --html shows all.")
    unsure = [c for c in scan.conversations if c.verdict == "not_enough"]
    quiet = len(scan.conversations) - len(scan.with_signals) - len(unsure)
    heading("The rest" if scan.with_signals else "What was found")
    say(f"Not enough to tell: {len(unsure):,}. Nothing that the scanner knows of: {quiet:,} (no statement of safety).")
    say(*(f"{a.name}: {a.sentence}" for a in scan.accounts))


def _conversation(one: ShownConversation) -> None:
    heading(one.name)
    say(one.sentence, "")
    for step in one.steps:
        colour = _COLOURS.get(step.stage, "white")
        OUT.print(
            f"  {escape(step.when):>22}  [{colour}]● {step.stage:<9}[/{colour}] {escape(step.sender)}"
            f" {escape(step.title)} [dim](no. {step.message})[/dim]",
            soft_wrap=True,
        )
    for signal in one.signals:
        _signal(signal, one)
    if one.parts:
        say("", *(f"  {who}: {part} ({why})" for who, part, why in one.parts))
    if one.advice:
        say("", "  What might be done now", *(f"  {n}. {a.text}" for n, a in enumerate(one.advice, 1)))


def _signal(signal: ShownSignal, one: ShownConversation) -> None:
    OUT.print(
        f"\n  [bold]{signal.number}. {escape(signal.sender)} {escape(signal.title)}[/bold]"
        f" [dim]{signal.strength}[/dim]",
        soft_wrap=True,
    )
    for number in signal.messages:
        message = one.messages[number - 1]
        words = "".join(
            f"[bold black on yellow]{escape(s.text)}[/]" if signal.number in s.signals else escape(s.text)
            for s in message.segments
        )
        OUT.print(f"     [dim]no. {number}[/dim] {words.replace(chr(10), chr(10) + '     ')}", soft_wrap=True)
    for counted in (*signal.for_it, *signal.against_it):
        say(f"     {counted.points:+.1f} {counted.plain}" + (f": {counted.words}" if counted.words else ""))
    if signal.usual:
        OUT.print(f"     [dim]{escape(signal.usual)}[/dim]", soft_wrap=True)


def bundle(
    file: File,
    output: Annotated[Path, typer.Option("--output", "-o", help="The bundle, a zip.")],
    by: Annotated[str, typer.Option("--by", help="Who makes it: name, role, agency.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, such as a case reference.")] = "",
    form: Form = None,
    zone: Zone = "Europe/London",
    dates: Dates = None,
    owner: Owner = OWNER,
    surface: As = None,
    column: Column = None,
) -> None:
    """Make an evidence bundle: the export unchanged, every message with its hash, what was found, who had it."""
    options = how(form=form, zone=zone, dates=dates, owner=owner, surface=surface, column=column)
    made = bundle_evidence(file, output, by=by, reason=reason, how=options)
    say(f"Made {made.path} with {made.messages:,} messages.", f"Its seal, to note down elsewhere: {made.seal}")


def verify(
    file: Annotated[Path, typer.Argument(help="The bundle.", show_default=False)],
    seal: Annotated[str | None, typer.Option(help="The seal that was noted down.", show_default=False)] = None,
) -> None:
    """Check that nothing in a bundle was changed, and show who had it. Works without a network."""
    checked = verify_bundle(file, seal=seal)
    for entry in checked.custody:
        to = f" to {entry.to}" if entry.to else ""
        say(f"{entry.at} {entry.act} by {entry.by}{to}" + (f": {entry.reason}" if entry.reason else ""))
    if checked.faults:
        raise ExtractError(
            "The bundle is not whole:\n" + "\n".join(f"  - {printable(one)}" for one in checked.faults),
            mend="Do not rely on it. Ask whoever made it for a new copy, and note what you found.",
        )
    compared = "It is the one that was noted." if seal else "Compare it with the one that was noted elsewhere."
    say(f"Whole and unchanged: {checked.messages:,} messages, {len(checked.files):,} files.")
    say(f"Seal: {checked.seal}", compared)


def give(
    file: Annotated[Path, typer.Argument(help="The bundle.", show_default=False)],
    by: Annotated[str, typer.Option("--by", help="Who gives it.")],
    to: Annotated[str, typer.Option("--to", help="Who receives it.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
) -> None:
    """Write into a bundle's chain of custody that it changes hands."""
    entry = hand_over(file, by=by, to=to, reason=reason)
    say(f"Entry {entry.number}: {entry.at} handed over. The seal stays {entry.seal}.")
