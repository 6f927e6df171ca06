"""What the pages of one child read. The child comes from `policy.check_sees`; the page was audited before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from trigpoint.errors import NotFoundError, StoreError
from trigpoint.services.read_timeline import ChildTimeline, read_timeline
from trigpoint.services.replay_child import Replayed, replay_alone
from trigpoint.services.workspace import open_workspace
from trigpoint_web.accounts.models import User
from trigpoint_web.casework.agreement import (
    Agreement,
    CitationShown,
    EventShown,
    show_citations,
    show_face,
    show_timeline,
)
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import (
    Child,
    Citation,
    Involvement,
    Marker,
    MarkerStanding,
    MarkerStep,
    MissingEpisode,
    NotKnown,
    PostedEvent,
    Proposal,
)
from trigpoint_web.casework.policy import check_sees_whole
from trigpoint_web.casework.speech import speech
from trigpoint_web.casework.status import Standing, open_disputes, standing_of


@dataclass(frozen=True)
class Headline:
    """What everybody sees who sees the child at all: who it is, who is involved, which markers stand."""

    child: Child
    face: dict[str, object]
    involvements: Sequence[Involvement]
    markers: Sequence[MarkerStanding]


@dataclass(frozen=True)
class MarkerShown:
    """A marker with its steps in order, what they come to today, and the disputes that nobody answered."""

    marker: Marker
    steps: Sequence[MarkerStep]
    standing: Standing
    disputes: Sequence[MarkerStep]


@dataclass(frozen=True)
class ProposalShown:
    """A proposal with its citations as the person may read them."""

    proposal: Proposal
    citations: Sequence[CitationShown]
    stands: bool


@dataclass(frozen=True)
class Chronology:
    """A child's events as the person may read them, as known on a day (None: now), and the records they came from."""

    timeline: ChildTimeline
    events: Sequence[EventShown]


def headline(user: User, child: Child) -> Headline:
    """The headline of a child."""
    return Headline(
        child,
        show_face(child.face, Agreement.of(user.agency)),
        list(child.involvements.select_related("agency").order_by("-last_on", "agency__name_en")),
        list(child.marker_standings.order_by("status", "-last_at")),
    )


def markers_of(user: User, child: Child) -> list[MarkerShown]:
    """The child's markers, those that stand first, then newest first. Raises RefusedError for headline agencies."""
    check_sees_whole(user, child)
    steps = MarkerStep.objects.select_related("by", "agency", "about").prefetch_related("citations").order_by("number")
    found = []
    for marker in child.markers.prefetch_related(Prefetch("steps", steps)).order_by("-opened_at"):
        in_order = list(marker.steps.all())
        found.append(MarkerShown(marker, in_order, standing_of(in_order, on=today()), open_disputes(in_order)))
    return sorted(found, key=lambda one: not one.standing.is_open)


def proposals_of(user: User, child: Child) -> list[ProposalShown]:
    """What was ever proposed for the child, newest evidence first, those that stand before those that do not."""
    check_sees_whole(user, child)
    agreement = Agreement.of(user.agency)
    proposals = (
        child.proposals.select_related("run", "standing")
        .prefetch_related("citations", "decisions__by__agency")
        .order_by("-to_on", "-pk")
    )
    shown = [
        ProposalShown(one, show_citations(one.citations.all(), agreement), hasattr(one, "standing"))
        for one in proposals
    ]
    return sorted(shown, key=lambda one: not one.stands)


def waits(shown: ProposalShown) -> bool:
    """Whether a proposal still waits for somebody to decide."""
    return shown.stands and not shown.proposal.decisions.all()


def citations_of(user: User, child: Child) -> list[CitationShown]:
    """Every finding on the child as the person may read it, newest first."""
    check_sees_whole(user, child)
    found = Citation.objects.filter(child=child).select_related("run", "standing").order_by("-to_on", "pk")
    return show_citations(found, Agreement.of(user.agency))


