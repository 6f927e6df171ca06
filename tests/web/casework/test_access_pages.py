"""Pages of who may see a child: restriction, conflict of interest, emergency access and its review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework_systems import named
from casework_world import World
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.models import Child, ConflictOfInterest, EmergencyAccess, Restriction

PASSWORD = "a long invented password"  # noqa: S105 - of invented people


@pytest.fixture
def robin(world: World) -> Child:
    return world.child(involved=("police", "school_rv"))


@pytest.fixture
def supervisor(world: World) -> User:
    return world.person(role=Role.SUPERVISOR)


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def confirm(browser: Client) -> Client:
    """The person confirms who they are, as the step before emergency access asks."""
    assert browser.post("/sign-in/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return browser


@pytest.mark.parametrize("page", ["", "restrict/", "conflict/"])
def test_each_page_is_recorded_and_frugal(robin: Child, supervisor: User, signed_in: Any, page: str) -> None:
    browser = signed_in(supervisor)
    with CaptureQueriesContext(connection) as asked:
        shown = browser.get(f"/children/CAAA/access/{page}")
    assert shown.status_code == 200
    assert len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 25
    assert AuditRow.objects.filter(child_id=robin.pk, act="read", thing_kind="access").count() == 1


# Restriction.


def test_a_record_is_restricted_and_the_restriction_lifted(
    robin: Child, supervisor: User, world: World, signed_in: Any
) -> None:
    colleague, teacher = world.person(), world.person("school_rv")
    browser = signed_in(supervisor)
    sent = {"may_see": [str(supervisor.pk)], "others": teacher.email.upper(), "reason": "A colleague's own child."}
    assert browser.post("/children/CAAA/access/restrict/", sent)["Location"] == "/children/CAAA/access/"
    assert signed_in(colleague).get("/children/CAAA/").status_code == 404
    assert signed_in(teacher).get("/children/CAAA/").status_code == 200
    page = browser.get("/children/CAAA/access/").content.decode()
    assert teacher.full_name in page
    assert "colleague&#x27;s own child" in page
    twice = browser.post("/children/CAAA/access/restrict/", sent, follow=True)
    assert "restricted already" in twice.content.decode()
    at = f"/children/CAAA/access/restrictions/{Restriction.objects.get().pk}/lift/"
    assert browser.get(at).status_code == 200
    assert browser.post(at, {"reason": "The colleague has left."})["Location"] == "/children/CAAA/access/"
    late = browser.post(at, {"reason": "The colleague has left."}, follow=True)
    assert "already" in late.content.decode()
    assert signed_in(colleague).get("/children/CAAA/").status_code == 200


WRONG = [
    ({"reason": " "}, "reason"),
    ({"others": "nobody@example.invalid"}, "others"),
    ({"may_see": []}, "may_see"),
    ({"may_see": ["x"]}, "may_see"),
    ({"reason": "x" * 20_000}, "reason"),
    ({"others": "\x00"}, "others"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_a_wrong_restriction_is_said_by_field(
    robin: Child, supervisor: User, signed_in: Any, wrong: Any, field: str
) -> None:
    sent = {"may_see": [str(supervisor.pk)], "others": "", "reason": "Kin."} | wrong
    page = signed_in(supervisor).post("/children/CAAA/access/restrict/", sent)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not Restriction.objects.exists()


def test_a_practitioner_restricts_nothing(robin: Child, world: World, signed_in: Any) -> None:
    browser = signed_in(world.person())
    assert "Restrict this child" not in browser.get("/children/CAAA/access/").content.decode()
    assert browser.get("/children/CAAA/access/restrict/").status_code == 403


# Conflict of interest.


def test_ones_own_conflict_shuts_the_record_and_a_supervisor_ends_it(
    robin: Child, supervisor: User, world: World, signed_in: Any
) -> None:
    user = world.person()
    browser = signed_in(user)
    form = browser.get("/children/CAAA/access/conflict/").context["form"]
    assert [pk for pk, _name in form.fields["who"].choices] == [str(user.pk)]
    sent = {"who": str(user.pk), "reason": "My neighbour's son."}
    assert browser.post("/children/CAAA/access/conflict/", sent)["Location"] == "/"
    assert browser.get("/children/CAAA/").status_code == 404
    oversees = signed_in(supervisor)
    assert "neighbour&#x27;s son" in oversees.get("/children/CAAA/access/").content.decode()
    at = f"/children/CAAA/access/conflicts/{ConflictOfInterest.objects.get().pk}/end/"
    assert oversees.get(at).status_code == 200
    assert signed_in(world.person("school_rv", Role.SUPERVISOR)).get(at).status_code == 404
    assert oversees.post(at, {"reason": "They moved away."})["Location"] == "/children/CAAA/access/"
    assert browser.get("/children/CAAA/").status_code == 200


def test_nobody_declares_somebody_elses_without_being_their_supervisor(
    robin: Child, world: World, signed_in: Any
) -> None:
    other = world.person()
    page = signed_in(world.person()).post("/children/CAAA/access/conflict/", {"who": str(other.pk), "reason": "x"})
    assert "who" in page.context["form"].errors
    assert not ConflictOfInterest.objects.exists()


# Emergency access.


def test_emergency_access_asks_who_it_is_opens_at_once_and_is_loud(world: World, signed_in: Any) -> None:
    child = world.child(involved=("school_rv",))
    browser = signed_in(with_password(world.person()), purpose="emergency")
    at = "/children/CAAA/emergency/"
    asked = browser.post(at, {"reason": "Found at a station at night."})
    assert asked["Location"].startswith("/sign-in/reauthenticate/")
    assert not EmergencyAccess.objects.exists()
    done = browser.post(asked["Location"], {"password": PASSWORD})  # what was sent is carried out now
    assert done["Location"] == "/children/CAAA/"
    page = browser.get("/children/CAAA/").content.decode()
    assert "Emergency access until" in page
    again = browser.post(at, {"reason": "Found at a station at night."})
    assert again["Location"] == "/children/CAAA/"
    assert EmergencyAccess.objects.get().child == child
    assert "Used emergency access" in browser.get("/children/CAAA/access-log/").content.decode()


@pytest.mark.parametrize("shut", ["unknown", "restricted", "conflict", "there"])
def test_the_page_tells_nobody_whether_there_is_such_a_child(world: World, signed_in: Any, shut: str) -> None:
    child, user = world.child(involved=("school_rv",)), with_password(world.person())
    if shut == "restricted":
        Restriction.objects.create(child=child, reason="x", by=world.person())
    if shut == "conflict":
        ConflictOfInterest.objects.create(child=child, user=user, reason="x", by=user)
    browser = confirm(signed_in(user))
    at = f"/children/{'CNONE' if shut == 'unknown' else 'CAAA'}/emergency/"
    asked = browser.get(at)
    assert (asked.status_code, "InventedCAAA" in asked.content.decode()) == (200, False)
    sent = browser.post(at, {"reason": "danger"})
    assert sent.status_code == (302 if shut == "there" else 404)


def test_emergency_access_needs_a_role_a_reason_and_a_purpose(world: World, signed_in: Any) -> None:
    world.child(involved=("school_rv",))
    at = "/children/CAAA/emergency/"
    assert signed_in(world.person(role=Role.ANALYST)).get(at).status_code == 403
    assert confirm(signed_in(with_password(world.person()))).post(at, {"reason": " "}).context["form"].errors
    without = confirm(signed_in(with_password(world.person()), purpose=None)).get(at)
    assert without["Location"].startswith("/purpose/")
    assert not EmergencyAccess.objects.exists()


def test_a_search_that_may_not_show_the_child_leads_to_it(world: World, signed_in: Any) -> None:
    named(world.child(involved=("school_rv",)))
    born = {"birth_on-day": "4", "birth_on-month": "5", "birth_on-year": "2011"}
    sent = {"name": "Robin InventedCAAA"} | born
    for role, led in ((Role.PRACTITIONER, True), (Role.PANEL_CHAIR, False)):
        page = signed_in(world.person(role=role)).post("/search/", sent).content.decode()
        assert "you may not open the record" in page
        assert ("/children/CAAA/emergency/" in page) is led


# Its review.


@pytest.fixture
def taken(world: World) -> EmergencyAccess:
    until = timezone.now() + timedelta(hours=4)
    child, user = world.child(involved=("school_rv",)), world.person()
    return EmergencyAccess.objects.create(child=child, user=user, reason="Found at a station.", until=until)


@pytest.mark.parametrize("agency", ["police", "services_lf"])
def test_it_is_reviewed_by_the_supervisor_or_the_officer(
    world: World, taken: EmergencyAccess, signed_in: Any, agency: str
) -> None:
    role = Role.SUPERVISOR if agency == "police" else Role.GOVERNANCE_OFFICER
    browser = signed_in(world.person(agency, role))
    waiting = browser.get("/emergency/").content.decode()
    at = f"/emergency/{taken.pk}/"
    assert at in waiting
    assert "CAAA" in waiting
    assert "Found at a station." in browser.get(at).content.decode()
    assert browser.post(at, {}).context["form"].errors.keys() == {"outcome", "reason"}
    sent = {"outcome": "not_justified", "reason": "No danger was named."}
    assert browser.post(at, sent)["Location"] == "/emergency/"
    assert at not in browser.get("/emergency/").content.decode()
    late = browser.post(at, sent | {"outcome": "justified"}, follow=True)
    assert "Somebody else reviewed this already" in late.content.decode()
    assert signed_in(taken.user).get("/children/CAAA/").status_code == 404


def test_who_may_not_review_it(world: World, taken: EmergencyAccess, signed_in: Any) -> None:
    at = f"/emergency/{taken.pk}/"
    asked = [
        (world.person(), 403), (world.person("bank", Role.SUPERVISOR), 404), (taken.user, 403),
    ]  # fmt: skip
    assert [signed_in(user).get(at).status_code for user, _code in asked] == [code for _user, code in asked]
    User.objects.filter(pk=taken.user.pk).update(role=Role.SUPERVISOR)
    own = signed_in(User.objects.get(pk=taken.user.pk))
    assert "Nobody reviews their own" in own.get(at).content.decode()
    assert own.post(at, {"outcome": "justified", "reason": "x"}).status_code == 403
