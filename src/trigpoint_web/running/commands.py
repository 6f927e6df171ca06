"""`trigpoint web …`: run casework, check it, keep its database.

The core's command line finds this through the entry point group `trigpoint.commands` and imports no Django. An app may
add commands of its own in a module `commands` with a function `add_to(app)`; such a module imports Django within its
functions alone.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from trigpoint_web.running.starting import start_django

app = typer.Typer(help="Casework: the web application.", no_args_is_help=True)
Demo = Annotated[bool, typer.Option("--demo", help="The invented partnership, on this machine alone.")]
ROOMS = ["accounts", "audit", "casework", "review", "response", "publishing", "api", "rights"]


@app.command("serve")
def serve(
    demo: Demo = False,
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1)] = 2,
    threads: Annotated[int, typer.Option(help="Pages that each process answers at once.", min=1)] = 8,
) -> None:
    """Bring the database up to date, then answer in the browser until Ctrl-C."""
    start_django(demo=demo)
    from trigpoint_web.running.serving import prepare_demo, prepare_pages, serve_pages

    prepare_pages()
    if demo:
        prepare_demo()
    typer.echo(f"Casework answers at http://{host}:{port}/ (Ctrl-C stops it)")
    serve_pages(f"{host}:{port}", workers=workers, threads=threads)


@app.command("wait")
def wait(
    port: Annotated[int, typer.Option(help="The port that casework will listen on.", min=1, max=65535)] = 8000,
    seconds: Annotated[int, typer.Option(help="How long to wait.", min=1)] = 180,
) -> None:
    """Wait until casework, started by another process on this machine, answers that it is well."""
    from trigpoint_web.running.waiting import wait_until_well

    if not wait_until_well(port, seconds=seconds):
        typer.echo(f"Casework did not answer on port {port} within {seconds} seconds.", err=True)
        raise typer.Exit(1)


@app.command("check")
def check(demo: Demo = False) -> None:
    """Say whether everything that casework needs is there, and how to mend what is not."""
    start_django(demo=demo)
    from trigpoint_web.running.checking import check_all

    for line in check_all():
        typer.echo(line)


@app.command("migrate")
def migrate(demo: Demo = False) -> None:
    """Bring the database's tables up to date, as their owner (DATABASE_OWNER_URL)."""
    start_django(demo=demo)
    from trigpoint_web.running.serving import bring_up_to_date

    bring_up_to_date()
    typer.echo("The database is up to date.")


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.", show_default=False)], demo: Demo = False
) -> None:
    """Write the whole database to a file. It holds personal data: keep it as you keep the database."""
    start_django(demo=demo)
    from trigpoint_web.running.backups import write_backup

    typer.echo(f"Kept in {write_backup(file)} ({file.stat().st_size:,} bytes).")


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.", show_default=False)],
    demo: Demo = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put the database back as it was in a backup: all or nothing. What came since is lost."""
    start_django(demo=demo)
    from trigpoint_web.running.backups import read_backup

    if not yes:
        typer.confirm("This replaces the whole database. Go on?", abort=True)
    read_backup(file)
    typer.echo("The database is as it was in the backup.")


@app.command("messages")
def messages() -> None:
    """Gather all words to be translated into the catalogues, and say what has no Welsh yet."""
    from trigpoint_web.running.words import gather_words

    missing = gather_words()
    typer.echo(f"{missing} words and sentences have no Welsh yet." if missing else "The Welsh catalogue is complete.")


def _add_rooms() -> None:
    for room in ROOMS:
        name = f"trigpoint_web.{room}"
        if find_spec(name) and find_spec(f"{name}.commands"):
            import_module(f"{name}.commands").add_to(app)


_add_rooms()
