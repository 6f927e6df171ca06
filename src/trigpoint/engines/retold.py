"""One episode that several sources tell: police report a child missing, and the return of looked-after children too.

No telling is dropped: each is evidence and counts for its agency. Only where events are counted, or one is to follow
another, tellings of one episode are one. Two sources tell of one episode of a child where their events are of one
kind, and start within the hours that the pack names for it, or on one day where one of them has no time of day, or
are spells that overlap. What one source tells twice stays two: it should know its own.

The source that the partnership lists first is believed about how many there were. A telling of another source belongs
to the nearest telling of the first-listed source that has one near, and so on until a telling belongs to none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trigpoint.engines.duckdb.steps import listed, literal
from trigpoint.records.facts import DAY_SECONDS


def episodes_sql(events: str, *, hours: Mapping[str, int], sources: Sequence[str]) -> str:
    """A query of event_id, episode (a number from 1) and first for the tellings that are not alone in telling of it.

    `first` is the event_id of the telling that is believed about it: its own, or that of another source.

    `events` is a relation, by name or as a query in brackets, of child_key, event_id, kind, t, t_end and source.
    `hours` are those within which another source's event of the kind is of the same episode; other kinds are told
    once. `sources` are in the order of the settings; others come after them, by name.
    """
    near = " ".join(f"WHEN {literal(kind)} THEN {n * 3600}" for kind, n in sorted(hours.items()))
    place = f"coalesce(list_position([{listed(sources)}]::VARCHAR[], source), {len(sources) + 1})"
    return f"""
        WITH RECURSIVE told AS (
          SELECT child_key, event_id, kind, t, t_end, ({place}, source) AS source,
                 (CASE kind {near} END)::BIGINT AS near
          FROM {events} WHERE kind IN ({listed(sorted(hours))})),
        pairs AS (
          SELECT e.child_key, e.event_id,
                 arg_min(f.event_id, (f.source, abs(e.t - f.t), f.t, f.event_id)) AS first
          FROM told e JOIN told f ON f.child_key = e.child_key AND f.kind = e.kind AND f.source < e.source
          WHERE abs(e.t - f.t) <= e.near OR {_same_day("e", "f")} OR (e.t <= f.t_end AND f.t <= e.t_end)
          GROUP BY e.child_key, e.event_id),
        roots AS (
          SELECT * FROM pairs
          UNION ALL
          SELECT r.child_key, r.event_id, p.first FROM roots r JOIN pairs p ON p.event_id = r.first),
        ends AS (SELECT * FROM roots ANTI JOIN pairs ON pairs.event_id = roots.first)
        SELECT event_id, dense_rank() OVER (ORDER BY child_key, first) AS episode, first
        FROM (FROM ends UNION ALL SELECT DISTINCT child_key, first AS event_id, first FROM ends)"""


def _same_day(one: str, other: str) -> str:
    """Whether both are of one day and one has no time of day, and so stands at midnight."""
    day = DAY_SECONDS
    return f"({one}.t // {day} = {other}.t // {day} AND ({one}.t % {day} = 0 OR {other}.t % {day} = 0))"
