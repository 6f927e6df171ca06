"""A writer's turn: one at a time, over threads and processes, with a note that says whose turn it is."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from trigpoint.errors import StoreError
from trigpoint.store.durable import as_store_error, aside, put

NOTE: Final = "writing.json"
# Which thread of this process writes where: a thread that waits for itself would wait for ever.
_WRITING: set[tuple[str, int]] = set()


class Turn:
    """The right to write, held.

    `interrupted`: somebody died at work, or could not clear up. `standing`: what the turn is kept for between two
    transactions, or None where it ends with the one. `busy`: a transaction is open.
    """

    def __init__(self, note: Path) -> None:
        self._note = note
        self.interrupted = note.exists()
        self.standing: str | None = None
        self.busy = False

    def announce(self, what: str) -> None:
        """Say who writes, before the first byte. The note outlives a crash, and so tells of it."""
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        put(self._note, json.dumps({"process": os.getpid(), "what": what, "since": since}))

    def finish(self) -> None:
        """Nothing half-done is left behind: take the note away, or go back to what the turn is kept for."""
        self.interrupted = False
        if self.standing is None:
            self._note.unlink(missing_ok=True)
        else:
            self.announce(self.standing)


def left_behind(folder: Path) -> bool:
    """Whether a writer is at work in `folder`, or died there."""
    note = folder / NOTE
    return note.exists() or aside(note).exists()


@contextmanager
def writers_turn(folder: Path, *, timeout: float) -> Iterator[Turn]:
    """Wait up to `timeout` seconds for the turn to write in `folder`; StoreError if it does not come."""
    note = folder / NOTE
    me = (str(folder.resolve()), threading.get_ident())
    if me in _WRITING:
        raise already_writing(folder)
    lock = FileLock(folder / "lock")
    _acquire(lock, note=note, timeout=timeout)
    _WRITING.add(me)
    try:
        yield Turn(note)
    finally:
        _WRITING.discard(me)
        lock.release()


def _acquire(lock: FileLock, *, note: Path, timeout: float) -> None:
    try:
        lock.acquire(timeout=max(timeout, 0.0), poll_interval=0.02)
    except Timeout:
        raise _busy(_holder(note), folder=note.parent, waited=timeout) from None
    except OSError as fault:
        raise as_store_error(fault, doing="taking a turn to write", where=note.parent) from None


def already_writing(folder: Path) -> StoreError:
    """The error of a thread that would wait for itself."""
    return StoreError(
        "This store is already being written by the same thread.",
        where=str(folder),
        mend="Use the open transaction, or end it first.",
    )


def _holder(note: Path) -> dict[str, Any]:
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and {"process", "what", "since"} <= set(found) else {}


def _busy(holder: dict[str, Any], *, folder: Path, waited: float) -> StoreError:
    if not holder:
        return StoreError(
            f"Another process writes to this store; it did not finish within {waited:g} seconds.",
            where=str(folder),
            mend="Run the command again when it has finished.",
        )
    who = holder["process"]
    return StoreError(
        f"Process {who} writes to this store ({holder['what']}, since {holder['since']}); "
        f"it did not finish within {waited:g} seconds.",
        where=str(folder),
        mend=f"Wait for it and run the command again. If process {who} hangs, end it: "
        "the next writer clears away what it left half-done.",
    )
