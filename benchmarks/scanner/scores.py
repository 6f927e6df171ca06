"""The highest score that one text reaches on its own, whether or not that makes a signal."""

from __future__ import annotations

from trigpoint.scanner import Message, Scanner


def highest(scanner: Scanner, text: str) -> float:
    """Points of the strongest behaviour in `text`, read alone; nought where none has any."""
    pack = scanner.pack
    if not pack.noter.examiner.whole.of(pack.reader.cues(text)):
        return 0.0
    answer = scanner.scan_conversation([Message("c", "a", text, "1")])
    return max((s.points for s in (*answer.signals, *answer.nearly)), default=0.0)
