"""A stream of messages: JSON lines in, what they raise out. One process a partition; state that survives a restart."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from trigpoint.scanner import Message, Signal, Stream
from trigpoint.scanner.reading import How, Refused, line_of
from trigpoint.services.scan_file import scanner_of

_BATCH = 512


@dataclass
class Tally:
    """How a stream went: lines read = messages + refused; signals raised."""

    messages: int = 0
    refused: int = 0
    signals: int = 0

    @property
    def read(self) -> int:
        """All lines that held anything."""
        return self.messages + self.refused


@dataclass
class ScanStream:
    """The state of one partition.

    `state` is a file: taken up at the start where it is there, and written whole at `save` and at the end. All
    messages of a conversation must come to one partition; for what an account shows across conversations, all of an
    account's. `clock` gives seconds and is replaced in tests.
    """

    pack: str = "england_wales"
    state: Path | None = None
    save_every: float = 60.0
    clock: Callable[[], float] = monotonic
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.stream: Stream = scanner_of(self.pack).stream()
        if self.state and self.state.exists():
            self.stream.restore(self.state.read_bytes())
        self._saved_at = self.clock()

    def answers(self, lines: Iterable[str], /, *, batch: int = _BATCH) -> Iterator[dict[str, Any]]:
        """An object for each signal that the lines raise, and one for each line that is refused.

        Lines are taken `batch` at a time; with 1 every line is answered before the next is read. Raises StateError
        where the saved state is damaged or of another pack.
        """
        waiting: list[Message] = []
        for at, line in enumerate(lines, 1):
            if not line.strip():
                continue
            item = line_of(line, at, How(conversation="unnamed"))
            if isinstance(item, Refused):
                self.tally.refused += 1
                yield {"refused": at, "why": item.why, "mend": item.mend}
                continue
            waiting.append(item.message)  # type: ignore[union-attr]  # a line gives a message or a refusal
            if len(waiting) >= batch:
                yield from self._taken(waiting)
                waiting = []
        yield from self._taken(waiting)
        self.save()

    def save(self) -> None:
        """Write the state; it appears whole or not at all."""
        self._saved_at = self.clock()
        if self.state:
            half = self.state.with_name(self.state.name + ".part")
            half.write_bytes(self.stream.snapshot())
            half.replace(self.state)

    def _taken(self, messages: list[Message]) -> Iterator[dict[str, Any]]:
        self.tally.messages += len(messages)
        for signal in self.stream.take(messages):
            self.tally.signals += 1
            yield told(signal)
        if self.clock() - self._saved_at >= self.save_every:
            self.save()


def told(signal: Signal, /) -> dict[str, Any]:
    """A signal as plain data for one line of JSON."""
    return {"signal": asdict(signal)}


def as_line(value: dict[str, Any], /) -> str:
    """One line of JSON."""
    return json.dumps(value, default=str, ensure_ascii=False)
