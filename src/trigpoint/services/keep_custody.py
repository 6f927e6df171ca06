"""The chain of custody of a bundle: who made it and who passed it on, each entry holding the hash of the one before."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

from trigpoint.errors import ExtractError, SettingsError
from trigpoint.services.bundle_shape import MOST_ENTRIES, Custody, now, sha
from trigpoint.services.verify_bundle import verify_bundle


def first_entry(*, by: str, reason: str, seal: str, at: str) -> Custody:
    """The entry of whoever made the bundle. Raises SettingsError where nobody is named."""
    if not by.strip():
        raise SettingsError("A bundle needs the name of whoever makes it.", mend='Say it: --by "Name, role, agency"')
    return Custody(1, at, "made", by.strip(), "", reason.strip(), seal, "")


def hand_over(bundle: Path, *, by: str, to: str, reason: str, at: datetime | None = None) -> Custody:
    """Add to a bundle that `by` gave it to `to`; nothing else in it changes.

    Raises SettingsError where a name is missing, ExtractError where the bundle is damaged or its chain is broken.
    """
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
