"""Timelines that no one child can have: evidence of a false link that needs no name, date of birth or number.

Two records were joined, and what happened to one and to the other cannot have happened to one child. The method is
that of Hagger-Johnson and others (Health Services Research 2014): implausible histories show false matches. Each
finding is a question for a person, with its reason; nothing is parted by itself, since a wrong date or place in a row
does the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

# Kinds at which the child itself was there; a report or a plan can be written anywhere.
PRESENT = ("arrest", "stop_search", "ae_attendance", "found", "travel_alone", "victim_of_violence")
FASTEST_KM_H, NEAR_KM = 130, 25
LIVE_DAYS = 30

SEEN = f"kind IN ({', '.join(repr(kind) for kind in PRESENT)})"

RULES = {
    "seen in two places too far apart for the time between": f"""
        SELECT x.child_key, x.record_id AS one, y.record_id AS other FROM doubt_events x
        JOIN doubt_events y ON x.child_key = y.child_key AND x.record_id < y.record_id
         AND abs(epoch(x.happened_at) - epoch(y.happened_at)) <= 6 * 3600
        WHERE x.{SEEN} AND y.{SEEN} AND NOT x.day_only AND NOT y.day_only
        AND x.easting IS NOT NULL AND y.easting IS NOT NULL
        AND sqrt(pow(x.easting - y.easting, 2) + pow(x.northing - y.northing, 2)) / 1000
            > {NEAR_KM} + {FASTEST_KM_H} * abs(epoch(x.happened_at) - epoch(y.happened_at)) / 3600""",
    "placed in two homes at the same time": """
        SELECT x.child_key, x.record_id, y.record_id FROM doubt_events x
        JOIN doubt_events y ON x.child_key = y.child_key AND x.record_id < y.record_id
        WHERE x.kind = 'placement' AND y.kind = 'placement'
        AND coalesce(x.postcode, x.place_id) <> coalesce(y.postcode, y.place_id)
        AND x.ended_at IS NOT NULL AND y.ended_at IS NOT NULL
        AND least(x.ended_at, y.ended_at) - greatest(x.happened_at, y.happened_at) > INTERVAL 2 DAY""",
    "in custody, and seen elsewhere meanwhile": f"""
        SELECT x.child_key, least(x.record_id, y.record_id), greatest(x.record_id, y.record_id) FROM doubt_events x
        JOIN doubt_events y ON x.child_key = y.child_key AND x.record_id <> y.record_id
        WHERE x.kind = 'custody' AND y.{SEEN} AND y.kind <> 'ae_attendance' AND x.ended_at IS NOT NULL
        AND y.happened_at > x.happened_at + INTERVAL 1 DAY AND y.happened_at < x.ended_at - INTERVAL 1 DAY""",
    "on the rolls of two schools in the same month, for two months or more": """
        SELECT child_key, one, other FROM (
            SELECT x.child_key, x.record_id AS one, y.record_id AS other, date_trunc('month', x.happened_at) AS month
            FROM doubt_events x JOIN doubt_events y ON x.child_key = y.child_key AND x.record_id < y.record_id
             AND date_trunc('month', x.happened_at) = date_trunc('month', y.happened_at)
            JOIN doubt_schools s ON s.record_id = x.record_id JOIN doubt_schools t ON t.record_id = y.record_id
            WHERE x.kind = 'attendance' AND y.kind = 'attendance' AND s.school <> t.school)
        GROUP BY ALL HAVING count(DISTINCT month) >= 2""",
    "two live numbers in one source": f"""
        SELECT x.child_key, x.record_id, y.record_id FROM doubt_lives x
        JOIN doubt_lives y ON x.child_key = y.child_key AND x.record_id < y.record_id
         AND x.source = y.source AND x.local_id <> y.local_id
        WHERE least(x.last, y.last) - greatest(x.first, y.first) > INTERVAL {LIVE_DAYS} DAY""",
}

EVENTS = """
CREATE OR REPLACE TEMP TABLE doubt_events AS
WITH several AS (SELECT child_key FROM {links} GROUP BY child_key HAVING count(*) > 1)
SELECT l.child_key, e.record_id, e.kind, e.happened_at, e.ended_at, e.day_only, e.easting, e.northing, e.postcode,
       e.place_id
FROM {events} e JOIN {links} l USING (record_id) SEMI JOIN several USING (child_key)
"""
SCHOOLS = """
CREATE OR REPLACE TEMP TABLE doubt_schools AS
SELECT record_id, any_value(lower(trim(school))) AS school FROM {records} WHERE school IS NOT NULL
GROUP BY record_id HAVING count(DISTINCT lower(trim(school))) = 1
"""
LIVES = """
CREATE OR REPLACE TEMP TABLE doubt_lives AS
SELECT e.child_key, e.record_id, any_value(r.source) AS source, any_value(r.local_id) AS local_id,
       min(e.happened_at) AS first, max(e.happened_at) AS last
FROM doubt_events e JOIN {records} r USING (record_id) WHERE r.local_id IS NOT NULL GROUP BY ALL
"""
JUDGED = """
SELECT least(record_a, record_b) AS one, greatest(record_a, record_b) AS other FROM {judgements} GROUP BY ALL
HAVING arg_max(verdict, "at") = 'same'
"""


@dataclass(frozen=True)
class Relations:
    """Names of the relations to look at: current events and records, links, judgements."""

    events: str = "events"
    records: str = "records"
    links: str = "links"
    judgements: str = "judgements"


def doubt_timelines(con: duckdb.DuckDBPyConnection, relations: Relations | None = None) -> pa.Table:
    """Pairs of records of one child whose timelines speak against it: child_key, record_a, record_b, reason.

    One row for each pair and reason, in order. Pairs that a person judged to be the same are left out.
    """
    names = relations or Relations()
    held = {"events": names.events, "records": names.records, "links": names.links, "judgements": names.judgements}
    for statement in (EVENTS, SCHOOLS, LIVES):
        con.execute(statement.format(**held))
    found = " UNION ALL ".join(
        f"SELECT child_key, one, other, '{reason}' AS reason FROM ({rule}) r(child_key, one, other)"
        for reason, rule in RULES.items()
    )
    made: pa.Table = con.sql(
        f"SELECT DISTINCT child_key, one AS record_a, other AS record_b, reason FROM ({found}) f "
        f"ANTI JOIN ({JUDGED.format(**held)}) j ON j.one = f.one AND j.other = f.other ORDER BY ALL"
    ).to_arrow_table()
    for table in ("doubt_events", "doubt_schools", "doubt_lives"):
        con.execute(f"DROP TABLE {table}")
    return made
