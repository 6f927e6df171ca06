"""Search asks the index that a run left as well, and tells of nobody whom a person may not know of."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from casework_world import Brought, World, child, involved, sql
from riverside import Ran
from trigpoint_web.audit.person import working_as
from trigpoint_web.casework.border import register_run, take_run
from trigpoint_web.casework.models import ConflictOfInterest, Restriction
from trigpoint_web.casework.queries import indexed
from trigpoint_web.casework.queries.search import Found, Terms, search_children

BORN = date(2011, 5, 4)
WORDS = Terms(name="Zzyx Qwertzuiop", birth_on=date(2009, 1, 1))  # like nobody's name here: the index alone finds them


def says(monkeypatch: pytest.MonkeyPatch, *keys: str, answer: str = "ask") -> None:
    found = SimpleNamespace(answer=answer, candidates=[SimpleNamespace(child_key=key) for key in keys])
    monkeypatch.setattr(indexed, "find_child", lambda *_given, **_named: found)
    monkeypatch.setattr(indexed, "partnership_folder", lambda: "anywhere")


def searched(world: World, terms: Terms = WORDS) -> Found:
    acting = world.acting()
    with working_as(acting.user):
        return search_children(acting, terms)


@pytest.mark.parametrize("answer", ["one", "ask"])
def test_one_whom_the_person_sees_is_shown(world: World, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    world.child("CSEEN")
    says(monkeypatch, "CSEEN", answer=answer)
    (hit,) = searched(world).hits
    assert (hit.child.key, hit.same_birth, hit.same_number) == ("CSEEN", False, False)


def test_another_agencys_child_is_told_of_where_nobody_else_can_be_meant(world: World, monkeypatch: Any) -> None:
    world.child("COTHER", involved=("school_rv",))
    says(monkeypatch, "COTHER", answer="one")
    assert [one.child_key for one in searched(world).elsewhere] == ["COTHER"]
    says(monkeypatch, "COTHER", answer="ask")
    assert searched(world) == Found((), (), False)


@pytest.mark.parametrize("answer", ["one", "ask"])
@pytest.mark.parametrize("involved", [("police",), ("school_rv",)])
def test_a_restricted_child_is_never_there(world: World, monkeypatch: Any, answer: str, involved: Any) -> None:
    kid = world.child("CSHUT", involved=involved)
    Restriction.objects.create(child=kid, reason="x", by=world.person())
    says(monkeypatch, "CSHUT", answer=answer)
    assert searched(world) == Found((), (), False)


def test_ones_own_kin_is_never_there(world: World, monkeypatch: Any) -> None:
    kid, acting = world.child("CKIN"), world.acting()
    ConflictOfInterest.objects.create(child=kid, user=acting.user, reason="x", by=acting.user)
    says(monkeypatch, "CKIN", answer="one")
    with working_as(acting.user):
        assert search_children(acting, WORDS) == Found((), (), False)


def test_where_no_run_left_an_index_letters_have_to_do(world: World, settings: Any, tmp_path: Any) -> None:
    settings.PARTNERSHIP_FOLDER = str(tmp_path)
    take_run(Brought(kids=[child("CA")], involving=[involved("CA")]))
    found = searched(world, Terms(name="Robin InventedCA", birth_on=BORN))
    assert [hit.child.key for hit in found.hits] == ["CA"]


def test_a_real_index_finds_whom_letters_do_not(world: World, ran: Ran, settings: Any) -> None:
    """The surname alone, and the birthday: too few letters in common for the other search."""
    settings.PARTNERSHIP_FOLDER = str(ran.folder)
    register_run(ran.folder)
    key, given, surname, born = sql("""
        select c.key, f.given_names, f.surname, f.birth_on from casework_child c
        join casework_childface f on f.child_id = c.id join casework_involvement i on i.child_id = c.id
        join accounts_agency a on a.id = i.agency_id where a.code = 'police' and length(f.surname) > 6
          and f.birth_on is not null and f.given_names <> ''
        order by c.key limit 1""")[0]
    swapped = surname[:2] + surname[3] + surname[2] + surname[4:]  # two letters changed places
    found = searched(world, Terms(name=f"{given} {swapped}", birth_on=born))
    assert key in [hit.child.key for hit in found.hits]
