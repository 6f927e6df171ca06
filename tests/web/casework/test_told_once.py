"""A missing episode that several sources tell stands once in casework: one row, both sources, one clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from casework_world import Brought, World, child, involved, missing
from riverside import Ran
from trigpoint.services.current import show_current
from trigpoint.services.gather_facts import retold_sql
from trigpoint.services.read_border import BorderTelling, read_border
from trigpoint.services.workspace import open_workspace
from trigpoint_web.casework.actions.missing import Found, close_missing_episode, open_missing_episode
from trigpoint_web.casework.border import register_run, take_run
from trigpoint_web.casework.models import Child, MissingEpisode
from trigpoint_web.casework.queries import inbox
from trigpoint_web.response.models import ReturnInterview

SINCE = timezone.localtime().replace(hour=21, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=3)


def again(event_id: str, agency: str = "childrens_services", **more: Any) -> BorderTelling:
    """Another source's telling of the episode."""
    at = SINCE.replace(hour=0) + timedelta(days=1)
    return BorderTelling(**({"event_id": event_id, "agency": agency, "opened_at": at, "day_only": True} | more))


def run(number: int, *away: Any) -> Brought:
    return Brought(number=number, kids=[child("CA")], involving=[involved("CA")], away=list(away))


def told(**more: Any) -> Any:
    return missing("CA", **({"opened_at": SINCE} | more))


def test_the_border_brings_each_episode_once_as_the_core_groups_them(ran: Ran) -> None:
    with read_border(ran.folder) as border:
        brought = list(border.missing())
    with open_workspace(ran.folder) as workspace:
        con = workspace.con
        show_current(workspace)
        workspace.store.scan(con, "links")
        grouped = con.execute(retold_sql(workspace, among="where e.kind = 'missing'")).fetchall()
        every = {row[0] for row in con.execute("select event_id from events where kind = 'missing'").fetchall()}
    groups: dict[int, set[str]] = {}
    for event_id, episode, _first in grouped:
        groups.setdefault(episode, set()).add(event_id)
    several = {frozenset([one.event_id, *(telling.event_id for telling in one.also)]) for one in brought if one.also}
    assert several == {frozenset(group) for group in groups.values()}
    assert len(several) > 10
    assert {event_id for group in several for event_id in group} | {one.event_id for one in brought} == every
    assert {first for _event, _episode, first in grouped} <= {one.event_id for one in brought}


def test_of_two_sources_one_row_and_one_clock_stand_in_casework(world: World, ran: Ran, settings: Any) -> None:
    settings.PARTNERSHIP_FOLDER = str(ran.folder)
    register_run(ran.folder)
    with read_border(ran.folder) as border:
        brought = {one.event_id: one for one in border.missing()}
    rows = {one.event_id: one for one in MissingEpisode.objects.all()}
    assert rows.keys() == brought.keys()
    assert {one.event_id: [each["event_id"] for each in one.also_told] for one in rows.values()} == {
        one.event_id: [each.event_id for each in one.also] for one in brought.values()
    }


def test_a_child_missing_by_two_tellings_is_missing_once(world: World, signed_in: Any, settings: Any) -> None:
    settings.PARTNERSHIP_FOLDER = "none"
    take_run(run(1, told(also=(again("s1"),))))
    user = world.person()
    assert len(list(inbox.missing_now(user))) == 1
    browser = signed_in(user)
    page = browser.get("/children/CA/missing/").content.decode()
    assert page.count("Missing now") == 2  # in the head of the page, and with the one episode
    assert "Police" in page
    assert "Children’s services" in page or "Children&#x27;s services" in page
    assert browser.get("/").content.decode().count("Robin InventedCA") == 1
    take_run(run(2, told(found_at=SINCE + timedelta(days=1), also=(again("s1"),))))
    assert list(inbox.missing_now(user)) == []
    assert len(list(inbox.interviews_due(user))) == 1


def test_a_telling_that_a_row_stood_for_becomes_one_with_it(world: World) -> None:
    take_run(run(1, missing("CA", 2, agency="childrens_services", opened_at=SINCE + timedelta(hours=3))))
    before = MissingEpisode.objects.get()
    take_run(run(2, told(also=(again("m2CA", opened_at=SINCE + timedelta(hours=3), day_only=False),))))
    after = MissingEpisode.objects.get()
    assert (after.pk, after.event_id, after.agency) == (before.pk, "m1CA", before.agency)
    assert [one["event_id"] for one in after.also_told] == ["m2CA"]
    take_run(run(3, told(), missing("CA", 2, agency="childrens_services", opened_at=SINCE + timedelta(days=2))))
    assert {one.event_id: one.also_told for one in MissingEpisode.objects.all()} == {"m1CA": [], "m2CA": []}


def interview(episode: MissingEpisode, world: World) -> ReturnInterview:
    return ReturnInterview.objects.create(
        episode=episode, kind="held", on=timezone.localdate(), by=world.person(), request_key=uuid4()
    )


def test_the_row_on_which_somebody_worked_stands(world: World) -> None:
    back = SINCE + timedelta(days=1)
    two = [told(found_at=back), missing("CA", 2, agency="childrens_services", opened_at=SINCE, found_at=back)]
    take_run(run(1, *two))
    worked = MissingEpisode.objects.get(event_id="m2CA")
    held = interview(worked, world)
    take_run(run(2, told(found_at=back, also=(again("m2CA"),))))
    stands = MissingEpisode.objects.get()
    assert stands.pk == worked.pk
    assert stands.event_id == "m1CA"
    assert list(stands.interviews.all()) == [held]
    assert list(inbox.interviews_due(world.person())) == []


def test_work_on_both_rows_is_never_undone(world: World) -> None:
    back = SINCE + timedelta(days=1)
    two = [told(found_at=back), missing("CA", 2, agency="childrens_services", opened_at=SINCE, found_at=back)]
    take_run(run(1, *two))
    for one in MissingEpisode.objects.all():
        interview(one, world)
    take_run(run(2, told(found_at=back, also=(again("m2CA"),))))
    assert MissingEpisode.objects.count() == 2


@pytest.mark.parametrize("alone", [True, False])
def test_what_was_reported_here_does_not_come_back_as_another(world: World, alone: bool) -> None:
    take_run(run(1))
    acting, kid = world.acting(), Child.objects.get(key="CA")
    since = timezone.make_aware(SINCE)
    here = open_missing_episode(acting, kid, since=since, risk="high", place="RV1 2AB", request_key=uuid4())
    own = again("w1", "casework", opened_at=SINCE, day_only=False)
    if alone:  # the core knows of it from casework alone
        take_run(run(2, told(event_id="w1", agency="casework", risk="high", from_place="RV1 2AB")))
    else:
        take_run(run(2, told(also=(own,))))
    row = MissingEpisode.objects.get()
    assert (row.pk, row.origin, row.event_id) == (here.pk, "here", "w1" if alone else "m1CA")
    assert [one["agency"] for one in row.also_told] == ([] if alone else ["police"])
    close_missing_episode(acting, row, found=Found(timezone.now()))
    take_run(run(3, told(also=(own,))))
    row.refresh_from_db()
    assert row.found_at is not None
    assert list(inbox.missing_now(world.person())) == []
