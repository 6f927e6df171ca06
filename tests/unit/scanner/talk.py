"""Short ways to write conversations down in tests. Everything said in them is invented."""

from datetime import UTC, datetime, timedelta
from functools import cache

from trigpoint.scanner import Message, Scanner

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@cache
def scanner() -> Scanner:
    return Scanner.load()


def said(*lines: str, conversation: str = "c", surface: str = "direct", start: int = 0) -> list[Message]:
    """Messages from lines like 'A: where are you', a minute apart."""
    made = []
    for i, line in enumerate(lines):
        sender, text = line.split(": ", 1)
        at = NOON + timedelta(minutes=start + i)
        others = tuple(sorted({one.split(": ", 1)[0] for one in lines} - {sender}))
        name = f"{conversation}-{i + 1}"
        made.append(Message(conversation, sender, text, name, at, recipients=others, surface=surface))
    return made


def behaviours(*lines: str, sender: str | None = None, surface: str = "direct") -> set[str]:
    """The behaviours signalled in such a conversation, of one sender or of all."""
    answer = scanner().scan_conversation(said(*lines, surface=surface))
    return {s.behaviour for s in answer.signals if sender in (None, s.sender)}
