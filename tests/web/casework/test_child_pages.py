"""A child's pages as the person whose pages they are: what stands on them, who gets none, what is recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework_world import Brought, World, child, citation, involved, marker_form, missing, proposal
from riverside import Ran
from trigpoint.services.read_border import read_border
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.agreement import Agreement
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.grams import fold
from trigpoint_web.casework.models import Child, Citation, MissingEpisode, Restriction
from trigpoint_web.casework.presenters.missing import distances, episodes
from trigpoint_web.casework.queries.connections import connections_of

TABS = ["", "markers/", "chronology/", "findings/", "missing/", "connections/", "documents/", "access-log/"]
WRITE = ["missing/open/"]


@pytest.fixture
def known(world: World, settings: Any, tmp_path: Any) -> Child:
    """A child with findings, proposals, a marker and a missing episode; no folder of the partnership is there."""
    settings.PARTNERSHIP_FOLDER, settings.DOCUMENTS_FOLDER = str(tmp_path / "none"), tmp_path / "documents"
    take_run(
        Brought(
            kids=[child("CA"), child("CB")],
            involving=[involved("CA"), involved("CA", "education"), involved("CB", "education")],
            found=[citation("CA"), citation("CA", 2, kinds=("ae_attendance",), sentence="Stabbed once.")],
            proposed=[proposal("CA", 1, 2), proposal("CA", 1, rule="another_rule", form="debt_bondage")],
            away=[missing("CA", found_at=datetime(2026, 11, 1, 9, 0), found_easting=430000, found_northing=340000)],
        )
    )
    made = Child.objects.get(key="CA")
    markers.set_marker(world.acting(), made, form=marker_form(form="violence"), seen=0, request_key=uuid4())
    return made


def asked_of_database(asked: CaptureQueriesContext) -> int:
    """Statements that ask or change something: the marks of nested transactions do neither."""
    return len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]])


@pytest.mark.parametrize("tab", [*TABS, *WRITE])
def test_every_page_is_there_recorded_and_frugal(known: Child, world: World, signed_in: Any, tab: str) -> None:
    browser = signed_in(world.person())
    before = AuditRow.objects.filter(child_id=known.pk, act="read").count()
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(f"/children/CA/{tab}")
    assert page.status_code == 200
    assert "Robin InventedCA" in page.content.decode()
    assert asked_of_database(asked) <= 25
    (row,) = AuditRow.objects.filter(child_id=known.pk, act="read")[before:]
    assert row.purpose.code == "safeguarding"


@pytest.mark.parametrize("tab", [*TABS, *WRITE, "documents/1/", "missing/1/found/"])
def test_unknown_and_forbidden_are_answered_alike(known: Child, world: World, signed_in: Any, tab: str) -> None:
    browser = signed_in(world.person("bank"))
    forbidden, unknown = browser.get(f"/children/CA/{tab}"), browser.get(f"/children/CZ/{tab}")
    assert (forbidden.status_code, unknown.status_code) == (404, 404)
    assert forbidden.content == unknown.content
    assert AuditRow.objects.filter(act="refuse").count() == 2


def test_a_restricted_child_is_not_there_for_others(known: Child, world: World, signed_in: Any) -> None:
    held = Restriction.objects.create(child=known, reason="x", by=world.person())
    held.may_see.set([sees := world.person()])
    assert signed_in(world.person()).get("/children/CA/").status_code == 404
    assert signed_in(sees).get("/children/CA/").status_code == 200


@pytest.mark.parametrize("tab", TABS)
def test_without_a_purpose_it_is_asked_first(known: Child, world: World, signed_in: Any, tab: str) -> None:
    page = signed_in(world.person(), purpose=None).get(f"/children/CA/{tab}")
    assert page.status_code == 302
    assert page["Location"].startswith("/purpose/?next=")


@pytest.mark.parametrize("tab", ["", "markers/", "chronology/", "findings/"])
def test_a_page_on_paper_names_who_made_it_and_is_recorded_as_printed(
    known: Child, world: World, signed_in: Any, tab: str
) -> None:
    user = world.person()
    page = signed_in(user).get(f"/children/CA/{tab}?print=1").content.decode()
    assert f"Printed by {user.full_name}" in page
    assert "Confidential." in page
    assert AuditRow.objects.filter(child_id=known.pk, actor=user, act="print").count() == 1


def test_an_agency_of_headlines_has_the_summary_alone(known: Child, world: World, signed_in: Any) -> None:
    school = world.agencies["school_rv"]
    school.headline_only = True
    school.save()
    browser = signed_in(world.person("school_rv"))
    page = browser.get("/children/CA/").content.decode()
    assert "Violence for others" in page
    assert "01632 960001" in page
    for hidden in ("Waits for a decision", "Missing reports worry", "chronology/"):
        assert hidden not in page
    assert [browser.get(f"/children/CA/{tab}").status_code for tab in TABS[1:]] == [403] * 7


def test_what_the_agreement_hides_is_on_no_page(known: Child, world: World, signed_in: Any) -> None:
    school = world.agencies["school_rv"]
    school.may_see_kinds, school.hidden_columns = ["missing"], ["person.postcode", "person.ethnicity"]
    school.save()
    browser = signed_in(world.person("school_rv"))
    pages = "".join(browser.get(f"/children/CA/{tab}").content.decode() for tab in TABS)
    assert "Reported missing 3 times." in pages
    for hidden in ("Stabbed", "RV1 2AB", "White British", "White - British"):
        assert hidden not in pages
    # Why it is proposed rests on the injury as well, so it is not said; the proposal on missing alone is.
    assert pages.count("hides some of the evidence") == 2
    assert "Missing reports worry" in pages


def test_the_summary_says_whom_to_call_and_what_waits_by_form(known: Child, world: World, signed_in: Any) -> None:
    page = signed_in(world.person()).get("/children/CA/")
    assert [one.agency for one in page.context["contacts"]] == ["Invented police", "Invented school_rv"]
    assert [one.form for one in page.context["waiting"]] == ["County lines", "Debt bondage"]
    assert [one.form for one in page.context["markers"]] == ["Violence for others"]


@pytest.mark.parametrize(("years", "near"), [(12, False), (15, False), (17, True), (19, False)])
def test_the_eighteenth_birthday_is_due_from_about_sixteen(
    world: World, signed_in: Any, settings: Any, years: int, near: bool
) -> None:
    settings.PARTNERSHIP_FOLDER = "none"
    born = timezone.localdate().replace(day=1) - timedelta(days=round(years * 365.25))
    take_run(Brought(kids=[child("CA", birth_on=born)], involving=[involved("CA")]))
    page = signed_in(world.person()).get("/children/CA/").content.decode()
    assert ("Eighteenth birthday" in page) is near


def test_a_proposal_shows_its_evidence_and_leads_to_the_decision(known: Child, world: World, signed_in: Any) -> None:
    page = signed_in(world.person()).get("/children/CA/markers/").content.decode()
    assert "Stabbed once." in page
    assert "/children/CA/proposals/" in page
    assert "/children/CA/proposals/" not in (
        signed_in(world.person(role=Role.ANALYST, serves=("RV",))).get("/children/CA/markers/").content.decode()
    )


def test_findings_say_their_rule_in_plain_words(known: Child, world: World, signed_in: Any) -> None:
    page = signed_in(world.person()).get("/children/CA/findings/").content.decode()
    assert "Three or more times within 90 days: reported missing." in page
    assert "What else may explain it" in page


@pytest.mark.parametrize(
    "query", ["", "?on-day=31&on-month=2&on-year=2025", "?on-day=1&on-month=1&on-year=2999", "?on=x"]
)
def test_a_day_that_cannot_be_is_said(known: Child, world: World, signed_in: Any, query: str) -> None:
    page = signed_in(world.person()).get(f"/children/CA/findings/as-known/{query}")
    assert page.status_code == 200
    assert page.context["form"].errors


def test_without_the_partnerships_folder_the_page_says_so(known: Child, world: World, signed_in: Any) -> None:
    page = signed_in(world.person()).get("/children/CA/chronology/")
    assert "folder is not set, or is not there" in page.content.decode()
    assert "Marker Violence for others" in page.content.decode()  # what was written here stands all the same


HOSTILE = ["page=-1", "page=99999999999", "agency=<script>", "kind=%00", "since-day=x", "as_at-year=99999", "page=²"]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_strange_address_breaks_nothing(known: Child, world: World, signed_in: Any, query: str) -> None:
    browser = signed_in(world.person())
    for path in ("/children/CA/chronology/", "/", "/children/CA/access-log/"):
        page = browser.get(f"{path}?{query}")
        assert page.status_code == 200
        assert b"<script>" not in page.content.replace(b"<script src", b"").replace(b"<script type", b"")


def test_the_access_log_names_who_looked_and_why(known: Child, world: World, signed_in: Any) -> None:
    officer = world.person()
    browser = signed_in(officer, purpose="missing_response")
    browser.get("/children/CA/missing/")
    page = browser.get("/children/CA/access-log/").content.decode()
    assert officer.full_name in page
    assert "Read: Missing episodes" in page
    assert "Responding to a missing child" in page


# Missing reports, through the pages.


def report(**more: Any) -> dict[str, Any]:
    now = timezone.localtime() - timedelta(minutes=5)
    on = {"on-day": now.day, "on-month": now.month, "on-year": now.year, "at": f"{now:%H:%M}"}
    return on | {"risk": "high", "place": "RV1 2AB", "request_key": str(uuid4())} | more


def test_a_child_is_reported_missing_once_and_found(known: Child, world: World, signed_in: Any) -> None:
    browser, sent = signed_in(world.person()), report()
    first = browser.post("/children/CA/missing/open/", sent)
    second = browser.post("/children/CA/missing/open/", sent)
    assert (first["Location"], second["Location"]) == ("/children/CA/", "/children/CA/")
    episode = MissingEpisode.objects.get(found_at=None)
    assert "Missing now" in browser.get("/children/CA/").content.decode()
    assert "Missing now" in browser.get("/").content.decode()
    other = browser.post("/children/CA/missing/open/", report())
    assert "open report of this child already" in other.content.decode()
    found = f"/children/CA/missing/{episode.pk}/found/"
    assert browser.get(found).status_code == 200
    assert browser.post(found, report(found_with="unknown_adults"))["Location"] == "/children/CA/missing/"
    late = browser.post(found, report(found_with="alone"), follow=True)
    assert "Somebody else wrote this down already" in late.content.decode()
    episode.refresh_from_db()
    assert episode.found_with == "unknown_adults"


WRONG = [
    ({}, "on"), ({"on-day": "31", "on-month": "2"}, "on"), ({"on-year": "2999"}, "on"), ({"at": "25:61"}, "at"),
    ({"at": ""}, "at"), ({"risk": "enormous"}, "risk"), ({"place": "x" * 5000}, "place"), ({"risk": ""}, "risk"),
    ({"place": "\x00"}, "place"), ({"request_key": "1"}, "request_key"), ({"on-year": "1899"}, "on"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_a_wrong_report_is_said_by_field(known: Child, world: World, signed_in: Any, wrong: Any, field: str) -> None:
    sent = report(**wrong) if wrong else {}
    page = signed_in(world.person()).post("/children/CA/missing/open/", sent)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert "There is a problem" in page.content.decode()
    assert not MissingEpisode.objects.filter(found_at=None).exists()


def test_an_analyst_reports_nobody_missing(known: Child, world: World, signed_in: Any) -> None:
    browser = signed_in(world.person(role=Role.ANALYST, serves=("RV",)))
    assert browser.get("/children/CA/missing/open/").status_code == 403
    assert browser.post("/children/CA/missing/open/", report()).status_code == 403


def test_distances_are_of_episodes_with_both_places() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    places = {"from_easting": 0, "from_northing": 0, "found_easting": 30_000, "found_northing": 40_000}
    known_one = MissingEpisode(pk=1, agency="police", opened_at=at, found_at=at, **places)
    unknown = MissingEpisode(pk=2, agency="police", opened_at=at, found_at=at)
    for one in (known_one, unknown):
        one._prefetched_objects_cache = {"interviews": []}
    shown = episodes([unknown, known_one], agreement=Agreement(False, frozenset(), frozenset()))
    assert [one.km for one in shown] == [None, 50]
    drawn = distances(shown)
    assert drawn is not None
    assert (drawn.bars[0].said, drawn.unknown, drawn.bars[0].width) == ("50 km", 1, 520)
    assert distances(shown[:1]) is None


# With the invented partnership of Riverside behind it.


@pytest.fixture
def riverside_behind(world: World, settings: Any, small_ran: Ran) -> World:
    """Rowan, Maja and Dion of the case studies are known to the police; their timelines lie in the folder."""
    settings.PARTNERSHIP_FOLDER = str(small_ran.folder)
    return world


def named(ran: Ran, surname: str) -> str:
    with read_border(ran.folder) as border:
        names = {one.child_key: {fold(name) for *_agency, name in one.names} for one in border.children()}
    return next(key for key, folded in names.items() if fold(surname) in folded)


def test_the_chronology_is_of_all_agencies_and_narrows(riverside_behind: World, small_ran: Ran, signed_in: Any) -> None:
    key = named(small_ran, "Selby-Marsh")
    riverside_behind.child(key)
    browser = signed_in(riverside_behind.person())
    page = browser.get(f"/children/{key}/chronology/")
    agencies = {one.agency for one in page.context["page"].items}
    assert {"bank", "police", "platform"} <= agencies
    only = browser.get(f"/children/{key}/chronology/?agency=bank").context["page"].items
    assert {one.agency for one in only} == {"bank"}
    then = browser.get(f"/children/{key}/chronology/?as_at-day=1&as_at-month=3&as_at-year=2025")
    assert then.context["number"] < page.context["number"]
    assert "As it was known at the end of 1 March 2025" in then.content.decode()


def test_a_finding_opens_onto_the_entries_that_it_stands_on(
    riverside_behind: World, small_ran: Ran, signed_in: Any
) -> None:
    key = named(small_ran, "Selby-Marsh")
    with read_border(small_ran.folder) as border:
        found = [one for one in border.citations() if one.child_key == key]
    take_run(Brought(kids=[child(key)], involving=[involved(key)], found=found))
    browser = signed_in(riverside_behind.person())
    shown = browser.get(f"/children/{key}/findings/").content.decode()
    for one in Citation.objects.filter(child__key=key):
        at = f"/children/{key}/chronology/?finding={one.pk}"
        assert f'href="{at}"' in shown
        lines = browser.get(at).context["page"].items
        assert lines
        assert set(one.event_ids) <= {told for line in lines for told in line.events}
        assert all(line.events & set(one.event_ids) for line in lines)
    every = browser.get(f"/children/{key}/chronology/").context["number"]
    for strange in ("0", "x", "9" * 30):
        assert browser.get(f"/children/{key}/chronology/?finding={strange}").context["number"] == every


def test_what_was_known_on_a_day_is_replayed(riverside_behind: World, small_ran: Ran, signed_in: Any) -> None:
    key = named(small_ran, "Selby-Marsh")
    riverside_behind.child(key)
    browser = signed_in(riverside_behind.person())
    early = browser.get(f"/children/{key}/findings/as-known/?on-day=1&on-month=1&on-year=2025").context["shown"]
    late = browser.get(f"/children/{key}/findings/as-known/?on-day=30&on-month=4&on-year=2025").context["shown"]
    assert len(early.findings) < len(late.findings)
    assert "Moving money for others" in [one["form"] for one in late.proposals]


def test_connections_are_those_of_children_whom_one_may_see(
    riverside_behind: World, small_ran: Ran, signed_in: Any
) -> None:
    maja, dion = (riverside_behind.child(named(small_ran, name)) for name in ("Wróblewska", "Pinnock"))
    user = riverside_behind.person()
    found = connections_of(user, maja)
    assert {other.child.key for one in found.connections for other in one.others} == {dion.key}
    assert "phone" in {one.kind for one in found.connections}
    page = signed_in(user).get(f"/children/{maja.key}/connections/").content.decode()
    assert f"/children/{dion.key}/" in page
    read = AuditRow.objects.filter(thing_kind="connections", child_id=None).get()
    assert read.detail["children"] == [dion.pk]
    Restriction.objects.create(child=dion, reason="x", by=user)
    hidden = signed_in(user).get(f"/children/{maja.key}/connections/").content.decode()
    assert dion.key not in hidden
    assert "07700" not in hidden
