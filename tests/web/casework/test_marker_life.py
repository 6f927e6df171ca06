"""A marker's life: every step by a named person with a reason, and what the steps come to."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework_world import Brought, World, child, citation, involved, marker_form, proposal, sql
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.audit.refusals import NotThereError, RefusedError
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.clocks import add_months, today
from trigpoint_web.casework.models import Child, Marker, MarkerStep, Proposal
from trigpoint_web.casework.status import Status, standing_of

SUPERVISOR = Role.SUPERVISOR


@pytest.fixture
def acting(world: World) -> Acting:
    return world.acting(role=SUPERVISOR)


@pytest.fixture
def robin(world: World) -> Child:
    return world.child()


def put(acting: Acting, robin: Child, **more) -> MarkerStep:
    seen = markers.decisions_seen(robin)
    return markers.set_marker(acting, robin, form=marker_form(**more), seen=seen, request_key=uuid4())


def test_a_marker_is_set_for_three_months_and_runs_out_in_twelve(acting: Acting, robin: Child) -> None:
    step = put(acting, robin)
    assert step.review_on == add_months(today(), 3)
    assert step.expires_on == add_months(today(), 12)
    assert robin.marker_standings.get().status == "set"
    row = AuditRow.objects.get(thing_kind="marker")
    assert (row.child_id, row.actor, row.purpose) == (robin.pk, acting.user, acting.purpose)


FAULTS = [
    ({"reason": "  "}, "reason"),
    ({"reason": "a" * 15_001}, "reason"),
    ({"reason": "nul\x00"}, "reason"),
    ({"observation": ""}, "citations"),
    ({"citations": (999_999,)}, "citations"),
    ({"form": "lifestyle"}, "form"),
    ({"level": "certain"}, "level"),
    ({"sub_forms": ("nonsense",)}, "sub_forms"),
    ({"sub_forms": ("county_lines",)}, "sub_forms"),
    ({"told": ""}, "told"),
    ({"told": "no", "told_on": None}, "not_told_why"),
    ({"told_on": None}, "told_on"),
    ({"told_on": date(2999, 1, 1)}, "told_on"),
    ({"sharing_basis": "because"}, "sharing_basis"),
    ({"online": "maybe"}, "online"),
    ({"overlap": ""}, "overlap"),
    ({"expires_on": date(2999, 1, 1)}, "expires_on"),
    ({"expires_on": date(2020, 1, 1), "review_on": date(2019, 1, 1)}, "expires_on, review_on"),
    ({"review_on": date(2020, 1, 1)}, "review_on"),
    ({"review_on": date(2999, 1, 1)}, "review_on"),
]


@pytest.mark.parametrize(("wrong", "field"), FAULTS, ids=[f"{n}-{f}" for n, (_, f) in enumerate(FAULTS)])
def test_what_is_wrong_is_said_by_field_and_nothing_is_written(acting: Acting, robin: Child, wrong, field) -> None:
    with pytest.raises(FaultyFormError) as fault:
        put(acting, robin, **wrong)
    assert ", ".join(fault.value.faults) == field
    assert all(fault.value.faults.values())
    assert not Marker.objects.exists()


def test_a_finding_of_another_child_is_no_evidence(world: World, acting: Acting) -> None:
    take_run(
        Brought(kids=[child("CA"), child("CB")], involving=[involved("CA"), involved("CB")], found=[citation("CB")])
    )
    a, b = Child.objects.order_by("key")
    with pytest.raises(FaultyFormError) as fault:
        put(acting, a, citations=(b.citations.get().pk,), observation="")
    assert list(fault.value.faults) == ["citations"]


def proposed(world: World) -> tuple[Child, Proposal]:
    take_run(Brought(kids=[child("CA")], involving=[involved("CA")], found=[citation("CA")], proposed=[proposal("CA")]))
    return Child.objects.get(), Proposal.objects.get()


def test_a_marker_set_on_a_proposal_stands_on_its_findings(world: World, acting: Acting) -> None:
    a, one = proposed(world)
    step = markers.set_marker(acting, a, form=marker_form(observation=""), proposals=[one], seen=0, request_key=uuid4())
    assert [c.finding_id for c in step.citations.all()] == ["f1CA"]
    assert one.decisions.get().verdict == "accepted"


def test_a_proposal_is_declined_with_a_reason_once(world: World, acting: Acting) -> None:
    a, one = proposed(world)
    key = uuid4()
    first = markers.decline_proposal(acting, one, reason="Explained by a school trip.", seen=0, request_key=key)
    again = markers.decline_proposal(acting, one, reason="Explained by a school trip.", seen=0, request_key=key)
    assert first == again
    with pytest.raises(FaultyFormError, match="decided already"):
        markers.decline_proposal(acting, one, reason="Again.", seen=1, request_key=uuid4())
    assert markers.decisions_seen(a) == 1


def test_the_second_of_two_people_gets_what_the_first_did(world: World, acting: Acting, robin: Child) -> None:
    other = world.acting(role=SUPERVISOR)
    seen = markers.decisions_seen(robin)
    step = markers.set_marker(acting, robin, form=marker_form(), seen=seen, request_key=uuid4())
    with pytest.raises(ChangedMeanwhileError) as changed:
        markers.set_marker(other, robin, form=marker_form(form="violence"), seen=seen, request_key=uuid4())
    assert changed.value.changes == [step]
    markers.end_marker(acting, step.marker, reason="Over.", seen=1, request_key=uuid4())
    with pytest.raises(ChangedMeanwhileError) as changed:
        markers.change_marker(other, step.marker, form=marker_form(), seen=1, request_key=uuid4())
    assert [one.kind for one in changed.value.changes] == ["ended"]


def test_a_form_sent_twice_is_one_step(acting: Acting, robin: Child) -> None:
    key = uuid4()
    steps = [markers.set_marker(acting, robin, form=marker_form(), seen=0, request_key=key) for _ in range(2)]
    assert steps[0] == steps[1]
    assert MarkerStep.objects.count() == 1


def test_one_marker_for_a_form_at_a_time(acting: Acting, robin: Child) -> None:
    step = put(acting, robin)
    with pytest.raises(FaultyFormError, match="already"):
        put(acting, robin)
    markers.end_marker(acting, step.marker, reason="Over.", seen=1, request_key=uuid4())
    put(acting, robin)
    assert sorted(m.status for m in robin.marker_standings.all()) == ["ended", "set"]


def test_a_dispute_is_shown_until_it_is_answered(acting: Acting, robin: Child) -> None:
    step = put(acting, robin)
    said = markers.dispute_marker(
        acting, step.marker, by="child", reason="It was a cousin's phone.", seen=1, request_key=uuid4()
    )
    assert robin.marker_standings.get().disputed
    markers.answer_dispute(acting, said, reason="Two findings do not rest on it.", seen=2, request_key=uuid4())
    assert not robin.marker_standings.get().disputed
    with pytest.raises(FaultyFormError, match="answered already"):
        markers.answer_dispute(acting, said, reason="Again.", seen=3, request_key=uuid4())


def test_a_correction_names_what_it_corrects_and_leaves_it(acting: Acting, robin: Child) -> None:
    step = put(acting, robin, level="suspected")
    right = markers.correct_marker(acting, step, form=marker_form(level="concern"), seen=1, request_key=uuid4())
    assert (right.about, right.level) == (step, "concern")
    assert MarkerStep.objects.get(pk=step.pk).level == "suspected"
    assert robin.marker_standings.get().level == "concern"


def test_a_review_starts_the_clocks_again(acting: Acting, robin: Child) -> None:
    step = put(acting, robin, review_on=today() + timedelta(days=1), expires_on=today() + timedelta(days=2))
    later = markers.review_marker(acting, step.marker, form=marker_form(), seen=1, request_key=uuid4())
    assert later.expires_on == add_months(today(), 12)


@pytest.mark.parametrize(
    ("role", "level", "may"),
    [
        (Role.PRACTITIONER, "suspected", True),
        (Role.PRACTITIONER, "confirmed", False),
        (Role.SUPERVISOR, "confirmed", True),
        (Role.PANEL_CHAIR, "confirmed", True),
        (Role.ANALYST, "concern", False),
        (Role.SYSTEM_CLIENT, "concern", False),
    ],
)
def test_who_may_set_what(world: World, robin: Child, role: str, level: str, may: bool) -> None:
    acting = world.acting(role=role)
    if may:
        assert put(acting, robin, level=level)
    else:
        with pytest.raises(RefusedError) as refused:
            put(acting, robin, level=level)
        assert refused.value.what.endswith(".")
        assert not Marker.objects.exists()


def test_a_practitioner_does_not_end_a_marker(world: World, acting: Acting, robin: Child) -> None:
    step = put(acting, robin)
    with pytest.raises(RefusedError, match="Only a supervisor"):
        markers.end_marker(world.acting(), step.marker, reason="Over.", seen=1, request_key=uuid4())


def test_to_whoever_may_not_see_the_child_there_is_none(world: World, robin: Child) -> None:
    with pytest.raises(NotThereError):
        put(world.acting(agency="bank", role=SUPERVISOR), robin)


@pytest.mark.parametrize("change", ["update casework_markerstep set reason = 'x'", "delete from casework_markerstep",
                                    "update casework_marker set form = 'other'"])  # fmt: skip
def test_the_database_refuses_to_change_a_step(acting: Acting, robin: Child, change: str) -> None:
    put(acting, robin)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        sql(change)


KINDS = st.sampled_from(["changed", "reviewed", "ended", "disputed", "answered", "corrected", "followed"])
STEP = st.tuples(KINDS, st.integers(-30, 30), st.integers(-30, 30), st.integers(0, 5))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=6))
def test_the_view_and_the_plain_way_agree_on_any_steps(shared_world: World, steps) -> None:
    """Whatever steps a marker has, the database's view and `standing_of` say the same of it today."""
    with transaction.atomic():
        acting = shared_world.acting()
        marker = Marker.objects.create(child=shared_world.robin, form="county_lines")
        made: list[MarkerStep] = []
        for number, (kind, review, expires, about) in enumerate([("set", 10, 20, 0), *steps], 1):
            earlier = made[about % len(made)] if made and kind in ("answered", "corrected") else None
            made.append(
                MarkerStep.objects.create(
                    marker=marker,
                    number=number,
                    kind=kind,
                    level="concern",
                    told="spoken",
                    reason="r",
                    about=earlier,
                    sharing_basis="public_task",
                    review_on=today() + timedelta(days=review),
                    expires_on=today() + timedelta(days=expires),
                    by=acting.user,
                    agency=acting.user.agency,
                    request_key=uuid4(),
                )
            )
        said, view = standing_of(made, on=today()), marker.standing
        assert (said.status, said.disputed, said.review_due) == (view.status, view.disputed, view.review_due)
        transaction.set_rollback(True)


def test_no_steps_are_no_marker() -> None:
    assert standing_of([], on=today()).status is Status.NONE


@pytest.fixture
def shared_world(world: World) -> World:
    world.robin = world.child()
    return world
