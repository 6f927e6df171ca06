"""Meetings, decisions, actions, notes, plans, interviews and things."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from casework_world import World, marker_form, sql
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.refusals import NotThereError, RefusedError
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.response.actions import meetings, tasks, writing
from trigpoint_web.response.models import Meeting
from trigpoint_web.response.queries import plans
from trigpoint_web.response.queries.meetings import agenda_of, due_for, meetings_of
from trigpoint_web.response.queries.tasks import my_actions, overdue_actions


@pytest.fixture
def chair(world: World) -> Acting:
    return world.acting(role=Role.PANEL_CHAIR, serves=("RV",), code="panel")


@pytest.fixture
def robin(world: World) -> Child:
    return world.child()


@pytest.fixture
def panel(world: World, chair: Acting) -> Meeting:
    return meetings.call_meeting(
        chair, kind="panel", title="Riverside panel", area=world.areas["RV"], planned_for=timezone.now(),
        invited=[world.agencies["school_rv"]], request_key=uuid4(),
    )  # fmt: skip


def episode(robin: Child, *, found: datetime | None = None, days: int = 1) -> MissingEpisode:
    since = timezone.now() - timedelta(days=days)
    return MissingEpisode.objects.create(child=robin, origin="here", agency="police", opened_at=since, found_at=found)


def test_an_agenda_comes_from_what_is_due_each_with_its_reasons(world: World, chair: Acting, panel, robin) -> None:
    quiet, second = world.child("CQUIET"), world.child("CSECOND")
    episode(robin)
    for day in (5, 15, 30):
        episode(second, found=timezone.now(), days=day)
    markers.set_marker(chair, second, form=marker_form(), seen=0, request_key=uuid4())
    with working_as(chair.user):
        due = due_for(chair.user, panel)
        assert [(d.child.key, d.reasons) for d in due] == [
            (robin.key, ("missing_now",)),
            ("CSECOND", ("missing_often", "set_since")),
        ]
        meetings.add_to_agenda(chair, panel, child=robin, reasons=due[0].reasons)
        assert [d.child.key for d in due_for(chair.user, panel)] == ["CSECOND"]
        assert quiet.key not in str(due)


def test_a_meeting_from_agenda_to_close(world: World, chair: Acting, panel, robin) -> None:
    with working_as(chair.user):
        item = meetings.add_to_agenda(chair, panel, child=robin, reasons=["missing_now"], asked="Where does he go?")
        assert meetings.add_to_agenda(chair, panel, child=robin, reasons=[]) == item
        with pytest.raises(FaultyFormError):
            meetings.close_meeting(chair, panel)
        meetings.hold_meeting(chair, panel, present=[(world.agencies["police"], "Invented Person")])
        minute = meetings.write_minute(chair, item, text="Seen at the station.", request_key=uuid4())
        meetings.write_minute(chair, item, text="Seen at the bus station.", request_key=uuid4(), corrects=minute)
        made = meetings.decide(
            chair, robin, kind="nrm_referral", text="Children's services refer.", reason="Two agencies saw control.",
            item=item, request_key=uuid4(),
        )  # fmt: skip
        tasks.give_action(
            chair, child=robin, decision=made, what="Refer.", owner=chair.user, due_on=today(), request_key=uuid4()
        )
        panel.refresh_from_db()
        meetings.close_meeting(chair, panel)
        panel.refresh_from_db()
        with pytest.raises(RefusedError, match="closed"):
            meetings.write_minute(chair, item, text="More.", request_key=uuid4())
        (shown,) = agenda_of(chair.user, panel)
        assert len(shown.minutes.all()) == 2
        assert [d.kind for d in shown.decisions.all()] == ["nrm_referral"]


def test_a_meeting_is_for_whoever_is_invited_and_children_for_whoever_sees_them(world, chair, panel, robin) -> None:
    meetings.add_to_agenda(chair, panel, child=robin, reasons=["missing_now"])
    guest, stranger = world.person("school_rv"), world.person("bank")
    assert list(meetings_of(guest)) == [panel]
    assert list(meetings_of(stranger)) == []
    with working_as(guest):
        assert list(agenda_of(guest, panel)) == []
    with pytest.raises(NotThereError):
        meetings.hold_meeting(Acting(stranger), panel, present=[(world.agencies["bank"], "x")])


def test_two_people_close_a_meeting_and_the_second_is_told(world, chair, panel) -> None:
    meetings.hold_meeting(chair, panel, present=[(world.agencies["police"], "x")])
    with pytest.raises(ChangedMeanwhileError):
        meetings.hold_meeting(chair, panel, present=[(world.agencies["police"], "x")])


def test_an_action_is_what_its_steps_leave(world: World, chair: Acting, robin: Child) -> None:
    owner = world.person()
    action = tasks.give_action(
        chair, child=robin, what="Ring the school.", owner=owner, due_on=today(), request_key=uuid4()
    )
    with working_as(owner):
        (mine,) = my_actions(owner)
        assert (mine.state, mine.due_on, mine.number) == ("given", today(), 1)
        with pytest.raises(FaultyFormError):
            tasks.take_step(Acting(owner, chair.purpose), action, kind="dropped", seen=1)
        tasks.take_step(Acting(owner, chair.purpose), action, kind="done", seen=1)
        assert list(my_actions(owner)) == []
        with pytest.raises(ChangedMeanwhileError):
            tasks.take_step(Acting(owner, chair.purpose), action, kind="changed", seen=1, note="later")
        with pytest.raises(FaultyFormError):
            tasks.take_step(Acting(owner, chair.purpose), action, kind="done", seen=2)


def test_an_action_that_is_past_its_day_is_overdue(chair: Acting, robin: Child, monkeypatch) -> None:
    tasks.give_action(chair, child=robin, what="Ring.", owner=chair.user, due_on=today(), request_key=uuid4())
    assert list(overdue_actions(chair.user)) == []
    tomorrow = today() + timedelta(days=1)
    monkeypatch.setattr("trigpoint_web.response.queries.tasks.today", lambda: tomorrow)
    assert len(overdue_actions(chair.user)) == 1


def test_an_owner_has_to_see_the_child(world: World, chair: Acting, robin: Child) -> None:
    with pytest.raises(FaultyFormError, match="works with this child"):
        tasks.give_action(chair, child=robin, what="x", owner=world.person("bank"), due_on=today(), request_key=uuid4())


def test_a_note_stays_and_is_corrected_by_its_own_agency(world: World, chair: Acting, robin: Child) -> None:
    note = writing.keep_note(chair, robin, text="Came with new shoes.", request_key=uuid4())
    other = world.acting(agency="services_rv", serves=("RV",))
    with pytest.raises(FaultyFormError, match="own agency"):
        writing.keep_note(other, robin, text="No.", request_key=uuid4(), corrects=note)
    writing.keep_note(chair, robin, text="Came with a new coat.", request_key=uuid4(), corrects=note)
    for change in ("update response_note set text = 'x'", "delete from response_note"):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            sql(change)
    assert len(plans.notes_of(chair.user, robin)) == 2


def test_a_plan_is_written_in_versions_and_the_second_writer_is_told(world, chair: Acting, robin: Child) -> None:
    given = {"owner": chair.user, "review_on": today() + timedelta(days=30), "reason": "First plan.", "seen": 0}
    first = writing.write_plan(chair, robin, sections={"phone": "New SIM."}, request_key=uuid4(), **given)
    with pytest.raises(ChangedMeanwhileError) as changed:
        writing.write_plan(chair, robin, sections={"home": "Locks."}, request_key=uuid4(), **given)
    assert changed.value.changes == [first]
    with pytest.raises(FaultyFormError):
        writing.write_plan(chair, robin, sections={}, request_key=uuid4(), **given)
    with pytest.raises(FaultyFormError):
        writing.write_plan(chair, robin, sections={"lifestyle": "x"}, request_key=uuid4(), **given)


CLOCK = [
    (None, [], "missing"),
    (10, [], "due"),
    (80, [], "overdue"),
    (80, [("offered", 0)], "overdue"),
    (80, [("declined", 0)], "declined"),
    (80, [("not_offered", 0)], "explained"),
    (80, [("held", 1)], "held"),
    (200, [("held", 8)], "held_late"),
]


@pytest.mark.parametrize(("hours", "said", "state"), CLOCK, ids=range(len(CLOCK)))
def test_the_return_interviews_clock(chair: Acting, robin: Child, hours, said, state) -> None:
    found = timezone.now() - timedelta(hours=hours) if hours else None
    one = episode(robin, found=found, days=20)
    for kind, days in said:
        on = timezone.localtime(found).date() + timedelta(days=days)
        form = writing.InterviewForm(kind, on, reason="because")
        writing.keep_interview(chair, one, form=form, request_key=uuid4())
    clock = plans.interview_clock(one)
    assert clock.state == state
    if found:
        assert clock.due_at - found == timedelta(hours=72)


def test_an_interview_before_the_return_is_refused(chair: Acting, robin: Child) -> None:
    for one in (episode(robin), episode(robin, found=timezone.now())):
        form = writing.InterviewForm("held", today() - timedelta(days=3))
        with pytest.raises(FaultyFormError):
            writing.keep_interview(chair, one, form=form, request_key=uuid4())


def test_a_thing_shows_only_children_whom_one_may_see(world: World, chair: Acting, robin: Child) -> None:
    hidden = world.child("CHIDDEN", area=None, involved=("school_rv",))
    thing = writing.make_thing(chair, kind="place", name="The old arcade", request_key=uuid4())
    writing.put_child_around(chair, thing, child=robin, how="Found there twice.")
    school = world.acting(agency="school_rv")
    writing.put_child_around(school, thing, child=hidden, how="Said so.")
    with working_as(chair.user):
        assert [one.child for one in plans.children_around(chair.user, thing)] == [robin]
        assert [t.seen for t in plans.things_for(chair.user)] == [1]
        around = plans.children_around(chair.user, thing)[0]
        writing.take_child_away(chair, around, reason="Mistaken.")
        assert list(plans.children_around(chair.user, thing)) == []
