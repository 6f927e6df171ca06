"""An analyst declines a false link on the page; it goes back to the core and stays apart after the next run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.test import Client

from casework_world import World
from riverside import run
from trigpoint.services.take_judgements import take_judgements
from trigpoint.services.workspace import open_workspace
from trigpoint_web.accounts.models import Role
from trigpoint_web.casework.border import register_run, write_extract
from trigpoint_web.casework.models import Child
from trigpoint_web.review.models import Judgement


def of_two_records(folder: Path) -> tuple[str, list[str]]:
    """A child of the run with two records exactly."""
    with open_workspace(folder) as workspace:
        links = workspace.store.read("links").to_pylist()
    members: dict[str, list[str]] = {}
    for row in links:
        members.setdefault(row["child_key"], []).append(row["record_id"])
    return min((key, sorted(found)) for key, found in members.items() if len(found) == 2)


def keys_of(folder: Path, records: list[str]) -> list[str]:
    with open_workspace(folder) as workspace:
        links = {row["record_id"]: row["child_key"] for row in workspace.store.read("links").to_pylist()}
    return [links[record] for record in records]


def test_a_declined_link_stays_apart_after_the_next_run(
    world: World, signed_in: Callable[..., Client], ran_copy: Path, tmp_path: Path, settings: Any
) -> None:
    # Given a run in which two records are one child
    settings.PARTNERSHIP_FOLDER = str(ran_copy)
    register_run(ran_copy)
    key, records = of_two_records(ran_copy)
    child = Child.objects.get(key=key)
    Child.objects.filter(pk=child.pk).update(area=world.areas["RV"])
    analyst = signed_in(world.person(role=Role.ANALYST, serves=("RV",)))
    page = analyst.get(f"/review/children/{key}/")
    assert {one.record_id for one in page.context["why"].records} == set(records)
    assert page.context["why"].lines
    assert page.content.count(b"<svg") >= 1
    # What is drawn and told names no record of a child whom the analyst may not know of
    others = set(Child.objects.exclude(pk=child.pk).values_list("key", flat=True))
    assert not [key for key in others if key in page.content.decode()]
    # When an analyst says that one of them is another child's
    given = {"away": [records[0]], "reason": "Twins, seen at both schools.", "request_key": str(uuid4())}
    assert analyst.post(f"/review/children/{key}/", given).status_code == 302
    # And what people decided goes back to the core, which runs again
    write_extract(tmp_path)
    with open_workspace(ran_copy) as workspace:
        assert take_judgements(workspace, tmp_path / "judgements.csv").fresh == 1
    run(ran_copy)
    # Then they are two children, in the core and in casework
    one, other = keys_of(ran_copy, records)
    assert one != other
    register_run(ran_copy)
    assert Child.objects.filter(key__in=[one, other], current=True).count() == 2
    assert Judgement.objects.get().verdict == "different"
    # And stay so in the run after it
    run(ran_copy)
    assert len(set(keys_of(ran_copy, records))) == 2
