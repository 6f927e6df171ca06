"""Reading an export: whatever people have, as messages with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from trigpoint.errors import ExtractError
from trigpoint.scanner.reading.files import Opened, open_parts, seal_of
from trigpoint.scanner.reading.forms import check_form, read_form
from trigpoint.scanner.reading.found import UNNAMED, Export, How, Item, Part, Refused, Sent, Unread, settled
from trigpoint.scanner.reading.times import zone_of

_WHATSAPP = ("WhatsApp Chat with ", "WhatsApp Chat - ", "WhatsApp-Chat mit ")


def read_export(path: Path, how: How | None = None, /) -> Export:
    """Read a file, a folder or a zip of messages.

    What cannot be read as a message is refused with its reason, and the rest is read; files of an archive that hold no
    messages are named in `unread`. Raises ExtractError where nothing can be read, SettingsError for a wrong option.
    """
    how = how or How()
    check_form(how.form)
    zone_of(how.zone)
    parts: list[Part] = []
    items: list[Item] = []
    unread: list[Unread] = []
    for one in open_parts(path):
        if isinstance(one, Unread):
            unread.append(one)
            continue
        try:
            items += _part(one, replace(how, conversation=_title(path, one, how)), parts)
        except ExtractError as fault:
            if one.alone:
                raise
            unread.append(Unread(one.name, fault.what))
    if not parts:
        raise ExtractError("No file here holds messages of a form that is known.", mend="Give the chat's own file.")
    sent, refused, notes = settled(items)
    seal, size = seal_of(path)
    return Export(
        seal, size, how.zone, tuple(parts), tuple(sent), tuple(refused), unread=tuple(unread), notes=tuple(notes)
    )


def _part(one: Opened, how: How, parts: list[Part]) -> Iterator[Item]:
    """The items of one file, each with the number of its part."""
    form, counts, items = read_form(one.data, how)
    number, made = len(parts), list(items)
    parts.append(Part(one.name, form, sha256(one.data).hexdigest(), len(one.data), counts))
    return (replace(item, part=number) if isinstance(item, Sent | Refused) else item for item in made)


def _title(path: Path, one: Opened, how: How) -> str:
    """A name for a conversation that its file does not name: the file's, or the archive's for WhatsApp's _chat.txt."""
    if how.conversation != UNNAMED:
        return how.conversation
    inner = PurePosixPath(one.name)
    stem = path.stem if inner.name == "_chat.txt" or one.alone else str(inner.with_suffix(""))
    for heading in _WHATSAPP:
        stem = stem.removeprefix(heading)
    return stem or how.conversation
