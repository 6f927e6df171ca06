"""Adverts and posts as plain text: single items, with a line of three dashes or more between them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trigpoint.scanner.message import Message
from trigpoint.scanner.reading.found import How, Item, Sent
from trigpoint.scanner.reading.values import clean

_BETWEEN = re.compile(r"^-{3,}\s*$")


def read_posts(text: str, how: How, /) -> Iterator[Item]:
    """Each item is a conversation of its own; nobody is known to have sent it, and no time is known."""
    began, lines = 1, []
    for at, line in enumerate([*clean(text).splitlines(), "---"], 1):
        if not _BETWEEN.match(line):
            lines.append(line)
            continue
        words = "\n".join(lines).strip()
        if words:
            name = f"item at line {began}"
            yield Sent(Message(name, "unknown account", words, name, surface=how.surface or "post"), began)
        began, lines = at + 1, []
