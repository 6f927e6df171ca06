"""Ask for a release: count, protect together with what was published before, attack, and write the draft."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from trigpoint.counts import Published
from trigpoint.errors import ReleaseError
from trigpoint.records.tables import FIXED
from trigpoint.report.release import draw_release
from trigpoint.services.answer_all import last_day
from trigpoint.services.count_children import also_now, protect_counts, show_children
from trigpoint.services.gather_release import gather_release
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.release_chain import check_chain
from trigpoint.services.release_ledger import (
    Release,
    all_releases,
    folder_of,
    kept_cells,
    named,
    number_of,
    published_before,
    take_step,
    the_release,
)
from trigpoint.services.workspace import Workspace


def request_release(
    workspace: Workspace, *, title: str, by: str, note: str, contact: str = "", progress: Progress = SILENT
) -> tuple[Release, Path]:
    """Write the draft of a release of the last finished run; return the release and the folder of the draft.

    Nothing is published by this: two checkers who are not `by` have to agree first. Take the store's turn. Raises
    ReleaseError where there is nothing to release or another draft waits, CountsError where the tables cannot be
    made safe, NotFoundError where no run has finished.
    """
    who = named(by)
    if not title.strip() or not note.strip():
        raise ReleaseError("A release needs a title, and a reason why it is made.", mend="Give --title and --why.")
    check_chain(workspace)
    _none_waits(workspace)
    as_at = last_day(workspace)
    from_on, data = workspace.partnership.period.from_on, _data(workspace, as_at)
    before = published_before(workspace, as_at=as_at)
    progress.stage("Counting and protecting")
    published = _protected(workspace, as_at=as_at)
    progress.step(f"{plural(len(published.tables), 'table')}; {published.note}")
    name = f"R{max((number_of(one.name) for one in all_releases(workspace)), default=0) + 1}"
    progress.stage("Writing the draft")
    drawn = gather_release(workspace, published, name=name, title=title.strip(), as_at=as_at, contact=contact)
    draft = folder_of(workspace, name, published=False)
    row = {
        "release": name, "title": title.strip(), "as_at": as_at, "from_on": from_on, "data": data,
        "compared": [one.name for one in before], "seal": _draw(drawn, draft), "note": str(published.note),
    }  # fmt: skip
    _keep(workspace, row, cells=kept_cells(name, published.kept))
    take_step(workspace, name, "requested", by=who, note=note)
    return the_release(workspace, name), draft


def _none_waits(workspace: Workspace) -> None:
    for one in all_releases(workspace):
        if one.steps and not (one.was_published or one.taken("withdrawn") or one.taken("refused")):
            raise ReleaseError(
                f"Release {one.name} waits: it {one.standing}."
                if one.standing.startswith("waits")
                else f"Release {one.name} waits: it is {one.standing}.",
                mend="Publish or withdraw it first: what is published next has to be compared with it.",
            )


def _data(workspace: Workspace, as_at: date) -> str:
    """The facts of the last run by name: what it had loaded, under which terms, up to which day."""
    runs = [run for run in workspace.store.read("runs").to_pylist() if run["state"] == "done"]
    last = max(runs, key=lambda run: run["at"])
    return f"{last['seq']} {last['terms']} {as_at.isoformat()}"


def _protected(workspace: Workspace, *, as_at: date) -> Published:
    """The counts of the run, with the tables that `trigpoint known` kept for it, in one piece."""
    show_children(workspace, as_at=as_at)
    published = protect_counts(workspace, as_at=as_at, also=also_now(workspace))
    if not published.tables:
        raise ReleaseError("There is nothing to release: no child was counted.", mend="Look at the report of the run.")
    return published


def _draw(drawn: Any, draft: Path) -> str:
    """The draft as a whole or not at all; its seal. A draft that a broken run left goes first."""
    half = draft.with_name(f".{draft.name}.part")
    for left in (half, draft):
        shutil.rmtree(left, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        seal = draw_release(drawn, half)
        half.rename(draft)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return seal


def _keep(workspace: Workspace, row: dict[str, Any], *, cells: pa.Table) -> None:
    with workspace.store.write("keep the draft of a release") as tx:
        tx.append("releases", pa.Table.from_pylist([row], schema=FIXED["releases"]))
        tx.append("release_cells", cells)
