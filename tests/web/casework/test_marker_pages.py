"""The marker's life on pages: what is read, filled in, refused, and what two people at once are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework_world import Brought, World, child, citation, involved, marker_form, proposal
from trigpoint_web.accounts.models import Role, User
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.clocks import add_months, today
from trigpoint_web.casework.models import Child, MarkerStep, Proposal, ProposalDecision
from trigpoint_web.design.models import Draft

MOST_QUERIES = 25


@pytest.fixture
def proposed(world: World) -> Child:
    found = [citation("CA"), citation("CA", 2)]
    take_run(Brought(kids=[child("CA")], involving=[involved("CA")], found=found, proposed=[proposal("CA", 1, 2)]))
    return Child.objects.get()


@pytest.fixture
def supervisor(world: World) -> User:
    return world.person(role=Role.SUPERVISOR)


def filled(page: Any, **more: Any) -> dict[str, Any]:
    """A filled-in marker form as a browser sends it, with what the page carried along."""
    form = page.context["form"]
    given = {
        "form": "county_lines", "level": "suspected", "online": "unknown", "overlap": "no", "told": "spoken",
        "told_on-day": today().day, "told_on-month": today().month, "told_on-year": today().year,
        "sharing_basis": "public_task", "reason": "Three agencies saw the same.", "observation": "",
        "citations": [str(one.citation.pk) for one in form.shown],
        "request_key": form["request_key"].value(), "seen": form["seen"].value(),
    }  # fmt: skip
    for name in ("review_on", "expires_on"):
        given |= _boxes(name, form[name].value())
    return given | more


def _boxes(name: str, on: Any) -> dict[str, Any]:
    if isinstance(on, list):  # what was typed in the three boxes
        return dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), on, strict=True))
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def queries(asked: CaptureQueriesContext) -> int:
    """How many statements asked for something or changed it; the marks of nested transactions do neither."""
    return sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries)


def at(name: str, one: Child, *given: object) -> str:
    return reverse(f"casework:{name}", args=[one.key, *given])


def put(world: World, one: Child, by: User, **more: Any) -> MarkerStep:
    acting = world.acting(by)
    seen = markers.decisions_seen(one)
    return markers.set_marker(acting, one, form=marker_form(**more), seen=seen, request_key=uuid4())


def test_a_proposal_says_why_on_what_and_what_may_be_decided(world: World, proposed: Child, signed_in) -> None:
    browser = signed_in(world.person())
    page = browser.get(at("proposal", proposed, Proposal.objects.get().pk)).content.decode()
    assert "Missing reports worry in more ways than one." in page
    assert "Reported missing 3 times." in page
    assert at("accept-proposal", proposed, Proposal.objects.get().pk) in page
    assert AuditRow.objects.get(thing_kind="proposal").child_id == proposed.pk


def test_a_marker_is_set_on_a_proposal_by_form(world: World, proposed: Child, supervisor: User, signed_in) -> None:
    browser = signed_in(supervisor)
    address = at("accept-proposal", proposed, Proposal.objects.get().pk)
    page = browser.get(address)
    form = page.context["form"]
    assert form["form"].value() == "county_lines"
    assert form["review_on"].value() == add_months(today(), 3)
    answer = browser.post(address, filled(page))
    step = MarkerStep.objects.get()
    assert answer["Location"] == at("marker", proposed, step.marker_id)
    assert step.citations.count() == 2
    assert (step.expires_on, step.told_on) == (add_months(today(), 12), today())
    assert ProposalDecision.objects.get().step == step
    shown = browser.get(answer["Location"]).content.decode()
    assert "Three agencies saw the same." in shown
    assert "Reported missing 3 times." in shown


def test_the_same_form_sent_twice_is_one_step(world: World, proposed: Child, supervisor: User, signed_in) -> None:
    browser = signed_in(supervisor)
    address = at("accept-proposal", proposed, Proposal.objects.get().pk)
    sent = filled(browser.get(address))
    answers = [browser.post(address, sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert MarkerStep.objects.count() == 1


def test_without_a_proposal_a_marker_stands_on_what_was_seen(world: World, signed_in) -> None:
    robin = world.child()
    browser = signed_in(world.person())
    page = browser.get(at("set-marker", robin))
    refused = browser.post(at("set-marker", robin), filled(page))
    assert refused.status_code == 200
    assert "write what you observed yourself" in refused.content.decode()
    assert not MarkerStep.objects.exists()
    browser.post(at("set-marker", robin), filled(refused, observation="Robin said: “I owe them”."))
    assert MarkerStep.objects.get().observation == "Robin said: “I owe them”."


def test_what_is_wrong_is_said_at_each_field(world: World, signed_in) -> None:
    robin = world.child()
    browser = signed_in(world.person())
    page = browser.post(at("set-marker", robin), {"seen": "0"})
    form = page.context["form"]
    assert {"form", "level", "told", "reason", "sharing_basis"} <= set(form.errors)
    assert page.content.decode().count("govuk-error-summary__title") == 1


def test_the_second_of_two_sees_what_the_first_did_and_may_send_again(world: World, proposed: Child, signed_in) -> None:
    first, second = world.person(role=Role.SUPERVISOR), world.person(role=Role.SUPERVISOR)
    address = at("set-marker", proposed)
    browser = signed_in(second)
    page = browser.get(address)
    put(world, proposed, first, form="violence", reason="Seen with a knife.")
    late = browser.post(address, filled(page, reason="My own long reason."))
    said = late.content.decode()
    assert late.status_code == 409
    assert first.full_name in said
    assert "Seen with a knife." in said
    assert "My own long reason." in said
    assert MarkerStep.objects.count() == 1
    again = browser.post(address, filled(late, reason="My own long reason."))
    assert again.status_code == 302
    assert MarkerStep.objects.count() == 2


STEPS = ["change-marker", "review-marker"]


@pytest.mark.parametrize("name", STEPS)
def test_a_marker_is_changed_and_reviewed_from_what_it_says(world, supervisor: User, signed_in, name: str) -> None:
    robin = world.child()
    step = put(world, robin, supervisor, review_on=today() + timedelta(days=3))
    browser = signed_in(supervisor)
    page = browser.get(at(name, robin, step.marker_id))
    assert page.context["form"]["level"].value() == "suspected"
    browser.post(at(name, robin, step.marker_id), filled(page, level="confirmed", reason="NRM said so."))
    last = MarkerStep.objects.order_by("-number").first()
    assert (last.kind, last.level) == ("changed" if name == "change-marker" else "reviewed", "confirmed")
    assert last.review_on == add_months(today(), 3)


def test_a_practitioner_is_not_offered_what_only_a_supervisor_may_do(world: World, supervisor: User, signed_in) -> None:
    robin = world.child()
    step = put(world, robin, supervisor)
    browser = signed_in(world.person())
    page = browser.get(at("marker", robin, step.marker_id)).content.decode()
    assert at("end-marker", robin, step.marker_id) not in page
    assert browser.get(at("end-marker", robin, step.marker_id)).status_code == 403
    levels = [value for value, _ in browser.get(at("set-marker", robin)).context["form"].fields["level"].choices]
    assert "confirmed" not in levels


def test_a_marker_is_ended_with_a_reason(world: World, supervisor: User, signed_in) -> None:
    robin = world.child()
    step = put(world, robin, supervisor)
    browser = signed_in(supervisor)
    address = at("end-marker", robin, step.marker_id)
    page = browser.get(address)
    kept = {name: page.context["form"][name].value() for name in ("seen", "request_key")}
    assert "Give a reason." in browser.post(address, kept | {"reason": " "}).content.decode()
    browser.post(address, kept | {"reason": "A year without a sign."})
    assert robin.marker_standings.get().status == "ended"
    assert "A year without a sign." in browser.get(at("marker", robin, step.marker_id)).content.decode()


def why(browser: Client, robin: Child, step: MarkerStep) -> str:
    """The reason that the marker's own page and the child's list of markers give, which is one."""
    rows = browser.get(at("marker", robin, step.marker_id)).context["rows"]
    (said,) = [row["value"]["text"] for row in rows if row["key"]["text"] == "Reason"]
    (listed,) = browser.get(at("child-markers", robin)).context["markers"]
    assert listed.reason == said
    return str(said)


def test_a_dispute_is_recorded_shown_answered_or_corrected(world: World, supervisor: User, signed_in) -> None:
    robin = world.child()
    step = put(world, robin, supervisor)
    browser = signed_in(supervisor)

    def send(name: str, *given: object, **words: Any) -> None:
        page = browser.get(at(name, robin, *given))
        kept = {key: page.context["form"][key].value() for key in ("seen", "request_key")}
        assert browser.post(at(name, robin, *given), kept | words).status_code == 302

    send("dispute-marker", step.marker_id, disputed_by="child", reason="“It was my cousin's phone.”")
    shown = browser.get(at("marker", robin, step.marker_id)).content.decode()
    assert "The child: “It was my cousin&#x27;s phone.”" in shown
    assert "“It was my cousin's phone.”" not in why(browser, robin, step)
    assert robin.marker_standings.get().disputed
    send("answer-dispute", step.marker_id, 2, reason="Two findings do not rest on it.")
    assert not robin.marker_standings.get().disputed
    assert why(browser, robin, step) == step.reason  # neither what was said against it nor the answer
    page = browser.get(at("correct-marker", robin, step.marker_id, 1))
    sent = filled(page, level="concern", reason="The phone was the cousin's.")
    assert browser.post(at("correct-marker", robin, step.marker_id, 1), sent).status_code == 302
    assert robin.marker_standings.get().level == "concern"
    assert why(browser, robin, step) == "The phone was the cousin's."


def test_a_proposal_is_declined_and_says_by_whom(world: World, proposed: Child, signed_in) -> None:
    browser = signed_in(world.person())
    one = Proposal.objects.get()
    page = browser.get(at("decline-proposal", proposed, one.pk))
    kept = {name: page.context["form"][name].value() for name in ("seen", "request_key")}
    browser.post(at("decline-proposal", proposed, one.pk), kept | {"reason": "A school trip explains it."})
    shown = browser.get(at("proposal", proposed, one.pk)).content.decode()
    assert "A school trip explains it." in shown
    assert at("accept-proposal", proposed, one.pk) not in shown


def test_words_that_blame_are_kept_and_another_way_is_shown_once(world: World, signed_in) -> None:
    robin = world.child()
    browser = signed_in(world.person())
    page = browser.get(at("set-marker", robin))
    text = "Robin puts himself at risk."
    answer = browser.post(at("set-marker", robin), filled(page, observation=text))
    assert MarkerStep.objects.get().observation == text
    first = browser.get(answer["Location"]).content.decode()
    assert "is being placed at risk by" in first
    assert "is being placed at risk by" not in browser.get(answer["Location"]).content.decode()


def test_words_are_read_as_they_are_typed(world: World, signed_in) -> None:
    browser = signed_in(world.person())
    address = reverse("casework:wording")

    def ask(body: Any) -> Any:
        return browser.post(address, body, content_type="application/json")

    (one,) = ask({"text": "He is a money mule."}).json()["suggestions"]
    assert one["words"] == "money mule"
    assert one["instead"] == ["a child who is being financially exploited"]
    assert ask({"text": "He said: “I am a money mule”."}).json()["suggestions"] == []
    assert ask({"nothing": 1}).status_code == 400
    assert ask("x" * 300_000).status_code == 413


def test_what_was_typed_is_there_again_and_goes_when_it_is_sent(world: World, signed_in) -> None:
    robin = world.child()
    browser = signed_in(world.person())
    page = browser.get(at("set-marker", robin))
    sent = filled(page, observation="Half a thou", draft_save="yes")
    sent["draft_owner"] = page.content.decode().split('name="draft_owner" value="')[1].split('"')[0]
    browser.post(at("set-marker", robin), sent)
    assert not MarkerStep.objects.exists()
    page = browser.get(at("set-marker", robin))
    assert "Half a thou" in page.content.decode()
    assert page.context["form"]["request_key"].value() != sent["request_key"]
    browser.post(at("set-marker", robin), filled(page, observation="Half a thought, and the rest."))
    assert not Draft.objects.exists()


PAGES = [
    ("proposal", "proposal"),
    ("accept-proposal", "proposal"),
    ("decline-proposal", "proposal"),
    ("set-marker", ""),
]
PAGES += [(name, "marker") for name in ("marker", "change-marker", "review-marker", "end-marker", "dispute-marker")]


@pytest.mark.parametrize(("name", "of"), PAGES, ids=[name for name, _ in PAGES])
def test_every_page_is_there_alike_for_nobody_else_and_within_its_queries(
    world: World, proposed: Child, supervisor: User, signed_in,
    name: str, of: str,
) -> None:  # fmt: skip
    step = put(world, proposed, supervisor)
    for _ in range(3):
        put_more(world, step, supervisor)
    given = {"proposal": [Proposal.objects.get().pk], "marker": [step.marker_id], "": []}[of]
    browser = signed_in(supervisor)
    browser.get(at(name, proposed, *given))  # what is remembered once is remembered
    address = at(name, proposed, *given)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    assert queries(asked) <= MOST_QUERIES
    stranger = signed_in(world.person("bank", Role.SUPERVISOR))
    hidden = stranger.get(at(name, proposed, *given))
    nothing = stranger.get(reverse(f"casework:{name}", args=["CNOBODY", *given]))
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.content == nothing.content


def put_more(world: World, step: MarkerStep, by: User) -> None:
    seen = step.marker.steps.count()
    markers.change_marker(world.acting(by), step.marker, form=marker_form(), seen=seen, request_key=uuid4())


def test_a_marker_of_another_child_is_not_there(world: World, supervisor: User, signed_in) -> None:
    robin, other = world.child(), world.child("CBBB")
    step = put(world, robin, supervisor)
    assert signed_in(supervisor).get(at("marker", other, step.marker_id)).status_code == 404


def test_without_a_purpose_nothing_is_shown(world: World, supervisor: User, signed_in) -> None:
    robin = world.child()
    answer = signed_in(supervisor, purpose=None).get(at("set-marker", robin))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/purpose/")
