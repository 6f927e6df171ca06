"""Check a draft: agree or refuse, by name."""

from __future__ import annotations

from typing import Literal

from trigpoint.errors import ReleaseError
from trigpoint.services.release_chain import check_chain
from trigpoint.services.release_ledger import (
    CHECKERS,
    Release,
    folder_of,
    named,
    same_person,
    take_step,
    the_release,
)
from trigpoint.services.verify_release import verify_folder
from trigpoint.services.workspace import Workspace


def check_release(
    workspace: Workspace, name: str, *, by: str, verdict: Literal["agree", "refuse"], note: str
) -> Release:
    """Keep a checker's word on exactly the files that lie in the draft. Take the store's turn.

    Raises ReleaseError where the checker asked for the release or checked it already, where it waits for nobody, or
    where the files are no longer those that were requested.
    """
    check_chain(workspace)
    who, release = named(by), the_release(workspace, name)
    if not note.strip():
        raise ReleaseError("A check needs a word on what was looked at.", mend="Give --note.")
    _waits(release)
    if same_person(who, release.requested_by):
        raise ReleaseError(
            f"{who} asked for release {name} and cannot check it too.", mend="Let two other people check it."
        )
    if any(same_person(who, step.by) for step in release.taken("agreed")):
        raise ReleaseError(f"{who} has checked release {name} already.", mend="Let somebody else be the second.")
    verify_folder(folder_of(workspace, release, published=False), seal=release.seal).raise_faults()
    take_step(workspace, name, "agreed" if verdict == "agree" else "refused", by=who, note=note)
    return the_release(workspace, name)


def _waits(release: Release) -> None:
    if release.standing == "waits for its checkers" or release.standing.startswith("agreed by 1"):
        return
    if len(release.checkers) >= CHECKERS and release.standing.startswith("agreed"):
        raise ReleaseError(
            f"Release {release.name} has its {CHECKERS} checkers.",
            mend=f"Next: trigpoint release publish FOLDER {release.name}",
        )
    raise ReleaseError(f"Release {release.name} is {release.standing}: there is nothing to check.", mend=_ANEW)


_ANEW = "Ask for a new one: trigpoint release request FOLDER"
