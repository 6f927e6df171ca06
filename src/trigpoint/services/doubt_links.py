"""Ask about children whose timeline no one child can have: two records were joined that may be two children."""

from __future__ import annotations

from hashlib import md5
from typing import Any

import pyarrow as pa

from trigpoint.linkage.sureness.timelines import Relations, doubt_timelines
from trigpoint.records.tables import FIXED
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace

KIND = "timeline"


def doubt_links(workspace: Workspace, *, progress: Progress = SILENT) -> int:
    """Put the questions of kind "timeline" anew, from the current events (see `show_current`) and links; how many.

    Several reasons against one pair are one question.
    """
    for table in ("links", "judgements"):
        workspace.store.scan(workspace.con, table, name=f"known_{table}")
    doubts = doubt_timelines(workspace.con, Relations(links="known_links", judgements="known_judgements"))
    asked: dict[tuple[str, str, str], list[str]] = {}
    for row in doubts.to_pylist():
        asked.setdefault((row["child_key"], row["record_a"], row["record_b"]), []).append(row["reason"])
    rows = [
        {
            "question_id": md5(f"{KIND} {a} {b}".encode(), usedforsecurity=False).hexdigest()[:20],
            "kind": KIND,
            "record_a": a,
            "record_b": b,
            "child_keys": [child],
            "reason": "one child cannot be both: " + "; ".join(sorted(reasons)),
        }
        for (child, a, b), reasons in asked.items()
    ]
    before = [row for row in workspace.store.read("questions").to_pylist() if row["kind"] == KIND]
    if sorted(rows, key=_id) != sorted(before, key=_id):
        with workspace.store.write("ask about timelines") as tx:
            tx.delete("questions", f"kind = '{KIND}'")
            tx.append("questions", pa.Table.from_pylist(rows, schema=FIXED["questions"]))
    if rows:
        progress.step(f"{plural(len(rows), 'question')} about timelines that no one child can have.")
    return len(rows)


def _id(row: dict[str, Any]) -> str:
    return str(row["question_id"])
