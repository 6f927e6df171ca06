"""Write the report: one self-contained file."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from trigpoint.counts import Published
from trigpoint.counts.recording import recording
from trigpoint.report import render
from trigpoint.services.answer_all import last_day
from trigpoint.services.count_children import Kept, lay_out, published_now, show_children
from trigpoint.services.gather_report import gather_report
from trigpoint.services.workspace import Workspace


def write_report(workspace: Workspace, output: Path, *, as_at: date, published: Published | Kept) -> None:
    """Write the report of the run that has just marked and counted. The file appears whole or not at all."""
    data = gather_report(workspace, as_at=as_at, published=published.tables, note=str(published.note))
    half = output.with_name(output.name + ".part")
    try:
        half.write_text(render(data), encoding="utf-8")
        os.replace(half, output)
    finally:
        half.unlink(missing_ok=True)


def rewrite_report(workspace: Workspace, output: Path) -> None:
    """Write the report of the last finished run again, with the published counts that it kept.

    Raises NotFoundError where none has finished.
    """
    as_at = last_day(workspace)
    published = published_now(workspace)
    show_children(workspace, as_at=as_at)
    workspace.store.scan(workspace.con, "coverage")
    lay_out(workspace, recording(workspace.con, as_at=as_at))
    write_report(workspace, output, as_at=as_at, published=published)
