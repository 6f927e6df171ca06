"""The tables that an extract gives, as views over what was worked out: the columns of `records.tables`, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from trigpoint.intake.compile.compiled import Compiled
from trigpoint.intake.compile.happenings import Block, event_rows, mention_rows
from trigpoint.intake.compile.people import gathered
from trigpoint.intake.compile.places import Places, looked_up
from trigpoint.intake.compile.quoting import name, text
from trigpoint.intake.compile.slots import Slot
from trigpoint.intake.extract import Extract
from trigpoint.records.tables import ATTRIBUTE_TYPES, EVENT_BASE, FIXED
from trigpoint.terms.pack import Attribute

_SQL = {pa.string(): "VARCHAR", pa.date32(): "DATE", pa.timestamp("us"): "TIMESTAMP", pa.int64(): "BIGINT",
        pa.int32(): "INTEGER", pa.bool_(): "BOOLEAN", pa.float64(): "DOUBLE",
        pa.list_(pa.string()): "VARCHAR[]"}  # fmt: skip


@dataclass(frozen=True)
class Views:
    """The queries of an extract's tables."""

    compiled: Compiled
    tables: Mapping[str, str]
    each: Mapping[str, str]
    places: Places
    extract_id: str
    file: str

    def queries(self) -> dict[str, str]:
        """The query of each table."""
        return {
            "records": self._records(),
            "sightings": self._sightings(),
            "events": self._events(),
            "mentions": self._mentions(),
            "refusals": self._refusals(),
        }

    @property
    def _source(self) -> dict[str, str]:
        source = self.compiled.source
        return {"source": text(source.name), "agency": text(source.agency), "feed": text(source.feed)}

    @property
    def _file(self) -> dict[str, str]:
        return {"extract_id": text(self.extract_id), "file": text(self.file)}

    def _records(self) -> str:
        slots = [s for s in self.compiled.person if s.name != "nobody"]
        has = {s.name: s.w for s in slots}
        joins, found = (
            looked_up("w_postcode", alias="g", gazetteer=self.places.gazetteer) if "postcode" in has else ("", {})
        )
        birth = has.get("birth_on", "NULL::TIMESTAMP")
        # The middle of what is known, so that an age is as often too high as too low.
        middle = (
            f"CASE birth_precision WHEN 'month' THEN {birth} + INTERVAL 14 DAY "
            f"WHEN 'year' THEN {birth} + INTERVAL 6 MONTH ELSE {birth} END"
        )
        columns = {
            **{column: has.get(column, "NULL") for column in FIXED["records"].names},
            **{column: column for column in ("row_id", "record_id", "birth_precision", "learnt_at")},
            **self._source,
            "birth_on": middle,
            **self._lists(slots),
            "area": f"coalesce({has.get('area', 'NULL')}, {found.get('area', 'NULL')})",
        }
        origin = f"{name(self.tables['wide'])} w {joins} WHERE w.fresh AND w.record_id IS NOT NULL"
        return _select(FIXED["records"], columns, origin)

    def _lists(self, slots: list[Slot]) -> dict[str, str]:
        person = self.compiled.mapping.person
        if person is None:
            return {}
        return {
            "other_names": gathered(
                slots, {f"other_name_{i}": bool(v.split) for i, v in enumerate(person.other_names)}
            ),
            "other_ids": gathered(slots, {f"id_{scheme}": False for scheme in person.other_ids}),
            "phones": gathered(slots, {f"phone_{i}": bool(v.split) for i, v in enumerate(person.phones)}),
        }

    def _sightings(self) -> str:
        columns = {
            **{column: column for column in FIXED["sightings"].names},
            **self._source,
            **self._file,
            "row": "_row",
            "line": "_line",
        }
        origin = f"{name(self.tables['wide'])} WHERE NOT refused AND NOT repeated"
        gone = {**columns, "row": "NULL", "line": "NULL", "row_id": "NULL", "learnt_at": self.compiled.received}
        withdrawn = _select(FIXED["sightings"], gone, name(self.tables["withdrawn"]))
        return f"{_select(FIXED['sightings'], columns, origin)} UNION ALL {withdrawn}"

    def _relation(self, prefix: str) -> str:
        wide = name(self.tables["wide"])
        if prefix not in self.each:
            return f"(SELECT * FROM {wide} WHERE fresh)"
        carried = "w.row_id, w.record_id, w.learnt_at, w.learnt_own, w.fresh"
        return f"(SELECT e.*, {carried} FROM {name(self.each[prefix])} e JOIN {wide} w USING (rid) WHERE w.fresh)"

    def _events(self) -> str:
        attributes = self._attributes()
        schema = pa.schema([*EVENT_BASE, *(pa.field(a.name, ATTRIBUTE_TYPES[a.type]) for a in attributes)])
        if not self.compiled.blocks:
            empty = ", ".join(f"NULL::{_SQL[f.type]} AS {name(f.name)}" for f in schema)
            return f"SELECT {empty} WHERE false"
        return " UNION ALL ".join(self._events_of(b, schema, attributes) for b in self.compiled.blocks)

    def _attributes(self) -> list[Attribute]:
        """Those that an event of the mapping can have: a column for each other one would hold nothing."""
        told = {attribute for b in self.compiled.blocks for attribute in b.event.attributes}
        return [a for a in self.compiled.setting.pack.attributes.values() if a.name in told]

    def _events_of(self, found: Block, schema: pa.Schema, attributes: list[Attribute]) -> str:
        bare = event_rows(
            found, relation=self._relation(found.prefix), attributes=attributes,
            happened=self.compiled.source.learnt_when_unstated == "happened",
            per_row="n_" if found.prefix in self.each else None,
        )  # fmt: skip
        columns = {**{f.name: f"b.{name(f.name)}" for f in schema if f.name not in _PLACE}, **self._source}
        if found.event.place is None:
            return _select(schema, {**columns, **dict.fromkeys(_PLACE - set(self._source), "NULL")}, f"({bare}) b")
        joins, looked = looked_up("b.p_postcode", alias="g", gazetteer=self.places.gazetteer)
        named = f"LEFT JOIN {name(self.places.gazetteer)} gn ON gn.key = 'NAME:' || upper(b.p_name)"
        point = f"LEFT JOIN {name(self.places.points)} pt ON pt.lat = b.p_lat AND pt.lon = b.p_lon"
        columns |= {
            "place_id": _PLACE_ID,
            "place_name": "b.p_name",
            "postcode": "b.p_postcode",
            "area": f"coalesce(b.p_area, {looked['area']}, gn.area)",
            **{side: f"coalesce(b.p_{side}, pt.{side}, {looked[side]}, gn.{side})" for side in ("easting", "northing")},
        }
        return _select(schema, columns, f"({bare}) b {joins} {named} {point}")

    def _mentions(self) -> str:
        queries = [
            query
            for b in self.compiled.blocks
            for query in mention_rows(
                b, relation=self._relation(b.prefix), per_row="n_" if b.prefix in self.each else None
            )
        ]
        columns = {column: column for column in FIXED["mentions"].names}
        if not queries:
            return "SELECT " + ", ".join(f"NULL::VARCHAR AS {name(c)}" for c in columns) + " WHERE false"
        return _select(FIXED["mentions"], columns, f"({' UNION ALL '.join(queries)})")

    def _refusals(self) -> str:
        select = 'SELECT "row", line, "column", {} AS scope, value_kept, reason, mend FROM {}'
        read = select.format("'row'", name(self.compiled.extract.refused))
        said = select.format("scope", name(self.tables["said"]))
        columns = {**{c: name(c) for c in FIXED["refusals"].names}, **self._source, **self._file}
        # One bad cell that several events rest on is said once.
        once = f'SELECT DISTINCT ON ("row", line, "column", value_kept) * FROM ({read} UNION ALL {said})'
        once += " ORDER BY line, scope"
        return _select(FIXED["refusals"], columns, f"({once})")


