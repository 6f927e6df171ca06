"""A custody desk asks: is there a marker on this child? Yes, no, or ask, as the agency's agreement allows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework_systems import ROBIN, System, named
from casework_world import World, marker_form
from trigpoint.errors import IndexUnfitError
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.models import Child, ConflictOfInterest, MissingEpisode, Restriction

NOBODY = {"given_names": "Zebedee", "surname": "Quux", "born": "2012-02-02"}


@pytest.fixture
def marked(world: World, robin: Child) -> Child:
    markers.set_marker(world.acting(), robin, form=marker_form(), seen=0, request_key=uuid4())
    return robin


def test_yes_since_when_whom_to_call(system: Callable[..., System], marked: Child) -> None:
    said = system().look_up()
    assert (said["marker"], said["child"], said["since"]) == ("yes", marked.key, str(timezone.localdate()))
    assert [(one["form"], one["level"]) for one in said["markers"]] == [("county_lines", "suspected")]
    assert said["contacts"][0]["phone"] == "01632 960001"
    assert said["consider"] == []


def test_no_marker_and_nobody_known(system: Callable[..., System], robin: Child) -> None:
    asking = system()
    known, unknown = asking.look_up(), asking.look_up(NOBODY)
    assert (known["marker"], known["child"]) == ("no", robin.key)
    assert (unknown["marker"], unknown["child"], unknown["contacts"]) == ("no", None, [])


def test_another_agencys_child_is_a_call_to_make(system: Callable[..., System], marked: Child) -> None:
    said = system("services_rv").look_up()
    assert (said["marker"], said["child"], said["markers"]) == ("ask", None, [])
    assert [one["agency"] for one in said["contacts"]] == ["Invented police"]


def test_two_who_could_be_meant_are_for_a_person(system: Callable[..., System], world: World, marked: Child) -> None:
    twin = world.child("CBBB", involved=("school_rv",))
    twin.face.surname = marked.face.surname
    named(twin)
    said = system().look_up()
    assert (said["marker"], said["child"], said["markers"]) == ("ask", None, [])
    assert len(said["contacts"]) == 2


def test_a_restricted_child_is_as_one_who_is_not_there(
    system: Callable[..., System], world: World, marked: Child
) -> None:
    for asking in (system(), system("services_rv")):
        unknown = asking.look_up(NOBODY)
        Restriction.objects.get_or_create(child=marked, by=world.person(role=Role.SUPERVISOR), reason="Invented.")
        with CaptureQueriesContext(connection) as there:
            assert asking.look_up() == unknown
        with CaptureQueriesContext(connection) as nowhere:
            asking.look_up(NOBODY)
        assert len(there) == len(nowhere)  # as much work either way: time tells nothing
        for key in (marked.key, "CZZZ"):
            answer = Client().get(f"/api/v1/children/{key}/marker", headers=asking.headers)
            assert (answer.status_code, answer.json()["what"]) == (404, "We cannot find this page.")
        Restriction.objects.all().delete()


def test_a_conflict_of_interest_hides_a_child_from_the_system(system: Callable[..., System], marked: Child) -> None:
    asking = system()
    user = AuditRow.objects.filter(act="sign_in").latest("seq").actor
    ConflictOfInterest.objects.create(child=marked, user=user, reason="Invented.", by=user)
    assert asking.look_up()["contacts"] == []


def test_headline_agencies_learn_that_there_is_a_marker_and_no_more(
    system: Callable[..., System], world: World, marked: Child
) -> None:
    world.agencies["police"].headline_only = True
    world.agencies["police"].save()
    MissingEpisode.objects.create(child=marked, origin="here", agency="police", opened_at=timezone.now())
    said = system().look_up()
    assert (said["marker"], said["markers"], said["consider"]) == ("yes", [], [])
    assert said["contacts"]


def test_what_to_consider_follows_from_what_is_happening(
    system: Callable[..., System], world: World, marked: Child
) -> None:
    asking, now = system(), timezone.now()
    assert codes(asking.look_up(happening="arrest")) == ["section_45", "nrm", "appropriate_adult"]
    away = {"origin": "here", "agency": "police", "opened_at": now - timedelta(hours=5), "from_place": "Elm House"}
    mine = MissingEpisode.objects.create(child=marked, **away)
    MissingEpisode.objects.create(child=world.child("CBBB"), **away)
    MissingEpisode.objects.create(child=world.child("CCCC", involved=("bank",)), **away)  # not seen: not counted
    (others,) = asking.look_up()["consider"]
    assert "1 other child" in others["said"]
    mine.found_at = now - timedelta(hours=1)
    mine.save()
    (due,) = asking.look_up()["consider"]
    assert due["code"] == "return_interview"
    assert due["due_at"][:10] == str((now + timedelta(hours=71)).date())
    world.agencies["police"].may_see_kinds = ["arrest"]
    world.agencies["police"].save()
    assert asking.look_up()["consider"] == []


def codes(said: dict[str, Any]) -> list[str]:
    return [one["code"] for one in said["consider"]]


def test_each_read_is_recorded_with_purpose_and_basis(system: Callable[..., System], marked: Child) -> None:
    system().look_up()
    row = AuditRow.objects.get(act="read", child_id=marked.pk)
    assert (row.purpose.code, row.purpose.text) == ("safeguarding", "legal basis: law_enforcement")
    assert row.actor.role == Role.SYSTEM_CLIENT
    assert "inventedcaaa" not in str(list(AuditRow.objects.values_list("detail", flat=True))).lower()


def test_without_audit_there_is_no_answer(system: Callable[..., System], marked: Child, settings: Any) -> None:
    asking = system()
    settings.AUDIT_ON = False
    assert asking.call("look-up", {"person": ROBIN}).status_code == 503
    assert asking.fetch().status_code == 503


@pytest.mark.parametrize("left_out", ["Trigpoint-Purpose", "Trigpoint-Legal-Basis"])
def test_purpose_and_legal_basis_are_needed(system: Callable[..., System], robin: Child, left_out: str) -> None:
    asking = system()
    headers = {name: value for name, value in asking.headers.items() if name != left_out}
    answer = Client().post("/api/v1/look-up", {"person": ROBIN}, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert left_out in answer.json()["faults"][0]["where"]


@pytest.mark.parametrize(
    "person",
    [
        {"born": "2011-05-04"},
        {"given_names": "Robin"},
        {"surname": "Invented", "born": "1850-01-01"},
        {"surname": "Invented", "born": "2999-01-01"},
        {"surname": "In\x00vented", "born": "2011-05-04"},
        {"nhs_number": "900 000 0001"},
        {"surname": "x" * 300, "postcode": "RV1 2AB"},
        {"surname": "Invented", "postcode": "not a postcode"},
        {"surname": "Invented", "born": "2011-05-04", "shoe": 7},
    ],
)
def test_too_little_or_impossible_is_said_without_repeating_it(
    system: Callable[..., System], robin: Child, person: dict[str, Any], partnership: None
) -> None:
    answer = system().call("look-up", {"person": person})
    assert answer.status_code == 422
    assert answer.json()["faults"]
    for value in person.values():
        assert str(value) not in answer.content.decode()


def test_a_look_up_asks_the_database_little(
    system: Callable[..., System], marked: Child, django_assert_max_num_queries: Any
) -> None:
    asking = system()
    with django_assert_max_num_queries(40):
        asking.look_up()


def test_an_index_of_another_version_is_no_fault_of_the_one_who_asks(
    system: Callable[..., System], marked: Child, partnership: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def old(*_given: object, **_more: object) -> None:
        raise IndexUnfitError("The look-up's index was made by another version of Trigpoint.")

    monkeypatch.setattr("trigpoint_web.api.asking.identify.find_child", old)
    assert system().look_up()["marker"] == "yes"  # casework's own names have to do


def test_what_cannot_be_read_says_where_and_how_to_mend_it(system: Callable[..., System], robin: Child) -> None:
    answer = system().call("look-up", {"person": {"given_names": "Robin"}}).json()
    assert answer["faults"] == [
        {"where": "body.person", "what": "Give a number of the child, or a name with a birth date or a postcode"}
    ]
    assert "openapi.json" in answer["mend"]
    wrong = system().call("look-up", {"person": {"surname": "Invented", "born": "31/02/2026"}}).json()
    assert [one["where"] for one in wrong["faults"]] == ["body.person.born"]
