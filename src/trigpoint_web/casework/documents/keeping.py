"""Where files lie: in a folder of their own, under a random name that says nothing of whose they are."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from trigpoint.errors import StoreError


def folder() -> Path:
    """The folder of documents, made where it is not there; nobody else on the machine may look into it."""
    found = Path(str(getattr(settings, "DOCUMENTS_FOLDER", "documents")))
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def keep_file(name: UUID, pieces: Iterable[bytes]) -> str:
    """Write the file, whole or not at all, and return its SHA-256. Raises StoreError where it cannot be written."""
    target = folder() / str(name)
    half = target.with_suffix(".part")
    seen = hashlib.sha256()
    try:
        with half.open("xb") as file:
            for piece in pieces:
                seen.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(half, 0o600)
        half.replace(target)
    except OSError as fault:
        half.unlink(missing_ok=True)
        raise StoreError("The document could not be kept.", mend="Tell the service desk; nothing was lost.") from fault
    return seen.hexdigest()


def drop_file(name: UUID) -> None:
    """Take the file away, if it is there."""
    (folder() / str(name)).unlink(missing_ok=True)


def path_of(name: UUID) -> Path:
    """Where the file lies. Raises StoreError where it is not there: a backup has to bring it back."""
    found = folder() / str(name)
    if not found.is_file():
        raise StoreError("The document's file is not there.", mend="Tell the service desk: it is in the backup.")
    return found
