"""WhatsApp's "Export chat": plain text whose dates, clocks and own words follow the phone's settings.

Android writes `03/04/2026, 14:05 - Name: words`, iPhones `[03/04/2026, 14:05:09] Name: words`; the order of day and
month, two-digit years, dots, twelve-hour clocks with a narrow space, and direction marks differ from phone to phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from trigpoint.scanner.message import Message, Surface
from trigpoint.scanner.reading.apps.phrases import edited, placed, speaks_of_the_chat
from trigpoint.scanner.reading.found import DateOrder, How, Item, Note, Refused, Sent
from trigpoint.scanner.reading.times import DATE, TIME, clock, order_of, zone_of
from trigpoint.scanner.reading.values import clean, name_of

_HEAD = re.compile(
    rf"^[\u200e\u200f\u202a\ufeff]*(?:\[{DATE}[,.]?[\s\u202f\u00a0]+{TIME}\]\s|{DATE}[,.]?[\s\u202f\u00a0]+{TIME}\s[-–—]\s)"
)
_NAME = re.compile(r"^([^\n]{1,80}?):(?: |$)")
_LOOKED_AT = 200  # lines
_MEND = "Say what stands first with --dates day, month or year; or export the chat again."


@dataclass(slots=True)
class _Head:
    """A line that begins a message: its date and time as written, and what follows."""

    at: int
    date: tuple[str, ...]
    time: tuple[str | None, ...]
    lines: list[str] = field(default_factory=list)


def looks_like_whatsapp(text: str, /) -> bool:
    """Whether one of the first lines begins a message as WhatsApp writes it."""
    return any(_HEAD.match(line) for line in text[:60_000].split("\n", _LOOKED_AT)[:_LOOKED_AT])


def read_whatsapp(text: str, how: How, /) -> Iterator[Item]:
    """The messages of a chat. A clock time is one of `how.zone`; the order of day and month is found in the dates."""
    heads: list[_Head] = []
    for at, line in enumerate(text.replace("\r", "").split("\n"), 1):
        if found := _HEAD.match(line):
            groups = next(g for g in (found.groups()[:7], found.groups()[7:]) if g[0] is not None)
            heads.append(_Head(at, tuple(str(g) for g in groups[:3]), groups[3:], [line[found.end() :]]))
        elif heads:
            heads[-1].lines.append(line)
        elif line.strip():
            yield Refused(at, "This line comes before the first message.", "Nothing, where it is a heading.")
    order, sure = (how.dates, True) if how.dates else order_of([h.date for h in heads])
    if heads and not sure:
        yield Note(f"Dates were read with the {order} first; the file leaves it open. Say otherwise with --dates.")
    group = _is_group(heads)
    for number, head in enumerate(heads, 1):
        yield _item(head, number, order=order, how=how if how.surface else replace(how, surface=group))


def _is_group(heads: list[_Head]) -> Surface:
    names = {_split(head)[0] for head in heads} - {""}
    return "group" if len(names) > 2 else "direct"


def _split(head: _Head) -> tuple[str, str]:
    """The sender, or nothing for a line of the app's own, and the words."""
    first = head.lines[0]
    named = _NAME.match(first)
    if not named or speaks_of_the_chat(first):
        return "", "\n".join(head.lines)
    name = name_of(named[1]).removeprefix("~").strip()
    return name, "\n".join([first[named.end() :], *head.lines[1:]])


def _item(head: _Head, number: int, *, order: DateOrder, how: How) -> Item:
    when: datetime | None = clock(head.date, head.time, order=order, zone=zone_of(how.zone))
    if when is None:
        return Refused(head.at, "There is no such date or time.", _MEND)
    sender, words = _split(head)
    text, was_edited = edited(clean(words).rstrip("\n"))
    kind = placed(text) if sender else "system"
    return Sent(
        Message(
            conversation=how.conversation,
            sender=sender or "WhatsApp",
            text=text.removeprefix("\u200e"),
            id=str(number),
            sent_at=when,
            surface=how.surface or "direct",
            kind=kind,
            edited=was_edited,
        ),
        head.at,
    )
