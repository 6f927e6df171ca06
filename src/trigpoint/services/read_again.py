"""Files that were read by a mapping, codes or places which have been mended since: they are read again.

A refusal says how to mend it, most often in the mapping. What was mended must then reach the rows that are loaded
already, or the advice would be worth nothing (ADR 0050).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from trigpoint.intake import Mapping, read_mapping
from trigpoint.records.partnership import Feed, SourceSettings
from trigpoint.records.tables import FIXED
from trigpoint.services.workspace import Workspace, arrow

# What a mapping says for people alone.
FOR_PEOPLE = {"title", "source"}
STALE = "stale"
NEVER = "never again"  # the reading of an extract from which a child or what was past its retention was deleted


@dataclass
class Readings:
    """What the rows of each feed are read by: its mapping, the pack's codes, the places, and the feed's settings."""

    workspace: Workspace
    _mappings: dict[str, Mapping] = field(default_factory=dict)

    def mapping(self, name: str) -> Mapping:
        """The mapping called `name`, read once. Raises MappingError."""
        if name not in self._mappings:
            partnership = self.workspace.partnership
            self._mappings[name] = read_mapping(partnership.mapping_file(name), partnership.pack)
        return self._mappings[name]

    def now(self, source: SourceSettings, feed: Feed) -> str:
        """Two digests: of the mapping's file as it is written, and of what it means. Raises MappingError."""
        meaning = self.mapping(feed.mapping).model_dump_json(exclude=FOR_PEOPLE)
        return f"{self._written(source, feed)} {self._digest(meaning.encode(), source, feed)}"

    def same(self, extract: dict[str, Any], source: SourceSettings, feed: Feed) -> bool:
        """Whether a stored extract was read as its file would be read now. Raises MappingError."""
        stored = extract["reading"]
        if stored == NEVER:  # the file still holds what was deleted: to read it again would bring that back
            return True
        if stored is None:  # kept before readings were: the version alone tells
            mapping = self.mapping(feed.mapping)
            return bool((extract["mapping"], extract["mapping_version"]) == (mapping.name, mapping.version))
        written, meant = stored.split()
        return bool(written == self._written(source, feed) or meant == self.now(source, feed).split()[1])

    def _written(self, source: SourceSettings, feed: Feed) -> str:
        path = self.workspace.partnership.mapping_file(feed.mapping)
        return self._digest(path.read_bytes() if path.is_file() else b"", source, feed)

    def _digest(self, mapping: bytes, source: SourceSettings, feed: Feed) -> str:
        rules = f"{source.agency} {feed.learnt_when_unstated} {feed.each_file}".encode()
        return hashlib.sha256(b"\x1f".join((mapping, rules, self._beside))).hexdigest()[:20]

    @cached_property
    def _beside(self) -> bytes:
        """What every mapping goes by: codes in all their spellings, types of attributes, areas, own places."""
        partnership = self.workspace.partnership
        pack = partnership.pack
        words = [
            {name: codes.spelling() for name, codes in pack.codes.items()},
            {name: attribute.model_dump(exclude={"plain"}) for name, attribute in pack.attributes.items()},
            [[area.code, *area.postcodes] for area in partnership.areas],
        ]
        places = partnership.own_places.read_bytes() if partnership.own_places else b""
        return json.dumps(words, sort_keys=True).encode() + places


def take_out(workspace: Workspace, extract_ids: Collection[str]) -> None:
    """Take what these extracts gave out of the store, so that their files can be loaded again, in one step.

    A row that another extract holds too stays. The next run marks everyone anew.
    """
    from trigpoint.services.keep_timelines import forget_timelines
    from trigpoint.services.link_records import forget_memory

    listed = _listed(extract_ids)
    workspace.store.scan(workspace.con, "sightings", name="read_sightings")
    rows = arrow(workspace.con, f"""
        select row_id from read_sightings where row_id is not null
        group by row_id having bool_and(extract_id in ({listed}))""")  # fmt: skip
    forget_memory(workspace)
    forget_timelines(workspace)
    with workspace.store.write("take out what is read again") as tx:
        for table in ("records", "events", "mentions"):
            tx.delete(table, rows)
        for table in ("sightings", "refusals", "extracts"):
            tx.delete(table, f"extract_id in ({listed})")
        tx.append("runs", stale_run())


def never_again(workspace: Workspace, extract_ids: Collection[str]) -> None:
    """Keep these extracts from being read again by themselves, whatever is mended: something of them was deleted."""
    known = workspace.store.read("extracts").to_pylist()
    rows = [{**row, "reading": NEVER} for row in known if row["extract_id"] in set(extract_ids)]
    with workspace.store.write("keep what is deleted from being read again") as tx:
        tx.delete("extracts", f"extract_id in ({_listed(extract_ids) or 'null'})")
        tx.append("extracts", pa.Table.from_pylist(rows, schema=FIXED["extracts"]))


def stale_run() -> pa.Table:
    """The row of `runs` that tells the next run that it cannot build on the last one."""
    return pa.Table.from_pylist([{"run_no": 0, "at": datetime.now(), "state": STALE}], schema=FIXED["runs"])


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(f"'{one}'" for one in sorted(ids))
