"""Channels and direct messages of Discord as DiscordChatExporter writes them in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trigpoint.scanner.message import Message, MessageKind, Surface
from trigpoint.scanner.reading.found import How, Item, Refused, Sent
from trigpoint.scanner.reading.names import Names
from trigpoint.scanner.reading.times import written, zone_of
from trigpoint.scanner.reading.values import listed, name_of, objects, part_of, string

_TALK = {"Default", "Reply", "0", "19", "ThreadStarterMessage", "ChatInputCommand", "ContextMenuCommand", ""}
_ATTACHED = ("attachments", "stickers", "embeds")


def looks_like_discord(value: Any, /) -> bool:
    """Whether it is a channel with its messages."""
    return isinstance(value, dict) and bool(part_of(value, "channel")) and isinstance(value.get("messages"), list)


def read_discord(value: Any, how: How, /) -> Iterator[Item]:
    """The messages of a channel. Senders are named by account name, which is theirs alone."""
    channel, guild = part_of(value, "channel"), part_of(value, "guild")
    kind = string(channel, "type")
    surface: Surface = how.surface or ("direct" if kind in ("DirectTextChat", "1") else "group")
    shown = [name_of(string(guild, "name")), name_of(string(channel, "category")), name_of(string(channel, "name"))]
    title = " / ".join(s for s in shown if s and s != "Direct Messages") or how.conversation
    names = Names()
    for at, one in objects(listed(value, "messages")):
        yield one if isinstance(one, Refused) else _item(one, at, title=title, surface=surface, names=names, how=how)


def _item(one: dict[str, Any], at: int, *, title: str, surface: Surface, names: Names, how: How) -> Item:
    when = written(string(one, "timestamp"), zone=zone_of(how.zone))
    author = part_of(one, "author")
    if when is None or not author:
        missing = "time" if when is None else "author"
        return Refused(at, f"This message has no {missing} that can be read.", "Export the channel again as JSON.")
    passed_on = part_of(one, "forwardedMessage")
    text = string(one, "content") or string(passed_on, "content")
    message = Message(
        conversation=title,
        sender=names.of(string(author, "id"), _name(author)) or "unknown account",
        text=text,
        id=string(one, "id") or f"number {at}",
        sent_at=when,
        surface=surface,
        reply_to=string(part_of(one, "reference"), "messageId") or None,
        kind=_kind(one, text),
        edited=bool(string(one, "timestampEdited")),
        forwarded=bool(passed_on),
    )
    return Sent(message, at)


def _kind(one: dict[str, Any], text: str) -> MessageKind:
    if string(one, "type") not in _TALK:
        return "system"
    return "text" if text.strip() else "media" if any(one.get(key) for key in _ATTACHED) else "deleted"


def _name(author: dict[str, Any]) -> str:
    name, number = name_of(string(author, "name")), string(author, "discriminator")
    return name if number in ("", "0000", "0") else f"{name}#{number}"
