"""The summary of a child: whom to call, what stands, what waits, what is due next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from trigpoint_web.casework.clocks import today, turns_eighteen_on
from trigpoint_web.casework.models import Involvement, MarkerStanding, MissingEpisode
from trigpoint_web.casework.presenters.frame import area_name
from trigpoint_web.casework.presenters.wording import LEVEL_COLOURS, age, code_title, day, form_title, lasting, moment
from trigpoint_web.casework.queries.child_page import Headline
from trigpoint_web.response.queries.plans import InterviewState, interview_clock

FRESH = timedelta(days=30)
GROWING_UP = timedelta(days=2 * 365 + 1)  # from about sixteen the move to adult services is planned
OPEN_INTERVIEWS = (InterviewState.DUE, InterviewState.OVERDUE)


@dataclass(frozen=True)
class Contact:
    """An agency that is involved: whom to call there, and since when."""

    agency: str
    kind: str
    phone: str
    since: date | None
    last_on: date | None


@dataclass(frozen=True)
class MarkerLine:
    """A marker in one line."""

    pk: int
    form: str
    tag: dict[str, str]
    since: str
    notes: list[str]


@dataclass(frozen=True)
class Due:
    """Something with a date."""

    what: str
    on: str
    overdue: bool


def contacts(involvements: Iterable[Involvement]) -> list[Contact]:
    """One line an agency, the latest contact first; what a run and a person here say of it together."""
    lines: dict[int, Contact] = {}
    for one in involvements:
        had = lines.get(one.agency_id)
        since = min(filter(None, [one.since, had.since if had else None]), default=None)
        last_on = max(filter(None, [one.last_on, had.last_on if had else None]), default=None)
        phone = (had.phone if had else "") or one.contact or one.agency.phone
        lines[one.agency_id] = Contact(one.agency.name, one.agency.kind, phone, since, last_on)
    return list(lines.values())


def marker_lines(markers: Sequence[MarkerStanding]) -> list[MarkerLine]:
    """Each marker, those that stand first."""
    return [_marker_line(one) for one in sorted(markers, key=lambda one: one.status != "set")]


def _marker_line(one: MarkerStanding) -> MarkerLine:
    notes = []
    if one.review_due:
        notes.append(_("Its review was due on %(day)s.") % {"day": day(one.review_on)})
    if one.disputed:
        notes.append(_("Somebody says that it is wrong, and nobody has answered yet."))
    return MarkerLine(one.marker_id, form_title(one.form), marker_tag(one.status, one.level), day(one.set_at), notes)


def marker_tag(status: str, level: str) -> dict[str, str]:
    """The tag of a marker: its level while it stands, otherwise that it ended or ran out."""
    from trigpoint_web.casework.models.markers import Level

    if status == "set":
        return {"text": str(Level(level).label), "classes": LEVEL_COLOURS.get(level, "")}
    words = {"ended": _("Ended"), "expired": _("Ran out")}
    return {"text": words.get(status, status), "classes": "govuk-tag--grey"}


def missing_line(episode: MissingEpisode) -> str:
    """That the child is missing, since when and how long."""
    given = {"since": moment(episode.opened_at), "long": lasting(episode.opened_at), "risk": risk_words(episode.risk)}
    if episode.risk:
        return _("Missing since %(since)s, for %(long)s. Risk as graded by police: %(risk)s.") % given
    return _("Missing since %(since)s, for %(long)s. The risk was not graded.") % given


def risk_words(risk: str) -> str:
    """The grade of a missing report in the pack's words."""
    return code_title("missing_risk", risk).lower() if risk else ""


def dues(top: Headline, episodes: Iterable[MissingEpisode], *, told: bool) -> list[Due]:
    """What is due next, the earliest first: return interviews, reviews, the day a marker runs out, eighteen.

    `told`: whether the reader's agreement shows what extracts tell of interviews.
    """
    found: list[tuple[date, Due]] = []
    for episode in episodes:
        clock = interview_clock(episode, told=told)
        if clock.state in OPEN_INTERVIEWS and clock.due_at and is_fresh(episode):
            late = clock.state == InterviewState.OVERDUE
            found.append((clock.due_at.date(), Due(_("Return interview"), moment(clock.due_at), late)))
    for one in (one for one in top.markers if one.status == "set"):
        form = {"form": form_title(one.form)}
        found.append(
            (one.review_on, Due(_("Review of the marker: %(form)s") % form, day(one.review_on), one.review_due))
        )
        found.append((one.expires_on, Due(_("Marker runs out: %(form)s") % form, day(one.expires_on), False)))
    born: Any = top.face.get("birth_on")
    if born and today() < (adult_on := turns_eighteen_on(born)) <= today() + GROWING_UP:
        found.append(
            (adult_on, Due(_("Eighteenth birthday: plan the move to adult services before"), day(adult_on), False))
        )
    return [due for _on, due in sorted(found, key=lambda pair: (not pair[1].overdue, pair[0]))]


def is_fresh(episode: MissingEpisode) -> bool:
    """Whether the child has been back for a month at most: an older interview is looked for in what agencies sent."""
    return episode.found_at is not None and episode.found_at > timezone.now() - FRESH


def about(top: Headline) -> list[dict[str, str]]:
    """Who the child is, as far as the agreement shows it, as rows of a summary list."""
    face: dict[str, Any] = top.face
    born = face.get("birth_on")
    rows = {
        _("Born"): f"{day(born)} ({age(born)})" if born else "",
        _("Sex"): code_title("sex", face["sex"]) if face.get("sex") else "",
        _("Ethnicity"): code_title("ethnicity", face["ethnicity"]) if face.get("ethnicity") else "",
        _("Disability"): code_title("disability", face["disability"]) if face.get("disability") else "",
        _("Area"): area_name(top),
        _("Postcode"): str(face.get("postcode") or ""),
        _("Looked after"): {True: _("Yes"), False: _("No")}.get(face.get("in_care"), ""),  # type: ignore[arg-type]
        _("Key in Trigpoint"): top.child.key,
    }
    return [{"key": key, "value": capfirst(value) if value else _("Not known")} for key, value in rows.items()]
