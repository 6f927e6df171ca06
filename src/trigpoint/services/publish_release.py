"""Publish a release that two checkers agreed to, or withdraw one."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from trigpoint.errors import ReleaseError
from trigpoint.services.release_chain import check_chain
from trigpoint.services.release_ledger import (
    CHECKERS,
    Release,
    folder_of,
    named,
    published_before,
    take_step,
    the_release,
)
from trigpoint.services.verify_release import verify_folder
from trigpoint.services.workspace import Workspace


def publish_release(workspace: Workspace, name: str, *, by: str) -> Path:
    """Give the draft its place as a release and return it. Its files are from then on only read.

    Take the store's turn. Raises ReleaseError where a step before this is missing, where the files are not those that
    were checked, or where something else was published since the draft was compared.
    """
    check_chain(workspace)
    who, release = named(by), the_release(workspace, name)
    _may(workspace, release)
    draft, place = (folder_of(workspace, release, published=done) for done in (False, True))
    if not place.exists():  # else a run broke off between the two steps below
        verify_folder(draft, seal=release.seal).raise_faults()
        draft.rename(place)
    verify_folder(place, seal=release.seal).raise_faults()
    take_step(workspace, name, "published", by=who, note=f"{' and '.join(release.checkers)} agreed")
    for path in place.rglob("*"):
        if path.is_file():
            os.chmod(path, 0o444)
    return place


def withdraw_release(workspace: Workspace, name: str, *, by: str, note: str) -> Path | None:
    """Take a release back. A draft is removed. What was published stays where it is, as it is, with a notice beside.

    What was out stays known: every later release is still compared with it. Returns the notice, where there is one.
    Raises ReleaseError where it was withdrawn already, or no reason is given.
    """
    check_chain(workspace)
    who, release = named(by), the_release(workspace, name)
    if not note.strip():
        raise ReleaseError("A withdrawal needs a reason: readers will see it.", mend="Give --why.")
    if release.taken("withdrawn"):
        raise ReleaseError(f"Release {name} is {release.standing}.")
    take_step(workspace, name, "withdrawn", by=who, note=note)
    if not release.was_published:
        shutil.rmtree(folder_of(workspace, release, published=False), ignore_errors=True)
        return None
    notice = folder_of(workspace, release, published=True).with_name(f"{name}-WITHDRAWN.txt")
    notice.write_text(
        f"Release {name}, {release.title}, was withdrawn on {datetime.now():%d %B %Y}.\nWhy: {note.strip()}\n"
        "Its files are kept as they were published. Do not use them.\n",
        encoding="utf-8",
    )
    return notice


def _may(workspace: Workspace, release: Release) -> None:
    name = release.name
    if release.was_published or release.taken("withdrawn") or release.taken("refused"):
        raise ReleaseError(
            f"Release {name} is {release.standing} and cannot be published.",
            mend="Ask for a new one: trigpoint release request FOLDER",
        )
    missing = CHECKERS - len(release.checkers)
    if missing > 0:
        raise ReleaseError(
            f"Release {name} lacks {missing} of its {CHECKERS} checkers.",
            mend=f"Let somebody who did not ask for it: trigpoint release check FOLDER {name} --by NAME",
        )
    now = {one.name for one in published_before(workspace, as_at=release.as_at, from_on=release.from_on)}
    if now != set(release.compared):
        raise ReleaseError(
            f"Since release {name} was requested another was published, with which it was not compared.",
            mend=f"Withdraw it and ask anew: trigpoint release withdraw FOLDER {name}",
        )
