"""Load what the agencies sent: every file that is new or changed, one whole file at a time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import pyarrow as pa

from trigpoint.errors import ExtractError, MappingError, TrigpointError
from trigpoint.intake import Mapping, SourceFacts, discard, read_extract, settle, shape_extract
from trigpoint.records.tables import FIXED
from trigpoint.services.find_deliveries import Delivery, find_deliveries
from trigpoint.services.keep_extracts import Keeping
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.read_again import Readings
from trigpoint.services.workspace import Workspace
from trigpoint.terms.places import gazetteer

COUNTED = ("read", "loaded", "refused", "repeated", "corrected", "values_left_out")
REASONS = 6  # why rows were refused, told as a run goes on; the export 'rejects' holds them all
Totals = tuple[str, int, int, int, int]  # source, read, loaded, refused, repeated


def load_extracts(workspace: Workspace, *, progress: Progress = SILENT) -> list[Totals]:
    """Load every file of the partnership that is not in the store yet; return the totals by source.

    A file is loaded whole or not at all; refused rows are kept with their reasons. For each file
    read = loaded + refused + repeated. A file whose mapping was mended since is read again. Raises MappingError or
    ExtractError with the way to mend, for all the files that cannot be loaded; the others are.
    """
    progress.stage("Loading extracts")
    _keep_coverage(workspace)
    totals: dict[str, Counter[str]] = {}
    files: list[str] = []

    def kept(source: str, file: str, counted: Counter[str]) -> None:
        files.append(file)
        totals.setdefault(source, Counter()).update(counted)
        progress.step(_said(file, counted))

    readings = Readings(workspace)
    new = list(find_deliveries(workspace, readings, progress=progress))
    if new:
        _lay_out_places(workspace)
        try:
            _load_all(workspace, new, readings=readings, keeping=Keeping(workspace, kept))
        finally:
            _say_refused(workspace, files, progress)
    else:
        progress.step("No new files.")
    return [(source, c["read"], c["loaded"], c["refused"], c["repeated"]) for source, c in totals.items()]


def _load_all(workspace: Workspace, new: Collection[Delivery], *, readings: Readings, keeping: Keeping) -> None:
    going: dict[tuple[str, str], list[str]] = {}
    for delivery in new:
        if delivery.stored:
            going.setdefault((delivery.source.name, delivery.feed.name), []).append(delivery.stored)
    faults: dict[str, TrigpointError] = {}
    try:
        for delivery in new:
            try:
                _load(workspace, delivery, readings=readings, keeping=keeping, going=going)
            except (ExtractError, MappingError) as fault:
                faults[delivery.file] = fault
    finally:
        # What was loaded before a fault stays loaded.
        keeping.flush()
    if faults:
        raise _together(faults, of=len(new))


def _together(faults: dict[str, TrigpointError], *, of: int) -> TrigpointError:
    """One error for all the files that could not be loaded."""
    file, first = next(iter(faults.items()))
    if len(faults) == 1:
        return type(first)(first.what, where=first.where or file, mend=first.mend)
    listed = "\n\n".join(f"{file}\n{fault}" for file, fault in faults.items())
    return ExtractError(
        f"{len(faults)} of {plural(of, 'file')} could not be loaded; the others are.\n\n{listed}\n",
        mend="Mend these, or move them out of the partnership's folder, and run again.",
    )


def _said(file: str, counted: Counter[str]) -> str:
    extra = [f"{counted[word]:,} {word}" for word in ("refused", "repeated", "corrected") if counted[word]]
    return f"{file}: {plural(counted['loaded'], 'row')} loaded" + "".join(f", {word}" for word in extra)


def _load(
    workspace: Workspace,
    delivery: Delivery,
    *,
    readings: Readings,
    keeping: Keeping,
    going: dict[tuple[str, str], list[str]],
) -> None:
    """Load one file. The feed's extracts in `going` are taken out first, once it is sure that the mapping fits."""
    con, mapping = workspace.con, readings.mapping(delivery.feed.mapping)
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
    if stale := going.pop((delivery.source.name, delivery.feed.name), None):
        keeping.take_out(stale)
    settled = settle(shaped, keeping.known, con, replaces=delivery.feed.each_file == "replaces")
    counted = Counter({name: getattr(settled, name) for name in COUNTED})
    row = {
        **_extract_row(delivery, mapping, extract_id, counted),
        "reading": readings.now(delivery.source, delivery.feed),
    }
    keeping.add(settled, row, source=delivery.source.title, counted=counted)
    discard(con, extract, settled)


def _say_refused(workspace: Workspace, files: list[str], progress: Progress) -> None:
    """Say why rows and values of these files were refused, whole rows before values, the commonest reasons first."""
    workspace.store.scan(workspace.con, "refusals", name="refused_now")
    found = workspace.con.execute("""
        select file, scope, reason, count(*) as n from refused_now where file in (select unnest(?))
        group by file, scope, reason
        order by scope = 'row' desc, n desc, file, reason limit ?""", [files, REASONS])  # fmt: skip
    for file, scope, reason, number in found.fetchall():
        what = f"{plural(number, 'row')} refused" if scope == "row" else f"{plural(number, 'value')} left out"
        progress.step(f"{file}: {what}: {reason}")


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
