"""Who may see whom: two walls, written separately, and a plain judge, over every combination of facts."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casework_world import World, marker_form, sql
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.acting import PurposeNeededError
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.refusals import NotThereError, RefusedError
from trigpoint_web.casework.actions import access, markers
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.models import Child, ConflictOfInterest, EmergencyAccess, Involvement, Restriction
from trigpoint_web.casework.policy import ROLE_MAY, check_sees, children_visible_to


@dataclass(frozen=True)
class Facts:
    """One combination of facts about a person and a child."""

    role: str
    agency: str
    serves: bool
    active: bool
    involved: bool
    emergency: str
    restricted: str
    conflict: bool


def judge(facts: Facts) -> bool:
    """Plainly, from the words of the decision record: who sees a child."""
    if not facts.active or facts.role in ("agency_administrator", "governance_officer"):
        return False
    if facts.conflict or facts.restricted == "to others":
        return False
    if facts.involved or facts.emergency == "open":
        return True
    if facts.role in ("panel_chair", "analyst"):
        return facts.serves
    return facts.serves and facts.agency == "services_rv" and facts.role in ("practitioner", "supervisor")


PEOPLE = list(itertools.product(Role.values, ("police", "services_rv"), (True, False), (True, False)))
STATES = list(
    itertools.product((True, False), ("none", "open", "over", "not justified"), ("no", "to me", "to others", "ended"),
                      (True, False))
)  # fmt: skip


def children_in_every_state(world: World, user: User, agency: str) -> dict[str, tuple]:
    """One child for each combination of facts between this person and a child; the facts by key."""
    keys = {f"C{user.pk.hex[:8]}{number}": state for number, state in enumerate(STATES)}
    Child.objects.bulk_create([Child(key=key, area=world.areas["RV"], first_run=world.run()) for key in keys])
    children = [(child, keys[child.key]) for child in Child.objects.filter(key__in=keys)]
    Involvement.objects.bulk_create(
        [Involvement(child=c, agency=world.agencies[agency if s[0] else "school_rv"]) for c, s in children]
    )
    EmergencyAccess.objects.bulk_create([_emergency(s[1], c, user) for c, s in children if s[1] != "none"])
    _restrict(world, [(c, s[2]) for c, s in children if s[2] != "no"], user)
    ConflictOfInterest.objects.bulk_create(
        [ConflictOfInterest(child=c, user=user, reason="kin", by=user) for c, s in children if s[3]]
    )
    return keys


def _emergency(state: str, child: Child, user: User) -> EmergencyAccess:
    until = timezone.now() + timedelta(hours=-1 if state == "over" else 1)
    outcome = "not_justified" if state == "not justified" else ""
    return EmergencyAccess(child=child, user=user, reason="danger", until=until, outcome=outcome)


def _restrict(world: World, states: list[tuple[Child, str]], user: User) -> None:
    ended = {"ended": timezone.now()}
    made = Restriction.objects.bulk_create(
        [Restriction(child=c, reason="staff", by=user, ended_at=ended.get(state)) for c, state in states]
    )
    others = world.person("school_rv")
    through = Restriction.may_see.through
    through.objects.bulk_create(
        [
            through(restriction=one, user=user if state == "to me" else others)
            for one, (_, state) in zip(made, states, strict=True)
        ]
    )


def test_both_walls_and_the_plain_judge_agree_on_every_combination(world: World) -> None:
    for role, agency, serves, active in PEOPLE:
        user = world.person(agency, role, serves=("RV",) if serves else ())
        if not active:
            User.objects.filter(pk=user.pk).update(is_active=False)
            user.refresh_from_db()
        states = children_in_every_state(world, user, agency)
        should = {key for key, state in states.items() if judge(Facts(role, agency, serves, active, *state))}
        first = set(children_visible_to(user).filter(key__in=states).values_list("key", flat=True))
        with working_as(user):
            second = {key for (key,) in sql("select key from casework_child where key = any(%s)", list(states))}
        assert first == second == should, (role, agency, serves, active)
        assert seen_together(user, states) == should, (role, agency, serves, active)


def seen_together(user: User, keys: Iterable[str]) -> set[str]:
    """As the functions see them that look through all children at once."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('trigpoint.user_id', %s, true)", [str(user.pk)])
    asked = "select c.key from casework_visible v join casework_child c on c.id = v.child_id where c.key = any(%s)"
    return {key for (key,) in sql(asked, list(keys))}


def test_unknown_and_forbidden_are_refused_alike(world: World) -> None:
    world.child("CSEEN", involved=("school_rv",))
    user = world.person()
    said = []
    for key in ("CSEEN", "CNONE"):
        with pytest.raises(NotThereError) as refused:
            check_sees(user, key)
        said.append((str(refused.value), refused.value.status, refused.value.rule))
    assert said[0] == said[1]


