"""`trigpoint web verify-audit` and `anchor-audit`. Django is imported when a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trigpoint.errors import StoreError
from trigpoint_web.running.starting import as_owner, start_django

Demo = Annotated[bool, typer.Option("--demo", help="The invented partnership, on this machine alone.")]
Anchors = Annotated[Path | None, typer.Option("--anchors", help="Anchors written down before, to hold the chain to.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to `trigpoint web`."""
    app.command("verify-audit")(verify_audit)
    app.command("anchor-audit")(anchor_audit)


def verify_audit(anchors: Anchors = None, demo: Demo = False) -> None:
    """Go through the whole chain of audit rows. Names the first row that is not as it was written."""
    start_django(demo=demo)
    from trigpoint_web.audit.chain import read_anchors, verify_chain

    with as_owner():  # row-level security shows nobody the whole audit
        checked = verify_chain(read_anchors(anchors) if anchors else None)
    if checked.broken:
        raise StoreError(
            f"Audit row {checked.broken.seq:,} {checked.broken.what}.",
            where="the audit of casework",
            mend="Keep the database as it is, compare it with a backup, and tell the governance officers.",
        )
    typer.echo(f"{checked.rows:,} audit rows, each as it was written. Last hash: {checked.last_hash}")


def anchor_audit(
    file: Annotated[Path, typer.Argument(help="A file to append to, best on another machine.", show_default=False)],
    demo: Demo = False,
) -> None:
    """Write down the last row's number and hash outside the database, so that a cut-off end is seen."""
    start_django(demo=demo)
    from trigpoint_web.audit.chain import write_anchor

    with as_owner():
        anchor = write_anchor(file)
    typer.echo(f"Row {anchor.seq:,} anchored: {anchor.hash}")
