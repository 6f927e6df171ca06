"""Write the report: one self-contained file."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from trigpoint.counts import Published
from trigpoint.errors import NotFoundError
from trigpoint.report import render
from trigpoint.services.count_children import count_children
from trigpoint.services.current import show_current
from trigpoint.services.describe_children import describe_children
from trigpoint.services.gather_report import gather_report
from trigpoint.services.workspace import Workspace


def write_report(workspace: Workspace, output: Path, *, as_at: date, published: Published) -> None:
    """Write the report of the run that has just marked and counted. The file appears whole or not at all."""
    data = gather_report(workspace, as_at=as_at, published=published.tables, note=str(published.note))
    half = output.with_name(output.name + ".part")
    try:
        half.write_text(render(data), encoding="utf-8")
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)


def rewrite_report(workspace: Workspace, output: Path) -> None:
    """Write the report of the last finished run again. Raises NotFoundError where none has finished."""
    runs = workspace.store.read("runs", columns=["run_no", "as_at", "state"]).to_pylist()
    done = [run for run in runs if run["state"] == "done"]
    if not done:
        raise NotFoundError("No run has finished here yet.", mend="First: trigpoint run FOLDER")
    as_at = max(done, key=lambda run: run["run_no"])["as_at"]
    show_current(workspace)
    workspace.store.scan(workspace.con, "links")
    describe_children(workspace, as_at=as_at)
    published = count_children(workspace, as_at=as_at)
    write_report(workspace, output, as_at=as_at, published=published)
