"""Snapchat's "My Data" (chat_history.json): the layout by friend, and the older one by saved and sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trigpoint.scanner.message import Message, MessageKind
from trigpoint.scanner.reading.found import How, Item, Refused, Sent
from trigpoint.scanner.reading.times import since_1970, written, zone_of
from trigpoint.scanner.reading.values import name_of, objects, string

_OLD = ("Received Saved Chat History", "Sent Saved Chat History", "Received Unsaved Chat History",
        "Sent Unsaved Chat History")  # fmt: skip
_SYSTEM = ("STATUS", "CALL", "MISSED")


def looks_like_snapchat(value: Any, /) -> bool:
    """Whether it is a chat history of either layout."""
    if not isinstance(value, dict):
        return False
    rows = [row for many in value.values() if isinstance(many, list) for row in many[:5] if isinstance(row, dict)]
    return any("Created" in row and ("Media Type" in row or "IsSender" in row) for row in rows)


def read_snapchat(value: Any, how: How, /) -> Iterator[Item]:
    """The messages of every chat. The holder of the account is `how.owner` where the export does not name it."""
    before = 0
    for name, many in value.items():
        rows = many if isinstance(many, list) else []
        for at, one in objects(rows):
            if isinstance(one, Refused):
                yield Refused(before + at, one.why, one.mend)
            else:
                yield _item(one, before + at, name=name, how=how)
        before += len(rows)


def _item(one: dict[str, Any], at: int, *, name: str, how: How) -> Item:
    when = since_1970(string(one, "Created(microseconds)")) or written(string(one, "Created"), zone=zone_of(how.zone))
    if when is None:
        return Refused(at, "This message has no time that can be read.", "Ask for My Data again, as JSON.")
    own = one.get("IsSender") is True or (name in _OLD and name.startswith("Sent"))
    other = name_of(string(one, "To") if own else string(one, "From"))
    sender = (how.owner if own and name in _OLD else name_of(string(one, "From"))) or how.owner
    title = name_of(string(one, "Conversation Title"))
    chat = title or (other if name in _OLD else name_of(name)) or how.conversation
    text = string(one, "Content", "Text")
    return Sent(
        Message(
            conversation=chat,
            sender=sender,
            text=text,
            id=f"{int(when.timestamp() * 1000)}-{at}",
            sent_at=when,
            surface=how.surface or ("group" if title else "direct"),
            kind=_kind(string(one, "Media Type").upper(), text),
        ),
        at,
    )


def _kind(media: str, text: str) -> MessageKind:
    if "ERASED" in media or "DELETED" in media:
        return "deleted"
    if media.startswith(_SYSTEM):
        return "system"
    return "text" if text.strip() else "media"
