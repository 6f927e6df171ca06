"""Verify a bundle offline: every file, every message, the reading of the original, and the chain of custody."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from trigpoint.errors import ExtractError, TrigpointError
from trigpoint.scanner.reading import How, read_export
from trigpoint.scanner.reading.files import MOST_BYTES, MOST_IN_ALL
from trigpoint.services.bundle_shape import (
    FOLDER,
    FORM,
    MANIFEST,
    MESSAGES,
    MOST_ENTRIES,
    SUMS,
    Custody,
    canonical,
    message_lines,
    sha,
    sums,
)

_MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class Verified:
    """What checking gave: `faults` in plain words (none: whole and unchanged), the seal, the custody, the files."""

    faults: tuple[str, ...]
    seal: str
    kind: str
    messages: int
    custody: tuple[Custody, ...]
    files: Mapping[str, bytes]


def verify_bundle(path: Path, *, seal: str | None = None) -> Verified:
    """Check all that a bundle claims of itself, and against `seal` where it was noted elsewhere.

    Raises ExtractError where it is no bundle at all.
    """
    files = _opened(path)
    manifest = _manifest(files)
    faults = [*_file_faults(files, manifest), *_message_faults(files, manifest)]
    found = sha(files[MANIFEST])
    custody = list(_custody(files))
    faults += _custody_faults(files, custody, seal=found)
    if seal is not None and seal.strip().lower() != found:
        faults.append("The seal is not the one that was noted: this is not the bundle of then.")
    if not faults:
        faults += _reading_faults(files, manifest)
    counted = manifest.get("messages")
    return Verified(
        tuple(faults),
        found,
        str(manifest.get("kind")),
        counted["count"] if isinstance(counted, dict) and isinstance(counted.get("count"), int) else 0,
        tuple(custody),
        files,
    )


def _opened(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            large = any(i.file_size > MOST_BYTES for i in infos) or sum(i.file_size for i in infos) > MOST_IN_ALL
            twice = len({i.filename for i in infos}) < len(infos)
            if len(infos) > _MOST_FILES or large or twice:
                raise ExtractError("This zip is no bundle of ours.", mend="Ask its maker for it again.")
            return {i.filename: archive.read(i) for i in infos}
    except ExtractError:
        raise
    except FileNotFoundError:
        raise ExtractError("There is no such file.", mend="Check its name and where it lies.") from None
    except Exception as fault:  # whatever a damaged zip raises: zlib, struct, wrong CRC, wrong names
        raise ExtractError(
            "The bundle is damaged and cannot be opened.", mend=f"Fetch it again ({type(fault).__name__})."
        ) from None


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    try:
        manifest = json.loads(files[MANIFEST])
        if manifest["form"] == FORM and isinstance(manifest["files"], list):
            return dict(manifest)
    except (KeyError, ValueError, TypeError, RecursionError):
        pass
    raise ExtractError("This zip is no bundle: its manifest is missing or broken.", mend="Give the bundle itself.")


def _file_faults(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    listed = {str(f.get("name")): f for f in manifest["files"] if isinstance(f, dict)}
    for name, said in listed.items():
        if name not in files:
            yield f"A file is missing: {name}."
        elif said.get("sha256") != sha(files[name]) or said.get("size") != len(files[name]):
            yield f"A file was changed: {name}."
    known = {*listed, MANIFEST, SUMS}
    for name in sorted(set(files) - known):
        if not name.startswith(FOLDER):
            yield f"A file was added that the manifest does not know: {name}."
    whole = {name: data for name, data in files.items() if name in known}
    if files.get(SUMS) != sums(whole):
        yield f"The sums in {SUMS} are not those of the files."


def _message_faults(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    previous, number = "", 0
    for number, line in enumerate(files.get(MESSAGES, b"").splitlines(), 1):
        try:
            row = json.loads(line)
            own = row.pop("hash")
            whole = row["previous"] == previous and row["number"] == number and own == sha(canonical(row))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            whole, own = False, ""
        if not whole:
            yield f"Message number {number} was changed, or one before it was taken out."
            return
        previous = own
    counted = manifest.get("messages")
    if not isinstance(counted, dict) or counted.get("count") != number or counted.get("last") != previous:
        yield "Messages are missing at the end."


def _custody(files: Mapping[str, bytes]) -> Iterator[Custody]:
    for name in sorted(n for n in files if n.startswith(FOLDER)):
        try:
            value = json.loads(files[name])
            yield Custody(**{f.name: value[f.name] for f in fields(Custody)})
        except (ValueError, KeyError, TypeError, RecursionError):
            yield Custody(0, "", "unreadable", "", "", "", "", "")


def _custody_faults(files: Mapping[str, bytes], custody: list[Custody], *, seal: str) -> list[str]:
    faults, previous = [], ""
    if not custody:
        faults.append("The chain of custody is missing.")
    for number, entry in enumerate(custody[:MOST_ENTRIES], 1):
        right = entry.number == number and entry.previous == previous and entry.seal == seal
        if not right or files.get(entry.name) != entry.data:
            faults.append(f"The chain of custody is broken at entry {number}.")
            break
        previous = sha(entry.data)
    return faults


def _reading_faults(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> Iterator[str]:
    """Whether the original, read again in the same way, gives the very messages of the bundle."""
    try:
        how = replace(How(), **{f.name: manifest["read_as"][f.name] for f in fields(How)})
        with tempfile.TemporaryDirectory() as folder:
            original = _laid_out(files, Path(folder), manifest["received"])
            export = read_export(original, how)
    except (TrigpointError, OSError, KeyError, TypeError, ValueError):
        yield "The original cannot be read again as the manifest says."
        return
    if b"".join(canonical(row) + b"\n" for row in message_lines(export)) != files[MESSAGES]:
        yield "The original, read again, gives other messages. Another version of Trigpoint may have made the bundle."


def _laid_out(files: Mapping[str, bytes], folder: Path, received: Mapping[str, Any]) -> Path:
    """The original in a scratch folder under the name it came with, since the name may name the conversation."""
    name = Path(str(received["name"])).name or "received"
    root = folder / name
    for inner, data in files.items():
        if inner.startswith("original/"):
            target = (root / inner.removeprefix("original/")) if received["folder"] else root
            if not target.resolve().is_relative_to(folder.resolve()):
                raise ValueError
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    return root
