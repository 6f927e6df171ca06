"""A return interview that an agency's extract tells of is not called overdue here."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from casework_world import Brought, World, child, involved, missing
from riverside import Ran
from trigpoint.services.read_border import read_border
from trigpoint.services.read_timeline import TimelineEvent, read_timeline
from trigpoint.services.workspace import open_workspace
from trigpoint_web.api.asking.considering import what_to_consider
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.queries import inbox
from trigpoint_web.response.queries.plans import InterviewState, interview_clock

BACK = (timezone.localtime() - timedelta(days=9)).replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)


def told(what: str | None, *, after: int = 2, number: int = 1) -> Brought:
    """A run in which the child came back nine days ago, and an extract tells of an interview some days later."""
    on = (BACK + timedelta(days=after)).date() if what else None
    away = missing("CA", opened_at=BACK - timedelta(days=1), found_at=BACK, interview=what, interview_on=on,
                   interview_agency="charity" if what else None)  # fmt: skip
    return Brought(number=number, kids=[child("CA")], involving=[involved("CA")], away=[away])


@pytest.mark.parametrize(
    ("what", "after", "state", "waits"),
    [
        (None, 0, InterviewState.OVERDUE, True),
        ("offered", 2, InterviewState.OVERDUE, True),
        ("declined", 2, InterviewState.DECLINED, False),
        ("held", 2, InterviewState.HELD, False),
        ("held", 5, InterviewState.HELD_LATE, False),
    ],
)
def test_what_an_extract_tells_settles_it(
    world: World, signed_in: Any, settings: Any, what: str | None, after: int, state: InterviewState, waits: bool
) -> None:
    settings.PARTNERSHIP_FOLDER = "none"
    take_run(told(what, after=after))
    user, episode = world.person(), MissingEpisode.objects.get()
    assert interview_clock(episode).state == state
    assert list(inbox.interviews_due(user)) == ([episode] if waits else [])
    page = signed_in(user).get("/children/CA/missing/").content.decode()
    assert ("Charity says so" in page) is not waits
    assert ("Overdue" in page) is waits
    assert (f"/children/CA/response/interviews/{episode.pk}/" in page) is waits  # where it is written down


def test_a_later_run_brings_it_and_takes_it_back(world: World) -> None:
    for number, what in enumerate((None, "held", None), 1):
        take_run(told(what, number=number))
        assert MissingEpisode.objects.get().told_interview == (what or "")


def test_what_somebody_wrote_here_goes_before(world: World) -> None:
    take_run(told("held"))
    user, episode = world.person(), MissingEpisode.objects.get()
    episode.interviews.create(kind="declined", on=date.today(), by=user, request_key=uuid4())
    clock = interview_clock(episode)
    assert (clock.state, clock.told_by) == (InterviewState.DECLINED, "")


def test_whoever_may_not_see_interviews_is_not_told(world: World, signed_in: Any, settings: Any) -> None:
    settings.PARTNERSHIP_FOLDER = "none"
    take_run(told("held"))
    world.agencies["police"].may_see_kinds = ["missing", "found"]
    world.agencies["police"].save()
    user = world.person()
    assert [one.pk for one in inbox.interviews_due(user)] == [MissingEpisode.objects.get().pk]
    page = signed_in(user).get("/children/CA/missing/").content.decode()
    assert "Charity" not in page
    assert "Overdue" in page


def test_systems_are_not_told_that_one_is_due(world: World) -> None:
    take_run(told("declined"))
    user = world.person(role="system_client")
    found = what_to_consider(user, Child.objects.get(), happening=None, marked=False)
    assert [one.code for one in found] == []


def plain_judge(events: list[TimelineEvent], found_at: datetime) -> str | None:
    """What stands in a timeline after a return and before the next report, read one event at a time."""
    best: str | None = None
    for event in sorted(events, key=lambda one: one.happened_at):
        if event.kind == "missing" and event.happened_at > found_at:
            break
        if not found_at.date() <= event.happened_at.date() or event.happened_at >= found_at + timedelta(days=30):
            continue
        if event.kind == "return_interview":
            best = "held"
        elif event.kind == "return_interview_offered" and best != "held":
            best = "declined" if ": declined" in event.said or best == "declined" else "offered"
    return best


def test_the_border_reads_it_as_a_plain_judge_would(ran: Ran) -> None:
    with read_border(ran.folder) as border:
        brought = [one for one in border.missing() if one.found_at]
    assert {one.interview for one in brought} >= {"held", None}
    with open_workspace(ran.folder) as workspace:
        for one in brought[::7]:
            events = read_timeline(workspace, one.child_key).events
            assert one.interview == plain_judge(events, one.found_at), one.event_id
