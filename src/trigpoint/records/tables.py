"""The columns of every table that Trigpoint keeps, in one place.

Times are naive wall-clock times of England and Wales (`timestamp[us]`), days are `date32`. Ids are the first 20
hexadecimal characters of an MD5 over the parts joined by the unit separator: short, the same in every run, and of no
cryptographic purpose. An event's id is that of its row followed by its kind and place in the row (ADR 0016).
`EVENT_BASE` is followed by one column for each attribute that the pack declares.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from trigpoint.terms.pack import Pack

TEXT: Final = pa.string()
TEXTS: Final = pa.list_(pa.string())
DAY: Final = pa.date32()
TIME: Final = pa.timestamp("us")
WHOLE: Final = pa.int64()
METRES: Final = pa.int32()
YES_NO: Final = pa.bool_()
NUMBER: Final = pa.float64()

ATTRIBUTE_TYPES: Final = {
    "text": TEXT,
    "code": TEXT,
    "integer": WHOLE,
    "number": NUMBER,
    "boolean": YES_NO,
}

EVENT_BASE: Final = pa.schema(
    [
        ("event_id", TEXT),
        ("row_id", TEXT),
        ("record_id", TEXT),
        ("source", TEXT),
        ("agency", TEXT),
        ("kind", TEXT),
        ("happened_at", TIME),
        ("day_only", YES_NO),
        ("ended_at", TIME),
        ("learnt_at", TIME),
        ("place_id", TEXT),
        ("place_name", TEXT),
        ("postcode", TEXT),
        ("easting", METRES),
        ("northing", METRES),
        ("area", TEXT),
    ]
)

FIXED: Final[dict[str, pa.Schema]] = {
    "records": pa.schema(
        [
            ("row_id", TEXT),
            ("record_id", TEXT),
            ("source", TEXT),
            ("agency", TEXT),
            ("local_id", TEXT),
            ("given_names", TEXT),
            ("surname", TEXT),
            ("other_names", TEXTS),
            ("birth_on", DAY),
            ("birth_precision", TEXT),
            ("sex", TEXT),
            ("ethnicity", TEXT),
            ("disability", TEXT),
            ("nhs_number", TEXT),
            ("upn", TEXT),
            ("other_ids", TEXTS),
            ("postcode", TEXT),
            ("address", TEXT),
            ("phones", TEXTS),
            ("school", TEXT),
            ("area", TEXT),
            ("learnt_at", TIME),
        ]
    ),
    "sightings": pa.schema(
        [
            ("source", TEXT),
            ("feed", TEXT),
            ("extract_id", TEXT),
            ("file", TEXT),
            ("row", WHOLE),
            ("line", WHOLE),
            ("row_key", TEXT),
            ("row_id", TEXT),
            ("record_id", TEXT),
            ("learnt_at", TIME),
        ]
    ),
    "mentions": pa.schema([("event_id", TEXT), ("row_id", TEXT), ("kind", TEXT), ("value", TEXT), ("role", TEXT)]),
    "refusals": pa.schema(
        [
            ("source", TEXT),
            ("feed", TEXT),
            ("extract_id", TEXT),
            ("file", TEXT),
            ("row", WHOLE),
            ("line", WHOLE),
            ("column", TEXT),
            ("scope", TEXT),
            ("value_kept", TEXT),
            ("reason", TEXT),
            ("mend", TEXT),
        ]
    ),
    "extracts": pa.schema(
        [
            ("extract_id", TEXT),
            ("seq", WHOLE),
            ("source", TEXT),
            ("feed", TEXT),
            ("file", TEXT),
            ("fingerprint", TEXT),
            ("bytes", WHOLE),
            ("received_at", TIME),
            ("loaded_at", TIME),
            ("read", WHOLE),
            ("loaded", WHOLE),
            ("refused", WHOLE),
            ("repeated", WHOLE),
            ("corrected", WHOLE),
            ("values_left_out", WHOLE),
            ("mapping", TEXT),
            ("mapping_version", WHOLE),
            ("reading", TEXT),
        ]
    ),
    "coverage": pa.schema(
        [
            ("source", TEXT),
            ("agency", TEXT),
            ("kind", TEXT),
            ("from_on", DAY),
            ("to_on", DAY),
            ("area", TEXT),
        ]
    ),
    "links": pa.schema([("record_id", TEXT), ("child_key", TEXT)]),
    "edges": pa.schema(
        [
            ("record_a", TEXT),
            ("record_b", TEXT),
            ("weight", NUMBER),
            ("probability", NUMBER),
            ("decided_by", TEXT),
            ("reason", TEXT),
        ]
    ),
    "questions": pa.schema(
        [
            ("question_id", TEXT),
            ("kind", TEXT),
            ("record_a", TEXT),
            ("record_b", TEXT),
            ("child_keys", TEXTS),
            ("reason", TEXT),
        ]
    ),
    "judgements": pa.schema(
        [
            ("judgement_id", TEXT),
            ("record_a", TEXT),
            ("record_b", TEXT),
            ("verdict", TEXT),
            ("reason", TEXT),
            ("by", TEXT),
            ("at", TIME),
        ]
    ),
    "successions": pa.schema([("at", TIME), ("old_key", TEXT), ("new_key", TEXT), ("why", TEXT)]),
    "children": pa.schema(
        [
            ("child_key", TEXT),
            ("birth_on", DAY),
            ("sex", TEXT),
            ("ethnicity", TEXT),
            ("disability", TEXT),
            ("area", TEXT),
            ("postcode", TEXT),
            ("easting", METRES),
            ("northing", METRES),
            ("in_care", YES_NO),
            ("records", WHOLE),
            ("sources", TEXTS),
            ("agencies", TEXTS),
        ]
    ),
    "findings": pa.schema(
        [
            ("finding_id", TEXT),
            ("child_key", TEXT),
            ("indicator", TEXT),
            ("version", WHOLE),
            ("answer", TEXT),
            ("from_on", DAY),
            ("to_on", DAY),
            ("sentence", TEXT),
            ("event_ids", TEXTS),
            ("sources", TEXTS),
            ("agencies", TEXTS),
            ("count", WHOLE),
        ]
    ),
    "unanswered": pa.schema([("child_key", TEXT), ("indicator", TEXT), ("version", WHOLE), ("missing", TEXTS)]),
    "proposals": pa.schema(
        [
            ("proposal_id", TEXT),
            ("child_key", TEXT),
            ("form", TEXT),
            ("rule", TEXT),
            ("rule_version", WHOLE),
            ("finding_ids", TEXTS),
            ("agencies", TEXTS),
            ("sources", TEXTS),
            ("from_on", DAY),
            ("to_on", DAY),
            ("why", TEXT),
            ("what_would_change", TEXT),
            ("online", YES_NO),
            ("overlap_cse", YES_NO),
        ]
    ),
    "published": pa.schema(
        [
            ("table", TEXT),
            ("counts", TEXT),
            ("row", TEXT),
            ("row_value", TEXT),
            ("column", TEXT),
            ("column_value", TEXT),
            ("layer", TEXT),
            ("layer_value", TEXT),
            ("shown", TEXT),
            ("why", TEXT),
            ("place", WHOLE),
        ]
    ),
    # What was done to the published counts: by which rule, compared with which releases.
    "published_notes": pa.schema([("note", TEXT), ("rule", TEXT), ("compared", TEXTS)]),
    # How far unsure links move published numbers, as it may be shown beside them; only of the run `run_no`.
    "count_limits": pa.schema(
        [
            ("table", TEXT),
            ("row_value", TEXT),
            ("column_value", TEXT),
            ("low", TEXT),
            ("high", TEXT),
            ("draws", WHOLE),
            ("run_no", WHOLE),
        ]
    ),
    # Counted tables that `trigpoint known` adds to those of the run `run_no`; not protected, and never exported.
    "counted_also": pa.schema(
        [
            ("table", TEXT),
            ("counts", TEXT),
            ("row", TEXT),
            ("row_value", TEXT),
            ("column", TEXT),
            ("column_value", TEXT),
            ("layer", TEXT),
            ("layer_value", TEXT),
            ("count", WHOLE),
            ("run_no", WHOLE),
        ]
    ),
    # Figures that others publish, one row a number or the mark that stands in its place. `period_type` is one of
    # counts.national.PERIOD_TYPES; `mark` is what the publisher printed for a number (c, [x], ..) or beside it.
    "national": pa.schema(
        [
            ("series", TEXT),
            ("measure", TEXT),
            ("category", TEXT),
            ("age", TEXT),
            ("sex", TEXT),
            ("ethnicity", TEXT),
            ("other", TEXT),
            ("area_code", TEXT),
            ("area", TEXT),
            ("area_kind", TEXT),
            ("period", TEXT),
            ("period_type", TEXT),
            ("from_on", DAY),
            ("to_on", DAY),
            ("value", NUMBER),
            ("mark", TEXT),
            ("published_on", DAY),
            ("source", TEXT),
            ("title", TEXT),
            ("footnotes", TEXT),
            ("file", TEXT),
            ("place", TEXT),
            ("file_hash", TEXT),
            ("added_at", TIME),
        ]
    ),
    "releases": pa.schema(
        [
            ("release", TEXT),
            ("title", TEXT),
            ("as_at", DAY),
            ("from_on", DAY),
            ("data", TEXT),
            ("compared", TEXTS),
            ("seal", TEXT),
            ("note", TEXT),
        ]
    ),
    # `number` counts all steps, `chain` is the SHA-256 over the step, what it is about, and the chain before it.
    "release_steps": pa.schema(
        [
            ("release", TEXT),
            ("step", TEXT),
            ("by", TEXT),
            ("at", TIME),
            ("note", TEXT),
            ("number", WHOLE),
            ("chain", TEXT),
        ]
    ),
    "release_cells": pa.schema(
        [
            ("release", TEXT),
            ("table", TEXT),
            ("counts", TEXT),
            ("row", TEXT),
            ("row_value", TEXT),
            ("column", TEXT),
            ("column_value", TEXT),
            ("layer", TEXT),
            ("layer_value", TEXT),
            ("count", WHOLE),
            ("shown", TEXT),
            ("low", NUMBER),
            ("high", NUMBER),
        ]
    ),
    "runs": pa.schema(
        [
            ("run_no", WHOLE),
            ("at", TIME),
            ("as_at", DAY),
            ("seq", WHOLE),
            ("terms", TEXT),
            ("pack", TEXT),
            ("pack_version", WHOLE),
            ("children", WHOLE),
            ("records", WHOLE),
            ("events", WHOLE),
            ("findings", WHOLE),
            ("proposals", WHOLE),
            ("seconds", TEXT),
            ("state", TEXT),
        ]
    ),
}

# Columns that say something of a person. The store keeps their statistics out of its logs, and no message
# may show them.
PERSONAL: Final[dict[str, frozenset[str]]] = {
    "records": frozenset(
        {
            "local_id", "given_names", "surname", "other_names", "birth_on", "nhs_number", "upn", "other_ids",
            "postcode", "address", "phones", "school", "sex", "ethnicity", "disability", "birth_precision",
        }
    ),
    "events": frozenset({"place_id", "place_name", "postcode", "easting", "northing"}),
    "mentions": frozenset({"value"}),
    "refusals": frozenset({"value_kept"}),
    "children": frozenset({"birth_on", "postcode", "easting", "northing", "sex", "ethnicity", "disability"}),
    "findings": frozenset({"sentence"}),
    "proposals": frozenset({"why", "what_would_change"}),
    "edges": frozenset({"reason"}),
    "questions": frozenset({"reason"}),
    "judgements": frozenset({"reason", "by"}),
    "release_steps": frozenset({"by", "note"}),
    "release_cells": frozenset({"count", "low", "high"}),
}  # fmt: skip


def events_schema(pack: Pack) -> pa.Schema:
    """The columns of `events`: the base, then one for each attribute of the pack, in the pack's order."""
    extra = [pa.field(a.name, ATTRIBUTE_TYPES[a.type]) for a in pack.attributes.values()]
    return pa.schema([*EVENT_BASE, *extra])


def table_schemas(pack: Pack) -> dict[str, pa.Schema]:
    """Every table by name, with its Arrow schema under this pack."""
    return {**FIXED, "events": events_schema(pack)}


def personal_columns(table: str, *, pack: Pack) -> frozenset[str]:
    """The columns of `table` that say something of a person; an event's attributes all do."""
    named = PERSONAL.get(table, frozenset())
    return named | frozenset(pack.attributes) if table == "events" else named
