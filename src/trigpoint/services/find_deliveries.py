"""Which of the agencies' files have to be loaded: those that are new, and those that would be read otherwise now."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from trigpoint.records.partnership import Feed, SourceSettings
from trigpoint.services.progress import Progress, plural
from trigpoint.services.read_again import Readings
from trigpoint.services.workspace import Workspace

DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
STORED = ["extract_id", "source", "feed", "file", "fingerprint", "mapping", "mapping_version", "reading"]


@dataclass(frozen=True)
class Delivery:
    """One file of one feed, with its fingerprint and the day it was received.

    `stored` is the extract in the store where the file was loaded before, and is read again.
    """

    source: SourceSettings
    feed: Feed
    path: Path
    file: str
    fingerprint: str
    received_at: datetime
    stored: str | None = None


def find_deliveries(workspace: Workspace, readings: Readings, *, progress: Progress) -> Iterator[Delivery]:
    """The files to load, feed by feed in the settings' order, the earlier received first.

    Says of each feed that no file fits, and of each whose files are read again. Raises MappingError.
    """
    stored = {_name(row): row for row in workspace.store.read("extracts", columns=STORED).to_pylist()}
    for source in workspace.partnership.sources:
        for feed in source.feeds:
            there = [_delivery(workspace.partnership.folder, source, feed, path) for path in _files(workspace, feed)]
            if not there:
                progress.step(f"{source.name}, {feed.name}: no file fits {', '.join(feed.files)}")
            new, again = _sorted_out(there, stored, readings)
            if again:
                said = "its mapping, or what it goes by, was changed"
                progress.step(f"{source.name}, {feed.name}: {said}; {plural(len(again), 'file')} read again")
            yield from sorted([*new, *again], key=lambda d: (d.received_at, d.file))


def _sorted_out(
    there: list[Delivery], stored: dict[tuple[str, ...], dict[str, Any]], readings: Readings
) -> tuple[list[Delivery], list[Delivery]]:
    """The files that are new, and those that were loaded and would be read otherwise now."""
    new, again = [], []
    for one in there:
        row = stored.get((one.source.name, one.feed.name, one.file, one.fingerprint))
        if row is None:
            new.append(one)
        elif not readings.same(row, one.source, one.feed):
            again.append(replace(one, stored=row["extract_id"]))
    return new, again


def _name(row: dict[str, Any]) -> tuple[str, ...]:
    return row["source"], row["feed"], row["file"], row["fingerprint"]


def _files(workspace: Workspace, feed: Feed) -> list[Path]:
    folder = workspace.partnership.folder
    return sorted({path for pattern in feed.files for path in folder.glob(pattern) if path.is_file()})


def _delivery(folder: Path, source: SourceSettings, feed: Feed, path: Path) -> Delivery:
    with path.open("rb") as content:
        fingerprint = hashlib.file_digest(content, "sha256").hexdigest()
    return Delivery(source, feed, path, path.relative_to(folder).as_posix(), fingerprint, received_at(path))


def received_at(path: Path) -> datetime:
    """When a file was received: the end of the day that its name holds, else when it was last changed."""
    if named := DAY_IN_NAME.search(path.name):
        year, month, day = map(int, named.groups())
        with suppress(ValueError):
            return datetime(year, month, day, 23, 59, 59)
    return datetime.fromtimestamp(path.stat().st_mtime).replace(microsecond=0)
