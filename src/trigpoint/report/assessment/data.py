"""What the needs assessment is made of: published counts and figures, already words and symbols, gathered by a service.

Nothing here is a count of children that has not been through the gate: a cell is a number or symbol as published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Count:
    """A published number or symbol with its label; `share` of the whole, where it can be said; `why` it is no count."""

    label: str
    shown: str
    share: str = ""
    why: str | None = None


@dataclass(frozen=True)
class Grid:
    """Published cells: a row of symbols and numbers for each label, under heads; the last row and column are totals."""

    corner: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Group:
    """Those with a proposed marker and those referred to the NRM, by one thing (age, sex, ...)."""

    title: str
    proposed: Sequence[Count]
    referred: Sequence[Count]


@dataclass(frozen=True)
class Rate:
    """A published count for each 10,000 children who live in an area; both as they are shown."""

    label: str
    children: str
    rate: str


@dataclass(frozen=True)
class Recognition:
    """How often a group is recognised beside others with the same findings: for each way (with a proposed marker,
    referred, ...) a reading, and the ratio with its limits where they may be said."""

    by: str
    group: str
    readings: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Unseen:
    """What the linked lists say of those on none: a verdict with reasons; a range only where one may be quoted."""

    verdict: str
    trusted: bool
    reasons: Sequence[str]
    lists: Sequence[str]
    seen: str
    on_several: str
    low: str
    high: str
    methods: int
    made_from: str
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Recorder:
    """What an agency claims to record and what came: months and kinds of event, no children."""

    agency: str
    kinds: int
    months: int
    silent: int
    share: str
    never: Sequence[str]
    last: str


@dataclass(frozen=True)
class National:
    """A figure that somebody else publishes, with its kind of period, source and day."""

    series: str
    of: str
    area: str
    period: str
    period_type: str
    shown: str
    change: str
    source: str
    published_on: date
    ours: bool = False


@dataclass(frozen=True)
class Source:
    """A source of the partnership: who sends it, and when it was last received."""

    title: str
    agency: str
    latest_on: date | None
    files: int


@dataclass(frozen=True, kw_only=True)
class AssessmentData:
    """All that the document shows. What is empty is left out, and the document says that it is."""

    partnership: str
    as_at: date
    from_on: date
    made_at: datetime
    invented: bool
    rule: str
    symbols: Mapping[str, str]
    versions: Mapping[str, str]
    total: Count
    referred: Count
    forms: Sequence[Count]
    areas: Sequence[Count]
    limits: tuple[str, str] | None = None
    forms_by_area: Grid | None
    forms_by_year: Grid | None
    referred_by_year: Grid | None
    known_by_year: Grid | None = None
    first_seen: Grid | None = None
    proxies: Mapping[str, Grid]
    groups: Sequence[Group]
    rates: Sequence[Rate] = ()
    population_sources: Sequence[str] = ()
    recognition: Sequence[Recognition] = ()
    unseen: Unseen | None = None
    recorders: Sequence[Recorder] = ()
    national: Sequence[National] = ()
    national_cautions: Mapping[str, str] = field(default_factory=dict)
    national_marks: Sequence[str] = ()
    sources: Sequence[Source] = ()
