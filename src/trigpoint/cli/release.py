"""The commands by which a count leaves: release request, check, publish, withdraw, list, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from trigpoint.cli.flow import Folder
from trigpoint.cli.screen import Telling, confirm, say, table
from trigpoint.services.check_release import check_release
from trigpoint.services.publish_release import publish_release, withdraw_release
from trigpoint.services.release_chain import check_chain
from trigpoint.services.release_ledger import CHECKERS, all_releases, the_release
from trigpoint.services.request_release import request_release
from trigpoint.services.verify_release import verify_folder
from trigpoint.services.workspace import open_workspace

Name = Annotated[str, typer.Argument(help="The release, such as R1.", show_default=False)]
By = Annotated[str, typer.Option(help="Who does this.", prompt=True, show_default=False)]

releases = typer.Typer(
    name="release", help="Publish counts: asked for by one person, checked by two others.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(releases)


@releases.command()
def request(
    folder: Folder,
    by: By,
    title: Annotated[str, typer.Option(help="What the release is called.", prompt=True, show_default=False)],
    why: Annotated[str, typer.Option(help="Why it is made. Kept, not published.", prompt=True, show_default=False)],
    contact: Annotated[str, typer.Option(help="Whom readers may ask; published.", show_default=False)] = "",
) -> None:
    """Write the draft of a release of the last run, protected together with all that was published before."""
    with open_workspace(folder, turn="request a release") as workspace:
        release, draft = request_release(workspace, title=title, by=by, note=why, contact=contact, progress=Telling())
    say(
        f"Release {release.name} is drafted in {draft}. Nothing is published.",
        f"Compared with: {', '.join(release.compared) or 'nothing was published before'}.",
        f"Next: {CHECKERS} people other than {release.requested_by} look at these files and say so:",
        f"  trigpoint release check {folder} {release.name} --by NAME --verdict agree --note WHAT",
    )


@releases.command()
def check(
    folder: Folder,
    release: Name,
    by: By,
    verdict: Annotated[Literal["agree", "refuse"], typer.Option(help="Whether it may go out.", prompt=True)],
    note: Annotated[str, typer.Option(help="What was looked at. Kept, not published.", prompt=True)],
) -> None:
    """Say of a draft that it may go out, or may not. Two must agree, and neither may have asked for it."""
    with open_workspace(folder, turn="check a release") as workspace:
        now = check_release(workspace, release, by=by, verdict=verdict, note=note)
    say(f"Kept. Release {now.name} is {now.standing}.")
    if len(now.checkers) >= CHECKERS:
        say(f"Next: trigpoint release publish {folder} {now.name} --by NAME")


@releases.command()
def publish(folder: Folder, release: Name, by: By) -> None:
    """Publish a release to which two checkers agreed. Its files never change again."""
    with open_workspace(folder, turn="publish a release") as workspace:
        place = publish_release(workspace, release, by=by)
        seal, chain = the_release(workspace, release).seal, check_chain(workspace)[-1]["chain"]
    say(f"Published: {place}", f"Seal: {seal}", f"Chain: {chain}")
    say("Note both elsewhere: the seal shows whether a file was changed, the chain whether a step was.")


@releases.command()
def withdraw(
    folder: Folder,
    release: Name,
    by: By,
    why: Annotated[str, typer.Option(help="Why; readers of a published release will see it.", prompt=True)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a release back. What was out stays known: later releases are still compared with it."""
    confirm(f"This withdraws release {release} for good. Go on?", yes=yes)
    with open_workspace(folder, turn="withdraw a release") as workspace:
        notice = withdraw_release(workspace, release, by=by, note=why)
    say(f"Withdrawn. {f'A notice lies beside it: {notice}' if notice else 'The draft is gone.'}")


@releases.command("list")
def list_releases(
    folder: Folder,
    steps: Annotated[bool, typer.Option("--steps", help="Show who did what, when and why.")] = False,
    noted: Annotated[
        str | None, typer.Option(help="The chain of a step that was noted elsewhere.", show_default=False)
    ] = None,
) -> None:
    """Show every release, where it stands, what it was compared with, and whether the ledger is as it was written."""
    with open_workspace(folder) as workspace:
        chained = check_chain(workspace, noted=noted)
        kept = all_releases(workspace)
    if not kept:
        say("There is no release yet. First: trigpoint release request FOLDER")
        return
    head = ("release", "title", "as at", "stands", "compared with")
    table("Releases", head, [(r.name, r.title, r.as_at, r.standing, ", ".join(r.compared) or "-") for r in kept])
    if steps:
        rows = [(r.name, s.step, s.by, f"{s.at:%d %b %Y %H:%M}", s.note) for r in kept for s in r.steps]
        table("Steps", ("release", "step", "by", "at", "said"), rows)
    say(f"The ledger of {len(chained)} steps is whole. Its chain ends in {chained[-1]['chain']}.")


@releases.command()
def verify(
    release: Annotated[Path, typer.Argument(help="The folder of a release.", show_default=False)],
    seal: Annotated[str | None, typer.Option(help="The seal that was noted elsewhere.", show_default=False)] = None,
) -> None:
    """Check that the files of a release are whole and unchanged. Needs nothing but the folder."""
    found = verify_folder(release, seal=seal)
    if found.faults:
        say(f"Not as it was made: release {found.release} in {release}.", *(f"  {one}" for one in found.faults))
        raise typer.Exit(1)
    say(f"Whole and unchanged: release {found.release}, {found.files} files.", f"Seal: {found.seal}")
    if found.withdrawn:
        say("It was withdrawn: see the notice beside it. Do not use it.")
    if seal is None:
        say("Without --seal this shows only that the files agree with their own manifest.")
