"""What reading an export gives: messages with their places, what was refused and why, and what was assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from trigpoint.scanner.message import Message, Surface

DateOrder = Literal["day", "month", "year"]
OWNER = "owner of this export"
UNNAMED = "conversation"


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be read; everything may be left to what the file shows.

    `form` names a reader. `zone` is the IANA time zone of clock times without one. `dates` says what stands first in a
    date such as 03/04/2026. `owner` is the account whose phone or account it is, where the export says only "me".
    `surface` overrides what the file suggests. `columns` maps fields of a message to columns of a CSV.
    `conversation` is the name for a conversation that the file does not name.
    """

    form: str | None = None
    zone: str = "Europe/London"
    dates: DateOrder | None = None
    owner: str = OWNER
    surface: Surface | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    conversation: str = UNNAMED


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and where it stands: `at` is its line or number in part number `part` of the export."""

    message: Message
    at: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be read as a message, with the reason and how to mend it; never what it said."""

    at: int
    why: str
    mend: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should know about how the file was read."""

    said: str


Item = Sent | Refused | Note


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the export: its name inside it, the reader, its SHA-256 and bytes, and what `at` counts in it."""

    name: str
    form: str
    sha256: str
    size: int
    counts: Literal["line", "item"] = "item"


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of the export that was not read, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Export:
    """All that was read: `read` = messages + refused. `sha256` and `size` are of the file as it was received."""

    sha256: str
    size: int
    zone: str
    parts: tuple[Part, ...]
    sent: tuple[Sent, ...]
    refused: tuple[Refused, ...]
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """How many items were read: each is a message, or is refused."""
        return len(self.sent) + len(self.refused)

    @property
    def kinds(self) -> dict[str, int]:
        """How many messages of each kind: text, media, system, deleted."""
        return dict(sorted(Counter(one.message.kind for one in self.sent).items()))

    def conversations(self) -> dict[str, list[Sent]]:
        """Messages by conversation, each in order of time; those without a time stay where they stood."""
        found: dict[str, list[Sent]] = {}
        for one in self.sent:
            found.setdefault(one.message.conversation, []).append(one)
        return {name: _in_order(many) for name, many in sorted(found.items())}


def _in_order(many: list[Sent]) -> list[Sent]:
    if any(one.message.seconds is None for one in many):
        return many
    return sorted(many, key=lambda one: (one.message.seconds or 0, one.part, one.at))


def settled(items: list[Item]) -> tuple[list[Sent], list[Refused], list[str]]:
    """Parts the items, and gives a message whose id came before in its conversation an id of its own.

    An export that holds two wordings of one message (before and after an edit) keeps both.
    """
    sent: list[Sent] = []
    seen: Counter[tuple[str, str]] = Counter()
    for one in items:
        if isinstance(one, Sent):
            key = (one.message.conversation, one.message.id)
            seen[key] += 1
            sent.append(one if seen[key] == 1 else replace(one, message=_again(one.message, seen, seen[key])))
    refused = [one for one in items if isinstance(one, Refused)]
    notes = list(dict.fromkeys(one.said for one in items if isinstance(one, Note)))
    return sent, refused, notes


def _again(message: Message, seen: Counter[tuple[str, str]], number: int) -> Message:
    name = f"{message.id}#{number}"
    while seen[message.conversation, name]:
        number += 1
        name = f"{message.id}#{number}"
    seen[message.conversation, name] += 1
    return replace(message, id=name)
