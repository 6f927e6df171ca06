"""One child in plain words: timeline, findings, proposed markers, why these records are one child."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from trigpoint.rules.reading import read_indicators
from trigpoint.rules.sentence import listed, on
from trigpoint.services.read_timeline import ChildTimeline, TimelineEvent, read_timeline
from trigpoint.services.replay_child import Rows, Standing, replay_child, standing_now
from trigpoint.services.say_links import say_links
from trigpoint.services.tell_once import told_once
from trigpoint.services.workspace import Workspace


def show_child(workspace: Workspace, child_key: str, *, as_at: date | None = None) -> list[str]:
    """Lines that tell what is known of the child; with `as_at`, what was known at the end of that day.

    Raises NotFoundError where there is no such child.
    """
    timeline = read_timeline(workspace, child_key, as_at=as_at)
    standing = replay_child(workspace, child_key, as_at=as_at) if as_at else standing_now(workspace, child_key)
    return [
        *_heading(workspace, timeline),
        *_proposals(workspace, standing),
        *_findings(workspace, standing.findings),
        *_events(workspace, timeline.events),
        *say_links(workspace, timeline),
        *_unanswered(workspace, standing.unanswered),
    ]


def _heading(workspace: Workspace, timeline: ChildTimeline) -> Iterator[str]:
    agencies = sorted({_agency(workspace, event.agency) for event in timeline.events})
    yield f"Child {timeline.child_key}" + (" (invented)" if workspace.partnership.invented else "")
    if timeline.as_at:
        yield f"As known at the end of {on(_moment(timeline.as_at))}. Later facts and corrections are left out."
    yield f"Seen by {listed(agencies)}." if agencies else "Nobody had recorded an event."


def _proposals(workspace: Workspace, standing: Standing) -> Iterator[str]:
    yield "\nPROPOSED MARKERS, for a person to decide"
    if not standing.proposals:
        yield "  None."
    found = {one["finding_id"]: one for one in standing.findings}
    for one in standing.proposals:
        form = workspace.partnership.pack.forms[one["form"]].title
        yield f"  {form} (rule {one['rule']}, version {one['rule_version']})"
        yield f"    Why: {one['why']}"
        for finding in sorted((found[name] for name in one["finding_ids"]), key=_by_day):
            yield f"    - {finding['sentence']}"
        yield f"    {one['what_would_change']}"


def _findings(workspace: Workspace, findings: Rows) -> Iterator[str]:
    titles = {one.id: one.title for one in read_indicators(workspace.partnership.pack)}
    yield "\nFINDINGS"
    if not findings:
        yield "  None."
    for one in sorted(findings, key=_by_day):
        yield f"  {titles.get(one['indicator'], one['indicator'])} ({one['indicator']}, version {one['version']})"
        yield f"    {one['sentence']}"
        yield f"    Stands on: {', '.join(one['event_ids'])}"


def _by_day(finding: dict[str, Any]) -> tuple[date, str]:
    return finding["to_on"], finding["indicator"]


def _events(workspace: Workspace, events: list[TimelineEvent]) -> Iterator[str]:
    yield "\nTIMELINE"
    for one, again in told_once(events):
        yield f"  {_when(one)}  {one.said}" + (f"; {one.place}" if one.place else "")
        yield f"      {_source(workspace, one)}"
        for other in again:
            yield f"      {_source(workspace, other)}: the same episode, as {_when(other)}  {other.said}"


def _source(workspace: Workspace, one: TimelineEvent) -> str:
    """Where an event is told: its id, the agency, file and row, and when it was learnt if that was later."""
    learnt = "" if one.learnt_at.date() == one.happened_at.date() else f", learnt {on(one.learnt_at)}"
    return f"{one.event_id}  {_agency(workspace, one.agency)}: {one.file}, row {one.row}{learnt}"


def _when(event: TimelineEvent) -> str:
    start = f"{event.happened_at:%Y-%m-%d}" if event.day_only else f"{event.happened_at:%Y-%m-%d %H:%M}"
    return f"{start} to {event.ended_at:%Y-%m-%d}" if event.ended_at else start


def _unanswered(workspace: Workspace, unanswered: Rows) -> Iterator[str]:
    if not unanswered:
        return
    pack = workspace.partnership.pack
    titles = {one.id: one.title for one in read_indicators(pack)}
    yield "\nNOT KNOWN"
    for one in unanswered:
        kinds = listed(pack.kinds[kind].title.lower() for kind in one["missing"])
        why = f"nobody covers {kinds} for the whole time" if one["missing"] else "a fact that it needs is not recorded"
        yield f"  {titles.get(one['indicator'], one['indicator'])}: {why}"


def _agency(workspace: Workspace, agency: str) -> str:
    return workspace.partnership.pack.agencies[agency].title


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
