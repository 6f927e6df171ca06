"""State as bytes and back: a few dozen bytes an entry, no words of anybody, and nothing that runs when it is read."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from trigpoint.errors import TrigpointError
from trigpoint.scanner.course.entry import Entry, Ledger
from trigpoint.scanner.course.talk import Talk
from trigpoint.scanner.message import SURFACES

_MAGIC = b"TPSCAN2\n"
_ENTRY = struct.Struct("<qQ20sQhBB")
_SHOWN, _AGAINST = struct.Struct("<BBh"), struct.Struct("<Bh")
_COUNT = struct.Struct("<I")
_HASHED = 1 << 63


class StateError(TrigpointError):
    """Saved state cannot be read."""


def saved(talks: Iterable[Talk], *, vocabulary: str) -> bytes:
    """All of `talks` as bytes. `vocabulary` names the cues that the bits stand for; other state is refused."""
    listed = sorted(talks, key=lambda t: t.conversation)
    made = [_MAGIC, _text(vocabulary), _COUNT.pack(len(listed))]
    for talk in listed:
        made += [_text(talk.conversation), bytes([SURFACES.index(talk.surface)])]
        made += [_COUNT.pack(n) for n in (talk.searched, talk.not_searched, len(talk.members), len(talk.ledgers))]
        made += [_text(member) for member in sorted(talk.members)]
        for sender in sorted(talk.ledgers):
            entries = talk.ledgers[sender].ordered()
            made += [_text(sender), _COUNT.pack(len(entries))]
            made += [_entry(entry, talk.ids.get(entry.reference, "")) for entry in entries]
    return b"".join(made)


def restored(data: bytes, *, vocabulary: str) -> Iterator[Talk]:
    """The talks of saved state. Raises StateError where it is damaged or of another vocabulary."""
    if not data.startswith(_MAGIC):
        raise StateError("This is not the saved state of a scanner.", mend="Give the bytes that snapshot() returned.")
    reading = _Bytes(data, len(_MAGIC))
    try:
        if reading.text() != vocabulary:
            raise StateError(
                "The state was saved with another vocabulary.", mend="Start anew, or load the pack of then."
            )
        for _ in range(reading.count()):
            yield _talk(reading)
    except (struct.error, IndexError, UnicodeDecodeError):
        raise StateError("The saved state is cut short or damaged.", mend="Restore an earlier snapshot.") from None


def _talk(reading: _Bytes) -> Talk:
    talk = Talk(reading.text(), SURFACES[reading.byte()])
    talk.searched, talk.not_searched, members, senders = (reading.count() for _ in range(4))
    talk.members = {reading.text() for _ in range(members)}
    for _ in range(senders):
        ledger = talk.ledgers.setdefault(reading.text(), Ledger({}))
        for _ in range(reading.count()):
            entry, message = reading.entry()
            ledger.entries[entry.reference] = entry
            talk.ids[entry.reference] = message
    return talk


def _entry(entry: Entry, message: str) -> bytes:
    head = _ENTRY.pack(
        entry.at, entry.reference, entry.cues.to_bytes(20, "little"), entry.template, entry.opinion,
        len(entry.shown), len(entry.against),
    )  # fmt: skip
    own = b"" if entry.reference < _HASHED else _text(message)
    shown = b"".join(_SHOWN.pack(*one) for one in entry.shown)
    return head + own + shown + b"".join(_AGAINST.pack(*one) for one in entry.against)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _COUNT.pack(len(encoded)) + encoded


class _Bytes:
    """Bytes that are read from front to back."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def count(self) -> int:
        (found,) = self._unpacked(_COUNT)
        return int(found)

    def text(self) -> str:
        size = self.count()
        if self._at + size > len(self._data):
            raise IndexError
        self._at += size
        return self._data[self._at - size : self._at].decode()

    def entry(self) -> tuple[Entry, str]:
        at, reference, cues, template, opinion, shown, against = _ENTRY.unpack_from(self._data, self._at)
        self._at += _ENTRY.size
        message = str(reference) if reference < _HASHED else self.text()
        entry = Entry(
            at=at,
            reference=reference,
            cues=int.from_bytes(cues, "little"),
            shown=tuple(self._unpacked(_SHOWN) for _ in range(shown)),  # type: ignore[misc]
            against=tuple(self._unpacked(_AGAINST) for _ in range(against)),  # type: ignore[misc]
            template=template,
            opinion=opinion,
        )
        return entry, message

    def _unpacked(self, shape: struct.Struct) -> tuple[int, ...]:
        found = shape.unpack_from(self._data, self._at)
        self._at += shape.size
        return found