_PLACE = frozenset({"place_id", "place_name", "postcode", "area", "easting", "northing", "source", "agency"})
# An outward code alone is too wide to say that two children were at one place.
_PLACE_ID = (
    "coalesce(b.p_id, CASE WHEN contains(b.p_postcode, ' ') THEN b.p_postcode END, 'NAME:' || upper(b.p_name), "
    "'GRID:' || coalesce(b.p_easting, pt.easting)::VARCHAR || ',' || coalesce(b.p_northing, pt.northing)::VARCHAR)"
)


def _select(schema: pa.Schema, columns: Mapping[str, str], origin: str) -> str:
    listed = ", ".join(f"({columns[f.name]})::{_SQL[f.type]} AS {name(f.name)}" for f in schema)
    return f"SELECT {listed} FROM {origin}"


def garbled(extract: Extract) -> str:
    """A remark for each cell whose letters look as if they had been saved in the wrong encoding."""
    queries = [
        f"SELECT rid, _row, _line, {text(c)}, 'value', {name(c)}, "
        "'the letters look garbled (saved in the wrong encoding)', "
        "'Ask the agency to export the file as UTF-8; the row is loaded as it stands.' "
        f"FROM {name(extract.table)} WHERE regexp_matches({name(c)}, {text(GARBLED_SQL)})"
        for c in extract.columns
    ]
    return " UNION ALL ".join(queries)


GARBLED_SQL = "Ã[\\x{80}-\\x{BF}\\x{2018}-\\x{2122}]|Â[\\x{80}-\\x{BF}]|â€|\\x{FFFD}"
