"""A chronology over all agencies: what their extracts say and what was done here, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from trigpoint.services.read_timeline import TimelineEvent
from trigpoint.services.tell_once import told_once
from trigpoint_web.casework.agreement import EventShown
from trigpoint_web.casework.forms.chronology import Asked
from trigpoint_web.casework.models import MarkerStep, MissingEpisode, PostedEvent
from trigpoint_web.casework.presenters.pack_words import agency_title, kind_title
from trigpoint_web.casework.presenters.wording import agencies, day, form_title, moment

HERE = "here"  # the filter's word for what was done in casework


@dataclass(frozen=True)
class Line:
    """One thing that happened. `also` is what other sources tell of it.

    `told_by` are the agencies of all of them, `events` the ids under which they tell it.
    """

    at: datetime
    when: str
    what: str
    place: str
    agency: str
    agency_said: str
    kind: str
    kind_said: str
    source: str
    learnt: str
    also: tuple[str, ...] = ()
    told_by: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


def from_extracts(events: Iterable[EventShown]) -> Iterator[Line]:
    """Lines of the agencies' extracts."""
    for one, again in told_once(shown.event for shown in events):
        began = day(one.happened_at) if one.day_only else moment(one.happened_at)
        later = one.learnt_at.date() > one.happened_at.date()
        yield Line(
            at=one.happened_at,
            when=_("%(began)s to %(ended)s") % {"began": began, "ended": _ended(one)} if one.ended_at else began,
            what=one.said,
            place=one.place or "",
            agency=one.agency,
            agency_said=agency_title(one.agency),
            kind=one.kind,
            kind_said=kind_title(one.kind),
            source=_("%(file)s, row %(row)s") % {"file": one.file, "row": one.row},
            learnt=_("Learnt on %(day)s") % {"day": day(one.learnt_at)} if later else "",
            also=tuple(_again(each) for each in again),
            told_by=frozenset(each.agency for each in (one, *again)),
            events=frozenset(each.event_id for each in (one, *again)),
        )


def _ended(one: TimelineEvent) -> str:
    """When it was over; on the day on which it began, the time of day is enough."""
    if one.day_only or one.ended_at is None or not one.ended_at.time():
        return day(one.ended_at)
    same_day = one.ended_at.date() == one.happened_at.date()
    return f"{one.ended_at:%H:%M}" if same_day else moment(one.ended_at)


def _again(one: TimelineEvent) -> str:
    """What another source tells of the same."""
    return _("The same, as %(agency)s tells it: %(what)s, %(when)s · %(file)s, row %(row)s") % {
        "agency": agencies([one.agency]),
        "what": one.said,
        "when": day(one.happened_at) if one.day_only else moment(one.happened_at),
        "file": one.file,
        "row": one.row,
    }


def from_here(
    steps: Iterable[MarkerStep], episodes: Iterable[MissingEpisode], posted: Iterable[PostedEvent]
) -> Iterator[Line]:
    """Lines of what people and systems wrote into casework."""
    for step in steps:
        what = _("Marker %(form)s: %(what)s") % {"form": form_title(step.marker.form), "what": step.get_kind_display()}
        yield _here(step.at, what, who=step.agency.name, kind="marker", kind_said=_("Marker"))
    for episode in episodes:
        ended = _(", found %(at)s") % {"at": moment(episode.found_at)} if episode.found_at else ""
        what = _("Reported missing") + ended
        yield _here(episode.opened_at, what, who=agency_title(episode.agency), kind="missing",
                    kind_said=kind_title("missing"), place=episode.from_place)  # fmt: skip
    for event in posted:
        title = kind_title(event.kind)
        yield _here(event.happened_at, title, who=event.agency.name, kind=event.kind, kind_said=title,
                    place=event.place)  # fmt: skip


def _here(at: datetime, what: str, *, who: str, kind: str, kind_said: str, place: str = "") -> Line:
    local = timezone.make_naive(at)
    return Line(local, moment(at), what, place, HERE, who, kind, kind_said, _("Written in casework"), "")


def narrowed(lines: Iterable[Line], asked: Asked) -> list[Line]:
    """Those lines that are asked for, the newest first."""
    kept = [
        one
        for one in lines
        if (not asked.events or asked.events & one.events)
        and asked.agency in ("", one.agency, *one.told_by)
        and asked.kind in ("", one.kind)
        and (asked.since is None or one.at.date() >= asked.since)
        and (asked.until is None or one.at.date() <= asked.until)
        and (asked.as_at is None or one.at.date() <= asked.as_at)
    ]
    return sorted(kept, key=lambda one: one.at, reverse=True)


def offered(lines: Sequence[Line]) -> dict[str, list[tuple[str, str]]]:
    """The agencies and kinds that there are, for the filters."""
    who = {agency for one in lines for agency in one.told_by or {one.agency}}
    said = [(agency, _("Casework") if agency == HERE else agency_title(agency)) for agency in who]
    return {"agencies": said, "kinds": [(one.kind, one.kind_said) for one in lines]}
