"""An evidence bundle: the export as received, every message with its hash, what was found, and who had it.

A force checks it offline, with `trigpoint verify-bundle` or with the sums that it holds and no software of ours.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from trigpoint.scanner.reading import How
from trigpoint.scanner.reading.files import READABLE
from trigpoint.services.bundle_shape import FORM, MANIFEST, MESSAGES, SUMS, canonical, message_lines, now, sha, sums
from trigpoint.services.keep_custody import first_entry
from trigpoint.services.scan_file import Scan, made_with, scan_file

_README = """\
{title}

Personal and sensitive. Made with {made_with} at {at}.

original/      what was received, byte for byte
messages.jsonl every message as it was read, with its place in the original and a SHA-256 chained to the one before
answers.json   what the scanner found, with the exact places
review.html    the same for people, in any browser, without a network
manifest.json  every file with its size and SHA-256, and how the original was read
custody/       who made this bundle and who passed it on; each entry holds the hash of the one before

To check that nothing was changed: trigpoint verify-bundle THIS_FILE
Without Trigpoint: unpack it, and run  sha256sum -c SHA256SUMS

The seal of this bundle is the SHA-256 of manifest.json. Note it down apart from the bundle, in the statement or the
log: whoever could change the bundle could make a new chain, and cannot change what was noted elsewhere.
The scanner names behaviours in messages. It does not say who wrote them or that anybody is guilty.
"""


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle that was made: where, its seal to note down elsewhere, and how many messages it holds."""

    path: Path
    seal: str
    messages: int


def bundle_evidence(
    source: Path, output: Path, *, by: str, reason: str, how: How | None = None, at: datetime | None = None
) -> Bundled:
    """Scan `source` and write the bundle to `output` (.zip). It appears whole or not at all.

    Raises SettingsError where nobody is named, ExtractError where the source cannot be read.
    """
    first_entry(by=by, reason=reason, seal="", at="")
    scan = scan_file(source, how)
    return write_bundle(scan, source, output, by=by, reason=reason, how=how or How(), at=at)


def write_bundle(
    scan: Scan,
    source: Path,
    output: Path,
    *,
    by: str,
    reason: str,
    how: How,
    at: datetime | None = None,
    more: Mapping[str, bytes] | None = None,
) -> Bundled:
    """Write a bundle of a scan that was made; with `more` files it is a referral."""
    when, kind = now(at), "referral" if more else "evidence"
    files = dict(_files(scan, source, kind=kind, at=when)) | dict(more or {})
    manifest = {
        "form": FORM,
        "kind": kind,
        "made_at": when,
        "made_with": made_with(scan.pack),
        "read_as": asdict(how) | {"columns": dict(how.columns)},
        "received": {"name": source.name, "folder": source.is_dir(), "sha256": scan.export.sha256},
        "messages": {"count": len(scan.export.sent), "refused": len(scan.export.refused), "last": _last(files)},
        "files": [{"name": n, "size": len(d), "sha256": sha(d)} for n, d in sorted(files.items())],
    }
    files[MANIFEST] = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False).encode()
    seal = sha(files[MANIFEST])
    files[SUMS] = sums(files)
    entry = first_entry(by=by, reason=reason, seal=seal, at=when)
    half = output.with_name(output.name + ".part")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*sorted(files.items()), (entry.name, entry.data)]:
            archive.writestr(name, data)
    half.replace(output)
    return Bundled(output, seal, len(scan.export.sent))


def _last(files: Mapping[str, bytes]) -> str:
    lines = files[MESSAGES].splitlines()
    return str(json.loads(lines[-1])["hash"]) if lines else ""


def _files(scan: Scan, source: Path, *, kind: str, at: str) -> Iterator[tuple[str, bytes]]:
    title = "Evidence bundle" if kind == "evidence" else "Referral bundle"
    yield "README.txt", _README.format(title=title, made_with=made_with(scan.pack), at=at).encode()
    yield from _original(source)
    yield MESSAGES, b"".join(canonical(row) + b"\n" for row in message_lines(scan.export))
    yield "answers.json", json.dumps(scan.as_data(), default=str, ensure_ascii=False, indent=1).encode()
    yield "review.html", review(scan)


def review(scan: Scan, /) -> bytes:
    """The review page as bytes."""
    from trigpoint.report.scan import render_scan
    from trigpoint.services.show_scan import show_scan

    return render_scan(show_scan(scan)).encode()


def _original(source: Path) -> Iterator[tuple[str, bytes]]:
    """The file as received under a plain name; of a folder, the files that can hold messages."""
    if not source.is_dir():
        yield f"original/received{source.suffix.lower()}", source.read_bytes()
        return
    for one in sorted(p for p in source.rglob("*") if p.is_file() and not p.is_symlink()):
        if one.suffix.lower() in READABLE:
            yield f"original/{one.relative_to(source).as_posix()}", one.read_bytes()
