"""Telegram Desktop's "Export chat history" or "Export Telegram data" as JSON (result.json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trigpoint.scanner.message import Message, MessageKind, Surface
from trigpoint.scanner.reading.found import How, Item, Refused, Sent
from trigpoint.scanner.reading.names import Names
from trigpoint.scanner.reading.times import since_1970, written, zone_of
from trigpoint.scanner.reading.values import clean, listed, name_of, objects, part_of, string

_MEDIA = ("photo", "file", "media_type", "location_information", "contact_information", "poll", "sticker_emoji")


def looks_like_telegram(value: Any, /) -> bool:
    """Whether it is one chat, or an account with a list of chats."""
    if not isinstance(value, dict):
        return False
    if listed(part_of(value, "chats"), "list"):
        return True
    few = [m for m in listed(value, "messages")[:20] if isinstance(m, dict)]
    return "type" in value and any("from_id" in m or "date_unixtime" in m or "text_entities" in m for m in few)


def read_telegram(value: Any, how: How, /) -> Iterator[Item]:
    """The messages of one chat or of all chats. `at` counts messages through the file."""
    chats = [*listed(part_of(value, "chats"), "list"), *listed(part_of(value, "left_chats"), "list")] or [value]
    names, before = Names(), 0
    titles = Names()
    for one in chats:
        chat = one if isinstance(one, dict) else {}
        many = listed(chat, "messages")
        title = titles.of(string(chat, "id") or f"chat {before}", name_of(string(chat, "name")) or how.conversation)
        for at, row in objects(many):
            yield _item(row, before + at, title=title, surface=how.surface or _surface(chat), names=names, how=how)
        before += len(many)


def _surface(chat: dict[str, Any]) -> Surface:
    kind = string(chat, "type")
    return "post" if "channel" in kind else "group" if "group" in kind else "direct"


def _item(one: dict[str, Any] | Refused, at: int, *, title: str, surface: Surface, names: Names, how: How) -> Item:
    if isinstance(one, Refused):
        return Refused(at, one.why, one.mend)
    when = since_1970(string(one, "date_unixtime")) or written(string(one, "date"), zone=zone_of(how.zone))
    text = _text(one)
    if when is None or text is None:
        missing = "time" if when is None else "text"
        return Refused(at, f"This message has no {missing} that can be read.", "Export the chat again as JSON.")
    shown = name_of(string(one, "from", "actor"))
    sender = names.of(string(one, "from_id", "actor_id") or shown, shown) or "unknown account"
    message = Message(
        conversation=title,
        sender=sender,
        text=text,
        id=string(one, "id") or f"number {at}",
        sent_at=when,
        surface=surface,
        reply_to=string(one, "reply_to_message_id") or None,
        kind=_kind(one, text),
        edited=bool(one.get("edited") or one.get("edited_unixtime")),
        forwarded=bool(one.get("forwarded_from") or one.get("forwarded_from_id")),
    )
    return Sent(message, at)


def _kind(one: dict[str, Any], text: str) -> MessageKind:
    if string(one, "type") == "service":
        return "system"
    return "text" if text.strip() else "media" if any(one.get(key) for key in _MEDIA) else "deleted"


def _text(one: dict[str, Any]) -> str | None:
    """Text is a string, or a list of strings and of marked-up pieces."""
    value = one.get("text", "")
    if isinstance(value, str):
        plain = clean(value)
    elif isinstance(value, list):
        plain = _joined(value)
    else:
        return None
    return plain or _joined(listed(one, "text_entities"))


def _joined(pieces: list[Any]) -> str:
    return "".join(clean(p) if isinstance(p, str) else string(p, "text") for p in pieces if isinstance(p, str | dict))
