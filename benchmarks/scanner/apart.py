"""How the scanner does on lines and conversations by hands that nothing was trained on or widened from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.rows import Row
from benchmarks.scanner.early import Case, measured
from benchmarks.scanner.material import Written, conversations_apart, lines_apart
from trigpoint.scanner import Message, Scanner

_WHICH = {
    "looked_at": "by hands apart, the half looked at",
    "counted": "by hands apart, the half only counted",
    "same_hands": "by the hands that wrote the lines trained on",
}
_BEGAN = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)


def rows_apart(scanner: Scanner) -> Iterator[Row]:
    """Recall and false alarms of lone lines, and of conversations as they go on."""
    for half in ("looked_at", "counted"):
        yield from _lines(scanner, lines_apart(half), _WHICH[half])
    for which, plain in _WHICH.items():
        cases = [_case(one) for one in conversations_apart(which)]
        positive = sum(case.positive for case in cases)
        for name, value in measured(scanner, cases).items():
            size = f"{positive} of {len(cases)} positive"
            yield Row("scanner", f"conversations {plain}: {name}", size, f"{value:.3f}")


def _lines(scanner: Scanner, lines: list[Written], plain: str) -> Iterator[Row]:
    shown = [(line, _behaviours(scanner, line)) for line in lines]
    told = [(line, found) for line, found in shown if line.behaviours]
    ordinary = [found for line, found in shown if not line.behaviours]
    figures = {
        "raised": sum(bool(found) for _, found in told) / len(told),
        "named rightly": sum(bool(found & set(line.behaviours)) for line, found in told) / len(told),
    }
    for name, value in figures.items():
        yield Row("scanner", f"lone lines {plain}: {name}", f"{len(told)}", f"{value:.3f}", aim="0.750")
    raised = sum(bool(found) for found in ordinary) / len(ordinary)
    yield Row("scanner", f"ordinary lines that look alike, {plain}: raised", f"{len(ordinary)}", f"{raised:.3f}")


def _behaviours(scanner: Scanner, line: Written) -> set[str]:
    answers = scanner.scan_messages([Message("c", "a", line.text, "1", surface=line.surface)])
    return {signal.behaviour for answer in answers for signal in answer.signals}


def _case(one: dict[str, object]) -> Case:
    said = one["messages"]
    assert isinstance(said, list)
    messages = [
        Message(str(one["id"]), m["from"], m["text"], str(i), _BEGAN + timedelta(minutes=m["minute"], seconds=i))
        for i, m in enumerate(said, start=1)
    ]
    return Case(messages, positive=bool(one["exploiting"]))
