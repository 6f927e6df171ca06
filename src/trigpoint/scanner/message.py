"""What the scanner reads: one message, or many as columns."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Surface = Literal["direct", "group", "game", "advert", "post"]
MessageKind = Literal["text", "media", "system", "deleted"]
SURFACES: tuple[Surface, ...] = ("direct", "group", "game", "advert", "post")


@dataclass(frozen=True, slots=True)
class Message:
    """One message, post or advert as it was sent.

    `text` is the raw text: every span of an answer counts code points in it. `id` is unique in its conversation.
    `sent_at` may carry a zone; without one it is read as UTC; None where the export does not say. `recipients` are
    accounts, empty where all others of the conversation are meant. `reply_to` is the id of the message answered.
    `kind` is 'media' for a placeholder without words, 'system' for lines that no person wrote ("X joined"), 'deleted'
    for one taken back: these are counted, and never searched. `edited` says that an earlier wording is not known.
    `forwarded` marks what the sender passes on, and is not the sender's own words.
    """

    conversation: str
    sender: str
    text: str
    id: str
    sent_at: datetime | None = None
    recipients: tuple[str, ...] = ()
    surface: Surface = "direct"
    reply_to: str | None = None
    kind: MessageKind = "text"
    edited: bool = False
    forwarded: bool = False

    @property
    def seconds(self) -> int | None:
        """`sent_at` in whole seconds since 1970 in UTC."""
        return None if self.sent_at is None else seconds_of(self.sent_at)


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages as columns of one length; what a platform hands over when speed matters.

    `sent_at` holds whole seconds since 1970 in UTC, or None. `surface` is one for all, or one each.
    """

    text: Sequence[str]
    id: Sequence[str]
    conversation: Sequence[str]
    sender: Sequence[str]
    sent_at: Sequence[int | None]
    surface: Surface | Sequence[Surface] = "direct"
    recipients: Sequence[tuple[str, ...]] = field(default=())

    def __len__(self) -> int:
        return len(self.text)

    def surface_of(self, at: int, /) -> Surface:
        """The surface of message number `at`."""
        return self.surface if isinstance(self.surface, str) else self.surface[at]

    def message(self, at: int, /) -> Message:
        """Message number `at` on its own."""
        seconds = self.sent_at[at]
        return Message(
            conversation=self.conversation[at],
            sender=self.sender[at],
            text=self.text[at],
            id=self.id[at],
            sent_at=None if seconds is None else datetime.fromtimestamp(seconds, UTC),
            recipients=self.recipients[at] if self.recipients else (),
            surface=self.surface_of(at),
        )

    @classmethod
    def of(cls, messages: Iterable[Message], /) -> Batch:
        """The searchable messages as columns; media, system lines and deleted ones are left out."""
        kept = [m for m in messages if m.kind == "text"]
        return cls(
            text=[m.text for m in kept],
            id=[m.id for m in kept],
            conversation=[m.conversation for m in kept],
            sender=[m.sender for m in kept],
            sent_at=[m.seconds for m in kept],
            surface=[m.surface for m in kept],
            recipients=[m.recipients for m in kept],
        )


def seconds_of(moment: datetime, /) -> int:
    """Whole seconds since 1970; a time without a zone is read as UTC."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def message_reference(message_id: str, /) -> int:
    """The eight-byte number by which saved state cites a message: the id itself where it is a number that fits."""
    if message_id.isdecimal() and message_id.isascii() and len(message_id) < 19 and message_id[0] != "0":
        return int(message_id)
    return int.from_bytes(hashlib.blake2b(message_id.encode(), digest_size=8).digest(), "big") | 1 << 63
