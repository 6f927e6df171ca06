"""The folder brought back in line with the ledger: what a dead writer left, and what has expired."""

from __future__ import annotations

import shutil
from pathlib import Path

from trigpoint.store.delta import DeltaFolder
from trigpoint.store.ledger import Commit, Ledger


def mend(tables: Path, *, ledger: Ledger, scratch: Path) -> None:
    """Remove everything that no readable commit names. Safe to interrupt and to repeat."""
    head = ledger.head()
    clear(scratch)
    for path in sorted(p for p in tables.iterdir() if p.is_dir()):
        folder = DeltaFolder(path)
        newest = head.tables.get(path.name)
        folder.unwind(newest)
        if newest is not None:
            folder.sweep(oldest=oldest_version(path.name, ledger=ledger, head=head), newest=newest)
    for path in ledger.folder.glob(".*.part"):
        path.unlink()


def unwind(tables: Path, *, ledger: Ledger, scratch: Path) -> None:
    """Take back what the tables' logs say beyond the newest commit: the quick part of `mend`."""
    head = ledger.head()
    clear(scratch)
    for path in tables.iterdir():
        if path.is_dir():
            DeltaFolder(path).unwind(head.tables.get(path.name))


def trim(tables: Path, *, ledger: Ledger) -> None:
    """Shorten every table's log to the versions that can still be read."""
    head = ledger.head()
    for name in head.tables:
        DeltaFolder(tables / name).trim(oldest_version(name, ledger=ledger, head=head))


def oldest_version(table: str, *, ledger: Ledger, head: Commit) -> int:
    """The oldest version of `table` that a readable commit names; 0 if it began after the oldest of them."""
    return ledger.read(head.oldest).tables.get(table, 0)


def clear(scratch: Path) -> None:
    """An empty scratch folder."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True, exist_ok=True)
