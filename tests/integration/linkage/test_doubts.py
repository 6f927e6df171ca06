"""A timeline that no one child can have becomes a question of the next run, once, and a person's word ends it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from trigpoint.services.current import show_current
from trigpoint.services.doubt_links import doubt_links
from trigpoint.services.judge_records import judge_records
from trigpoint.services.workspace import Workspace, open_workspace


def two_records(workspace: Workspace) -> tuple[str, str, str]:
    """A child of two records or more: its key, and two of them."""
    of: dict[str, list[str]] = {}
    for row in workspace.store.read("links").to_pylist():
        of.setdefault(row["child_key"], []).append(row["record_id"])
    key = min(key for key, records in of.items() if len(records) > 1)
    return key, *sorted(of[key])[:2]


def plant(workspace: Workspace, record: str, *, number: int, at: datetime, place: tuple[int, int]) -> None:
    """An arrest of a record, as a row of an extract that was loaded."""
    schema = workspace.store.snapshot().schema("events")
    event: dict[str, Any] = dict.fromkeys(schema.names)
    event |= {"event_id": f"{number:020d}", "row_id": f"{number:020d}", "record_id": record, "source": "police"}
    event |= {"agency": "police", "kind": "arrest", "happened_at": at, "day_only": False, "learnt_at": at}
    event |= {"easting": place[0], "northing": place[1]}
    with workspace.store.write("plant an event") as tx:
        tx.append("events", pa.Table.from_pylist([event], schema=schema))


def timeline_questions(workspace: Workspace) -> list[dict[str, Any]]:
    return [row for row in workspace.store.read("questions").to_pylist() if row["kind"] == "timeline"]


def test_two_places_at_once_are_asked_about_until_a_person_answers(ran_copy: Path) -> None:
    with open_workspace(ran_copy) as workspace:
        key, a, b = two_records(workspace)
        others = workspace.store.count("questions") - len(before := timeline_questions(workspace))
        plant(workspace, a, number=1, at=datetime(2025, 3, 3, 12, 0), place=(430_000, 433_000))
        plant(workspace, b, number=2, at=datetime(2025, 3, 3, 12, 10), place=(318_000, 176_000))
        show_current(workspace)
        doubt_links(workspace)
        asked = [row for row in timeline_questions(workspace) if row not in before]
        assert [(row["record_a"], row["record_b"], row["child_keys"]) for row in asked] == [(a, b, [key])]
        assert "too far apart for the time between" in asked[0]["reason"]
        assert workspace.store.count("questions") == others + len(before) + 1
        commit = workspace.store.head().number
        doubt_links(workspace)
        assert workspace.store.head().number == commit, "asked again, nothing changes"
        judge_records(workspace, a, b, verdict="same", reason="a place was mistyped", by="J. Example")
        doubt_links(workspace)
        assert timeline_questions(workspace) == before
