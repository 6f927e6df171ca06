"""Load what the agencies sent: every file that is new or changed, one whole file at a time."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from trigpoint.intake import (
    Mapping,
    SourceFacts,
    discard,
    read_extract,
    read_mapping,
    settle,
    shape_extract,
)
from trigpoint.records.partnership import Feed, SourceSettings
from trigpoint.records.tables import FIXED
from trigpoint.services.keep_extracts import Keeping
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.workspace import Workspace
from trigpoint.terms.places import gazetteer

DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
COUNTED = ("read", "loaded", "refused", "repeated", "corrected", "values_left_out")
Totals = tuple[str, int, int, int, int]  # source, read, loaded, refused, repeated


@dataclass(frozen=True)
class Delivery:
    """One file of one feed, with its fingerprint and the day it was received."""

    source: SourceSettings
    feed: Feed
    path: Path
    file: str
    fingerprint: str
    received_at: datetime


def load_extracts(workspace: Workspace, *, progress: Progress = SILENT) -> list[Totals]:
    """Load every file of the partnership that is not in the store yet; return the totals by source.

    A file is loaded whole or not at all; refused rows are kept with their reasons. For each file
    read = loaded + refused + repeated. Raises MappingError, ExtractError or SettingsError with the way to mend;
    files loaded before stay loaded.
    """
    progress.stage("Loading extracts")
    _keep_coverage(workspace)
    totals: dict[str, Counter[str]] = {}

    def kept(source: str, file: str, counted: Counter[str]) -> None:
        totals.setdefault(source, Counter()).update(counted)
        progress.step(_said(file, counted))

    new = list(_new(workspace))
    if new:
        _lay_out_places(workspace)
        _load_all(workspace, new, Keeping(workspace, kept))
    else:
        progress.step("No new files.")
    return [(source, c["read"], c["loaded"], c["refused"], c["repeated"]) for source, c in totals.items()]


def _load_all(workspace: Workspace, new: Iterable[Delivery], keeping: Keeping) -> None:
    partnership, mappings = workspace.partnership, dict[str, Mapping]()
    try:
        for delivery in new:
            named = delivery.feed.mapping
            if named not in mappings:
                mappings[named] = read_mapping(partnership.mapping_file(named), partnership.pack)
            _load(workspace, delivery, mapping=mappings[named], keeping=keeping)
    finally:
        # What was loaded before a file that cannot be stays loaded.
        keeping.flush()


def _said(file: str, counted: Counter[str]) -> str:
    extra = [f"{counted[word]:,} {word}" for word in ("refused", "repeated", "corrected") if counted[word]]
    return f"{file}: {plural(counted['loaded'], 'row')} loaded" + "".join(f", {word}" for word in extra)


def _new(workspace: Workspace) -> Iterator[Delivery]:
    """Files not loaded yet, feed by feed in the settings' order, the earlier received first."""
    done = workspace.store.read("extracts", columns=["source", "feed", "file", "fingerprint"])
    seen = set(zip(*(column.to_pylist() for column in done.columns), strict=True))
    for source in workspace.partnership.sources:
        for feed in source.feeds:
            found = [_delivery(workspace.partnership.folder, source, feed, path) for path in _files(workspace, feed)]
            for one in sorted(found, key=lambda d: (d.received_at, d.file)):
                if (source.name, feed.name, one.file, one.fingerprint) not in seen:
                    yield one


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


def _load(workspace: Workspace, delivery: Delivery, *, mapping: Mapping, keeping: Keeping) -> None:
    con = workspace.con
    extract_id = _extract_id(delivery)
    extract = replace(read_extract(delivery.path, mapping, con), file=delivery.file)
    shaped = shape_extract(
        extract,
        mapping,
        source=SourceFacts(
            name=delivery.source.name,
            agency=delivery.source.agency,
            feed=delivery.feed.name,
            learnt_when_unstated=delivery.feed.learnt_when_unstated,
        ),
        received_at=delivery.received_at,
        extract_id=extract_id,
        pack=workspace.partnership.pack,
        con=con,
        gazetteer="gazetteer",
    )
    settled = settle(shaped, keeping.known, con, replaces=delivery.feed.each_file == "replaces")
    counted = Counter({name: getattr(settled, name) for name in COUNTED})
    row = _extract_row(delivery, mapping, extract_id, counted)
    keeping.add(settled, row, source=delivery.source.title, counted=counted)
    discard(con, extract, settled)


def _extract_id(delivery: Delivery) -> str:
    parts = (delivery.source.name, delivery.feed.name, delivery.file, delivery.fingerprint)
    return hashlib.md5("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()[:20]


def _extract_row(delivery: Delivery, mapping: Mapping, extract_id: str, counted: Counter[str]) -> dict[str, object]:
    return {
        "extract_id": extract_id,
        "source": delivery.source.name,
        "feed": delivery.feed.name,
        "file": delivery.file,
        "fingerprint": delivery.fingerprint,
        "bytes": delivery.path.stat().st_size,
        "received_at": delivery.received_at,
        "loaded_at": datetime.now().replace(microsecond=0),
        **counted,
        "mapping": mapping.name,
        "mapping_version": mapping.version,
    }


def _keep_coverage(workspace: Workspace) -> None:
    """Put the coverage that the settings claim into the store, where it differs from what stands there."""
    rows = [
        {"source": source.name, "agency": source.agency, "kind": kind, "from_on": claim.from_on,
         "to_on": claim.to_on, "area": area}
        for source in workspace.partnership.sources
        for claim in source.coverage
        for kind in claim.kinds
        for area in (claim.areas or (None,))
    ]  # fmt: skip
    claimed = pa.Table.from_pylist(rows, schema=FIXED["coverage"])
    if workspace.store.read("coverage") != claimed:
        with workspace.store.write("keep the claimed coverage") as tx:
            tx.replace("coverage", claimed)


def _lay_out_places(workspace: Workspace) -> None:
    partnership = workspace.partnership
    places = gazetteer(partnership.pack, own_places=partnership.own_places, areas=partnership.areas)
    workspace.con.register("gazetteer_arrow", places)
    workspace.con.execute("create or replace temp table gazetteer as select * from gazetteer_arrow")
    workspace.con.unregister("gazetteer_arrow")
