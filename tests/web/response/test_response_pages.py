"""The pages of response: what is decided, given, noted, planned, met about and counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casework_world import Brought, World, child, citation, involved, marker_form, proposal
from trigpoint_web.accounts.models import Agency, Role, User
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.response.actions import meetings, tasks, writing
from trigpoint_web.response.models import (
    Action,
    AgendaItem,
    Decision,
    Meeting,
    Minute,
    Note,
    PlanVersion,
    ReferralCheck,
    ReturnInterview,
    Thing,
    ThingChild,
)
from trigpoint_web.response.referral_items import ITEMS, open_items

MOST_QUERIES = 25


@pytest.fixture
def chair(world: World) -> User:
    return world.person(role=Role.PANEL_CHAIR, serves=("RV",))


@pytest.fixture
def robin(world: World) -> Child:
    return world.child(involved=("police", "school_rv"))


@pytest.fixture
def panel(world: World, chair: User) -> Meeting:
    return meetings.call_meeting(
        world.acting(chair), kind="panel", title="Riverside panel", area=world.areas["RV"],
        planned_for=timezone.now(), invited=[world.agencies["school_rv"]], request_key=uuid4(),
    )  # fmt: skip


@pytest.fixture
def item(world: World, chair: User, panel: Meeting, robin: Child) -> AgendaItem:
    return meetings.add_to_agenda(world.acting(chair), panel, child=robin, reasons=["missing_now"])


def at(name: str, *given: object) -> str:
    return reverse(f"response:{name}", args=[one.key if isinstance(one, Child) else one for one in given])


def boxes(name: str, on: Any) -> dict[str, int]:
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def send(browser: Any, address: str, **given: Any) -> Any:
    """Fill in the form of the page and send it, with what the page carried along."""
    form = browser.get(address).context["form"]
    carried = {name: form[name].value() for name in ("seen", "request_key")}
    return browser.post(address, carried | given)


def queries(asked: CaptureQueriesContext) -> int:
    return sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries)


def give(world: World, by: User, robin: Child, **more: Any) -> Action:
    given = {"what": "Ring the school.", "owner": by, "due_on": today() + timedelta(days=2)} | more
    return tasks.give_action(world.acting(by), child=robin, request_key=uuid4(), **given)


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


def test_a_panel_from_the_call_to_the_close(world, chair, robin, signed_in) -> None:
    MissingEpisode.objects.create(
        child=robin, origin="here", agency="police", opened_at=timezone.now() - timedelta(hours=5)
    )
    browser = signed_in(chair, purpose="panel")
    given = {"kind": "panel", "title": "Riverside panel", "area": str(world.areas["RV"].pk), "planned_at": "14:30"}
    given |= {"invited": [str(world.agencies["school_rv"].pk)]} | boxes("planned_on", today())
    answer = send(browser, at("call-meeting"), **given)
    panel = Meeting.objects.get()
    assert answer["Location"] == at("meeting", panel.pk)
    page = browser.get(at("meeting", panel.pk)).content.decode()
    assert "Missing now" in page
    browser.post(at("add-due", panel.pk), {"child": [robin.key, "CNOBODY"]})
    item = AgendaItem.objects.get()
    assert item.reasons == ["missing_now"]
    assert "Say who was there." in send(browser, at("hold-meeting", panel.pk)).content.decode()
    police = f"present_{world.agencies['police'].pk}"
    send(browser, at("hold-meeting", panel.pk), **{police: "Ann Example, Bo Example"})
    send(browser, at("write-minute", panel.pk, item.pk), text="The school saw new shoes.")
    send(browser, at("decide-item", robin, item.pk), kind="disruption", text="Visit the flat.", reason="Seen there.")
    page = browser.get(at("meeting", panel.pk)).content.decode()
    assert "The school saw new shoes." in page
    assert "Ann Example, Bo Example" in page
    browser.post(at("close-meeting", panel.pk))
    assert Meeting.objects.get().closed_at
    shut = browser.get(at("write-minute", panel.pk, item.pk))
    refused = browser.post(
        at("write-minute", panel.pk, item.pk), {"text": "Late.", "seen": 0, "request_key": str(uuid4())}
    )
    assert (shut.status_code, refused.status_code) == (200, 403)
    assert Minute.objects.count() == 1
    printed = browser.get(at("meeting", panel.pk) + "?print=1").content.decode()
    assert "Confidential." in printed
    assert AuditRow.objects.filter(act="print", thing_kind="meeting", child_id=robin.pk).exists()


def test_a_strategy_discussion_is_called_from_the_child(world, chair, robin, signed_in) -> None:
    browser = signed_in(chair)
    form = browser.get(at("strategy", robin)).context["form"]
    asked = {"school_rv", "services_rv"}  # the school knows the child; children's services always come
    assert set(form["invited"].value()) == {str(world.agencies[code].pk) for code in asked}
    answer = send(
        browser, at("strategy", robin), planned_at="09:00", invited=form["invited"].value(), asked="Section 47?",
        **boxes("planned_on", today()),
    )  # fmt: skip
    made = Meeting.objects.get()
    assert (made.kind, made.items.get().asked) == ("strategy", "Section 47?")
    assert answer["Location"] == at("meeting", made.pk)
    assert robin.face.surname not in made.title


def test_a_practitioner_calls_a_discussion_and_a_manager_leads_it(world, robin, signed_in) -> None:
    worker, manager = world.person(), world.person(role=Role.SUPERVISOR)
    browser = signed_in(worker)
    send(browser, at("strategy", robin), planned_at="09:00", **boxes("planned_on", today()))
    made = Meeting.objects.get()
    assert browser.get(at("hold-meeting", made.pk)).status_code == 403
    police = f"present_{world.agencies['police'].pk}"
    send(signed_in(manager), at("hold-meeting", made.pk), **{police: "Ann Example"})
    assert Meeting.objects.get().held_at


def test_a_thing_is_made_and_shows_the_children_around_it(world, chair, robin, signed_in) -> None:
    hidden = world.child("CHIDDEN", area=None, involved=("school_rv",))
    browser = signed_in(chair)
    send(browser, at("make-thing"), kind="place", name="The old arcade", area=str(world.areas["RV"].pk))
    thing = Thing.objects.get()
    send(browser, at("around", robin), thing=str(thing.pk), how="Found there twice.")
    writing.put_child_around(world.acting(agency="school_rv"), thing, child=hidden, how="Said so.")
    page = browser.get(at("thing", thing.pk)).content.decode()
    assert "Found there twice." in page
    assert hidden.face.surname not in page
    assert AuditRow.objects.filter(thing_kind="thing", act="read", detail__children=[robin.pk]).exists()
    due = today() + timedelta(days=3)
    send(browser, at("give-thing-action", thing.pk), what="Speak to the owner.", owner=str(chair.pk),
         **boxes("due_on", due))  # fmt: skip
    action = Action.objects.get()
    send(browser, at("thing-action", thing.pk, action.pk), kind="done")
    around = ThingChild.objects.get(child=robin)
    send(browser, at("take-away", thing.pk, around.pk), reason="Mistaken.")
    assert "Found there twice." not in browser.get(at("thing", thing.pk)).content.decode()
    stranger = signed_in(world.person("bank"))
    assert stranger.get(at("thing", thing.pk)).status_code == 404


def test_what_one_has_to_do_oneself_comes_first(world, chair, robin, signed_in) -> None:
    other = world.person(role=Role.SUPERVISOR)
    give(world, chair, robin, what="Mine.")
    give(world, chair, robin, what="Theirs.", owner=other)
    page = signed_in(chair).get(at("actions")).content.decode()
    assert page.index("Mine.") < page.index("Theirs.")


def many(count: int) -> None:
    """Invented children with proposals, every third a girl."""
    kids = [child(f"C{n:03d}", sex="F" if n % 3 == 0 else "M") for n in range(count)]
    take_run(
        Brought(
            kids=kids, involving=[involved(one.child_key) for one in kids],
            found=[citation(one.child_key) for one in kids[: count // 2]],
            proposed=[proposal(one.child_key) for one in kids[: count // 2]],
        )
    )  # fmt: skip


def test_the_dashboard_counts_and_hides_small_numbers(world, chair, signed_in) -> None:
    many(40)
    one = Child.objects.get(key="C000")
    markers.set_marker(world.acting(chair), one, form=marker_form(), seen=0, request_key=uuid4())
    page = signed_in(chair).get(at("dashboards"))
    tiles = {tile["words"]: tile["number"] for tile in page.context["tiles"]}
    assert tiles["Proposals that wait"] == "19"
    sexes = {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in page.context["equality"][0]["rows"]}
    assert sexes["Girls"][0] == "c"
    assert sexes["All"][-1] == "40"


def test_whoever_sees_no_child_sees_who_is_seen_and_no_more(world, chair, signed_in) -> None:
    many(40)
    officer = world.person(role=Role.GOVERNANCE_OFFICER)
    page = signed_in(officer, purpose="audit").get(at("dashboards"))
    assert page.context["equality"]
    assert "tiles" not in page.context
    assert signed_in(world.person(role=Role.AGENCY_ADMINISTRATOR)).get(at("dashboards")).status_code == 403


def test_a_restricted_child_is_in_no_count(world, chair, signed_in) -> None:
    from trigpoint_web.casework.models import Restriction

    many(40)
    officer = signed_in(world.person(role=Role.GOVERNANCE_OFFICER), purpose="audit")
    for one in Child.objects.all()[:10]:
        Restriction.objects.create(child=one, reason="Police protection.", by=chair)
    rows = officer.get(at("dashboards")).context["equality"][0]["rows"]
    assert rows[-1][-1]["text"] == "30"


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
