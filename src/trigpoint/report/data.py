"""What the report is made of: Arrow tables in stated columns, already gathered and already short.

Whoever gathers them keeps them short (see `MOST`): the report of a million children is no longer than that of ten
thousand. Whatever is longer is cut here too, and the page says how much more there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Final

import pyarrow as pa

TEXT: Final = pa.string()
TEXTS: Final = pa.list_(pa.string())
DAY: Final = pa.date32()
WHOLE: Final = pa.int64()
YES_NO: Final = pa.bool_()

MOST: Final = {
    "children": 200,
    "reasons_each": 12,
    "not_known_each": 8,
    "indicators": 30,
    "months": 24,
    "forms": 9,
    "found": 1_500,
    "refusals": 30,
    "published_rows": 60,
}
"""How much of each is drawn or listed."""

COLUMNS: Final[dict[str, pa.Schema]] = {
    # Children with a proposed marker, one row each. missing_now: a missing episode without an end as at the day.
    "children": pa.schema(
        [
            ("child_key", TEXT),
            ("age", WHOLE),
            ("sex", TEXT),
            ("area", TEXT),
            ("in_care", YES_NO),
            ("missing_now", YES_NO),
            ("newest_on", DAY),
        ]
    ),
    # Proposed markers of these children.
    "proposals": pa.schema(
        [
            ("proposal_id", TEXT),
            ("child_key", TEXT),
            ("form", TEXT),
            ("from_on", DAY),
            ("to_on", DAY),
            ("why", TEXT),
            ("what_would_change", TEXT),
            ("online", YES_NO),
            ("overlap_cse", YES_NO),
        ]
    ),
    # The findings that a proposal stands on.
    "reasons": pa.schema(
        [
            ("proposal_id", TEXT),
            ("indicator", TEXT),
            ("version", WHOLE),
            ("sentence", TEXT),
            ("from_on", DAY),
            ("to_on", DAY),
            ("agencies", TEXTS),
            ("sources", TEXTS),
        ]
    ),
    # Which agency saw what of these children: kinds of event by agency.
    "seen_by": pa.schema(
        [
            ("child_key", TEXT),
            ("agency", TEXT),
            ("kinds", TEXTS),
            ("events", WHOLE),
            ("first_on", DAY),
            ("last_on", DAY),
        ]
    ),
    # What is not known of these children, and for want of which kinds of event.
    "not_known": pa.schema([("child_key", TEXT), ("indicator", TEXT), ("missing", TEXTS)]),
    # Over all children: how many meet each indicator on evidence of each agency.
    "indicators": pa.schema([("indicator", TEXT), ("theme", TEXT), ("agency", TEXT), ("children", WHOLE)]),
    # Over all children: how many were first proposed for a form in a month ('2025-03').
    "trend": pa.schema([("month", TEXT), ("form", TEXT), ("children", WHOLE)]),
    # Where children were found, against home then; OSGB metres. The page rounds to whole kilometres.
    "found": pa.schema(
        [
            ("easting", pa.int32()),
            ("northing", pa.int32()),
            ("home_easting", pa.int32()),
            ("home_northing", pa.int32()),
            ("happened_on", DAY),
        ]
    ),
    # Kinds of event claimed, and of these silent, by agency and month (as counts.RECORDING_BY_AGENCY).
    "recording": pa.schema(
        [
            ("agency", TEXT),
            ("month", TEXT),
            ("kinds_claimed", WHOLE),
            ("kinds_silent", WHOLE),
            ("kinds_unclaimed", WHOLE),
            ("events", WHOLE),
        ]
    ),
    # How many children have this many records.
    "clusters": pa.schema([("records", WHOLE), ("children", WHOLE)]),
    # Pairs of records by probability (0 to 1) of being one child; decision: joined | parted | asked.
    "bands": pa.schema([("from", pa.float64()), ("to", pa.float64()), ("decision", TEXT), ("pairs", WHOLE)]),
    # Questions about links that a person has to answer, by kind of question.
    "attention": pa.schema([("kind", TEXT), ("reason", TEXT), ("questions", WHOLE)]),
    # What so many records share that they were not compared by it: how many such values, how many pairs of records.
    "passed_over": pa.schema([("shared", TEXT), ("values", WHOLE), ("pairs", WHOLE)]),
    # Rows of each source over all its extracts.
    "sources": pa.schema(
        [
            ("source", TEXT),
            ("agency", TEXT),
            ("files", WHOLE),
            ("latest_on", DAY),
            ("read", WHOLE),
            ("loaded", WHOLE),
            ("refused", WHOLE),
            ("repeated", WHOLE),
            ("corrected", WHOLE),
            ("values_left_out", WHOLE),
        ]
    ),
    # The commonest reasons for refusal, most first. No value that was refused stands here.
    "refusals": pa.schema([("source", TEXT), ("column", TEXT), ("reason", TEXT), ("mend", TEXT), ("rows", WHOLE)]),
}

PUBLISHED: Final = pa.schema(
    [(name, TEXT) for name in ("table", "counts", "row", "row_value", "column", "column_value", "layer", "layer_value")]
    + [("shown", TEXT), ("why", TEXT)]
)
"""A protected table (as counts.PUBLISHED): one row a cell, `shown` a number or a symbol."""


QUESTIONS: Final = {
    "unsure": "May be one child",
    "guard": "Kept apart, though much agrees",
    "contradiction": "Agrees with two that cannot be one child",
    "duplicate": "Two numbers in one source",
    "casework": "Records move to or from a child with casework",
    "timeline": "Joined, but one child cannot be both",
}
"""What each kind of question about a link is called."""


@dataclass(frozen=True)
class Words:
    """Plain words for codes; a code without words is said with its underscores as spaces."""

    forms: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    agencies: Mapping[str, str] = field(default_factory=dict)
    agencies_plain: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=lambda: QUESTIONS)

    def say(self, words: str, code: str | None) -> str:
        """The words of `code` in the list `words` ('forms', 'areas', ...)."""
        if code is None:
            return "not known"
        found: Mapping[str, str] = getattr(self, words)
        plain = code.replace("_", " ")
        return found.get(code) or plain[:1].upper() + plain[1:]

    def agency(self, code: str) -> str:
        """An agency within a sentence: 'police', 'a bank'."""
        return self.agencies_plain.get(code) or self.say("agencies", code)


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """All that the page shows. Each table has the columns of `COLUMNS` under its name; an empty one is left out.

    `children` and what hangs on them hold at most `MOST["children"]` children, those missing now first, then by
    newest evidence; `children_in_all` and `proposals_in_all` count them all. `published` are protected tables
    (PUBLISHED) by name, `published_note` what was done to them, `symbols` the meaning of each symbol used;
    `limits` how far unsure links move a published number, by table, row and column, where that was worked out.
    `versions` names what made the page ('Trigpoint', 'Terms', ...); `folder` is the word by which commands would
    name the partnership's folder, not a path.
    """

    partnership: str
    as_at: date
    made_at: datetime
    invented: bool
    records: int
    children_known: int
    events: int
    children_in_all: int
    proposals_in_all: int
    words: Words = field(default_factory=Words)
    folder: str = "FOLDER"
    versions: Mapping[str, str] = field(default_factory=dict)
    published: Mapping[str, pa.Table] = field(default_factory=dict)
    published_note: str = ""
    limits: Mapping[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    children: pa.Table = field(default_factory=COLUMNS["children"].empty_table)
    proposals: pa.Table = field(default_factory=COLUMNS["proposals"].empty_table)
    reasons: pa.Table = field(default_factory=COLUMNS["reasons"].empty_table)
    seen_by: pa.Table = field(default_factory=COLUMNS["seen_by"].empty_table)
    not_known: pa.Table = field(default_factory=COLUMNS["not_known"].empty_table)
    indicators: pa.Table = field(default_factory=COLUMNS["indicators"].empty_table)
    trend: pa.Table = field(default_factory=COLUMNS["trend"].empty_table)
    found: pa.Table = field(default_factory=COLUMNS["found"].empty_table)
    recording: pa.Table = field(default_factory=COLUMNS["recording"].empty_table)
    clusters: pa.Table = field(default_factory=COLUMNS["clusters"].empty_table)
    bands: pa.Table = field(default_factory=COLUMNS["bands"].empty_table)
    attention: pa.Table = field(default_factory=COLUMNS["attention"].empty_table)
    passed_over: pa.Table = field(default_factory=COLUMNS["passed_over"].empty_table)
    sources: pa.Table = field(default_factory=COLUMNS["sources"].empty_table)
    refusals: pa.Table = field(default_factory=COLUMNS["refusals"].empty_table)

    def __post_init__(self) -> None:
        for entry in fields(self):
            if entry.name in COLUMNS:
                _check(entry.name, getattr(self, entry.name), COLUMNS[entry.name])
        for name, table in self.published.items():
            _check(name, table, PUBLISHED)


def _check(name: str, table: pa.Table, schema: pa.Schema) -> None:
    if table.schema.names != schema.names:
        raise ValueError(f"the report's table {name!r} must have the columns {schema.names}, not {table.schema.names}")
