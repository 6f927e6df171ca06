"""Any table of messages as CSV: columns are found by their names, or as they are given."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from trigpoint.errors import ExtractError, SettingsError
from trigpoint.scanner.message import Message
from trigpoint.scanner.reading.found import How, Item, Note, Refused, Sent
from trigpoint.scanner.reading.times import dates_in, order_of, written, zone_of
from trigpoint.scanner.reading.values import clean, name_of

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "message", "body", "content", "message text", "message body", "msg", "caption", "description"),
    "sender": ("sender", "from", "author", "user", "username", "name", "sender name", "account", "participant"),
    "sent_at": ("sent at", "sent_at", "date", "timestamp", "time", "datetime", "date/time", "created at", "sent"),
    "conversation": ("conversation", "chat", "thread", "channel", "group", "conversation id", "chat name", "thread id"),
    "id": ("id", "message id", "message_id", "reference"),
    "recipients": ("recipients", "to", "recipient", "receiver"),
    "reply_to": ("reply to", "reply_to", "in reply to", "quoted"),
}  # fmt: skip
_MOST = 1_000_000  # code points of one cell


def looks_like_table(text: str, /) -> bool:
    """Whether the first line names a column of words and one of senders."""
    try:
        header = next(csv.reader(StringIO(text[:20_000], newline=""), delimiter=_delimiter(text)), [])
    except csv.Error:
        return False
    found = _found(header, {})
    return "text" in found and "sender" in found


def read_table(text: str, how: How, /) -> Iterator[Item]:
    """The messages of a table.

    Raises ExtractError where no column holds the words, SettingsError where a column given is not there.
    """
    previous = csv.field_size_limit(_MOST)
    try:
        yield from _rows(text, how)
    finally:
        csv.field_size_limit(previous)


def _rows(text: str, how: How) -> Iterator[Item]:
    reader = csv.reader(StringIO(text.replace("\0", "\ufffd"), newline=""), delimiter=_delimiter(text))
    try:
        header = [h.strip("\ufeff ") for h in next(reader, [])]
    except csv.Error:
        header = []
    columns = _found(header, how.columns)
    if "text" not in columns:
        raise ExtractError(
            "No column of this table is known to hold the words.",
            where="line 1",
            mend="Name it: --column text=NAME --column sender=NAME --column sent_at=NAME",
        )
    rows: list[tuple[int, dict[str, str] | None]] = []
    while True:
        at = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            rows.append((at, None))
            continue
        if any(cells):
            rows.append((at, {f: cells[i] for f, i in columns.items() if i < len(cells)}))
    yield from _items(rows, how)


def _items(rows: list[tuple[int, dict[str, str] | None]], how: How) -> Iterator[Item]:
    dates = dates_in([row.get("sent_at", "") for _, row in rows if row])
    order, sure = (how.dates, True) if how.dates else order_of(dates)
    if dates and not sure:
        yield Note(f"Dates were read with the {order} first; the file leaves it open. Say otherwise with --dates.")
    for at, row in rows:
        if row is None:
            yield Refused(at, "This row is broken: its quotes do not close, or a cell is too long.", "Mend the row.")
            continue
        said = row.get("sent_at", "").strip()
        when = written(said, zone=zone_of(how.zone), order=order) if said else None
        if said and when is None:
            yield Refused(at, "The time of this row cannot be read.", "Write it as 2026-03-01 18:05:00.")
        else:
            yield Sent(_message(row, at, how, when=when), at)


def _message(row: Mapping[str, str], at: int, how: How, *, when: object) -> Message:
    surface = how.surface or "direct"
    own_id = row.get("id", "").strip() or f"line {at}"
    text = clean(row.get("text", ""))
    alone = own_id if surface in ("advert", "post") else how.conversation
    return Message(
        conversation=name_of(row.get("conversation", "")) or alone,
        sender=name_of(row.get("sender", "")) or "unknown account",
        text=text,
        id=own_id,
        sent_at=when,  # type: ignore[arg-type]  # written() gives a time or None
        recipients=tuple(name_of(r) for r in row.get("recipients", "").split(";") if r.strip()),
        surface=surface,
        reply_to=row.get("reply_to", "").strip() or None,
        kind="text" if text.strip() else "media",
    )


def _delimiter(text: str) -> str:
    first = text[:20_000].split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def _found(header: list[str], given: Mapping[str, str]) -> dict[str, int]:
    """Which column holds which field; those given by name come first."""
    found = {}
    for field, name in given.items():
        if field not in NAMES:
            raise SettingsError(f"A message has no field '{field}'.", mend=f"Fields are: {', '.join(NAMES)}.")
        if name not in header:
            raise SettingsError("The table has no column of the name given.", mend="Copy it from the first line.")
        found[field] = header.index(name)
    folded = [" ".join(h.casefold().replace("_", " ").split()) for h in header]
    for field, names in NAMES.items():
        for name in names:
            if field not in found and name.replace("_", " ") in folded:
                found[field] = folded.index(name.replace("_", " "))
    return found
