"""What an engine is handed: the current events of children, who mentions what, and who covers which kind.

Time is whole seconds of naive wall clock since 1970-01-01. A table is an Arrow table, or the name of a relation
in the connection of the engine that reads it, so that a large one need not be copied.

    children   child_key, birth_on (date), sex, area
    events     child_key, event_id, kind, t, t_end (null: open, or no spell), source, agency, place_id, area,
               easting, northing (metres, OSGB), episode (a number that tellings of one episode of a child by several
               sources share; null: told once, or of a kind not in `retold_kinds`), then the attributes of the pack
    mentions   child_key, event_id (null: the child's own identifier), kind, value; a 'person' is a child_key
    coverage   kind, area (null: every area), from_t, to_t (both seconds belong to it)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

import pyarrow as pa

EPOCH = datetime(1970, 1, 1)
DAY_SECONDS = 86_400

Relation: TypeAlias = "pa.Table | str"


@dataclass(frozen=True)
class Facts:
    """The facts of one run. Events later than `as_at_t` or over before `start_t` are shown to no indicator."""

    children: Relation
    events: Relation
    mentions: Relation
    coverage: Relation
    start_t: int
    as_at_t: int
    base_kinds: tuple[str, ...] = ()
    spell_kinds: frozenset[str] = frozenset()
    retold_kinds: frozenset[str] = frozenset()


CHILDREN = pa.schema(
    [("child_key", pa.string()), ("birth_on", pa.date32()), ("sex", pa.string()), ("area", pa.string())]
)
EVENTS_BASE = pa.schema(
    [
        ("child_key", pa.string()),
        ("event_id", pa.string()),
        ("kind", pa.string()),
        ("t", pa.int64()),
        ("t_end", pa.int64()),
        ("source", pa.string()),
        ("agency", pa.string()),
        ("place_id", pa.string()),
        ("area", pa.string()),
        ("easting", pa.int32()),
        ("northing", pa.int32()),
        ("episode", pa.int64()),
    ]
)
MENTIONS = pa.schema(
    [("child_key", pa.string()), ("event_id", pa.string()), ("kind", pa.string()), ("value", pa.string())]
)
COVERAGE = pa.schema([("kind", pa.string()), ("area", pa.string()), ("from_t", pa.int64()), ("to_t", pa.int64())])


def seconds(moment: datetime | date) -> int:
    """Seconds of wall clock; a date means its first second."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return int((moment - EPOCH).total_seconds())


def last_second(day: date) -> int:
    """The last second of the day, for a period that includes it."""
    return seconds(day) + DAY_SECONDS - 1


def moment(t: int) -> datetime:
    """The wall clock at `t` seconds."""
    return EPOCH + timedelta(seconds=t)