def citation_of(user: User, child: Child, number: str) -> CitationShown | None:
    """The finding of that number on the child; None where there is none, or the agreement hides what it tells."""
    check_sees_whole(user, child)
    asked = int(number) if number.isdecimal() and len(number) < 19 else 0
    found = Citation.objects.filter(child=child, pk=asked).select_related("run", "standing")
    return next((one for one in show_citations(found, Agreement.of(user.agency)) if not one.narrowed), None)


def not_known_of(user: User, child: Child) -> QuerySet[NotKnown]:
    """What could not be answered of the child, and which kinds nobody covers."""
    check_sees_whole(user, child)
    return child.not_known.order_by("title")


def missing_of(user: User, child: Child) -> QuerySet[MissingEpisode]:
    """The child's missing episodes, newest first, with what was said of return interviews."""
    check_sees_whole(user, child)
    return child.missing_episodes.prefetch_related("interviews").order_by("-opened_at", "-pk")


def missing_now_of(user: User, child: Child) -> QuerySet[MissingEpisode]:
    """The child's missing episodes that nobody has ended, the oldest first."""
    check_sees_whole(user, child)
    return child.missing_episodes.filter(found_at=None).order_by("opened_at", "pk")


def chronology_of(user: User, child: Child, *, as_at: date | None = None) -> Chronology:
    """The child's timeline from the core, narrowed to the agency's agreement. With `as_at`, as known on that day.

    Raises StoreError where the partnership's folder is not there, RefusedError for headline agencies.
    """
    check_sees_whole(user, child)
    with open_workspace(partnership_folder()) as workspace:
        timeline = read_timeline(workspace, child.key, as_at=as_at, alone=True, older=True, said_in=speech().pack)
    return Chronology(timeline, show_timeline(timeline, Agreement.of(user.agency)))


@dataclass(frozen=True)
class EventsRead:
    """A child's events as the person may read them; `closed` says why none could be read, empty where they could.

    `older`: what agencies sent since the last run was taken in is left out.
    """

    events: Sequence[EventShown]
    closed: str = ""
    older: bool = False


def events_of(user: User, child: Child, *, as_at: date | None = None) -> EventsRead:
    """What the agencies' extracts hold of the child. A child made here, not yet in a run, has nothing in them."""
    check_sees_whole(user, child)
    try:
        read = chronology_of(user, child, as_at=as_at)
        return EventsRead(read.events, older=read.timeline.older)
    except NotFoundError:
        return EventsRead([])
    except StoreError as fault:
        return EventsRead([], closed=fault.what)


def written_here(user: User, child: Child) -> tuple[QuerySet[MarkerStep], QuerySet[MissingEpisode], list[PostedEvent]]:
    """What people and systems wrote into casework of the child, as far as the agreement shows its kind."""
    check_sees_whole(user, child)
    agreement = Agreement.of(user.agency)
    steps = MarkerStep.objects.filter(marker__child=child).select_related("marker", "agency")
    episodes = child.missing_episodes.exclude(origin=MissingEpisode.Origin.RUN)
    posted = child.posted_events.select_related("agency")
    seen = episodes if agreement.shows_kind("missing") else episodes.none()
    return steps, seen, [one for one in posted if agreement.shows_kind(one.kind)]


def replay_of(user: User, child: Child, *, as_at: date) -> Replayed:
    """What a run on that day would have found, from what was known then."""
    check_sees_whole(user, child)
    with open_workspace(partnership_folder()) as workspace:
        return replay_alone(workspace, child.key, as_at=as_at, older=True)


def partnership_folder() -> Path:
    """The folder of the partnership that casework reads timelines from. Raises StoreError where none is set."""
    folder = getattr(settings, "PARTNERSHIP_FOLDER", None) or getattr(settings, "DEMO_RUN", None)
    if not folder or not Path(folder).is_dir():
        raise StoreError(
            "The partnership's folder is not set, or is not there: timelines cannot be read.",
            mend="Set TRIGPOINT_WEB_PARTNERSHIP to the folder that `trigpoint run` works in.",
        )
    return Path(folder)
