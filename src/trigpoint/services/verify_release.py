"""Verify the files of a release by themselves: every file against the manifest, the manifest against a noted seal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trigpoint.errors import ReleaseError
from trigpoint.report.release.files import MANIFEST, sha256


@dataclass(frozen=True)
class Verified:
    """What checking gave: `faults` in plain words (none: whole and unchanged), the seal, how many files."""

    folder: Path
    release: str
    seal: str
    files: int
    faults: tuple[str, ...]
    withdrawn: bool = False

    def raise_faults(self) -> None:
        """Raises ReleaseError where anything is not as it was."""
        if self.faults:
            raise ReleaseError(
                f"The files of release {self.release} are not those that were made: {self.faults[0]}",
                where=str(self.folder),
                mend="Withdraw this release and ask for a new one.",
            )


def verify_folder(folder: Path, *, seal: str | None = None) -> Verified:
    """Check a folder of a release, and against `seal` where it was noted elsewhere.

    Raises ReleaseError where it is no release at all.
    """
    manifest = _manifest(folder)
    found = sha256(folder / MANIFEST)
    faults = list(_faults(folder, manifest["files"]))
    if seal is not None and seal.strip().lower() != found:
        faults.append("The seal is not the one that was noted.")
    notice = folder.with_name(f"{folder.name}-WITHDRAWN.txt")
    return Verified(
        folder, str(manifest.get("release", "")), found, len(manifest["files"]), tuple(faults), notice.exists()
    )


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        made = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = made["files"]
    except (OSError, ValueError, KeyError, TypeError):
        files = None
    if not isinstance(files, dict) or not all(isinstance(one, str) for pair in files.items() for one in pair):
        raise ReleaseError(
            "This folder is no release: it has no manifest that can be read.",
            where=str(folder / MANIFEST),
            mend="Give the folder that holds manifest.json.",
        )
    return dict(made)


def _faults(folder: Path, files: dict[str, str]) -> Iterator[str]:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    for name in sorted(set(files) - there):
        yield f"{name} is missing."
    for name in sorted(there - set(files)):
        yield f"{name} was not part of it."
    for name in sorted(there & set(files)):
        if sha256(folder / name) != files[name]:
            yield f"{name} was changed."
