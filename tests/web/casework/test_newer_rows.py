"""Rows that came since the last run was taken in: pages read what was kept ready before them, and say so."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from casework_world import World
from riverside import Ran
from trigpoint.services.keep_timelines import FOLDER, FORMAT, keep_timelines
from trigpoint.services.read_border import read_border
from trigpoint.services.workspace import open_workspace
from trigpoint_web.casework.queries.connections import connections_of
from trigpoint_web.review.reasons import why_one

PAGES = (
    "/children/{key}/chronology/", "/children/{key}/connections/", "/review/children/{key}/",
    "/children/{key}/findings/as-known/?on-day=30&on-month=4&on-year=2025",
)  # fmt: skip
SAID = {"en": "is not in this list yet", "cy": "yn y rhestr hon eto"}


@pytest.fixture
def folder(settings: Any, small_ran: Ran, tmp_path: Path) -> Path:
    """The invented partnership with its timelines kept ready, as the pages read it."""
    settings.PARTNERSHIP_FOLDER = str(shutil.copytree(small_ran.folder, tmp_path / "place"))
    with open_workspace(tmp_path / "place", turn="keep timelines ready") as workspace:
        keep_timelines(workspace)
    return tmp_path / "place"


def newer_rows_come(folder: Path) -> None:
    """What was kept is of an older state of the store from now on."""
    (kept,) = (folder / ".trigpoint" / FOLDER).iterdir()
    kept.rename(kept.with_name(f"{FORMAT}-0.duckdb"))


def linked(folder: Path) -> str:
    """A child who is known from two records at the least."""
    with read_border(folder) as border:
        return next(one.child_key for one in border.children() if len(one.names) > 1)


def test_pages_say_that_newer_rows_are_left_out(folder: Path, world: World, signed_in: Any) -> None:
    child = world.child(linked(folder))
    user = world.person()
    browser = signed_in(user)
    for page in PAGES:
        assert SAID["en"] not in browser.get(page.format(key=child.key)).content.decode(), page
    shared, why = connections_of(user, child), why_one(user, child)
    newer_rows_come(folder)
    for page in PAGES:
        assert SAID["en"] in browser.get(page.format(key=child.key)).content.decode(), page
    assert connections_of(user, child).connections == shared.connections
    assert (why_one(user, child).records, why_one(user, child).lines) == (why.records, why.lines)
    assert len(why.records) > 1
    browser.cookies["django_language"] = "cy"
    assert SAID["cy"] in browser.get(PAGES[1].format(key=child.key)).content.decode()
