"""Bytes that survive: written aside, flushed to the disk, then moved into place in one step."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from trigpoint.errors import StoreError, TrigpointError

_FULL = ("no space left on device", "disk quota exceeded", "file too large", "not enough space")
_FULL_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def flush(path: Path) -> None:
    """Make the bytes of a file, or the names in a folder, last through a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put(path: Path, text: str) -> None:
    """Write `text` to `path` so that a reader sees the old file or the whole new one, never a part."""
    part = aside(path)
    try:
        part.write_text(text, encoding="utf-8")
        flush(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    flush(path.parent)


def aside(path: Path) -> Path:
    """Where `path` is written first. One name: only the holder of the writer's turn puts anything."""
    return path.with_name(f".{path.name}.part")


def as_store_error(fault: BaseException, *, doing: str, where: Path) -> TrigpointError:
    """The fault of a library or of the disk as one readable error.

    The text of the fault itself is left out: an Arrow or Parquet error likes to quote the value that it met.
    """
    if isinstance(fault, TrigpointError):
        return fault
    if _is_full(fault):
        return StoreError(
            f"The disk is full or a limit on it was reached while {doing}. The store is as it was before.",
            where=str(where),
            mend="Free some space (old versions go with `expire`), then run the command again.",
        )
    if _is_missing(fault):
        return StoreError(
            f"A file that the store needs is missing; found while {doing}.",
            where=str(where),
            mend="Something outside Trigpoint removed it: restore the whole folder from a backup.",
        )
    if isinstance(fault, PermissionError):
        return StoreError(
            f"The store may not be written while {doing}.",
            where=str(where),
            mend="Check who owns the folder and whether the disk is read-only.",
        )
    return StoreError(
        f"The store could not finish {doing} ({type(fault).__name__}). The store is as it was before.",
        where=str(where),
        mend="Run the command again. If it fails again, check the disk and the rows handed in.",
    )


def _is_missing(fault: BaseException) -> bool:
    words = str(fault).lower()
    return isinstance(fault, FileNotFoundError) or "no files found" in words or "no such file" in words


def _is_full(fault: BaseException) -> bool:
    if isinstance(fault, OSError) and fault.errno in _FULL_NUMBERS:
        return True
    return any(words in str(fault).lower() for words in _FULL)
