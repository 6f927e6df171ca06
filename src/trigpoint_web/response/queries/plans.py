"""Return interviews and their clock, safety plans, notes, things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from trigpoint_web.accounts.models import User
from trigpoint_web.audit.refusals import NotThereError
from trigpoint_web.casework.clocks import CLOCKS
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.policy import check_sees_whole, children_visible_to
from trigpoint_web.response.models import Decision, Note, PlanVersion, ReferralCheck, ReturnInterview, Thing, ThingChild

Kind = ReturnInterview.Kind
# Whether a later decision stands in place of one.
IS_REPLACED = Exists(Decision.objects.filter(replaces=OuterRef("pk")))


class InterviewState(StrEnum):
    """Where a return interview stands."""

    MISSING = "missing"  # the child has not returned
    DUE = "due"
    OVERDUE = "overdue"
    HELD = "held"
    HELD_LATE = "held_late"
    DECLINED = "declined"
    EXPLAINED = "explained"  # not offered, with the reason


@dataclass(frozen=True)
class InterviewClock:
    """A return interview of one episode: its state, when it is or was due (72 hours after return), what was said.

    `told_by` names the agency whose extract says so, where nobody here did; `told_on` is the day.
    """

    state: InterviewState
    due_at: datetime | None
    offered: bool
    last: ReturnInterview | None
    told_by: str = ""
    told_on: date | None = None


def interview_clock(episode: MissingEpisode, *, now: datetime | None = None, told: bool = True) -> InterviewClock:
    """The clock of an episode whose `interviews` are at hand (prefetch them for lists).

    What was written here decides; where nothing settles it, what agencies' extracts tell, unless `told` is false:
    the reader's agreement hides it.
    """
    said = sorted(episode.interviews.all(), key=lambda one: one.pk)
    last = said[-1] if said else None
    if episode.found_at is None:
        return InterviewClock(InterviewState.MISSING, None, False, last)
    due_at = CLOCKS["return_interview"].due_at(episode.found_at)
    offered = any(one.kind != Kind.NOT_OFFERED for one in said)
    if told and episode.told_interview and (last is None or last.kind == Kind.OFFERED):
        state = _told_state(episode, due_at) or _state(said, due_at, now or timezone.now())
        return InterviewClock(state, due_at, True, last, episode.told_by, episode.told_on)
    return InterviewClock(_state(said, due_at, now or timezone.now()), due_at, offered, last)


def _told_state(episode: MissingEpisode, due_at: datetime) -> InterviewState | None:
    """What an extract says settles it; None where it was offered alone."""
    if episode.told_interview == Kind.HELD:
        late = episode.told_on is not None and episode.told_on > timezone.localtime(due_at).date()
        return InterviewState.HELD_LATE if late else InterviewState.HELD
    return InterviewState.DECLINED if episode.told_interview == Kind.DECLINED else None


def _state(said: list[ReturnInterview], due_at: datetime, now: datetime) -> InterviewState:
    held = [one for one in said if one.kind == Kind.HELD]
    if held:
        late = held[0].on > timezone.localtime(due_at).date()
        return InterviewState.HELD_LATE if late else InterviewState.HELD
    last = said[-1].kind if said else None
    if last == Kind.DECLINED:
        return InterviewState.DECLINED
    if last == Kind.NOT_OFFERED:
        return InterviewState.EXPLAINED
    return InterviewState.OVERDUE if now > due_at else InterviewState.DUE


def plan_of(user: User, child: Child) -> QuerySet[PlanVersion]:
    """The versions of the child's safety plan, newest first."""
    check_sees_whole(user, child)
    return PlanVersion.objects.filter(plan__child=child).select_related("owner", "by__agency").order_by("-number")


def notes_of(user: User, child: Child) -> QuerySet[Note]:
    """Notes about the child, newest first, with their corrections."""
    check_sees_whole(user, child)
    return child.notes.select_related("by", "agency", "corrects").prefetch_related("corrections").order_by("-at")


def decisions_of(user: User, child: Child) -> QuerySet[Decision]:
    """Decisions about the child, newest first."""
    check_sees_whole(user, child)
    return child.decisions.select_related("by__agency", "item__meeting").annotate(is_replaced=IS_REPLACED)


def decision_of(user: User, child: Child, decision_id: int) -> Decision:
    """One decision about the child. Raises NotThereError."""
    found = decisions_of(user, child).filter(pk=decision_id).first()
    if found is None:
        raise NotThereError(thing="decision", thing_id=decision_id)
    return found


def things_for(user: User) -> QuerySet[Thing]:
    """Things that a child whom the person sees is around, or that the person's agency made; `seen` counts children."""
    mine = Q(children__child__in=children_visible_to(user).values("pk"), children__ended_at=None)
    return (
        Thing.objects.filter(mine | Q(agency=user.agency_id))
        .annotate(seen=Count("children__child", filter=mine, distinct=True))
        .select_related("area", "agency")
        .distinct()
        .order_by("kind", "name")
    )


def children_around(user: User, thing: Thing) -> QuerySet[ThingChild]:
    """The children around a thing whom the person may see. How many others there are is not said."""
    return (
        thing.children.filter(child__in=children_visible_to(user).values("pk"), ended_at=None)
        .select_related("child__face", "by__agency")
        .order_by("-since", "pk")
    )


def thing_for(user: User, thing_id: int) -> Thing:
    """One of the things that `things_for` lists. Raises NotThereError."""
    found = things_for(user).filter(pk=thing_id).first()
    if found is None:
        raise NotThereError(thing="thing", thing_id=thing_id)
    return found


def things_around(user: User, child: Child) -> QuerySet[ThingChild]:
    """The things that the child is around."""
    check_sees_whole(user, child)
    return child.things.filter(ended_at=None).select_related("thing__area", "by__agency").order_by("thing__kind", "pk")


def referral_checks_of(user: User, child: Child) -> QuerySet[ReferralCheck]:
    """The checks before a referral that were kept of the child, in order."""
    check_sees_whole(user, child)
    return ReferralCheck.objects.filter(child=child).select_related("by").order_by("pk")


def missing_episode(user: User, child: Child, episode_id: int) -> MissingEpisode:
    """One missing episode of the child, with what was said of its interview. Raises NotThereError."""
    check_sees_whole(user, child)
    found = child.missing_episodes.prefetch_related("interviews").filter(pk=episode_id).first()
    if found is None:
        raise NotThereError(thing="missing", thing_id=episode_id)
    return found
