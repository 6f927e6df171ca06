"""The inbox, search and the child's page, as the person whose page it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from casework_world import Brought, World, child, citation, involved, marker_form, missing, proposal
from trigpoint.services.read_timeline import ChildTimeline, TimelineEvent
from trigpoint_web.accounts.models import Role
from trigpoint_web.audit.acting import Acting, PurposeNeededError
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.audit.person import working_as
from trigpoint_web.audit.refusals import RefusedError
from trigpoint_web.casework.actions import markers
from trigpoint_web.casework.actions.missing import Found, close_missing_episode, open_missing_episode, post_event
from trigpoint_web.casework.actions.refused import ChangedMeanwhileError, FaultyFormError
from trigpoint_web.casework.agreement import Agreement, show_timeline
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.models import Child, Involvement, MissingEpisode, Proposal, Restriction
from trigpoint_web.casework.queries import child_page, inbox
from trigpoint_web.casework.queries.search import Terms, search_children


def brought(**more) -> Brought:
    maja = child(
        "CC", names=(("police", "Maja", "Wróblewska"),), birth_on=date(2009, 3, 2),
        identifiers=(("nhs", "9990001111"), ("upn", "Y1")),
    )  # fmt: skip
    given = {
        "kids": [child("CA"), child("CB"), maja],
        "involving": [involved("CA"), involved("CB"), involved("CC", "education")],
        "found": [citation("CA"), citation("CB"), citation("CC")],
        "proposed": [proposal("CA", to_on=date(2026, 9, 1)), proposal("CB", to_on=date(2026, 10, 1)), proposal("CC")],
        "away": [missing("CA"), missing("CB", opened_at=datetime(2026, 10, 1, 20, 0))],
    }  # fmt: skip
    return Brought(**(given | more))


@pytest.fixture
def acting(world: World) -> Acting:
    take_run(brought())
    return world.acting(role=Role.SUPERVISOR)


def keys(rows) -> list[str]:
    return [row.child.key for row in rows]


def test_the_inbox_holds_what_waits_in_stated_order(acting: Acting) -> None:
    with working_as(acting.user):
        assert keys(inbox.new_proposals(acting.user)) == ["CB", "CA"]  # newest evidence first
        assert keys(inbox.missing_now(acting.user)) == ["CB", "CA"]  # missing longest first
        assert keys(inbox.new_evidence(acting.user)) == []


def test_a_declined_proposal_comes_back_only_with_new_findings(acting: Acting) -> None:
    one = Proposal.objects.get(child__key="CA")
    markers.decline_proposal(acting, one, reason="A school trip.", seen=0, request_key=uuid4())
    assert keys(inbox.new_proposals(acting.user)) == ["CB"]
    take_run(brought(number=2))
    assert keys(inbox.new_proposals(acting.user)) == ["CB"]
    take_run(brought(number=3, found=[*brought().found, citation("CA", 2)], proposed=[proposal("CA", 1, 2)]))
    assert keys(inbox.new_proposals(acting.user)) == []
    assert keys(inbox.new_evidence(acting.user)) == ["CA"]


def test_markers_come_up_for_review_and_before_they_run_out(acting: Acting) -> None:
    a, b = Child.objects.filter(key__in=("CA", "CB")).order_by("key")
    tomorrow = timezone.localdate() + timedelta(days=1)
    markers.set_marker(
        acting, a, form=marker_form(review_on=tomorrow, expires_on=tomorrow), seen=0, request_key=uuid4()
    )
    step = markers.set_marker(acting, b, form=marker_form(), seen=0, request_key=uuid4())
    with working_as(acting.user):
        assert keys(inbox.reviews_due(acting.user)) == ["CA"]
        assert keys(inbox.disputes(acting.user)) == []
    markers.dispute_marker(acting, step.marker, by="parent", reason="No.", seen=1, request_key=uuid4())
    assert keys(inbox.disputes(acting.user)) == ["CB"]


def test_the_inbox_is_narrowed_by_area_agency_and_form(world: World, acting: Acting) -> None:
    area, elsewhere = world.areas["RV"].pk, world.areas["LF"].pk
    assert keys(inbox.new_proposals(acting.user, inbox.Filters(area=area))) == ["CB", "CA"]
    assert keys(inbox.new_proposals(acting.user, inbox.Filters(area=elsewhere))) == []
    assert keys(inbox.new_proposals(acting.user, inbox.Filters(form="violence"))) == []
    assert keys(inbox.missing_now(acting.user, inbox.Filters(agency=world.agencies["bank"].pk))) == []


FOUND_BY = [
    (Terms(name="Maja Wróblewska"), True),
    (Terms(name="wroblewska maja"), True),
    (Terms(name="Maya Wroblevska"), True),
    (Terms(name="WROBLEWSKA"), True),
    (Terms(number="999 000 1111"), True),
    (Terms(number="y1"), True),
    (Terms(birth_on=date(2009, 3, 2)), True),
    (Terms(name="Zachary Quill"), False),
    (Terms(), False),
    (Terms(name="%_'; drop table casework_child; --"), False),
    (Terms(name="\u0000" * 3 + "x" * 5000), False),
]


@pytest.mark.parametrize(("terms", "found"), FOUND_BY, ids=range(len(FOUND_BY)))
def test_a_child_is_found_however_it_is_spelt(world: World, terms: Terms, found: bool) -> None:
    take_run(brought())
    acting = world.acting(agency="school_rv")
    with working_as(acting.user):
        hits = search_children(acting, terms).hits
    assert [hit.child.key for hit in hits] == (["CC"] if found else [])
    row = AuditRow.objects.get(act="search")
    assert "wroblewska" not in str(row.detail).lower()
    assert "9990001111" not in str(row.detail)


def test_whoever_may_not_see_is_told_whom_to_ask_only_when_it_is_surely_that_child(world: World) -> None:
    take_run(brought())
    acting = world.acting(agency="bank")
    with working_as(acting.user):
        sure = search_children(acting, Terms(name="Maja Wroblewska", birth_on=date(2009, 3, 2)))
        unsure = search_children(acting, Terms(name="Maja Wroblewska"))
    assert (sure.hits, unsure.hits, unsure.elsewhere) == ((), (), ())
    assert [one.code for one in sure.elsewhere[0].agencies] == ["school_rv"]


def test_of_a_restricted_child_nothing_is_told(world: World) -> None:
    take_run(brought())
    Restriction.objects.create(child=Child.objects.get(key="CC"), reason="x", by=world.person())
    acting = world.acting(agency="bank")
    with working_as(acting.user):
        found = search_children(acting, Terms(number="9990001111"))
    assert (found.hits, found.elsewhere, found.more) == ((), (), False)


def test_a_search_needs_a_role(world: World) -> None:
    with pytest.raises(RefusedError):
        search_children(world.acting(role=Role.GOVERNANCE_OFFICER), Terms(name="Maja"))


def test_the_childs_page_reads_under_the_second_wall(acting: Acting) -> None:
    a = Child.objects.get(key="CA")
    markers.set_marker(acting, a, form=marker_form(), seen=0, request_key=uuid4())
    with working_as(acting.user):
        top = child_page.headline(acting.user, a)
        assert top.face["surname"] == "InventedCA"
        assert [i.agency.code for i in top.involvements] == ["police"]
        assert [m.status for m in top.markers] == ["set"]
        (marker,) = child_page.markers_of(acting.user, a)
        assert marker.standing.is_open
        (one,) = child_page.proposals_of(acting.user, a)
        assert (one.stands, one.citations[0].sentence.text) == (True, "Reported missing 3 times.")
        assert len(child_page.missing_of(acting.user, a)) == 1


def test_a_hidden_column_leaves_title_for_sentence_and_hides_details(world: World, acting: Acting) -> None:
    police = world.agencies["police"]
    police.hidden_columns, police.may_see_kinds = ["missing.risk", "person.postcode"], []
    a = Child.objects.get(key="CA")
    acting.user.agency.hidden_columns = police.hidden_columns
    (one,) = child_page.citations_of(acting.user, a)
    assert (one.sentence.text, one.narrowed) == ("Missing three times or more in 90 days", True)
    assert "postcode" not in child_page.headline(acting.user, a).face
    acting.user.agency.may_see_kinds = ["arrest"]
    assert child_page.citations_of(acting.user, a) == []


def test_a_timeline_is_narrowed_by_kind_and_column() -> None:
    at = datetime(2026, 1, 1)

    def event(kind: str) -> TimelineEvent:
        return TimelineEvent(
            kind, kind, f"{kind.title()} (risk: high)", at, False, None, at, "Riverside", "s", "police", "f", 1
        )

    timeline = ChildTimeline("CA", None, [], [event("missing"), event("arrest"), event("custody")])
    shown = show_timeline(timeline, Agreement(False, frozenset({"missing", "arrest"}), frozenset({"missing.risk"})))
    assert [(one.event.kind, one.narrowed) for one in shown] == [("missing", True), ("arrest", False)]
    assert "high" not in shown[0].event.said
    assert shown[0].event.place is None
    assert show_timeline(timeline, Agreement(True, frozenset(), frozenset())) == []


def test_a_headline_agency_reads_no_page_but_the_headline(world: World) -> None:
    take_run(brought())
    acting = world.acting(agency="bank")
    acting.user.agency.headline_only = True
    a = Child.objects.get(key="CA")
    for query in (child_page.markers_of, child_page.proposals_of, child_page.citations_of, child_page.missing_of):
        with pytest.raises(RefusedError, match="headlines alone"):
            query(acting.user, a)


# Missing episodes.


def test_a_missing_episode_is_opened_closed_and_starts_the_interviews_clock(world: World) -> None:
    robin, acting, key = world.child(), world.acting(), uuid4()
    since = timezone.now() - timedelta(hours=5)
    with working_as(acting.user):
        episode = open_missing_episode(acting, robin, since=since, risk="medium", request_key=key)
        assert open_missing_episode(acting, robin, since=since, risk="medium", request_key=key) == episode
        with pytest.raises(ChangedMeanwhileError):
            open_missing_episode(acting, robin, since=since, risk="high", request_key=uuid4())
        with pytest.raises(FaultyFormError):
            close_missing_episode(acting, episode, found=Found(at=since - timedelta(hours=1)))
        close_missing_episode(acting, episode, found=Found(at=timezone.now(), found_with="unknown_adults"))
        with pytest.raises(ChangedMeanwhileError):
            close_missing_episode(acting, episode, found=Found(at=timezone.now()))
        assert keys(inbox.interviews_due(acting.user)) == ["CAAA"]
    assert MissingEpisode.objects.get().closed_by == acting.user


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"risk": "enormous"}, "risk"),
        ({"since": timezone.now() + timedelta(days=1)}, "since"),
        ({"since": datetime(2026, 1, 1)}, "since"),
    ],
)
def test_a_wrong_missing_report_is_said_by_field(world: World, wrong, field) -> None:
    given = {"since": timezone.now(), "risk": "low", "request_key": uuid4()} | wrong
    with pytest.raises(FaultyFormError) as fault:
        open_missing_episode(world.acting(), world.child(), **given)
    assert list(fault.value.faults) == [field]


def test_a_system_posts_an_event_once_and_its_agency_is_involved(world: World) -> None:
    robin = world.child(involved=())
    system = world.acting(role=Role.SYSTEM_CLIENT)
    given = {"child": robin, "kind": "arrest", "happened_at": timezone.now(), "request_key": uuid4()}
    with working_as(system.user):
        one = post_event(system, **given, attributes={"offence": "possession"})
        assert post_event(system, **given, attributes={"offence": "possession"}) == one
        with pytest.raises(FaultyFormError, match="no such kind"):
            post_event(system, **(given | {"kind": "gossip", "request_key": uuid4()}))
        with pytest.raises(FaultyFormError):
            post_event(system, **(given | {"request_key": uuid4()}), attributes={"rumour": "x"})
    assert Involvement.objects.get(child=robin).origin == "here"


def test_no_child_is_written_about_without_a_purpose(world: World) -> None:
    robin, user = world.child(), world.person()
    with pytest.raises(PurposeNeededError):
        markers.set_marker(Acting(user), robin, form=marker_form(), seen=0, request_key=uuid4())
    assert not robin.markers.exists()
