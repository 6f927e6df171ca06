"""A child's timeline on demand: what happened, when it was learnt, and the row of the extract that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from trigpoint.engines.retold import episodes_sql
from trigpoint.errors import NotFoundError
from trigpoint.rules.sentence import attribute_words
from trigpoint.services.current import LATER, show_current
from trigpoint.services.keep_timelines import Standing, show_kept
from trigpoint.services.workspace import Workspace
from trigpoint.terms.pack import Pack

Telling = tuple[str | None, tuple[str, ...]]


@dataclass(frozen=True)
class TimelineEvent:
    """One event of a child in plain words, with its source row. Times are wall clock; `day_only`: no time known.

    `told_by` are the other sources that tell of the same episode in events of their own, `told_first` is the event
    that is believed about it; None where this one is alone.
    """

    event_id: str
    kind: str
    said: str
    happened_at: datetime
    day_only: bool
    ended_at: datetime | None
    learnt_at: datetime
    place: str | None
    source: str
    agency: str
    file: str
    row: int
    told_by: tuple[str, ...] = ()
    told_first: str | None = None


@dataclass(frozen=True)
class ChildRecord:
    """One agency's record of the child: where it stands and what it says the child is called."""

    record_id: str
    source: str
    agency: str
    names: str
    birth_on: date | None
    rows: int


@dataclass(frozen=True)
class ChildTimeline:
    """A child's records and events as known at a time; `as_at` None means all that is loaded.

    `older`: they were kept ready before the newest rows came, which are left out.
    """

    child_key: str
    as_at: date | None
    records: list[ChildRecord]
    events: list[TimelineEvent]
    older: bool = False


EVENTS = """
    select e.*, s.file, s.row
    from events e
    join links l using (record_id)
    join (select row_id, any_value(file order by file, row) as file, any_value(row order by file, row) as row
          from raw_sightings group by row_id) s using (row_id)
    where l.child_key = $child and e.happened_at <= $horizon
    order by e.happened_at, e.event_id
"""

TOLD_BY = """
    with
    of_child as (
        select l.child_key, e.event_id, e.kind, epoch(e.happened_at)::bigint as t,
            epoch(e.ended_at)::bigint as t_end, e.source
        from events e join links l using (record_id) where l.child_key = $child and e.happened_at <= $horizon),
    episodes as ({episodes})
    select a.event_id, a.first, list_sort(list(distinct e.source))
    from episodes a join episodes b using (episode) join of_child e on e.event_id = b.event_id
    where a.event_id <> b.event_id group by all
"""

RECORDS = """
    select r.record_id, r.source, r.agency,
        coalesce(string_agg(distinct r.called, ' / ' order by r.called), 'no name') as names,
        max(r.birth_on) as birth_on, count(distinct r.row_id) as rows
    from (select *, nullif(trim(concat_ws(' ', given_names, surname)), '') as called from records) r
    join links l using (record_id) where l.child_key = $child
    group by all order by r.agency, r.source, r.record_id
"""


def read_timeline(
    workspace: Workspace,
    child_key: str,
    *,
    as_at: date | None = None,
    alone: bool = False,
    older: bool = False,
    said_in: Pack | None = None,
) -> ChildTimeline:
    """Read the timeline of `child_key`: with `as_at`, only what had happened and was learnt by the end of that day.

    Events are said in the words of `said_in`, or else of the partnership's pack. Leaves the views of `show_current` in
    the working database as at that day. Whoever asks for no other child after it says `alone`: the views then hold this
    child's rows, where timelines are kept ready, and are there at once; with `older`, also where newer rows came since
    they were kept. Raises NotFoundError.
    """
    con = workspace.con
    known_at = datetime.combine(as_at, time.max) if as_at else None
    kept = show_kept(workspace, child_key, known_at=known_at, older=older) if alone else None
    if kept is None:
        show_current(workspace, known_at=known_at)
        workspace.store.scan(con, "links")
    if not con.execute("select 1 from links where child_key = ? limit 1", [child_key]).fetchone():
        raise NotFoundError(
            f"There is no child '{child_key}'.", mend="Child keys stand in the report and in the export 'clusters'."
        )
    horizon = known_at or LATER
    cursor = con.execute(EVENTS, {"child": child_key, "horizon": horizon})
    names = [column[0] for column in cursor.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    pack, told = said_in or workspace.partnership.pack, _told(workspace, child_key, horizon)
    events = [_event(row, pack, told.get(row["event_id"], (None, ()))) for row in rows]
    records = [ChildRecord(*row) for row in con.execute(RECORDS, {"child": child_key}).fetchall()]
    return ChildTimeline(child_key, as_at, records, events, older=kept == Standing.OLDER)


def _told(workspace: Workspace, child_key: str, horizon: datetime) -> dict[str, Telling]:
    """For each event of which several sources tell, the event that is believed, and the other sources."""
    partnership = workspace.partnership
    retold = episodes_sql("of_child", hours=partnership.pack.retold, sources=[one.name for one in partnership.sources])
    query = TOLD_BY.format(episodes=retold)
    told = workspace.con.execute(query, {"child": child_key, "horizon": horizon}).fetchall()
    return {event_id: (first, tuple(sources)) for event_id, first, sources in told}


def _event(row: dict[str, Any], pack: Pack, told: Telling) -> TimelineEvent:
    return TimelineEvent(
        event_id=row["event_id"],
        kind=row["kind"],
        said=_said(row, pack),
        happened_at=row["happened_at"],
        day_only=row["day_only"],
        ended_at=row["ended_at"],
        learnt_at=row["learnt_at"],
        place=_place(row),
        source=row["source"],
        agency=row["agency"],
        file=row["file"],
        row=row["row"],
        told_first=told[0],
        told_by=told[1],
    )


def _said(row: dict[str, Any], pack: Pack) -> str:
    """The kind in plain words, then each attribute that the event carries."""
    kind = pack.kinds[str(row["kind"])]
    facts = [
        f"{pack.attributes[name].plain}: {_value(row[name], name, pack)}"
        for name in kind.attributes
        if row.get(name) is not None
    ]
    return kind.title + (f" ({'; '.join(facts)})" if facts else "")


def _value(value: Any, attribute: str, pack: Pack) -> str:
    if isinstance(value, bool):
        return attribute_words(attribute, value, pack)
    return pack.plain(attribute, str(value)).lower() if isinstance(value, str) else f"{value:g}"


def _place(row: dict[str, Any]) -> str | None:
    parts = [str(row[name]) for name in ("place_name", "postcode") if row[name]]
    return ", ".join(parts) or None
