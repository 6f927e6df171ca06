"""Instagram's (and Messenger's) "Download your information" as JSON: message_1.json and on, for each thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from trigpoint.scanner.message import Message, MessageKind, Surface
from trigpoint.scanner.reading.found import How, Item, Refused, Sent
from trigpoint.scanner.reading.times import since_1970
from trigpoint.scanner.reading.values import listed, name_of, objects, part_of, string

_MEDIA = ("photos", "videos", "audio_files", "gifs", "files", "sticker", "share")
_ACTS = (
    "sent an attachment", "sent a photo", "named the group", "changed the group", "added .{1,80} to the group",
    "left the group", "started (?:a|an) (?:video|audio) (?:chat|call)",
)  # fmt: skip
_OWN_WORDS = re.compile(
    rf"^(?:.{{1,80}} (?:{'|'.join(_ACTS)})\.?.{{0,80}}|Liked a message|Reacted .{{1,12}} to (?:your|a) message"
    r"|(?:Video|Audio) (?:chat|call) ended|You (?:missed|sent) an? .{1,40})$"
)
_SENT = re.compile(r"sent (?:an attachment|a photo)")


def looks_like_instagram(value: Any, /) -> bool:
    """Whether it is a thread of messages with participants."""
    return isinstance(value, dict) and any(
        isinstance(m, dict) and "sender_name" in m and "timestamp_ms" in m for m in listed(value, "messages")[:20]
    )


def read_instagram(value: Any, how: How, /) -> Iterator[Item]:
    """The messages of one file of a thread; files of one thread carry one name."""
    people = [p for p in listed(value, "participants") if isinstance(p, dict)]
    title = mended(string(value, "title")) or mended(string(value, "thread_path")) or how.conversation
    path = string(value, "thread_path").rpartition("_")[2]
    surface: Surface = how.surface or ("group" if len(people) > 2 else "direct")
    for at, one in objects(listed(value, "messages")):
        conversation = f"{name_of(title)} ({path})" if path.isdigit() else name_of(title)
        yield one if isinstance(one, Refused) else _item(one, at, conversation=conversation, surface=surface)


def mended(text: str, /) -> str:
    """Words whose UTF-8 bytes were written as if each were a character, as these exports do, set right."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _item(one: dict[str, Any], at: int, *, conversation: str, surface: Surface) -> Item:
    when, sender = since_1970(string(one, "timestamp_ms")), name_of(mended(string(one, "sender_name")))
    if when is None or not sender:
        missing = "time" if when is None else "sender"
        return Refused(at, f"This message has no {missing} that can be read.", "Download the messages again as JSON.")
    share = part_of(one, "share")
    text = mended(string(one, "content"))
    kind = _kind(one, text)
    if kind == "media":
        text = mended(string(share, "share_text")) or text
        kind = "text" if string(share, "share_text").strip() else "media"
    message = Message(
        conversation=conversation,
        sender=sender,
        text=text,
        id=f"{string(one, 'timestamp_ms')}-{at}",
        sent_at=when,
        surface=surface,
        kind=kind,
        forwarded=bool(share) and kind == "text" and not string(one, "content").strip(),
    )
    return Sent(message, at)


def _kind(one: dict[str, Any], text: str) -> MessageKind:
    if one.get("is_unsent") is True:
        return "deleted"
    media = any(one.get(key) for key in _MEDIA)
    if "call_duration" in one:
        return "system"
    if _OWN_WORDS.match(text):
        return "media" if media or _SENT.search(text) else "system"
    return "text" if text.strip() else "media" if media else "deleted"
