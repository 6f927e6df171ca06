"""What children share, held to a plain reading of the same rows; and every rule in words."""

from __future__ import annotations

from collections import defaultdict

import pytest

from riverside import Ran
from trigpoint.errors import NotFoundError
from trigpoint.rules.reading import read_indicators
from trigpoint.services.find_connections import AT_MOST, find_connections
from trigpoint.services.say_rule import say_rule
from trigpoint.services.workspace import open_workspace
from trigpoint.terms.pack import load_pack

Things = dict[tuple[str, str], set[str]]


def plain_things(workspace) -> Things:
    """Who holds each thing, row by row, from the tables as they are stored (no row of these sources was corrected)."""
    read = {name: workspace.store.read(name).to_pylist() for name in ("links", "events", "mentions", "records")}
    child = {row["record_id"]: row["child_key"] for row in read["links"]}
    event = {row["event_id"]: row for row in read["events"]}
    held: Things = defaultdict(set)
    for key in child.values():
        held["person", key].add(key)
    for row in read["records"]:
        for phone in row["phones"] or []:
            held["phone", phone].add(child[row["record_id"]])
    for row in read["mentions"]:
        value = child.get(row["value"], row["value"]) if row["kind"] == "person" else row["value"]
        held[row["kind"], value].add(child[event[row["event_id"]]["record_id"]])
    for row in event.values():
        if row["place_id"] is not None:
            place = ", ".join(filter(None, [row["place_name"], row["postcode"]])) or row["place_id"]
            held["place", place].add(child[row["record_id"]])
    return {thing: keys for thing, keys in held.items() if 2 <= len(keys) <= AT_MOST + 1}


def test_connections_agree_with_a_plain_reading(small_ran: Ran) -> None:
    with open_workspace(small_ran.folder) as workspace:
        things = plain_things(workspace)
        keys = sorted({key for keys in things.values() for key in keys})
        assert len(keys) > 20
        for key in [*keys[:12], *keys[-12:]]:
            found = find_connections(workspace, key).rows
            got = {(one.kind, one.value, one.child_key) for one in found}
            assert got == {(*thing, other) for thing, keys_of in things.items() if key in keys_of for other in keys_of}
            assert all(one.first_on <= one.last_on and one.times > 0 and one.agencies for one in found)


def test_a_child_who_is_not_there_is_said(small_ran: Ran) -> None:
    with open_workspace(small_ran.folder) as workspace, pytest.raises(NotFoundError, match="There is no child"):
        find_connections(workspace, "NOBODY")


def test_every_rule_is_said_in_words_with_its_source() -> None:
    pack = load_pack()
    for one in read_indicators(pack):
        said = say_rule(one.id, pack=pack)
        assert said.looks_for
        assert said.source_title
        assert "_" not in said.looks_for.replace("snake_case", "")
    with pytest.raises(NotFoundError, match="Nearest"):
        say_rule("missing_three_time", pack=pack)
