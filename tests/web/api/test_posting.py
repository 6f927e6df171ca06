"""An agency's system posts what happened: linked at once, answered with the marker, written once."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from casework_systems import ROBIN, System, named
from casework_world import World, marker_form
from trigpoint.terms.pack import load_pack
from trigpoint_web.api.clients import open_client
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import write_extract
from trigpoint_web.casework.models import Child, MissingEpisode, PostedEvent, Restriction

NOBODY = {"given_names": "Zebedee", "surname": "Quux", "born": "2012-02-02"}


@pytest.fixture
def marked(world: World, robin: Child) -> Child:
    markers.set_marker(world.acting(), robin, form=marker_form(), seen=0, request_key=uuid4())
    return robin


def test_an_arrest_is_linked_and_answered_with_the_marker(system: Callable[..., System], marked: Child) -> None:
    answer = system().post("arrest", offence="pwits_class_a", reference="RV-1")
    said = answer.json()
    assert (answer.status_code, said["linked"], said["repeated"]) == (201, True, False)
    assert said["answer"]["marker"] == "yes"
    assert [one["code"] for one in said["answer"]["consider"]][:2] == ["section_45", "nrm"]
    kept = PostedEvent.objects.get()
    assert (kept.child, kept.attributes, kept.person["reference"]) == (marked, {"offence": "pwits_class_a"}, "RV-1")


def test_whoever_holds_an_event_of_a_child_is_involved_from_then_on(
    system: Callable[..., System], world: World, marked: Child
) -> None:
    asking = system("services_rv")
    assert asking.look_up()["marker"] == "ask"
    assert asking.post("arrest").json()["answer"]["marker"] == "yes"
    assert asking.look_up()["marker"] == "yes"
    assert AuditRow.objects.filter(thing_kind="involvement", child_id=marked.pk).count() == 1


def test_missing_then_found(system: Callable[..., System], marked: Child) -> None:
    asking = system()
    assert "others_missing" in str(asking.post("missing", place="Elm House").json()["answer"]["consider"])
    again = asking.post("missing", place="Elm House")  # reported by a second system: the report that is open stands
    assert (again.status_code, MissingEpisode.objects.count()) == (201, 1)
    found = asking.post("found", happened_at="2026-11-02T04:00:00Z", place="Far Town", found_with="alone")
    assert "return_interview" in str(found.json()["answer"]["consider"])
    episode = MissingEpisode.objects.get()
    assert (episode.origin, episode.found_place, episode.found_with) == ("posted", "Far Town", "alone")


def test_sent_again_nothing_is_done_again(system: Callable[..., System], marked: Child) -> None:
    asking, key = system(), uuid4()
    first, second = asking.post("arrest", key=key), asking.post("arrest", key=key)
    assert (first.status_code, second.status_code, second.json()["repeated"]) == (201, 200, True)
    assert first.json()["event"] == second.json()["event"]
    assert first.json()["answer"] == second.json()["answer"]
    assert PostedEvent.objects.count() == 1
    other = asking.post("arrest", key=key, place="Elsewhere")
    assert (other.status_code, other.json()["faults"][0]["where"]) == (422, "Idempotency-Key")
    assert system("bank").post("arrest", key=key).status_code == 201  # each client has keys of its own


def test_sent_again_it_is_answered_as_before_where_no_child_is_sure(
    system: Callable[..., System], marked: Child, world: World
) -> None:
    """A retry must not hear "no marker" where the first try was told to ask."""
    twin = world.child("CBBB", involved=("police",))
    twin.face.surname = marked.face.surname
    named(twin)
    asking, key = system(), uuid4()
    first, second = asking.post("arrest", key=key), asking.post("arrest", key=key)
    assert (first.json()["answer"]["marker"], first.json()["linked"]) == ("ask", False)
    assert second.json() == first.json() | {"repeated": True}


def test_an_agency_is_named_once_however_it_came_to_be_involved(system: Callable[..., System], marked: Child) -> None:
    told = system().post("arrest").json()["answer"]["contacts"]
    assert marked.involvements.count() > len(told)  # the run's, and that of the event
    assert len({one["agency"] for one in told}) == len(told)


def test_an_event_that_fits_nobody_is_kept_for_the_next_run(system: Callable[..., System], robin: Child) -> None:
    said = system().post("arrest", person=NOBODY).json()
    assert (said["linked"], said["answer"]["marker"]) == (False, "no")
    kept = PostedEvent.objects.get()
    assert (kept.child, kept.person["surname"]) == (None, "Quux")


def test_an_event_of_a_restricted_child_is_taken_like_a_strangers(
    system: Callable[..., System], world: World, marked: Child
) -> None:
    Restriction.objects.create(child=marked, by=world.person(), reason="Invented.")
    asking = system()
    ours, theirs = asking.post("arrest").json(), asking.post("arrest", person=NOBODY).json()
    assert ours | {"event": ""} == theirs | {"event": ""}
    assert asking.look_up()["child"] is None


@pytest.mark.parametrize(
    ("kind", "more", "where"),
    [
        ("missing", {"risk": ""}, "risk"),
        ("missing", {"risk": "enormous"}, "risk"),
        ("arrest", {"risk": "high"}, "risk"),
        ("arrest", {"offence": "sorcery"}, "offence"),
        ("arrest", {"happened_at": "2999-01-01T00:00:00Z"}, "happened_at"),
        ("arrest", {"happened_at": "2026-11-01T00:00:00"}, "happened_at"),
        ("arrest", {"happened_at": "0001-01-01T00:00:00+14:00"}, "happened_at"),
        ("party", {}, "kind"),
        ("arrest", {"key": "not a key"}, "Idempotency-Key"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    system: Callable[..., System], marked: Child, kind: str, more: dict[str, Any], where: str
) -> None:
    answer = system().post(kind, **more)
    assert answer.status_code == 422
    assert where in answer.json()["faults"][0]["where"]
    assert not PostedEvent.objects.exists()
    assert not MissingEpisode.objects.exists()


def test_found_before_missing_is_refused_and_undone(system: Callable[..., System], marked: Child) -> None:
    asking = system("services_rv")
    asking.post("missing")
    answer = asking.post("found", happened_at="2026-10-01T00:00:00Z")
    assert answer.status_code == 422
    assert MissingEpisode.objects.get().found_at is None


def test_headline_agencies_post_nothing(system: Callable[..., System], world: World, marked: Child) -> None:
    world.agencies["bank"].headline_only = True
    world.agencies["bank"].save()
    answer = system("bank").post("arrest")
    assert answer.status_code == 403
    assert "headlines alone" in answer.json()["what"]


def test_the_next_child_of_that_name_changes_nothing_that_was_answered(
    system: Callable[..., System], marked: Child
) -> None:
    """A repeated request is answered about the child it was linked to, whoever fits today."""
    asking, key = system(), uuid4()
    asking.post("arrest", key=key)
    marked.names.all().delete()
    assert asking.look_up(ROBIN)["child"] is None
    assert asking.post("arrest", key=key).json()["answer"]["child"] == marked.key


def test_what_was_posted_goes_to_the_core_unless_the_agency_sends_it_too(
    system: Callable[..., System], marked: Child, tmp_path: Path
) -> None:
    asking = system()
    asking.post("arrest", offence="supply")
    asking.post("arrest", person=NOBODY)
    asking.post("missing", person=NOBODY)
    made = open_client("police", name="Invented", scopes=["event:write"], sends_extract=True)
    System(made.client.pk, made.secret).sign_in().post("arrest")
    written = write_extract(tmp_path)
    assert (written["posted_arrests.csv"], written["posted_missing.csv"]) == (2, 1)
    with (tmp_path / "posted_arrests.csv").open() as file:
        linked, kept = csv.DictReader(file)
    assert (linked["Person ID"], linked["Offence"], linked["Arrested at"]) == ("CAAA", "supply", "01/11/2026 21:30")
    assert (kept["Person ID"], kept["Surname"], kept["Date of birth"]) == ("", "Quux", "02/02/2012")
    assert "posted_arrests" in (tmp_path / "casework.toml").read_text()


@pytest.mark.parametrize(("file", "mapping"), [("posted_arrests.csv", "police_arrests")])
def test_the_core_reads_what_was_posted(
    system: Callable[..., System], marked: Child, tmp_path: Path, file: str, mapping: str
) -> None:
    """The columns are those that the mapping knows."""
    system().post("arrest")
    write_extract(tmp_path)
    known = Path(load_pack().mappings[mapping]).read_text()
    with (tmp_path / file).open() as text:
        assert [name for name in next(csv.reader(text)) if name not in known] == []
