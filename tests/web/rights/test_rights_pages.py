"""The officers' pages: requests with their clock, holds, what is due, and a pack without what is other people's."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from casework_world import World, sql
from rights_world import FILE, PASSWORD, Worked, asked_for, officer
from trigpoint_web.accounts.middleware import PURPOSE
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.audit.person import working_as
from trigpoint_web.casework.models import ChildFace, ConflictOfInterest
from trigpoint_web.rights.clocks import due_on
from trigpoint_web.rights.erasing.deciding import decide_request
from trigpoint_web.rights.models import Answer, Disclosure, Erasure, Hold, ItemDecision, Request
from trigpoint_web.rights.pack.deciding import Decided
from trigpoint_web.rights.pack.items import Item
from trigpoint_web.rights.pack.redacting import leaving


def days(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def at_work(signed_in: Any, acting: Any) -> Client:
    """An officer who has just said again who they are."""
    browser = signed_in(acting.user, purpose=None)
    session = browser.session
    session[PURPOSE] = acting.purpose.pk
    session.save()
    assert browser.post("/sign-in/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return browser


def asked(browser: Client, key: str, kind: str = "access", by: str = "child") -> Request:
    on = timezone.localdate()
    sent = {"key": key, "kind": kind, "asked_by": by, "text": "All of it.", "request_key": str(uuid4())}
    page = browser.post("/rights/requests/new/", sent | days("received_on", on) | days("identity_on", on))
    assert page.status_code == 302, page.context["form"].errors
    return Request.objects.latest("pk")


@pytest.mark.parametrize(
    ("received", "identity", "extended", "due"),
    [
        (date(2026, 9, 3), date(2026, 9, 3), False, date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 1, 31), date(2026, 1, 31), False, date(2026, 3, 2)),  # February is shorter; the 28th a Saturday
        (date(2026, 3, 3), date(2026, 3, 25), False, date(2026, 4, 27)),  # the clock waits for proof of identity
        (date(2026, 11, 25), date(2026, 11, 25), False, date(2026, 12, 29)),  # Christmas, Boxing Day and its substitute
        (date(2026, 1, 12), date(2026, 1, 12), True, date(2026, 4, 13)),  # the 12th is a Sunday
        (date(2026, 1, 12), None, False, None),
    ],
)
def test_the_clock(received: date, identity: date | None, extended: bool, due: date | None) -> None:
    when = timezone.now() if extended else None
    assert due_on(Request(received_on=received, identity_on=identity, extended_at=when)) == due


def test_a_request_is_answered_once_and_a_refusal_needs_a_ground(worked: Worked, signed_in: Any) -> None:
    browser = at_work(signed_in, worked.first)
    made = asked(browser, worked.child.key, "erasure")
    at = f"/rights/requests/{made.pk}/"
    page = browser.post(f"{at}answer/", {"outcome": "refused", "ground": "", "reason": "Needed for a court."})
    assert page.context["form"].errors.keys() == {"ground"}
    for _twice in range(2):
        browser.post(f"{at}answer/", {"outcome": "refused", "ground": "claims", "reason": "Needed for a court."})
    assert Answer.objects.get().outcome == "refused"
    assert "Needed for a court." in browser.get(at).content.decode()
    assert not Erasure.objects.exists()
    assert AuditRow.objects.filter(thing_kind="rights_request", act="write", child_id=worked.child.pk).count() == 2


def test_a_granted_erasure_waits_for_another_officer(worked: Worked, signed_in: Any) -> None:
    browser, other = at_work(signed_in, worked.first), at_work(signed_in, worked.second)
    made = asked(browser, worked.child.key, "erasure")
    answer = {"outcome": "granted", "ground": "", "reason": "No longer needed."}
    browser.post(f"/rights/requests/{made.pk}/answer/", answer)
    erasure = Erasure.objects.get()
    own = browser.get("/rights/waiting/").content.decode()
    assert "another officer confirms it" in own
    assert str(erasure.pk) not in own
    assert browser.post("/rights/waiting/", {"keys": [str(erasure.pk)]}).status_code == 403
    assert str(erasure.pk) in other.get("/rights/waiting/").content.decode()
    assert f'href="/rights/requests/{made.pk}/"' in other.get(f"/rights/erasures/{erasure.pk}/").content.decode()
    assert "Waits for another officer" in other.get(f"/rights/requests/{made.pk}/").content.decode()
    assert other.post("/rights/waiting/", {"keys": [str(erasure.pk)]})["Location"] == "/rights/erasures/"
    erasure.refresh_from_db()
    assert erasure.confirmed_by == worked.second.user
    assert "waits to be carried out" in other.get(f"/rights/erasures/{erasure.pk}/").content.decode()


def test_deciding_asks_again_who_it_is(worked: Worked, signed_in: Any) -> None:
    browser = signed_in(worked.first.user, purpose="subject_access")
    page = browser.post("/rights/waiting/", {"keys": []})
    assert page["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", ["/rights/waiting/", "/rights/requests/{}/answer/"])
def test_a_fault_found_after_confirming_who_one_is_can_be_mended(worked: Worked, signed_in: Any, path: str) -> None:
    """The page then stands under the address of confirming: what is sent from it has to reach its own view."""
    made = asked_for(worked, "erasure")
    with working_as(worked.second.user):
        decide_request(worked.second, made)
    browser = signed_in(worked.first.user, purpose=None)
    session = browser.session
    session[PURPOSE] = worked.first.purpose.pk
    session.save()
    at = path.format(made.pk)
    page = browser.post(browser.post(at, {})["Location"], {"password": PASSWORD, "next": at})
    assert page.context["form"].errors
    (form,) = html.fromstring(page.content.decode()).xpath("//main//form")
    assert form.get("action") == at


def test_a_record_is_due_by_age_and_by_what_was_done_last(worked: Worked, signed_in: Any) -> None:
    browser, key = at_work(signed_in, worked.first), worked.child.key
    assert key not in browser.get("/rights/").content.decode()
    with connection.cursor() as cursor:  # as if all of it were long ago
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update casework_markerstep set expires_on = '2003-01-01', at = '2002-01-01'")
        cursor.execute("update response_note set at = '2002-01-01'")
        cursor.execute("update casework_document set at = '2002-01-01'")
        cursor.execute("update casework_involvement set last_on = '2002-01-01'")
        cursor.execute("update casework_citation set to_on = '2002-01-01'")
        cursor.execute("update casework_missingepisode set opened_at = '2002-01-01', found_at = '2002-01-02'")
        cursor.execute("set session_replication_role = origin")
    young = date.today() - timedelta(days=365 * 20)
    ChildFace.objects.filter(child=worked.child).update(birth_on=young, in_care=False)
    assert key not in browser.get("/rights/").content.decode()
    ChildFace.objects.filter(child=worked.child).update(birth_on=date(2003, 5, 4))
    assert f"{key}: due since 4 May 2024" in browser.get("/rights/").content.decode()
    ChildFace.objects.filter(child=worked.child).update(in_care=True)
    assert key not in browser.get("/rights/").content.decode()
    ChildFace.objects.filter(child=worked.child).update(in_care=False)
    on = timezone.localdate() + timedelta(days=90)
    hold = {"key": key, "ground": "court", "reason": "A trial in spring."} | days("review_on", on)
    assert browser.post("/rights/holds/new/", hold)["Location"] == "/rights/holds/"
    page = browser.get("/rights/")
    assert ([], [key]) == (list(page.context["page"].items), [one.child_key for one in page.context["held"]])
    assert browser.post("/rights/", {"keys": [key]}).context["form"].errors.keys() == {"keys"}
    browser.post(f"/rights/holds/{Hold.objects.get().pk}/end/", {"reason": "The trial is over."})
    assert browser.post("/rights/", {"keys": [key]})["Location"] == "/rights/waiting/"
    assert Erasure.objects.get().rule == "after_18"


def entries(browser: Client, made: Request) -> dict[str, Any]:
    page = browser.get(f"/rights/requests/{made.pk}/pack/")
    return {line["one"].item.key: line["one"].item for line in page.context["lines"]}


def decide_all(browser: Client, made: Request, **of_documents: Any) -> None:
    at = f"/rights/requests/{made.pk}/pack/"
    while waiting := entries(browser, made):
        page = browser.post(at, {"keys": list(waiting), "reason": "Read; nobody else's."})
        assert page.status_code == 302, page.context["form"].errors


def test_a_pack_holds_both_homes_and_leaves_without_what_is_withheld(worked: Worked, signed_in: Any) -> None:
    browser, at = at_work(signed_in, worked.first), "/rights/requests/{}/pack/"
    other = sql("select surname from casework_name where child_id <> %s and length(surname) > 4 limit 1",
                worked.child.pk)[0][0].title()  # fmt: skip
    sql("insert into response_note (text, by_id, agency_id, at, request_key, child_id) "
        "select %s, by_id, agency_id, now(), gen_random_uuid(), child_id from response_note limit 1",
        f"Seen with {other} and Jamie Placeholder; rang 07700 900123.")  # fmt: skip
    made = asked(browser, worked.child.key)
    at = at.format(made.pk)
    waiting = entries(browser, made)
    (note,) = [item for item in waiting.values() if "Jamie Placeholder" in item.fields.get("text", "")]
    assert {flag.why for flag in note.flags} == {"other_name", "named", "number"}
    assert (other,) in [flag.words for flag in note.flags]
    mentioned = [item for item in waiting.values() if item.table == "store.mentions"]
    assert all(item.fields["value"] in item.title for item in mentioned)  # else nobody could tell them apart
    assert "National Referral Mechanism" not in {
        word for item in waiting.values() for f in item.flags for word in f.words
    }
    (document,) = [item for item in waiting.values() if item.table == "casework_document"]
    opened = browser.get(f"{at}file/?key={document.key}")
    assert b"".join(opened.streaming_content) == FILE
    assert browser.get(f"{at}file/?key={note.key}").status_code == 404
    assert browser.post(f"{at}leave/")["Location"] == at  # not before everything is decided
    assert not Disclosure.objects.exists()
    words = f"{other}\nJamie Placeholder\n07700 900123"
    fault = browser.post(f"{at}entry/?key={note.key}", {"verdict": "redact", "left_out": "Nowhere", "reason": "x"})
    assert fault.context["form"].errors.keys() == {"left_out", "exemption"}
    sent = {"verdict": "redact", "left_out": words, "exemption": "others", "reason": "They did not agree."}
    assert browser.post(f"{at}entry/?key={note.key}", sent)["Location"] == at
    decide_all(browser, made)
    left = browser.post(f"{at}leave/")
    assert left["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(left.content)) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    page, held = files["index.html"].decode(), json.loads(files["everything.json"])
    for text in [body.decode() for name, body in files.items() if not name.startswith("documents/")]:
        assert not [word for word in words.splitlines() if word in text]
    assert "█████" in page
    assert "DPA 2018 Sch 2 para 16" in page
    assert files["documents/document-1.pdf"] == FILE
    assert {"person", "events", "findings", "markers", "work", "documents"} <= set(held)
    assert worked.child.face.surname.lower() in page.lower()
    reported = [one for one in held["events"] if one.get("said")]
    assert len(reported) == len([one for one in held["events"] if "happened_at" in one and "said" in one]) > 0
    rows = list(csv.DictReader(io.StringIO(files["tables/work.csv"].decode())))
    assert len(rows) == len(held["work"])
    log = Disclosure.objects.get()
    assert (log.redacted, log.withheld, log.exemptions) == (1, 0, {"others": 1})
    assert AuditRow.objects.filter(act="export", thing_kind="pack", child_id=worked.child.pk).count() == 1
    assert log.sha256 in browser.get(f"/rights/requests/{made.pk}/").content.decode()
    assert document.key in {one.item for one in ItemDecision.objects.all()}


def test_what_is_withheld_is_said_or_not_and_a_change_asks_again(worked: Worked, signed_in: Any) -> None:
    browser = at_work(signed_in, worked.first)
    made = asked(browser, worked.child.key, by="parent")
    at = f"/rights/requests/{made.pk}/pack/"
    every = {one.item.key: one.item for one in _all(browser, at)}
    (note,) = [item for item in every.values() if item.table == "response_note"]
    (step,) = [item for item in every.values() if item.table == "casework_markerstep"]
    for item, verdict, ground in ((note, "withhold", "child_abuse"), (step, "omit", "crime")):
        sent = {"verdict": verdict, "left_out": "", "exemption": ground, "reason": "Weighed with advice."}
        assert browser.post(f"{at}entry/?key={item.key}", sent).status_code == 302
    decide_all(browser, made)
    with zipfile.ZipFile(io.BytesIO(browser.post(f"{at}leave/").content)) as zipped:
        held, page = json.loads(zipped.read("everything.json")), zipped.read("index.html").decode()
        assert not [name for name in zipped.namelist() if "document" in name and "child_abuse" in name]
    assert note.fields["text"] not in page
    assert step.fields["observation"] not in page
    assert [one["note"] for one in held["work"] if "note" in one] == [
        "An entry is withheld. Ground: It is child abuse data, and disclosing it to this person is not in the child's "
        "best interests (DPA 2018 Sch 3 para 21)."
    ]
    assert "prejudice" not in page  # withheld without a word
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute("update response_note set text = text || ' More.'")
        cursor.execute("set session_replication_role = origin")
    page = browser.get(f"{at}?show=all")
    changed = [one for one in _all(browser, at) if one.item.key == note.key]
    assert [one.decision for one in changed] == [None]


def test_a_name_is_left_out_of_a_title_too_wherever_that_is_cut_off() -> None:
    for long in range(60, 110):
        text = f"{'x' * long} Jamie Placeholder came along."
        item = Item("response_note:1", "response_note", {"text": text}, {"text": text})
        decision = ItemDecision(verdict="redact", words=["Jamie Placeholder"], exemption="others")
        (left,) = leaving([Decided(item, decision)])
        assert "Jam" not in left.title + left.fields[0][2]


def test_a_decision_stands_in_whichever_language_the_pack_is_made(worked: Worked, signed_in: Any) -> None:
    browser = at_work(signed_in, worked.first)
    made = asked(browser, worked.child.key)
    decide_all(browser, made)
    before = {each.item.key: each.item.fields for each in _all(browser, f"/rights/requests/{made.pk}/pack/")}
    browser.cookies["django_language"] = "cy"
    after = _all(browser, f"/rights/requests/{made.pk}/pack/")
    assert before != {each.item.key: each.item.fields for each in after}
    assert not [each for each in after if each.waits]


def _all(browser: Client, at: str) -> list[Any]:
    found, number = [], 1
    while True:
        page = browser.get(f"{at}?show=all&page={number}").context["page"]
        found += page.items
        if page.next is None:
            return found
        number += 1


def test_an_officer_of_the_childs_kin_is_told_nothing(worked: Worked, signed_in: Any) -> None:
    made = asked(at_work(signed_in, worked.first), worked.child.key)
    kin = officer(worked.world)
    ConflictOfInterest.objects.create(child=worked.child, user=kin.user, reason="x", by=kin.user)
    browser = at_work(signed_in, kin)
    assert browser.get("/rights/requests/").context["lines"] == []
    assert browser.get(f"/rights/requests/{made.pk}/").status_code == 404
    assert browser.get(f"/rights/requests/{made.pk}/pack/").status_code == 404
    sent = {"key": worked.child.key, "kind": "access", "asked_by": "child", "request_key": str(uuid4())}
    page = browser.post("/rights/requests/new/", sent | days("received_on", timezone.localdate()))
    unknown = browser.post(
        "/rights/requests/new/", sent | {"key": "CNOBODY"} | days("received_on", timezone.localdate())
    )
    assert page.context["form"].errors == unknown.context["form"].errors
    assert page.context["form"].errors.keys() == {"key"}


def test_nothing_is_read_before_it_is_known_who_asks(worked: Worked, signed_in: Any) -> None:
    browser = at_work(signed_in, worked.first)
    made = asked(browser, worked.child.key)
    Request.objects.filter(pk=made.pk).update(identity_on=None)
    assert browser.get(f"/rights/requests/{made.pk}/pack/").status_code == 404
    assert sql("select count(*) from rights_held(%s)", made.pk) == [(0,)]
    page = browser.post(f"/rights/requests/{made.pk}/identity/", days("identity_on", timezone.localdate()))
    assert page.status_code == 302
    assert browser.get(f"/rights/requests/{made.pk}/pack/").status_code == 200


@pytest.mark.parametrize("path", ["", "waiting/", "erasures/", "holds/", "requests/"])
def test_pages_are_frugal_and_recorded(world: World, signed_in: Any, path: str) -> None:
    acting = officer(world)
    browser = at_work(signed_in, acting)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(f"/rights/{path}").status_code == 200
    assert len([one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]]) <= 25
    assert AuditRow.objects.filter(actor=acting.user, act="read").exists()


@pytest.mark.parametrize("sent", [{}, {"key": "x" * 5000, "kind": "<b>", "request_key": "1"}, {"key": "\x00"}])
def test_hostile_forms_are_answered_with_sentences(world: World, signed_in: Any, sent: dict[str, str]) -> None:
    browser = at_work(signed_in, officer(world))
    for path in ("requests/new/", "holds/new/"):
        assert browser.post(f"/rights/{path}", sent).context["form"].errors
    assert browser.post("/rights/", {"keys": ["CNOBODY", "\x00"]}).context["form"].errors
