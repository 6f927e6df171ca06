"""JSON lines: one message a line, in the words of `Message`. What a platform or another tool can write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from trigpoint.scanner.message import SURFACES, Message, MessageKind, Surface
from trigpoint.scanner.reading.found import How, Item, Refused, Sent
from trigpoint.scanner.reading.times import written, zone_of
from trigpoint.scanner.reading.values import clean, string

_KINDS = ("text", "media", "system", "deleted")
_SHAPE = "docs/scan-formats.md shows the shape of a line."


def looks_like_json_lines(text: str, /) -> bool:
    """Whether one of the first lines is an object with a sender; an export on one line has none of its own."""
    first = text.lstrip("\ufeff \r\n\t")[:1_000_000]
    return first.startswith("{") and any(_is_message(line) for line in first.split("\n", 20)[:20])


def read_json_lines(text: str, how: How, /) -> Iterator[Item]:
    """The messages; an empty line is passed over, a bad one refused."""
    for at, line in enumerate(text.split("\n"), 1):
        if line.strip("\ufeff \r\t"):
            yield line_of(line, at, how)


def read_json_list(value: list[Any], how: How, /) -> Iterator[Item]:
    """The messages of one JSON list of the same objects."""
    for at, one in enumerate(value, 1):
        yield message_of(one, at, how)


def line_of(line: str, at: int, how: How, /) -> Item:
    """The message of one line."""
    try:
        value = json.loads(line.strip("\ufeff \r\t"))
    except (ValueError, RecursionError):
        return Refused(at, "This line is not JSON.", _SHAPE)
    return message_of(value, at, how)


def message_of(value: Any, at: int, how: How, /) -> Item:
    """The message of one object, or why it is none."""
    if not isinstance(value, dict):
        return Refused(at, "This is not an object.", _SHAPE)
    fault = _fault(value)
    if fault:
        return Refused(at, fault, _SHAPE)
    when, said = None, value.get("sent_at")
    if said is not None:
        when = written(str(said), zone=zone_of(how.zone))
        if when is None:
            return Refused(at, "'sent_at' is not a time.", "Write it as 2026-03-01T18:05:00Z, or seconds since 1970.")
    surface = cast(Surface, value.get("surface") or how.surface or "direct")
    own_id = string(value, "id") or f"line {at}"
    alone = surface in ("advert", "post")
    return Sent(
        Message(
            conversation=string(value, "conversation") or (own_id if alone else how.conversation),
            sender=string(value, "sender"),
            text=clean(value.get("text") or ""),
            id=own_id,
            sent_at=when,
            recipients=tuple(clean(r) for r in value.get("recipients") or ()),
            surface=surface,
            reply_to=string(value, "reply_to") or None,
            kind=cast(MessageKind, value.get("kind") or "text"),
            edited=value.get("edited") is True,
            forwarded=value.get("forwarded") is True,
        ),
        at,
    )


def _fault(value: dict[str, Any]) -> str | None:
    kind, surface, recipients = value.get("kind"), value.get("surface"), value.get("recipients")
    named = isinstance(recipients, list) and all(isinstance(r, str) for r in recipients)
    wordless = kind in ("media", "system", "deleted") and value.get("text") is None
    faults = {
        "'sender' is missing or is not text.": not string(value, "sender"),
        "'text' is missing or is not text.": not (wordless or isinstance(value.get("text"), str)),
        f"'kind' is none of {', '.join(_KINDS)}.": kind is not None and kind not in _KINDS,
        f"'surface' is none of {', '.join(SURFACES)}.": surface is not None and surface not in SURFACES,
        "'recipients' is not a list of text.": recipients is not None and not named,
    }
    return next((said for said, wrong in faults.items() if wrong), None)


def _is_message(line: str) -> bool:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "sender" in value
