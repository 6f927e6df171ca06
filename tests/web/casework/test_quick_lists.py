"""What the database's functions answer at once is what the plain queries say, and a plain judge of names."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from casework_world import AT, Brought, World, child, citation, involved, marker_form, proposal, sql
from trigpoint_web.audit.person import working_as
from trigpoint_web.casework.actions.markers import set_marker
from trigpoint_web.casework.border import take_run
from trigpoint_web.casework.grams import fold, grams
from trigpoint_web.casework.models import (
    Child,
    Involvement,
    Marker,
    MarkerStanding,
    MissingEpisode,
    Proposal,
    ProposalDecision,
    StandingProposal,
)
from trigpoint_web.casework.policy import children_visible_to
from trigpoint_web.casework.presenters.inbox import SECTIONS
from trigpoint_web.casework.queries import inbox
from trigpoint_web.response.models import Meeting, ReturnInterview
from trigpoint_web.response.queries.dashboards import Counts
from trigpoint_web.response.queries.meetings import _with_new_evidence

pytestmark = pytest.mark.django_db
LETTERS = "aeilnorst"
FORMS = ("county_lines", "violence")


@pytest.fixture
def many(world: World) -> World:
    """Children of two areas with proposals of two forms, on some of whom somebody has decided."""
    draw, kids = random.Random(5), [f"C{number:03d}" for number in range(40)]  # noqa: S311 - invented children
    areas = {key: draw.choice(["RV", "LF"]) for key in kids}
    take_run(
        Brought(
            kids=[child(key, area=areas[key]) for key in kids],
            involving=[involved(key, agency) for key in kids for agency in draw.sample(["police", "education"], 1)],
            found=[citation(key, number, to_on=AT.date().replace(day=number)) for key in kids for number in (1, 2)],
            proposed=[
                proposal(key, number, rule=f"{number}{form}", form=form, to_on=AT.date().replace(day=number))
                for key in kids for number in (1, 2) for form in draw.sample(FORMS, draw.randint(0, 2))
            ],
        )
    )  # fmt: skip
    acting = world.acting(role="panel_chair", agency="services_rv", serves=("RV", "LF"))
    for key in kids[::3]:
        if waiting := Proposal.objects.filter(child__key=key, form="county_lines").first():
            set_marker(acting, waiting.child, form=marker_form(), proposals=[waiting], seen=0, request_key=uuid4())
    return world


def newest(proposals: Any) -> list[int]:
    """Of each child the newest of all that wait, where it is among `proposals`."""
    first: dict[int, int] = {}
    for one in Proposal.objects.filter(standing__isnull=False, decisions=None).order_by("-to_on", "pk"):
        first.setdefault(one.child_id, one.pk)
    return [one.pk for one in proposals if first[one.child_id] == one.pk]


@pytest.mark.parametrize("role", ["panel_chair", "practitioner"])
def test_the_list_of_the_newest_is_what_the_queries_say_one_by_one(many: World, role: str) -> None:
    user = many.person(agency="services_rv" if role == "panel_chair" else "police", role=role, serves=("RV",))
    area, agency = many.areas["RV"].pk, many.agencies["police"].pk
    shown = 0
    for filters in (
        inbox.NO_FILTERS, inbox.Filters(area=area), inbox.Filters(agency=agency), inbox.Filters(form="violence"),
        inbox.Filters(team=user.team_id, area=area, form="county_lines"),
    ):  # fmt: skip
        with working_as(user):
            for known, query in ((False, inbox.new_proposals), (True, inbox.new_evidence)):
                listed = inbox.NewestWaiting(user, filters, known=known)
                right = newest(query(user, filters))
                assert [one.pk for one in listed[:100]] == right
                assert [one.pk for one in listed[1:3]] == right[1:3]
                assert len(listed) == len(right)
                shown += len(right)
    assert shown > 20


@pytest.mark.parametrize("role", ["panel_chair", "practitioner"])
def test_an_agenda_has_the_children_with_new_evidence_of_its_area(many: World, role: str) -> None:
    user = many.person(agency="services_rv" if role == "panel_chair" else "police", role=role, serves=("RV",))
    for decided in Proposal.objects.exclude(decisions=None):  # new findings come for those on whom somebody decided
        again = Proposal.objects.get(pk=decided.pk)
        again.pk, again.content_key = None, f"again-{decided.pk}"
        again.save()
        StandingProposal.objects.create(proposal=again)
    found = 0
    for area in many.areas.values():
        with working_as(user):
            evidence = inbox.new_evidence(user, inbox.Filters(area=area.pk))
            right = set(evidence.order_by().values_list("child_id", flat=True))
            listed = _with_new_evidence(Meeting(area=area))
        assert listed == right
        found += len(right)
    assert found > 2


@pytest.fixture
def busy(many: World) -> World:
    """Besides: children who are missing, or came back; markers due, running out, disputed; answers not known."""
    draw, keys = random.Random(8), list(Child.objects.order_by("key").values_list("key", flat=True))  # noqa: S311
    now, episodes = timezone.now(), []
    for key in keys:
        begun, back = now - timedelta(days=draw.randint(5, 60), minutes=draw.randint(0, 600)), draw.randint(1, 40)
        found = None if draw.random() < 0.2 else max(begun, now - timedelta(days=back))
        told = draw.choice(["", "", "held", "offered", "declined"])
        episodes.append(
            MissingEpisode(
                child=Child.objects.get(key=key), origin="here", agency="police", opened_at=begun, found_at=found,
                told_interview=told,
            )
        )  # fmt: skip
    MissingEpisode.objects.bulk_create(episodes)
    settled = MissingEpisode.objects.exclude(found_at=None).order_by("pk")[:5]
    by, kinds = many.person(agency="police"), ("held", "offered", "not_offered")
    for one, kind in zip(settled, [*kinds, *kinds], strict=False):
        ReturnInterview.objects.create(
            episode=one, kind=kind, on=now.date(), by=by, request_key=uuid4(), reason="Invented."
        )
    sql("set local session_replication_role = replica")  # a step never changes, but for a test
    for number, marker in enumerate(Marker.objects.order_by("pk")):
        days = timedelta(days=number - 5)
        ends = now.date() + (timedelta(days=5) if number % 3 == 0 else timedelta(days=90))
        marker.steps.update(review_on=now.date() + days, expires_on=max(ends, now.date()))
    undecided = ProposalDecision.objects.order_by("pk").values_list("pk", flat=True)[::2]
    ProposalDecision.objects.filter(pk__in=list(undecided)).delete()  # waits again, where a marker stands
    marked = Proposal.objects.filter(child__in=Marker.objects.values("child"), form="county_lines")
    marked.update(to_on=AT.date().replace(day=3))  # the newest of their children
    sql("set local session_replication_role = origin")
    return many


PLAIN = {
    "missing": inbox.missing_now, "interviews": inbox.interviews_due, "reviews": inbox.reviews_due,
    "disputes": inbox.disputes, "identity": inbox.identity_questions,
}  # fmt: skip


@pytest.mark.parametrize("role", ["panel_chair", "practitioner"])
def test_every_list_of_the_inbox_is_what_its_plain_query_says(busy: World, role: str) -> None:
    user = busy.person(agency="services_rv" if role == "panel_chair" else "police", role=role, serves=("RV", "LF"))
    agency, shown = busy.agencies["police"].pk, dict.fromkeys(PLAIN, 0)
    for filters in (
        inbox.NO_FILTERS, inbox.Filters(area=busy.areas["RV"].pk), inbox.Filters(agency=agency),
        inbox.Filters(form="county_lines"), inbox.Filters(team=user.team_id),
    ):  # fmt: skip
        with working_as(user):
            lists = {section.name: section.query(user, filters) for section in SECTIONS}
            first = inbox.first_of(lists, user, filters, most=4)
            for name, query in PLAIN.items():
                right = [one.pk for one in query(user, filters)]
                assert [one.pk for one in lists[name][:500]] == right, name
                assert [one.pk for one in first[name]] == right[:4], name
                shown[name] += len(right)
            for name, plain in (("proposals", inbox.new_proposals), ("evidence", inbox.new_evidence)):
                assert [one.pk for one in first[name]] == newest(plain(user, filters))[:4]
                shown[name] = shown.get(name, 0) + len(first[name])
    filled = {name for name, number in shown.items() if number}
    assert filled >= {"missing", "interviews", "reviews", "proposals"} | (
        {"evidence"} if role == "panel_chair" else set()
    )


@pytest.mark.parametrize("role", ["panel_chair", "practitioner"])
def test_the_dashboard_counts_what_plain_queries_count(busy: World, role: str) -> None:
    user = busy.person(agency="services_rv" if role == "panel_chair" else "police", role=role, serves=("RV",))
    with working_as(user):
        counts = Counts(user)
        mine = children_visible_to(user).filter(current=True)
        now = counts.waiting([])
        assert now.proposals == inbox.new_proposals(user).count() > 3
        assert now.evidence == inbox.new_evidence(user).count() > 0
        assert now.missing == inbox.missing_now(user).count() > 0
        assert now.reviews == inbox.reviews_due(user).filter(review_due=True).count() > 0
        standing = MarkerStanding.objects.filter(status="set", child__in=mine.values("pk"))
        assert sum(sum(levels.values()) for levels in counts.markers_by_form().values()) == standing.count() > 0
        decided = ProposalDecision.objects.filter(proposal__child__in=mine.values("pk"))
        assert counts.deciding().accepted == decided.filter(verdict="accepted").count() > 0
        assert counts.deciding().median is not None
        known = Involvement.objects.filter(child__in=mine.values("pk"))
        for line in counts.agencies():
            of_agency = known.filter(agency=line.agency)
            assert line.children == of_agency.values("child").distinct().count()
            assert line.last_on == max(one.last_on for one in of_agency)
        assert {line.agency for line in counts.agencies()} == {one.agency for one in known.select_related("agency")}


def alike(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def test_a_search_by_the_rarest_letters_finds_what_comparing_with_every_name_finds(world: World) -> None:
    draw = random.Random(3)  # noqa: S311 - invented names
    word = lambda: "".join(draw.choices(LETTERS, k=draw.randint(2, 6)))  # noqa: E731 - drawn anew each time
    names = {f"C{number:03d}": f"{word()} {word()}" for number in range(150)}
    brought = [
        child(key, names=(("police", *name.title().split()),)) for key, name in names.items()
    ]  # fmt: skip
    take_run(Brought(kids=brought, involving=[involved(key) for key in names]))
    sql("analyze casework_name")
    keys = dict(Child.objects.values_list("pk", "key"))
    user, found = world.person(), 0
    for _ in range(60):
        asked = grams(fold(f"{word()} {word()}" if draw.random() < 0.5 else draw.choice([*names.values()])[1:]))
        with working_as(user):
            rows = sql("select child_id, alike from casework_find(%s, null, '{}', 500)", asked)
        right = {key: alike(set(asked), set(grams(fold(name)))) for key, name in names.items()}
        expected = {key: value for key, value in right.items() if round(value, 9) >= 0.4}
        assert {keys[pk]: pytest.approx(value, abs=1e-6) for pk, value in rows} == expected
        found += len(expected)
    assert found > 60
