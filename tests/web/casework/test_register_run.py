"""A run comes in whole and once, and never undoes what a person set."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from casework_world import AT, Brought, World, child, citation, involved, marker_form, missing, proposal, sql
from trigpoint.errors import StoreError
from trigpoint.services.read_border import BorderQuestion, BorderSuccession
from trigpoint_web.audit.models import AuditRow
from trigpoint_web.casework.actions.markers import decisions_seen, set_marker
from trigpoint_web.casework.border.register import take_run
from trigpoint_web.casework.models import (
    Child,
    Citation,
    Involvement,
    Marker,
    MissingEpisode,
    Name,
    Proposal,
    Run,
    StandingProposal,
)
from trigpoint_web.review.models import KeyQuestion, LinkQuestion, StandingQuestion

TABLES = """
    casework_run casework_child casework_childface casework_name casework_identifier casework_involvement
    casework_citation casework_standingcitation casework_proposal casework_proposalcitation casework_standingproposal
    casework_notknown casework_missingepisode review_linkquestion review_standingquestion review_keyquestion
    audit_auditrow""".split()  # noqa: SIM905  # easier to read


def everything() -> dict[str, list[tuple]]:
    return {table: sql(f"select t::text from {table} t order by 1") for table in TABLES}


def first_run(**more) -> Brought:
    given = {
        "kids": [child("CA"), child("CB", area="elsewhere", home_area="LF")],
        "involving": [involved("CA"), involved("CA", "education"), involved("CB", "childrens_services", ("LF",))],
        "found": [citation("CA"), citation("CA", 2), citation("CB")],
        "proposed": [proposal("CA", 1, 2)],
        "asked": [BorderQuestion("q1", "guard", "r1", "r2", "CA", "CB", "a twin?")],
        "away": [missing("CA")],
    }
    return Brought(**(given | more))


def test_a_run_comes_in_with_all_that_it_brings(world: World) -> None:
    done = take_run(first_run())
    assert done.counts["children"] == 2
    assert done.counts["citations"] == 3
    a, b = Child.objects.order_by("key")
    assert (a.area.code, b.area.code) == ("RV", "LF")
    assert {i.agency.code for i in a.involvements.all()} == {"police", "school_rv"}
    assert {i.agency.code for i in b.involvements.all()} == {"services_lf"}
    assert a.face.surname == "InventedCA"
    assert {c.finding_id for c in a.proposals.get().citations.all()} == {"f1CA", "f2CA"}
    assert LinkQuestion.objects.get().child_b == b
    assert timezone.localtime(a.missing_episodes.get().opened_at).hour == 21
    assert AuditRow.objects.get().thing_kind == "run"


def test_the_same_run_again_changes_nothing(world: World) -> None:
    assert take_run(first_run()).fresh
    before = everything()
    assert not take_run(first_run()).fresh
    assert everything() == before


def test_a_run_that_brings_the_same_adds_only_itself(world: World) -> None:
    take_run(first_run())
    before = everything()
    take_run(first_run(number=2))
    after = everything()
    changed = {table for table in TABLES if before[table] != after[table]}
    assert changed == {"casework_run", "audit_auditrow"}


def test_a_run_that_fails_halfway_leaves_nothing(world: World) -> None:
    take_run(first_run())
    before = everything()

    class Broken(Brought):
        def missing(self):
            yield missing("CA", 5)
            raise OSError("the disk went away")

    with pytest.raises(OSError, match="disk"):
        take_run(Broken(number=2, kids=[child("CC")]))
    assert everything() == before


def test_an_older_run_is_refused(world: World) -> None:
    take_run(first_run(number=2))
    with pytest.raises(StoreError, match="older than run 2"):
        take_run(first_run(number=1))


def test_a_finding_keeps_its_first_words(world: World) -> None:
    take_run(first_run())
    take_run(first_run(number=2, found=[citation("CA", sentence="Said otherwise."), citation("CA", 2)]))
    assert Citation.objects.get(finding_id="f1CA").sentence == "Reported missing 3 times."


def test_new_findings_make_a_new_proposal_and_the_old_one_stands_no_longer(world: World) -> None:
    take_run(first_run())
    take_run(first_run(number=2, found=[citation("CA", n) for n in (1, 2, 3)], proposed=[proposal("CA", 1, 2, 3)]))
    assert Proposal.objects.count() == 2
    assert [len(s.proposal.citations.all()) for s in StandingProposal.objects.all()] == [3]


def test_what_an_agency_takes_back_goes_and_what_a_person_did_stays(world: World) -> None:
    take_run(first_run(away=[missing("CA"), missing("CA", 2), missing("CA", 3)]))
    acting = world.acting()
    closed = MissingEpisode.objects.get(event_id="m2CA")
    closed.found_at, closed.closed_by = timezone.now(), acting.user
    closed.save()
    a = Child.objects.get(key="CA")
    Involvement.objects.create(child=a, agency=world.agencies["bank"], origin="here")
    step = set_marker(
        acting, a, form=marker_form(), proposals=list(a.proposals.all()), seen=decisions_seen(a), request_key=uuid4()
    )
    take_run(
        first_run(
            number=2, involving=[], found=[], proposed=[], asked=[],
            away=[missing("CA", 2, found_at=datetime(2026, 10, 31, 1, 0), found_place="Elsewhere")],
        )
    )  # fmt: skip
    assert {i.agency.code for i in a.involvements.all()} == {"bank"}
    assert not StandingQuestion.objects.exists()
    assert not StandingProposal.objects.exists()
    assert [e.event_id for e in MissingEpisode.objects.all()] == ["m2CA"]
    assert MissingEpisode.objects.get().found_at == closed.found_at
    assert {c.finding_id for c in step.citations.all()} == {"f1CA", "f2CA"}
    assert Marker.objects.get().standing.status == "set"


def test_the_end_of_a_missing_episode_comes_with_a_later_run(world: World) -> None:
    take_run(first_run())
    take_run(
        first_run(number=2, away=[missing("CA", found_at=datetime(2026, 10, 31, 1, 0), found_with="unknown_adults")])
    )
    episode = MissingEpisode.objects.get()
    assert timezone.localtime(episode.found_at).date() == date(2026, 10, 31)
    assert episode.found_with == "unknown_adults"


def succession(old: str, new: str, *, gone: bool) -> BorderSuccession:
    return BorderSuccession(AT.replace(day=1, hour=10), old, new, "its records are now one child", gone)


def test_a_key_that_nobody_worked_on_is_followed(world: World) -> None:
    take_run(first_run())
    take_run(Brought(number=2, kids=[child("CB")], keys=[succession("CA", "CB", gone=True)]))
    a = Child.objects.get(key="CA")
    assert (a.current, a.superseded_by.key) == (False, "CB")
    assert not KeyQuestion.objects.exists()


@pytest.mark.parametrize("gone", [True, False])
def test_a_key_with_a_case_becomes_a_question(world: World, gone: bool) -> None:
    take_run(first_run())
    a = Child.objects.get(key="CA")
    set_marker(world.acting(), a, form=marker_form(), seen=0, request_key=uuid4())
    kids = [child("CB")] if gone else [child("CA"), child("CB")]
    take_run(Brought(number=2, kids=kids, keys=[succession("CA", "CB", gone=gone)]))
    asked = KeyQuestion.objects.get()
    assert (asked.old.key, asked.new.key, asked.kind) == ("CA", "CB", "joined" if gone else "parted")
    assert Child.objects.get(key="CA").superseded_by is None
    assert Involvement.objects.filter(child=a).exists() is gone  # whoever could see the case still can
    take_run(Brought(number=3, kids=kids, keys=[succession("CA", "CB", gone=gone)]))
    assert KeyQuestion.objects.count() == 1


@pytest.mark.parametrize(
    "table",
    ["casework_citation", "casework_proposal", "casework_proposalcitation", "casework_run", "review_linkquestion"],
)
@pytest.mark.parametrize("change", ["update {} set id = id", "delete from {}", "truncate {} cascade"])
def test_the_database_refuses_to_change_what_came_in(world: World, table: str, change: str) -> None:
    take_run(first_run())
    sql("set constraints all immediate")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def test_the_counts_of_a_run_are_kept_with_it(world: World) -> None:
    done = take_run(first_run(involving=[*first_run().involving, involved("CA", "health")]))
    assert Run.objects.get().counts == done.counts
    assert done.counts["unplaced"] == 1  # there is no health agency here


def test_a_name_is_searched_by_its_letters(world: World) -> None:
    take_run(first_run(kids=[child("CA", names=(("police", "Maja", "Wróblewska-Łoś"),)), child("CB")]))
    name = Name.objects.get(child__key="CA")
    assert name.folded == "maja wroblewska los"
    assert "wro" in name.grams
