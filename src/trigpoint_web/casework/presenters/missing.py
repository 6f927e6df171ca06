"""A child's missing episodes: how long, how far, with whom found, and where the return interview stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import hypot
from typing import Any

from django.utils.translation import gettext as _

from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.models import MissingEpisode
from trigpoint_web.casework.presenters.pack_words import agency_title
from trigpoint_web.casework.presenters.summary import OPEN_INTERVIEWS, is_fresh, risk_words
from trigpoint_web.casework.presenters.wording import code_title, day, lasting, moment
from trigpoint_web.response.queries.plans import InterviewClock, InterviewState, interview_clock

COLOURS = {
    InterviewState.OVERDUE: "govuk-tag--red",
    InterviewState.DUE: "govuk-tag--yellow",
    InterviewState.HELD: "govuk-tag--green",
    InterviewState.HELD_LATE: "govuk-tag--orange",
}
# The picture of distances, in the units of its own.
BAR, GAP, LABEL, LONGEST = 18, 12, 190, 520


@dataclass(frozen=True)
class Episode:
    """One episode in words. `km` is the straight line from where the child lived to where they were found."""

    pk: int
    since: str
    until: str
    lasted: str
    risk: str
    told_by: list[str]
    where_from: str
    found: str
    found_with: str
    km: int | None
    interview: dict[str, str]
    interview_said: str
    interview_open: bool
    open: bool
    short: str


@dataclass(frozen=True)
class Bar:
    """One bar of the picture."""

    y: int
    label: str
    width: int
    said: str
    text_x: int


@dataclass(frozen=True)
class Distances:
    """How far from where they lived the child was found, episode by episode, oldest first."""

    bars: list[Bar]
    width: int
    height: int
    unknown: int


def episodes(found: Sequence[MissingEpisode], *, agreement: Agreement) -> list[Episode]:
    """Each episode in the order given, with what the reader's agreement shows of interviews."""
    return [_episode(one, told=agreement.tells_interviews) for one in found]


def _episode(one: MissingEpisode, *, told: bool) -> Episode:
    clock = interview_clock(one, told=told)
    # Of long ago, and nothing written here: the interview may well stand in an agency's extract.
    known = clock.state != InterviewState.OVERDUE or is_fresh(one)
    return Episode(
        pk=one.pk,
        since=day(one.opened_at) if one.opened_day_only else moment(one.opened_at),
        until=moment(one.found_at) if one.found_at else "",
        lasted=lasting(one.opened_at, until=one.found_at),
        risk=risk_words(one.risk) or _("not graded"),
        told_by=[_first(one), *(_also(telling) for telling in one.also_told)],
        where_from=one.from_place,
        found=one.found_place,
        found_with=code_title("found_with", one.found_with) if one.found_with else "",
        km=kilometres(one),
        interview=_interview_tag(clock) if known else {"text": _("No word of it here"), "classes": "govuk-tag--grey"},
        interview_said=_interview_said(clock) if known else _("Casework holds no word of it; the chronology may."),
        interview_open=clock.state in OPEN_INTERVIEWS,
        open=one.found_at is None,
        short=day(one.opened_at),
    )


def _first(one: MissingEpisode) -> str:
    """Who told first, and how it came here."""
    origin = one.get_origin_display()
    given = {"agency": agency_title(one.agency), "origin": origin[:1].lower() + origin[1:]}
    return _("%(agency)s (%(origin)s)") % given


def _also(telling: Mapping[str, Any]) -> str:
    """What another source tells of the same episode."""
    at = datetime.fromisoformat(telling["opened_at"])
    given = {"agency": agency_title(telling["agency"]), "since": day(at) if telling["day_only"] else moment(at)}
    return _("%(agency)s (the same episode, missing since %(since)s)") % given


def kilometres(one: MissingEpisode) -> int | None:
    """Whole kilometres in a straight line; None where one of the two places is not known."""
    if None in (one.from_easting, one.from_northing, one.found_easting, one.found_northing):
        return None
    east, north = one.found_easting - one.from_easting, one.found_northing - one.from_northing  # type: ignore[operator]
    return round(hypot(east, north) / 1000)


def _interview_tag(clock: InterviewClock) -> dict[str, str]:
    words = {
        InterviewState.MISSING: _("Not back yet"),
        InterviewState.DUE: _("Due"),
        InterviewState.OVERDUE: _("Overdue"),
        InterviewState.HELD: _("Held"),
        InterviewState.HELD_LATE: _("Held late"),
        InterviewState.DECLINED: _("Child did not want one"),
        InterviewState.EXPLAINED: _("Not offered, with the reason"),
    }
    return {"text": words[clock.state], "classes": COLOURS.get(clock.state, "govuk-tag--grey")}


def _interview_said(clock: InterviewClock) -> str:
    if clock.due_at is None:
        return _("The 72 hours begin when the child is back.")
    due = moment(clock.due_at)
    if clock.told_by and clock.state not in (InterviewState.OVERDUE, InterviewState.DUE):
        given = {"agency": agency_title(clock.told_by), "day": day(clock.told_on), "due": due}
        return _("%(agency)s says so, on %(day)s. Was due by %(due)s.") % given
    if clock.state == InterviewState.OVERDUE:
        late = lasting(clock.due_at)
        return _("Was due by %(due)s, 72 hours after the return: %(late)s ago.") % {"due": due, "late": late}
    if clock.state == InterviewState.DUE:
        return _("Due by %(due)s, 72 hours after the return.") % {"due": due}
    return _("Was due by %(due)s.") % {"due": due}


def distances(shown: Sequence[Episode]) -> Distances | None:
    """The picture; None where no distance is known."""
    known = [one for one in reversed(shown) if one.km is not None]
    if not known:
        return None
    farthest = max(1, *(one.km or 0 for one in known))
    bars = [_bar(number, one, farthest) for number, one in enumerate(known)]
    height = GAP + len(bars) * (BAR + GAP)
    return Distances(bars, LABEL + LONGEST + 90, height, len(shown) - len(known))


def _bar(number: int, one: Episode, farthest: int) -> Bar:
    width = max(2, round(LONGEST * (one.km or 0) / farthest))
    said = _("%(km)s km") % {"km": one.km}
    return Bar(GAP + number * (BAR + GAP), one.short, width, said, LABEL + width + 8)
