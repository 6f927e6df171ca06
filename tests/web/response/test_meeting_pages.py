"""The pages where people meet and look over all: panels, discussions, things with children around them, counts."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from casework_world import Brought, child, citation, involved, marker_form, proposal
from response_forms import at, boxes, give, send
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.clocks import today
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.response.actions import writing
from trigpoint_web.response.models import (
    Action,
    AgendaItem,
    Meeting,
    Minute,
    Thing,
    ThingChild,
)


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
