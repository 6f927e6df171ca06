"""The steps of releases as a chain: each is bound to the release that it is about and to every step before it.

The chain of a step is the SHA-256 of the chain before it, the step, and the release with the counts behind it. Whoever
changes, takes out or puts in a step, or changes what later releases are compared with, breaks the chain from there on.
What is cut off at the end is seen by a chain that was noted elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

import pyarrow as pa

from trigpoint.errors import ReleaseError
from trigpoint.records.tables import FIXED
from trigpoint.services.workspace import Workspace

BEGINNING: Final = "0" * 64
SAID: Final = ("number", "release", "step", "by", "at", "note")
MEND: Final = "Find out who wrote to the folder, and compare a copy from before. Release nothing until it is clear."


def append_step(workspace: Workspace, row: Mapping[str, Any]) -> None:
    """Add a step (release, step, by, at, note) behind all others. Raises ReleaseError where their chain is broken."""
    before = check_chain(workspace)
    last, chain = (before[-1]["number"], before[-1]["chain"]) if before else (0, BEGINNING)
    step = {**row, "number": last + 1}
    step["chain"] = _chain(chain, step, about=_about(workspace)[row["release"]])
    with workspace.store.write("note a step of a release") as tx:
        tx.append("release_steps", pa.Table.from_pylist([step], schema=FIXED["release_steps"]))


def check_chain(workspace: Workspace, *, noted: str | None = None) -> list[dict[str, Any]]:
    """Every step in order, once the chain was found whole; and holding `noted`, where that is given.

    Raises ReleaseError at the first step that is not as it was written.
    """
    rows = sorted(workspace.store.read("release_steps").to_pylist(), key=lambda row: row["number"] or 0)
    about = _about(workspace)
    chain = BEGINNING
    for number, row in enumerate(rows, start=1):
        chain = _chain(chain, row, about=about.get(row["release"], ""))
        if row["number"] != number or row["chain"] != chain:
            raise ReleaseError(
                f"Step {number} of the releases ({row['step']}, {row['release']}) or one before it is not as it was "
                "written.",
                where="the ledger of releases",
                mend=MEND,
            )
    if noted is not None and noted.strip().lower() not in {row["chain"] for row in rows}:
        raise ReleaseError(
            "The ledger of releases does not hold the chain that was noted: steps were cut off or written anew.",
            where="the ledger of releases",
            mend=MEND,
        )
    return rows


def _chain(before: str, step: Mapping[str, Any], *, about: str) -> str:
    return _digest([before, about, *(step[name] for name in SAID)])


def _about(workspace: Workspace) -> dict[str, str]:
    """By release one digest of it and of the counts that later ones are compared with."""
    held: dict[str, list[str]] = {}
    for table in ("releases", "release_cells"):
        for row in workspace.store.read(table).to_pylist():
            held.setdefault(row["release"], []).append(f"{table} {_text(row)}")
    return {name: _digest(sorted(rows)) for name, rows in held.items()}


def _digest(what: Sequence[Any]) -> str:
    return sha256(_text(what).encode()).hexdigest()


def _text(what: Any) -> str:
    return json.dumps(what, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: date | datetime) -> str:
    return value.isoformat()