def guarded_tables() -> set[str]:
    return {row[0] for row in sql("select relname from pg_class where relrowsecurity and relkind = 'r'")}


def test_every_table_that_concerns_a_child_has_a_wall() -> None:
    """A new table with a child in it cannot forget its policy."""
    concerned = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed
        and any(
            f.is_relation and f.related_model is Child and f.concrete and not f.many_to_many
            for f in model._meta.get_fields()
        )
    }
    assert concerned
    assert concerned - guarded_tables() == set()


test_every_table_that_concerns_a_child_has_a_wall = pytest.mark.django_db(
    test_every_table_that_concerns_a_child_has_a_wall
)


def full_case(world: World) -> Child:
    """A child with a row in as many tables as the world makes easily."""
    child = world.child("CFULL", involved=("school_rv",))
    acting = world.acting(agency="school_rv", role=Role.SUPERVISOR)
    markers.set_marker(acting, child, form=marker_form(), seen=0, request_key=uuid4())
    return child


def test_raw_sql_as_the_webs_role_sees_nothing_forbidden(world: World) -> None:
    """The second wall alone: no policy code runs, and still no row of the child is seen by an outsider."""
    full_case(world)
    outsider = world.person("bank", Role.SUPERVISOR)
    kept = {table: sql(f"select count(*) from {table}")[0][0] for table in sorted(guarded_tables())}
    assert kept["casework_markerstep"] == kept["casework_childface"] == 1
    with working_as(outsider):
        seen = {table: sql(f"select count(*) from {table}")[0][0] for table in kept}
        seen["view"] = sql("select count(*) from casework_markerstanding")[0][0]
    assert {table: number for table, number in seen.items() if number} == {}


def test_somebody_not_signed_in_sees_no_child_by_raw_sql(world: World) -> None:
    full_case(world)
    from django.contrib.auth.models import AnonymousUser

    with working_as(AnonymousUser()):
        assert sql("select count(*) from casework_child") == [(0,)]
        assert sql("select count(*) from audit_auditrow") == [(0,)]


WRITES = [
    "insert into casework_marker (child_id, form, opened_at) select {child}, 'other', now()",
    "update casework_child set area_id = null",
    "insert into casework_involvement (child_id, agency_id, contact, origin) values ({child}, {other}, '', 'here')",
    "insert into casework_involvement (child_id, agency_id, contact, origin) values ({child}, {own}, '', 'run')",
    "delete from casework_involvement",
    "update casework_childface set surname = 'x'",
    "insert into casework_emergencyaccess (child_id, user_id, reason, at, until, outcome, review_note) "
    "select {child}, id, 'x', now(), now() + interval '1 hour', '', '' from accounts_user where email = '{somebody}'",
    "update audit_auditrow set act = 'read'",
    "delete from audit_auditrow",
    "truncate audit_auditrow",
    "update audit_chainhead set seq = 0",
    "select set_config('trigpoint.erasing', 'yes', true); delete from casework_markerstep",
]


@pytest.mark.parametrize("write", WRITES, ids=range(len(WRITES)))
def test_raw_sql_as_the_webs_role_cannot_write_past_the_wall(world: World, write: str) -> None:
    child = full_case(world)
    outsider, other = world.person("bank"), world.person()
    given = {
        "child": child.pk, "own": outsider.agency_id, "other": other.agency_id, "somebody": other.email,
    }  # fmt: skip
    before = sql("select count(*), max(hash) from audit_auditrow"), sql("select t::text from casework_child t")
    with pytest.raises(DatabaseError), transaction.atomic(), working_as(outsider):
        sql(write.format(**given))
    assert before == (
        sql("select count(*), max(hash) from audit_auditrow"),
        sql("select t::text from casework_child t"),
    )


def test_the_role_and_the_person_go_when_the_block_ends(world: World) -> None:
    before = sql("select current_user, current_setting('trigpoint.user_id', true)")
    with working_as(world.person()):
        assert sql("select current_user") == [("trigpoint_web",)]
    assert sql("select current_user, coalesce(current_setting('trigpoint.user_id', true), '')")[0][0] == before[0][0]
    assert not sql("select nullif(current_setting('trigpoint.user_id', true), '')")[0][0]


# Restriction, conflict, emergency.


def test_a_restricted_child_is_there_for_the_named_alone(world: World) -> None:
    child = world.child()
    acting, other = world.acting(role=Role.SUPERVISOR), world.person()
    with working_as(acting.user):
        made = access.restrict_child(acting, child, may_see=[acting.user], reason="A colleague's own child.")
    assert children_visible_to(acting.user).exists()
    assert not children_visible_to(other).exists()
    with working_as(other):
        assert sql("select count(*) from casework_restriction") == [(0,)]
    access.end_restriction(acting, made, reason="The colleague has left.")
    assert children_visible_to(other).exists()


