"""The pages of response: what is decided, given, noted, planned, met about and counted."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework_world import World, marker_form
from response_forms import at, boxes, give, send
from trigpoint_web.accounts.models import Agency, Role, User
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.response.actions import meetings, tasks, writing
from trigpoint_web.response.models import (
    Action,
    AgendaItem,
    Decision,
    Meeting,
    Note,
    PlanVersion,
    ReferralCheck,
    ReturnInterview,
)
from trigpoint_web.response.referral_items import ITEMS, open_items

MOST_QUERIES = 25


def queries(asked: CaptureQueriesContext) -> int:
    return sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries)


def test_a_decision_is_written_down_and_an_action_follows_from_it(world, chair: User, robin: Child, signed_in) -> None:
    browser = signed_in(chair)
    given = {"kind": "section_47", "text": "Joint enquiry.", "reason": "Harm is likely.", "then": "action"}
    answer = send(browser, at("decide", robin), **given)
    decision = Decision.objects.get()
    assert answer["Location"] == at("give-decided-action", robin, decision.pk)
    due = today() + timedelta(days=1)
    answer = send(browser, answer["Location"], what="See the child alone.", owner=str(chair.pk), **boxes("due_on", due))
    assert answer["Location"] == at("child", robin)
    action = Action.objects.get()
    assert (action.decision, action.steps.get().due_on) == (decision, due)
    page = browser.get(at("child", robin)).content.decode()
    assert "Joint enquiry." in page
    assert "See the child alone." in page


def test_an_action_is_done_and_a_second_person_sees_that(world, chair: User, robin: Child, signed_in) -> None:
    action = give(world, chair, robin)
    browser = signed_in(chair)
    form = browser.get(at("action", robin, action.pk)).context["form"]
    carried = {name: form[name].value() for name in ("seen", "request_key")}
    tasks.take_step(world.acting(chair), action, kind="done", seen=1, note="Rang; all well.")
    late = browser.post(at("action", robin, action.pk), carried | {"kind": "dropped", "note": "No need."})
    assert late.status_code == 409
    assert chair.full_name in late.content.decode()
    assert action.steps.count() == 2
    assert [kind for kind, _ in late.context["form"].fields["kind"].choices] == ["reopened"]


def test_nobody_is_given_an_action_on_a_child_whom_they_may_not_see(world, chair, robin, signed_in) -> None:
    stranger = world.person("school_rv")
    world.acting(chair)
    from trigpoint_web.casework.models import ConflictOfInterest

    ConflictOfInterest.objects.create(child=robin, user=stranger, reason="An aunt.", by=stranger)
    browser = signed_in(chair)
    due = today() + timedelta(days=1)
    page = send(browser, at("give-action", robin), what="Ring.", owner=str(stranger.pk), **boxes("due_on", due))
    assert "Choose somebody who works with this child." in page.content.decode()
    assert not Action.objects.exists()


def test_a_note_is_kept_and_corrected_by_its_own_agency(world, chair, robin, signed_in) -> None:
    browser = signed_in(chair)
    send(browser, at("write-note", robin), text="He said: “I cannot stop.”\nHe looked tired.")
    note = Note.objects.get()
    send(browser, at("correct-note", robin, note.pk), text="It was on Tuesday.")
    page = browser.get(at("child", robin)).content.decode()
    assert "I cannot stop." in page
    assert "Corrected by a later note" in page
    school = signed_in(world.person("school_rv"))
    refused = send(school, at("correct-note", robin, note.pk), text="Not so.")
    assert "Only your own agency corrects its notes" in refused.content.decode()


def test_a_plan_is_written_read_printed_and_written_anew(world, chair, robin, signed_in) -> None:
    browser = signed_in(chair)
    given = {"phone": "A new number.", "danger": "Threats about a debt.", "owner": str(chair.pk), "reason": "First."}
    given |= boxes("review_on", today() + timedelta(days=30))
    answer = send(browser, at("write-plan", robin), **given)
    assert answer["Location"] == at("plan", robin)
    form = browser.get(at("write-plan", robin)).context["form"]
    assert form["phone"].value() == "A new number."
    send(browser, at("write-plan", robin), **given | {"phone": "Another number.", "reason": "Found out."})
    assert [one.number for one in PlanVersion.objects.order_by("number")] == [1, 2]
    page = browser.get(at("plan", robin) + "?print=1").content.decode()
    assert "Another number." in page
    assert AuditRow.objects.filter(act="print", thing_kind="plan", child_id=robin.pk).count() == 1


def test_a_return_interview_is_written_down(world, chair, robin, signed_in) -> None:
    found = timezone.now() - timedelta(hours=10)
    episode = MissingEpisode.objects.create(
        child=robin, origin="here", agency="police", opened_at=found - timedelta(days=1), found_at=found
    )
    browser = signed_in(chair)
    address = at("interview", robin, episode.pk)
    assert "72" in browser.get(address).content.decode()
    given = {"kind": "held", "independent": "yes", "harm_told": "", "text": "“They keep my phone.”"}
    assert "Enter the date" in send(browser, address, **given).content.decode()
    assert send(browser, address, **given, **boxes("on", today())).status_code == 302
    said = ReturnInterview.objects.get()
    assert (said.independent, said.harm_told) == (True, None)


def test_the_questions_before_a_referral_are_kept_done_or_not(world, chair, robin, signed_in) -> None:
    markers.set_marker(
        world.acting(chair), robin, form=marker_form(form="financial_exploitation"), seen=0, request_key=uuid4()
    )
    browser = signed_in(chair)
    page = browser.get(at("referral", robin)).content.decode()
    assert "Forced to commit fraud; Wages taken" in page
    send(browser, at("referral", robin), purpose="yes", evidence="no")
    check = ReferralCheck.objects.get()
    assert check.answers == {"purpose": "yes", "evidence": "no"}
    assert len(open_items(check.answers)) == len(ITEMS) - 1
    assert f"{len(ITEMS) - 1} questions are open" in browser.get(at("child", robin)).content.decode()
    send(browser, at("referral", robin), **dict.fromkeys(ITEMS, "yes"))
    assert "Complete on" in browser.get(at("child", robin)).content.decode()
    refused = send(browser, at("referral", robin), purpose="perhaps")
    assert "Choose one." in refused.content.decode()


ALONE = ["meeting-list", "call-meeting", "actions", "things", "make-thing", "dashboards"]
OF_CHILD = [
    "child",
    "decide",
    "give-action",
    "write-note",
    "plan",
    "write-plan",
    "referral",
    "agenda",
    "strategy",
    "around",
]


def test_every_page_is_there_within_its_queries_and_for_nobody_else(
    world: World, chair: User, robin: Child, panel: Meeting, item: AgendaItem, signed_in
) -> None:
    acting = world.acting(chair)
    thing = writing.make_thing(acting, kind="place", name="The old arcade", request_key=uuid4())
    for n in range(4):
        decision = meetings.decide(
            acting, robin, kind="other", text=f"D{n}", reason="r", request_key=uuid4(), item=item
        )
        give(world, chair, robin, decision=decision)
        tasks.give_action(acting, thing=thing, what="x", owner=chair, due_on=today(), request_key=uuid4())
        note = writing.keep_note(acting, robin, text=f"N{n}", request_key=uuid4())
        minute = meetings.write_minute(acting, item, text=f"M{n}", request_key=uuid4())
        extra = world.child(f"CE{n}")
        meetings.add_to_agenda(acting, panel, child=extra, reasons=[])
        writing.put_child_around(acting, thing, child=extra, how="h")
    around = writing.put_child_around(acting, thing, child=robin, how="h")
    markers.set_marker(acting, robin, form=marker_form(), seen=0, request_key=uuid4())
    action, of_thing = Action.objects.filter(child=robin).first(), Action.objects.filter(thing=thing).first()
    episode = MissingEpisode.objects.create(child=robin, origin="here", agency="police", opened_at=timezone.now())
    of_child = [at(name, robin) for name in OF_CHILD] + [
        at("decide-item", robin, item.pk), at("give-decided-action", robin, decision.pk),
        at("action", robin, action.pk), at("correct-note", robin, note.pk), at("interview", robin, episode.pk),
    ]  # fmt: skip
    of_others = [
        at("meeting", panel.pk), at("hold-meeting", panel.pk), at("write-minute", panel.pk, item.pk),
        at("correct-minute", panel.pk, item.pk, minute.pk), at("thing", thing.pk), at("give-thing-action", thing.pk),
        at("thing-action", thing.pk, of_thing.pk), at("take-away", thing.pk, around.pk),
    ]  # fmt: skip
    browser = signed_in(chair)
    browser.get(at("child", robin))
    numbers = {}
    for address in [*of_child, *of_others, *(at(name) for name in ALONE)]:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200, address
        numbers[address] = queries(asked)
    assert {address: number for address, number in numbers.items() if number > MOST_QUERIES} == {}
    stranger = signed_in(world.person("bank", Role.SUPERVISOR))
    for address in [*of_child, *of_others]:
        assert stranger.get(address).status_code == 404, address
    nothing = stranger.get(at("child", "CNOBODY")).content
    assert stranger.get(at("child", robin)).content == nothing


def test_a_form_of_response_sent_twice_is_one_row(world, chair, robin, signed_in) -> None:
    browser = signed_in(chair)
    form = browser.get(at("write-note", robin)).context["form"]
    sent = {"text": "Once.", "seen": 0, "request_key": form["request_key"].value()}
    for _ in range(2):
        assert browser.post(at("write-note", robin), sent).status_code == 302
    assert Note.objects.count() == 1


def test_who_may_only_read_is_offered_nothing_to_write(world, robin, signed_in) -> None:
    analyst = world.person(role=Role.ANALYST)
    page = signed_in(analyst).get(at("child", robin)).content.decode()
    assert at("decide", robin) not in page
    assert signed_in(analyst).get(at("decide", robin)).status_code == 403


def test_an_agency_that_sees_headlines_alone_sees_no_response(world, robin, signed_in) -> None:
    Agency.objects.filter(pk=world.agencies["school_rv"].pk).update(headline_only=True)
    browser = signed_in(world.person("school_rv"))
    for address in (at("child", robin), at("plan", robin), at("referral", robin), at("things")):
        assert browser.get(address).status_code == 403


def test_a_replaced_decision_says_what_stands_in_its_place(world, chair, robin, signed_in) -> None:
    browser = signed_in(chair)
    send(browser, at("decide", robin), kind="no_section_47", text="No enquiry now.", reason="Seen at home.")
    first = Decision.objects.get()
    stale = browser.get(at("replace-decision", robin, first.pk)).context["form"]
    carried = {name: stale[name].value() for name in ("seen", "request_key")}
    given = {"kind": "section_47", "text": "Enquiry today.", "reason": "New marks."}
    answer = send(browser, at("replace-decision", robin, first.pk), **given)
    later = Decision.objects.get(replaces=first)
    assert answer["Location"] == at("decision", robin, later.pk)
    earlier = browser.get(at("decision", robin, first.pk)).content.decode()
    assert "does not stand any more" in earlier
    assert at("decision", robin, later.pk) in earlier
    assert at("replace-decision", robin, first.pk) not in earlier
    assert at("decision", robin, first.pk) in browser.get(at("decision", robin, later.pk)).content.decode()
    assert "What replaced it" in browser.get(at("child", robin)).content.decode()
    again = browser.post(at("replace-decision", robin, first.pk), carried | given)  # a page that was opened before
    assert again.status_code == 409
    assert chair.full_name in again.content.decode()
    assert Decision.objects.count() == 2


def test_a_plan_is_owned_by_somebody_who_sees_the_child(world, chair, robin, signed_in) -> None:
    from trigpoint_web.casework.models import ConflictOfInterest

    world.acting(chair)
    stranger = world.person("school_rv")
    ConflictOfInterest.objects.create(child=robin, user=stranger, reason="An aunt.", by=stranger)
    given = {"danger": "Threats.", "owner": str(stranger.pk), "reason": "First."}
    page = send(signed_in(chair), at("write-plan", robin), **given | boxes("review_on", today() + timedelta(days=30)))
    assert "Choose somebody who works with this child." in page.content.decode()
