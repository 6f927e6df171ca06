"""Scan what people have: an export of messages, read and answered conversation by conversation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trigpoint import __version__
from trigpoint.scanner import AccountAnswer, ConversationAnswer, Scanner
from trigpoint.scanner.reading import Export, How, Sent, read_export

_FIRST = {"signals": 0, "not_enough": 1, "nothing": 2}


@dataclass(frozen=True, slots=True)
class Scanned:
    """One conversation: its messages in order, and what they show."""

    name: str
    sent: tuple[Sent, ...]
    answer: ConversationAnswer


@dataclass(frozen=True, slots=True)
class Scan:
    """What an export shows: conversations with signals first, and the accounts that sent or received any."""

    export: Export
    pack: str
    conversations: tuple[Scanned, ...]
    accounts: tuple[AccountAnswer, ...]

    def as_data(self) -> dict[str, Any]:
        """All of it as plain data for JSON. Of the words, only those of the spans are in it."""
        export = self.export
        return {
            "made_with": made_with(self.pack),
            "export": {
                "sha256": export.sha256,
                "bytes": export.size,
                "zone": export.zone,
                "parts": [asdict(part) for part in export.parts],
                "read": export.read,
                "messages": export.kinds,
                "refused": [asdict(one) for one in export.refused],
                "unread": [asdict(one) for one in export.unread],
                "notes": list(export.notes),
            },
            "conversations": [asdict(one.answer) for one in self.conversations],
            "accounts": [asdict(one) for one in self.accounts],
        }


def scan_file(path: Path, how: How | None = None, *, pack: str = "england_wales") -> Scan:
    """Read the file, folder or zip at `path` and scan every conversation in it.

    Raises ExtractError where nothing can be read, SettingsError for a wrong option, TermsError for a broken pack.
    """
    return scan_export(read_export(path, how), pack=pack)


def scan_export(export: Export, /, *, pack: str = "england_wales") -> Scan:
    """Scan what was read."""
    stream = scanner_of(pack).stream()
    conversations = export.conversations()
    for many in conversations.values():
        stream.take_quietly(one.message for one in many)
    scanned = [
        Scanned(name, tuple(many), stream.answer_with(name, [one.message for one in many]))
        for name, many in conversations.items()
    ]
    scanned.sort(key=lambda s: (_FIRST[s.answer.verdict], -sum(x.points for x in s.answer.signals), s.name))
    names = sorted({one.message.sender for many in conversations.values() for one in many})
    accounts = (stream.account(name) for name in names)
    return Scan(export, pack, tuple(scanned), tuple(a for a in accounts if a.sent or a.received))


@cache
def scanner_of(pack: str, /) -> Scanner:
    """The scanner of a pack, loaded once."""
    return Scanner.load(pack)


def made_with(pack: str, /) -> str:
    """What made an answer: versions that a reader of it years later needs."""
    return f"trigpoint {__version__}, pack {pack}"
