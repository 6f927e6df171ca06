"""What a bundle is: its files, the lines of its messages, its sums, and the entries of its chain of custody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from trigpoint.scanner.reading import Export

FORM = "trigpoint-bundle/1"
SUMS, MANIFEST, MESSAGES = "SHA256SUMS", "manifest.json", "messages.jsonl"
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


def sums(files: Mapping[str, bytes], /) -> bytes:
    """The sums of all files as `sha256sum -c` reads them."""
    return "".join(f"{sha(data)}  {name}\n" for name, data in sorted(files.items()) if name != SUMS).encode()


def message_lines(export: Export, /) -> Iterator[dict[str, Any]]:
    """Each message with its place and its hash; `hash` covers the message and the hash of the one before it."""
    previous = ""
    for number, one in enumerate(export.sent, 1):
        row = asdict(one.message) | {"number": number, "part": one.part, "at": one.at, "previous": previous}
        row["sent_at"] = one.message.sent_at.isoformat() if one.message.sent_at else None
        row["recipients"] = list(one.message.recipients)
        previous = row["hash"] = sha(canonical(row))
        yield row
