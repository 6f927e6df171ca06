"""Timelines kept ready: what the store tells, used only while they hold what it holds, gone with the forgotten."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from riverside import AS_AT, Ran, run
from trigpoint.errors import NotFoundError
from trigpoint.services.explain_records import explain_child
from trigpoint.services.find_connections import find_connections
from trigpoint.services.forget_data import forget_child
from trigpoint.services.keep_timelines import FOLDER, Standing, attach_timelines, keep_timelines
from trigpoint.services.read_timeline import read_timeline
from trigpoint.services.replay_child import Replayed, replay_alone
from trigpoint.services.workspace import Workspace, open_workspace

ASKED: dict[str, Callable[[Workspace, str], Any]] = {
    "timeline": lambda workspace, key: read_timeline(workspace, key, alone=True),
    "timeline of a day": lambda workspace, key: read_timeline(workspace, key, as_at=AS_AT.replace(month=3), alone=True),
    "connections": find_connections,
    "why one child": lambda workspace, key: explain_child(workspace, key).lines,
    "what a run would have found": lambda workspace, key: (
        replay_alone(workspace, key, as_at=AS_AT.replace(month=7)).standing
    ),
}


@pytest.fixture
def kept(small_ran: Ran, tmp_path: Path) -> Path:
    """A copy of the invented partnership, with its timelines kept ready."""
    folder = shutil.copytree(small_ran.folder, tmp_path / "place")
    keep(folder)
    return folder


def keep(folder: Path) -> None:
    with open_workspace(folder, turn="keep timelines ready") as workspace:
        keep_timelines(workspace)


def is_kept(folder: Path) -> bool:
    with open_workspace(folder) as workspace:
        return attach_timelines(workspace) == Standing.NOW


def some_children(folder: Path) -> list[str]:
    """Those of whom most is found, and some others."""
    with open_workspace(folder) as workspace:
        found = workspace.store.read("findings")["child_key"].to_pylist()
        everybody = sorted(set(workspace.store.read("links")["child_key"].to_pylist()))
    return [*sorted(set(found), key=lambda key: (-found.count(key), key))[:6], *everybody[::60]]


def asked_of(folder: Path, keys: list[str]) -> dict[tuple[str, str], Any]:
    """Each in a workspace of its own, as pages ask."""
    said = {}
    for key in keys:
        for what, ask in ASKED.items():
            with open_workspace(folder) as workspace:
                said[key, what] = ask(workspace, key)
    return said


def has_something(said: Any) -> bool:
    """Whether it tells of more than that there is nothing."""
    return any(vars(said).values()) if hasattr(said, "__dataclass_fields__") else bool(said)


def test_what_is_kept_says_what_the_store_says(small_ran: Ran, kept: Path) -> None:
    keys = some_children(small_ran.folder)
    assert len(keys) > 6
    assert not is_kept(small_ran.folder)
    assert is_kept(kept)
    plain, quick = asked_of(small_ran.folder, keys), asked_of(kept, keys)
    assert [(asked, quick[asked], said) for asked, said in plain.items() if quick[asked] != said] == []
    assert {what for (_key, what), said in plain.items() if has_something(said)} == set(ASKED)


def test_they_count_only_while_they_hold_what_the_store_holds(kept: Path) -> None:
    (late,) = sorted((kept / "sources" / "police").glob("arrests*.csv"))[-1:]
    lines = late.read_bytes().splitlines(keepends=True)
    late.write_bytes(b"".join(lines[:-1]))
    key, before = some_children(kept)[0], asked_of(kept, some_children(kept)[:1])
    run(kept)
    assert not is_kept(kept)
    with open_workspace(kept) as workspace:
        assert attach_timelines(workspace, older=True) == Standing.OLDER
        assert read_timeline(workspace, key, alone=True, older=True).older
        assert explain_child(workspace, key, older=True).lines == before[key, "why one child"]
        assert find_connections(workspace, key, older=True) == replace(before[key, "connections"], older=True)
    with open_workspace(kept) as workspace:
        again = replay_alone(workspace, key, as_at=AS_AT.replace(month=7), older=True)
        assert again == Replayed(before[key, "what a run would have found"], older=True)
    with open_workspace(kept) as workspace:
        assert not read_timeline(workspace, key, alone=True).older
        with pytest.raises(NotFoundError):
            read_timeline(workspace, "CNOTTHERE12", alone=True, older=True)
    keep(kept)
    assert is_kept(kept)
    assert len(list((kept / ".trigpoint" / FOLDER).iterdir())) == 1


def test_they_go_with_the_forgotten_and_come_back_without_them(kept: Path) -> None:
    key, other = some_children(kept)[:2]
    with open_workspace(kept) as workspace:
        timeline = read_timeline(workspace, key, alone=True)
        forget_child(workspace, key)
    assert not (kept / ".trigpoint" / FOLDER).exists()
    keep(kept)
    (made,) = (kept / ".trigpoint" / FOLDER).iterdir()
    assert [one for one in (key, *(e.event_id for e in timeline.events)) if one.encode() in made.read_bytes()] == []
    with open_workspace(kept) as workspace:
        assert read_timeline(workspace, other, alone=True).events
