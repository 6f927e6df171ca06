"""Questions about identity are judged by named people and kept; a case moves only when a person says so."""

from __future__ import annotations

import csv
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from casework_world import AT, Brought, World, child, involved, marker_form, sql
from trigpoint.services.read_border import BorderQuestion, BorderSuccession
from trigpoint.services.take_judgements import COLUMNS
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.acting import Acting
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.refusals import NotThereError, RefusedError
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.border import take_run, write_extract
from trigpoint_web.casework.models import Child
from trigpoint_web.review import actions
from trigpoint_web.review.models import Judgement, KeyQuestion, LinkQuestion
from trigpoint_web.review.policy import check_sees_question
from trigpoint_web.review.queries import key_questions_for, questions_for


def brought(**more) -> Brought:
    given = {
        "kids": [child("CA"), child("CB")],
        "involving": [involved("CA"), involved("CB")],
        "asked": [BorderQuestion("q1", "guard", "r2", "r1", "CA", "CB", "a twin?")],
    }
    return Brought(**(given | more))


@pytest.fixture
def analyst(world: World) -> Acting:
    take_run(brought())
    return world.acting(role=Role.ANALYST)


def answer(acting: Acting, *, seen: int = 0, **more) -> Judgement:
    given = {"verdict": "different", "reason": "Twins, seen by both schools.", "request_key": uuid4()}
    return actions.answer_question(acting, LinkQuestion.objects.get(), seen=seen, **(given | more))


def test_a_question_is_answered_once_and_leaves_the_list(analyst: Acting) -> None:
    key = uuid4()
    with working_as(analyst.user):
        assert len(questions_for(analyst.user)) == 1
        first = answer(analyst, request_key=key)
        assert answer(analyst, request_key=key) == first
        assert (first.record_a, first.record_b) == ("r1", "r2")
        assert list(questions_for(analyst.user)) == []
        assert len(questions_for(analyst.user, answered=True)) == 1
        with pytest.raises(ChangedMeanwhileError):
            answer(analyst)
    assert AuditRow.objects.filter(thing_kind="judgement").count() == 2  # one for each child


def test_an_answer_needs_a_verdict_a_reason_a_role_and_both_children(world: World, analyst: Acting) -> None:
    for wrong in ({"verdict": "perhaps"}, {"reason": " "}):
        with pytest.raises(FaultyFormError):
            answer(analyst, **wrong)
    with pytest.raises(RefusedError):
        answer(world.acting(role=Role.SYSTEM_CLIENT))
    with pytest.raises(NotThereError):
        answer(world.acting(agency="bank"))
    with pytest.raises(NotThereError):
        check_sees_question(world.person("bank"), "q1")
    assert not Judgement.objects.exists()


def test_unlinking_keeps_every_pair_apart(analyst: Acting) -> None:
    a, key = Child.objects.get(key="CA"), uuid4()
    given = {"away": ["r9"], "stay": ["r1", "r2"], "reason": "Another child's number.", "request_key": key}
    with working_as(analyst.user):
        made = actions.unlink_records(analyst, a, **given)
        assert [(j.record_a, j.record_b, j.verdict) for j in made] == [
            ("r1", "r9", "different"),
            ("r2", "r9", "different"),
        ]
        assert set(actions.unlink_records(analyst, a, **given)) == set(made)
        with pytest.raises(FaultyFormError):
            actions.unlink_records(analyst, a, away=["r1"], stay=["r1"], reason="x", request_key=uuid4())


@pytest.mark.parametrize("change", ["update review_judgement set verdict = 'same'", "delete from review_judgement"])
def test_a_judgement_is_never_changed(analyst: Acting, change: str) -> None:
    answer(analyst)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        sql(change)


@pytest.fixture
def asked(world: World) -> Acting:
    """A key that was joined to another while a case hung on it."""
    take_run(brought())
    acting = world.acting(role=Role.SUPERVISOR)
    markers.set_marker(acting, Child.objects.get(key="CA"), form=marker_form(), seen=0, request_key=uuid4())
    joined = BorderSuccession(AT.replace(day=1, hour=10), "CA", "CB", "now one child", True)
    take_run(brought(number=2, kids=[child("CB")], involving=[involved("CB")], asked=[], keys=[joined]))
    return acting


@pytest.mark.parametrize("choice", ["move", "stay"])
def test_a_case_moves_with_its_key_only_when_a_person_says_so(asked: Acting, choice: str) -> None:
    with working_as(asked.user):
        (question,) = key_questions_for(asked.user)
        actions.answer_key_question(asked, question, choice=choice, reason="Same school and birthday.")
        assert not key_questions_for(asked.user).exists()
    a, b = Child.objects.order_by("key")
    holder = b if choice == "move" else a
    (marker,) = holder.markers.all()
    kinds = [step.kind for step in marker.steps.order_by("number")]
    assert kinds == (["set", "followed"] if choice == "move" else ["set"])
    assert holder.marker_standings.get().status == "set"
    with pytest.raises(ChangedMeanwhileError):
        actions.answer_key_question(asked, KeyQuestion.objects.get(), choice="stay", reason="Again.")


def test_what_people_decided_is_written_for_the_core(asked: Acting, tmp_path: Path) -> None:
    markers.end_marker(
        asked, Child.objects.get(key="CA").markers.get(), reason="Secret reason.", seen=1, request_key=uuid4()
    )
    answer(asked)
    written = write_extract(tmp_path)
    assert (written["judgements.csv"], written["markers.csv"]) == (1, 2)
    with (tmp_path / "judgements.csv").open() as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == COLUMNS
    assert (row["record_a"], row["record_b"], row["verdict"]) == ("r1", "r2", "different")
    text = (tmp_path / "markers.csv").read_text()
    assert "Secret reason" not in text
    assert text.count("county_lines") == 2
    assert 'mapping = "casework_markers"' in (tmp_path / "casework.toml").read_text()
    assert AuditRow.objects.filter(act="export").count() == 1
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".part") == []