def test_whoever_restricts_goes_on_seeing(world: World) -> None:
    acting = world.acting(role=Role.SUPERVISOR)
    with pytest.raises(FaultyFormError):
        access.restrict_child(acting, world.child(), may_see=[world.person()], reason="x")


def test_a_conflict_of_interest_shuts_the_record_at_once(world: World) -> None:
    child, acting = world.child(), world.acting()
    with working_as(acting.user):
        access.declare_conflict(acting, child, user=acting.user, reason="My neighbour's son.")
    assert not children_visible_to(acting.user).exists()
    with pytest.raises(NotThereError):
        access.end_conflict(acting, ConflictOfInterest.objects.get(), reason="I want to look.")


def test_emergency_access_opens_at_once_and_is_reviewed_by_somebody_else(world: World) -> None:
    child = world.child(involved=("school_rv",))
    acting = world.acting(code="emergency")
    with working_as(acting.user):
        taken = access.take_emergency_access(acting, child.key, reason="Found at a station at night.")
    assert list(children_visible_to(acting.user)) == [child]
    assert AuditRow.objects.get(act="emergency").child_id == child.pk
    officer = world.acting(agency="services_lf", role=Role.GOVERNANCE_OFFICER, code="audit")
    supervisor = world.acting(role=Role.SUPERVISOR)
    assert access.emergencies_to_review(officer.user) == access.emergencies_to_review(supervisor.user) == [taken]
    assert access.emergencies_to_review(acting.user) == []
    with working_as(officer.user):
        access.review_emergency_access(officer, taken, outcome="not_justified", note="No danger was named.")
    assert not children_visible_to(acting.user).exists()
    with pytest.raises(ChangedMeanwhileError):
        access.review_emergency_access(supervisor, taken, outcome="justified", note="It was.")


@pytest.mark.parametrize("shut", ["unknown", "restricted", "conflict"])
def test_emergency_access_does_not_tell_what_is_shut_from_what_is_not_there(world: World, shut: str) -> None:
    child = world.child(involved=("school_rv",))
    acting = world.acting(code="emergency")
    if shut == "restricted":
        Restriction.objects.create(child=child, reason="x", by=world.person())
    if shut == "conflict":
        ConflictOfInterest.objects.create(child=child, user=acting.user, reason="x", by=acting.user)
    with pytest.raises(NotThereError) as refused, transaction.atomic(), working_as(acting.user):
        access.take_emergency_access(acting, "CNONE" if shut == "unknown" else child.key, reason="danger")
    assert str(refused.value) == "We cannot find this page."
    assert not EmergencyAccess.objects.exists()


def test_emergency_access_needs_a_reason_a_purpose_and_a_role(world: World) -> None:
    child = world.child(involved=("school_rv",))
    acting = world.acting()
    with pytest.raises(FaultyFormError):
        access.take_emergency_access(acting, child.key, reason=" ")
    with pytest.raises(PurposeNeededError):
        access.take_emergency_access(type(acting)(acting.user), child.key, reason="danger")
    with pytest.raises(RefusedError, match="emergency access"):
        access.take_emergency_access(world.acting(role=Role.ANALYST), child.key, reason="danger")


def test_nobody_reviews_their_own_emergency(world: World) -> None:
    child = world.child(involved=("school_rv",))
    acting = world.acting(role=Role.SUPERVISOR)
    taken = access.take_emergency_access(acting, child.key, reason="danger")
    with pytest.raises(RefusedError, match="their own"):
        access.review_emergency_access(acting, taken, outcome="justified", note="It was.")


def test_a_headline_agency_sees_that_there_is_a_marker_and_no_more(world: World) -> None:
    child = full_case(world)
    world.agencies["bank"].headline_only = True
    world.agencies["bank"].save()
    Involvement.objects.create(child=child, agency=world.agencies["bank"])
    with working_as(world.person("bank")):
        assert sql("select count(*) from casework_childface") == [(1,)]
        assert sql("select form, status from casework_markerstanding") == [("county_lines", "set")]
        for table in ("casework_marker", "casework_markerstep", "casework_citation", "casework_proposal"):
            assert sql(f"select count(*) from {table}") == [(0,)]


def test_every_sentence_of_refusal_is_one() -> None:
    for roles, sentence in ROLE_MAY.values():
        assert roles <= set(Role.values)
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_the_web_role_owns_nothing_and_passes_no_wall(world: World) -> None:
    rows = sql("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = 'trigpoint_web'")
    assert rows == [(False, False, False)]
    owned = sql(
        "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'trigpoint_web'"
    )
    assert owned == [(0,)]
    assert connection.vendor == "postgresql"
