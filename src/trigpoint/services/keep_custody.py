"""The chain of custody of a bundle: who made it and who passed it on, each entry holding the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trigpoint.errors import ExtractError, SettingsError

FOLDER = "custody/"
MOST_ENTRIES = 9_999


@dataclass(frozen=True, slots=True)
class Custody:
    """One entry: what happened (`act`), when in UTC, by whom, to whom and why. `previous` is the hash before it."""

    number: int
    at: str
    act: str
    by: str
    to: str
    reason: str
    seal: str
    previous: str

    @property
    def data(self) -> bytes:
        """The entry as it stands in the bundle."""
        return canonical(asdict(self))

    @property
    def name(self) -> str:
        """Its file in the bundle."""
        return f"{FOLDER}{self.number:04d}.json"


def canonical(value: Any, /) -> bytes:
    """JSON with sorted keys and no spaces, the same bytes for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha(data: bytes, /) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def now(at: datetime | None = None, /) -> str:
    """The time in UTC to the second, as entries hold it."""
    return (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def first_entry(*, by: str, reason: str, seal: str, at: str) -> Custody:
    """The entry of whoever made the bundle. Raises SettingsError where nobody is named."""
    if not by.strip():
        raise SettingsError("A bundle needs the name of whoever makes it.", mend='Say it: --by "Name, role, agency"')
    return Custody(1, at, "made", by.strip(), "", reason.strip(), seal, "")


def hand_over(bundle: Path, *, by: str, to: str, reason: str, at: datetime | None = None) -> Custody:
    """Add to a bundle that `by` gave it to `to`; nothing else in it changes.

    Raises SettingsError where a name is missing, ExtractError where the bundle is damaged or its chain is broken.
    """
    from trigpoint.services.verify_bundle import verify_bundle

    if not (by.strip() and to.strip()):
        raise SettingsError("A hand-over needs two names.", mend='Say them: --by "Name" --to "Name"')
    checked = verify_bundle(bundle)
    if checked.faults:
        raise ExtractError(
            "The bundle is not whole, so nothing was added.", mend="Run: trigpoint verify-bundle, and ask its maker."
        )
    last = checked.custody[-1]
    if last.number >= MOST_ENTRIES:
        raise SettingsError("This bundle was handed over too often.", mend="Make a new one of it.")
    entry = Custody(
        last.number + 1, now(at), "handed over", by.strip(), to.strip(), reason.strip(), checked.seal, sha(last.data)
    )
    half = bundle.with_name(bundle.name + ".part")
    half.write_bytes(bundle.read_bytes())
    with zipfile.ZipFile(half, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry.name, entry.data)
    half.replace(bundle)
    return entry
