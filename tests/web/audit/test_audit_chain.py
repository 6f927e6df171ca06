"""The audit: append-only, chained, checked without trusting the database, and without it no page opens."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework_world import World, marker_form, sql
from trigpoint.errors import StoreError
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.acting import Acting, AuditClosedError, PurposeNeededError, acting_in
from trigpoint_web.audit.actions import record, writing_at_the_end
from trigpoint_web.audit.chain import Anchor, read_anchors, verify_chain, write_anchor
from trigpoint_web.audit.middleware import PersonMiddleware
from trigpoint_web.audit.models import Act, AuditRow
from trigpoint_web.audit.overseeing.unusual import unusual_reading
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.queries import access_log, acts_of
from trigpoint_web.audit.reading import reading, reading_list, reads_child
from trigpoint_web.audit.refusals import RefusedError
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.models import Child


def write_rows(number: int, **more) -> None:
    for one in range(number):
        record(None, Act.WRITE, thing="test", thing_id=one, **more)


def forge(statement: str) -> None:
    """Change the audit as somebody could who owns the server: with the triggers put aside."""
    sql("set constraints all immediate")
    sql("alter table audit_auditrow disable trigger user; alter table audit_chainhead disable trigger user")
    sql(statement)
    sql("alter table audit_auditrow enable trigger user; alter table audit_chainhead enable trigger user")


def test_what_was_written_holds(world: World) -> None:
    write_rows(5)
    checked = verify_chain()
    assert (checked.rows, checked.broken) == (5, None)


AWKWARD = st.text(max_size=40).filter(
    lambda text: "\x00" not in text and all(not 0xD800 <= ord(c) <= 0xDFFF for c in text)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(thing=AWKWARD, detail=st.dictionaries(AWKWARD, AWKWARD | st.integers() | st.booleans() | st.none(), max_size=4))
def test_any_words_are_hashed_alike_inside_the_database_and_outside(db: None, thing: str, detail: dict) -> None:
    with transaction.atomic():
        record(None, Act.WRITE, thing="test", thing_id=thing, detail=detail)
        assert verify_chain().broken is None
        transaction.set_rollback(True)


FORGERIES = [
    ("update audit_auditrow set thing_id = 'x' where seq = 3", 3, "changed"),
    ("update audit_auditrow set detail = '{\"a\": 1}' where seq = 3", 3, "changed"),
    ("update audit_auditrow set at = at + interval '1 microsecond' where seq = 3", 3, "changed"),
    ("update audit_auditrow set child_id = 7 where seq = 3", 3, "changed"),
    ("update audit_auditrow set act = 'read' where seq = 3", 3, "changed"),
    ("delete from audit_auditrow where seq = 3", 3, "missing"),
    ("delete from audit_auditrow where seq = 1", 1, "missing"),
    ("delete from audit_auditrow where seq >= 4", 4, "cut off"),
    ("delete from audit_auditrow", 1, "cut off"),
    ("update audit_auditrow set prev_hash = hash where seq = 3", 3, "follow"),
    ("update audit_auditrow set thing_id = 'x', hash = sha256('x') where seq = 5", 5, "changed"),
    ("update audit_chainhead set hash = sha256('x')", 5, "head"),
    (
        "update audit_chainhead set seq = 4, hash = (select hash from audit_auditrow where seq = 4)",
        5,
        "beyond the head",
    ),
]


@pytest.mark.parametrize(("statement", "seq", "what"), FORGERIES, ids=range(len(FORGERIES)))
def test_a_forged_chain_is_named_by_its_row(world: World, statement: str, seq: int, what: str) -> None:
    write_rows(5)
    forge(statement)
    broken = verify_chain().broken
    assert broken is not None
    assert broken.seq == seq
    assert what in broken.what


def test_an_end_cut_off_with_its_head_is_seen_by_an_anchor(world: World, tmp_path: Path) -> None:
    write_rows(5)
    file = tmp_path / "anchors.jsonl"
    assert write_anchor(file).seq == 5
    forge("""update audit_chainhead set seq = 2, hash = (select hash from audit_auditrow where seq = 2);
             delete from audit_auditrow where seq > 2""")
    assert verify_chain().broken is None  # without the anchor nobody can tell
    broken = verify_chain(read_anchors(file)).broken
    assert (broken.seq, "cut off" in broken.what) == (3, True)
    write_rows(3)
    assert "written anew" in verify_chain(read_anchors(file)).broken.what


def test_an_anchor_file_that_was_edited_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    for line in ("nonsense", '{"seq": 1}', '{"seq": "x", "hash": "00"}', '{"seq": 1, "hash": "zz"}'):
        file.write_text(line)
        with pytest.raises(StoreError, match="not one that casework wrote"):
            read_anchors(file)
    file.write_text(json.dumps({"seq": 1, "hash": "00ff"}))
    assert read_anchors(file) == [Anchor(1, "00ff")]


REFUSED = [
    "update audit_auditrow set act = 'read'",
    "delete from audit_auditrow",
    "truncate audit_auditrow",
    "delete from audit_chainhead",
    "truncate audit_chainhead",
    "update audit_chainhead set seq = 99",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_even_the_owner_is_refused_by_the_database(world: World, statement: str) -> None:
    write_rows(2)
    sql("set constraints all immediate")
    with pytest.raises(DatabaseError, match=r"append-only|moves on"), transaction.atomic():
        sql(statement)


def test_a_row_written_past_the_code_is_chained_like_any_other(world: World) -> None:
    write_rows(1)
    sql("""insert into audit_auditrow (seq, at, act, thing_kind, thing_id, detail, prev_hash, hash)
           values (77, now() - interval '9 years', 'read', 'x', '', '{}', 'x', 'x')""")
    assert verify_chain().rows == 2
    assert AuditRow.objects.get(seq=2).at > timezone.now() - timedelta(minutes=1)


# No audit, no act.


def test_an_act_and_its_row_stand_or_fall_together(world: World) -> None:
    robin, acting = world.child(), world.acting()

    def lights_out() -> None:
        with transaction.atomic():
            markers.set_marker(acting, robin, form=marker_form(), seen=0, request_key=uuid4())
            raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError):
        lights_out()
    assert not AuditRow.objects.exists()
    assert not robin.markers.exists()


def test_where_the_row_cannot_be_written_nothing_is(world: World) -> None:
    robin, acting = world.child(), world.acting()
    sql("alter table audit_auditrow add constraint full_disk check (act <> 'write') not valid")
    with pytest.raises(AuditClosedError), transaction.atomic():
        markers.set_marker(acting, robin, form=marker_form(), seen=0, request_key=uuid4())
    assert not robin.markers.exists()


def test_a_child_is_not_read_without_a_purpose(world: World) -> None:
    with pytest.raises(PurposeNeededError):
        reading(Acting(world.person()), world.child(), page="child")
    assert not AuditRow.objects.exists()


# The middleware: one transaction a page, as its person.


def page(view, user: User, *, purpose=None, path: str = "/children/CAAA/") -> HttpResponse:
    request = RequestFactory().get(path)
    request.user, request.purpose = user, purpose
    answer = PersonMiddleware(lambda _: HttpResponse()).process_view(request, view, (), {"key": "CAAA"})
    assert answer is not None
    return answer


@reads_child("child")
def face(request: HttpRequest, child: Child) -> HttpResponse:
    return HttpResponse(f"{child.face} as {sql('select current_user')[0][0]}")


def test_a_page_is_read_as_its_person_and_recorded(world: World) -> None:
    robin, acting = world.child(), world.acting()
    answer = page(face, acting.user, purpose=acting.purpose)
    assert answer.content == b"Robin InventedCAAA as trigpoint_web"
    row = AuditRow.objects.get()
    assert (row.act, row.child_id, row.actor, row.purpose) == ("read", robin.pk, acting.user, acting.purpose)
    assert sql("select current_user")[0][0] != "trigpoint_web"


def test_printing_is_recorded_as_such(world: World) -> None:
    world.child()
    acting = world.acting()
    page(face, acting.user, purpose=acting.purpose, path="/children/CAAA/?print=1")
    assert AuditRow.objects.get().act == "print"


def test_without_a_purpose_the_page_asks_for_one(world: World) -> None:
    world.child()
    answer = page(face, world.person())
    assert (answer.status_code, answer["Location"]) == (302, "/purpose/?next=%2Fchildren%2FCAAA%2F")
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_refusal_is_recorded_and_says_the_same_of_unknown_and_forbidden(world: World, there: bool) -> None:
    if there:
        world.child(involved=("school_rv",))
    acting = world.acting()
    answer = page(face, acting.user, purpose=acting.purpose)
    assert answer.status_code == 404
    assert b"CAAA" not in answer.content
    row = AuditRow.objects.get()
    assert (row.act, row.thing_kind, row.thing_id, row.child_id) == ("refuse", "child", "CAAA", None)


def test_what_a_refused_page_wrote_before_is_undone(world: World) -> None:
    acting = world.acting()

    def view(request: HttpRequest, key: str) -> HttpResponse:
        User.objects.filter(pk=acting.user.pk).update(full_name="Changed")
        record(acting_in(request), Act.WRITE, thing="user")
        raise RefusedError("No.", rule="test")

    assert page(view, acting.user).status_code == 403
    acting.user.refresh_from_db()
    assert acting.user.full_name != "Changed"
    assert [row.act for row in AuditRow.objects.all()] == ["refuse"]


def test_an_answer_that_says_the_server_failed_is_undone(world: World) -> None:
    acting = world.acting()

    def view(request: HttpRequest, key: str) -> HttpResponse:
        User.objects.filter(pk=acting.user.pk).update(full_name="Changed")
        return HttpResponse(status=500)

    assert page(view, acting.user).status_code == 500
    acting.user.refresh_from_db()
    assert acting.user.full_name != "Changed"


def test_switched_off_the_audit_closes_every_page(world: World) -> None:
    robin, acting = world.child(), world.acting()
    with override_settings(AUDIT_ON=False):
        answer = page(face, acting.user, purpose=acting.purpose)
        assert answer.status_code == 503
        assert robin.face.surname.encode() not in answer.content
        assert page(lambda _, **__: HttpResponse("open"), AnonymousUser()).status_code == 503


def test_an_audit_that_cannot_be_written_closes_the_page(world: World) -> None:
    robin, acting = world.child(), world.acting()
    sql("alter table audit_auditrow add constraint full_disk check (act <> 'read') not valid")
    answer = page(face, acting.user, purpose=acting.purpose)
    assert answer.status_code == 503
    assert robin.face.surname.encode() not in answer.content


def test_rows_of_a_page_are_written_last_and_in_order(world: World) -> None:
    with writing_at_the_end():
        write_rows(3)
        assert not AuditRow.objects.exists()
    assert [row.thing_id for row in AuditRow.objects.order_by("seq")] == ["0", "1", "2"]


# Who looks into it.


def test_a_childs_access_log_holds_pages_and_lists(world: World) -> None:
    robin, other, acting = world.child(), world.child("CB"), world.acting()
    reading(acting, robin, page="child")
    reading_list(acting, [robin.pk, other.pk], page="inbox")
    reading(acting, other, page="child")
    with working_as(world.person()):
        rows = access_log(robin.pk)
        assert [(row.thing, row.act_said, row.purpose_said) for row in rows] == [
            ("inbox", "Read", "Safeguarding a child"),
            ("child", "Read", "Safeguarding a child"),
        ]
        assert [row.thing for row in access_log(robin.pk, before=rows[0].seq)] == ["child"]
    with working_as(world.person("bank")):
        assert access_log(robin.pk) == []
    officer = world.person("services_lf", Role.GOVERNANCE_OFFICER)
    with working_as(officer):
        assert acts_of(officer, acting.user).count() == 3
    assert acts_of(world.person(), acting.user).count() == 0


@pytest.fixture
def officer(world: World) -> User:
    return world.person("services_lf", Role.GOVERNANCE_OFFICER)


def found(officer: User) -> dict[str, tuple[str, int]]:
    today = timezone.localdate()
    with working_as(officer):
        seen = list(unusual_reading(since=today - timedelta(days=1), until=today))
    return {one.rule: (one.person_id, one.number) for one in seen if one.rule != "odd_hours"}


def test_usual_reading_is_not_pointed_at(world: World, officer: User) -> None:
    reading(world.acting(), world.child(), page="child")
    assert found(officer) == {}


def test_reading_without_involvement_is_pointed_at(world: World, officer: User) -> None:
    robin = world.child(involved=("school_rv",))
    acting = world.acting()
    reading(acting, robin, page="child")
    served = world.acting(agency="services_rv", serves=("RV",))
    reading(served, robin, page="child")
    assert found(officer) == {"not_involved": (str(acting.user.pk), 1)}


def test_many_children_many_refusals_and_ones_own_name_are_pointed_at(world: World, officer: User) -> None:
    acting = world.acting()
    for number in range(40):
        reading(acting, world.child(f"C{number}"), page="child")
    for number in range(10):
        record(acting, Act.REFUSE, thing="child", thing_id=number)
    named = world.acting()
    User.objects.filter(pk=named.user.pk).update(full_name="Sam InventedC1")
    reading(named, Child.objects.get(key="C1"), page="child")
    assert found(officer) == {
        "many_children": (str(acting.user.pk), 40),
        "many_refused": (str(acting.user.pk), 10),
        "own_name": (str(named.user.pk), 1),
    }


def test_reading_at_night_is_pointed_at_but_not_of_those_who_work_then(world: World, officer: User) -> None:
    robin = world.child(involved=("police", "school_rv"))
    for agency in ("police", "school_rv"):
        reading(world.acting(agency=agency), robin, page="child")
    night = timezone.make_aware(datetime.combine(date(2026, 3, 4), time(2, 30)))
    forge(f"update audit_auditrow set at = '{night.isoformat()}'")
    with working_as(officer):
        seen = list(unusual_reading(since=date(2026, 3, 4), until=date(2026, 3, 4)))
    assert [(one.rule, one.number, one.day) for one in seen] == [("odd_hours", 1, date(2026, 3, 4))]


def test_nobody_but_the_officer_is_told_of_unusual_reading(world: World) -> None:
    reading(world.acting(), world.child(involved=("school_rv",)), page="child")
    assert found(world.person(role=Role.SUPERVISOR)) == {}
    assert connection.vendor == "postgresql"
