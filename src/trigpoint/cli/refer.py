"""Commands that take findings of a scan to a partnership: scan-into, refer, receive."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from trigpoint.cli.flow import Folder
from trigpoint.cli.scan import As, Column, Dates, File, Form, Zone, how
from trigpoint.cli.screen import say
from trigpoint.services.place_findings import place_findings
from trigpoint.services.refer_platform import receive_referral, refer
from trigpoint.services.scan_file import scan_file
from trigpoint.services.write_findings import ChildOfScan, findings_of

Account = Annotated[str, typer.Option("--account", help="The child's account, as the export names it.")]
LocalId = Annotated[str, typer.Option("--child", help="Your own number for the child.")]
Given = Annotated[str, typer.Option(help="Given names.")]
Family = Annotated[str, typer.Option(help="Family name.")]
Born = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date.", show_default=False)]
Sex = Annotated[Literal["F", "M"] | None, typer.Option(help="As recorded.", show_default=False)]
Nhs = Annotated[str, typer.Option(help="NHS number.")]
Postcode = Annotated[str, typer.Option(help="Of the home.")]
Phone = Annotated[str, typer.Option(help="The child's own number.")]
Case = Annotated[str, typer.Option(help="Your reference.")]
Platform = Annotated[str, typer.Option(help="The service.", show_default="found from the export")]
Source = Annotated[
    str | None, typer.Option(help="The source that scanned.", show_default="the one that has such a feed")
]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("scan-into")(scan_into)
    app.command("refer")(make)
    app.command("receive")(receive)


def scan_into(
    file: File,
    folder: Folder,
    account: Account,
    child: LocalId = "",
    given: Given = "",
    family: Family = "",
    born: Born = None,
    sex: Sex = None,
    nhs_number: Nhs = "",
    postcode: Postcode = "",
    phone: Phone = "",
    case: Case = "",
    platform: Platform = "",
    source: Source = None,
    form: Form = None,
    zone: Zone = "Europe/London",
    dates: Dates = None,
    surface: As = None,
    column: Column = None,
) -> None:
    """Scan a child's messages and put what was found among the files of a partnership's source, without the words."""
    who = ChildOfScan(
        account, child, given, family, born.date() if born else None, sex or "", nhs_number, postcode, phone
    )
    options = how(form=form, zone=zone, dates=dates, owner=account, surface=surface, column=column)
    scan = scan_file(file, options)
    found = findings_of(scan, who, case=case, platform=platform)
    if not found.rows:
        say("Nothing was found that has a time: nothing was written. That does not say that the child is safe.")
        return
    target = place_findings(found, folder, evidence=scan.export.sha256, source=source)
    say(f"Wrote {found.rows:,} findings to {target}.", f"Next: trigpoint run {folder}")
    if found.without_time:
        say(f"{found.without_time:,} findings have no time in the export and are not among them.")


def make(
    file: File,
    output: Annotated[Path, typer.Option("--output", "-o", help="The bundle, a zip.")],
    account: Account,
    by: Annotated[str, typer.Option("--by", help="Who sends it: name, role, organisation.")],
    case: Case = "",
    child: LocalId = "",
    given: Given = "",
    family: Family = "",
    born: Born = None,
    sex: Sex = None,
    postcode: Postcode = "",
    phone: Phone = "",
    platform: Platform = "",
    form: Form = None,
    zone: Zone = "Europe/London",
    dates: Dates = None,
    surface: As = None,
    column: Column = None,
) -> None:
    """Make a referral bundle about one child that a partnership can check and load."""
    who = ChildOfScan(account, child, given, family, born.date() if born else None, sex or "", "", postcode, phone)
    options = how(form=form, zone=zone, dates=dates, owner=account, surface=surface, column=column)
    made = refer(file, output, who, by=by, case=case, platform=platform, how=options)
    say(f"Made {made.path} with {made.messages:,} messages.", f"Its seal, to send by another way: {made.seal}")


def receive(
    bundle: Annotated[Path, typer.Argument(help="The referral bundle.", show_default=False)],
    folder: Folder,
    source: Source = None,
    seal: Annotated[str | None, typer.Option(help="The seal that was sent.", show_default=False)] = None,
) -> None:
    """Check a referral bundle and put its findings among the files of a source."""
    target = receive_referral(bundle, folder, source=source, seal=seal)
    say(f"Whole and unchanged. Wrote {target}.", f"Next: trigpoint run {folder}")
