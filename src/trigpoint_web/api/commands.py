"""`trigpoint web` commands for agencies' systems. Django is imported when a command runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from trigpoint_web.running.starting import as_owner, start_django

Demo = Annotated[bool, typer.Option("--demo", help="The invented partnership, on this machine alone.")]
ClientId = Annotated[str, typer.Argument(help="The client's id.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Add these commands to `trigpoint web`."""
    app.command("open-client")(open_client)
    app.command("close-client")(close_client)
    app.command("clients")(clients)
    app.command("subscribe")(subscribe)
    app.command("deliver-webhooks")(deliver_webhooks)
    app.command("export-nightly")(export_nightly)


def open_client(
    agency: Annotated[str, typer.Argument(help="The agency's code.", show_default=False)],
    name: Annotated[str, typer.Option(help="What the system is called.", show_default=False)],
    scope: Annotated[list[str], typer.Option(help="marker:read, event:write, marker:export; once each.")],
    sends_extract: Annotated[
        bool, typer.Option("--sends-extract", help="Its events come in the agency's extracts as well.")
    ] = False,
    own_numbers: Annotated[str, typer.Option(help="The source whose numbers of children are the agency's own.")] = "",
    demo: Demo = False,
) -> None:
    """Open an account for a system of an agency. The secret is shown once."""
    start_django(demo=demo)
    from trigpoint_web.api.clients import open_client as open_it

    with as_owner():
        made = open_it(agency, name=name, scopes=scope, sends_extract=sends_extract, own_numbers=own_numbers)
    typer.echo(f"Client id: {made.client.pk}")
    typer.echo(f"Secret:    {made.secret}")
    typer.echo("Hand both over safely: the secret cannot be shown again.")


def close_client(client_id: ClientId, demo: Demo = False) -> None:
    """Close a system's account: its tokens are worth nothing from now on."""
    start_django(demo=demo)
    from trigpoint_web.api.clients import close_client as close_it

    with as_owner():
        close_it(client_id)
    typer.echo("The account is closed.")


def clients(demo: Demo = False) -> None:
    """List the systems, what each may do, and how its notices go."""
    start_django(demo=demo)
    from trigpoint_web.api.leaving.listing import lines

    with as_owner():
        for line in lines():
            typer.echo(line)


def subscribe(
    client_id: ClientId,
    url: Annotated[str, typer.Argument(help="Where notices go; https.", show_default=False)],
    demo: Demo = False,
) -> None:
    """Have a system told when a marker changes. Shows the secret that its notices are signed with."""
    start_django(demo=demo)
    from trigpoint_web.api.clients import signing_secret
    from trigpoint_web.api.clients import subscribe as subscribe_it

    with as_owner():
        made = subscribe_it(client_id, url=url)
    typer.echo(f"Signing secret: {signing_secret(made)}")


def deliver_webhooks(
    every: Annotated[int, typer.Option(help="Seconds between rounds; 0 for one round alone.", min=0)] = 0,
    demo: Demo = False,
) -> None:
    """Tell systems of changed markers, and try again what was not taken."""
    start_django(demo=demo)
    from trigpoint_web.api.leaving.notices import deliver_notices

    with as_owner():
        while True:
            done = deliver_notices()
            if not every or done.found or done.taken:
                typer.echo(
                    f"{done.found:,} changes found, {done.taken:,} notices taken, {done.waiting:,} waiting, "
                    f"{done.given_up:,} given up."
                )
            if not every:
                return
            time.sleep(every)


def export_nightly(
    folder: Annotated[Path, typer.Argument(help="The folder to write the files into.", show_default=False)],
    demo: Demo = False,
) -> None:
    """Write each agency's file of markers, for systems that cannot ask. The files hold personal data."""
    start_django(demo=demo)
    from trigpoint_web.api.leaving.nightly import export_nightly as export

    with as_owner():
        for name, rows in export(folder).items():
            typer.echo(f"{name}: {rows:,} rows")
