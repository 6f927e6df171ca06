"""Looking a child up in a partnership that was run: who is found, who is asked about, and what is never told."""

from __future__ import annotations

import csv
import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from riverside import Ran
from trigpoint.errors import LinkageError, NotFoundError
from trigpoint.linkage.features.people import TF_COLUMNS
from trigpoint.linkage.scoring.model import bundled_model
from trigpoint.services.current import show_current
from trigpoint.services.find_child import find_child
from trigpoint.services.forget_data import forget_child
from trigpoint.services.index_children import index_children
from trigpoint.services.link_records import model_path
from trigpoint.services.say_found import say_found
from trigpoint.services.workspace import Workspace, open_workspace


@pytest.fixture(scope="module")
def children(ran: Ran) -> list[dict[str, str]]:
    """The children of the truth, with the keys that their records got."""
    with (ran.folder / "truth/children.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def keys(ran: Ran) -> dict[str, set[str]]:
    """The child keys that a true child's records got."""
    with open_workspace(ran.folder) as workspace:
        for table in ("sightings", "links"):
            workspace.store.scan(workspace.con, table)
        rows = workspace.con.execute(
            f"""SELECT t.child, l.child_key FROM sightings s JOIN links l USING (record_id)
            JOIN read_csv('{ran.folder}/truth/clusters.csv', all_varchar = true) t
              ON t.source = s.source AND t.file = s.file AND t.row = s.row::VARCHAR"""
        ).fetchall()
    made: dict[str, set[str]] = {}
    for child, key in rows:
        made.setdefault(child, set()).add(key)
    return made


def asked(child: dict[str, str]) -> dict[str, object]:
    return {"given": child["given_names"], "family": child["surname"], "born": date.fromisoformat(child["birth_on"])}


def test_the_children_of_the_partnership_are_found(
    ran: Ran, children: list[dict[str, str]], keys: dict[str, set[str]]
) -> None:
    answers = Counter[str]()
    for child in children:
        if child["child"] not in keys:
            continue
        found = find_child(ran.folder, **asked(child))  # type: ignore[arg-type]
        named = {candidate.child_key for candidate in found.candidates}
        right = bool(named & keys[child["child"]])
        answers[f"{found.answer}, {'right' if right else 'wrong'}"] += 1
    assert answers["one, wrong"] == 0, answers
    assert answers["one, right"] / answers.total() > 0.9, answers
    assert answers["none, wrong"] / answers.total() < 0.04, answers


def test_a_twin_is_never_guessed(ran: Ran, children: list[dict[str, str]], keys: dict[str, set[str]]) -> None:
    twins = [child for child in children if child["twin"] == "yes" and child["child"] in keys]
    pairs = [(a, b) for a, b in pairwise(twins) if a["family"] == b["family"]]
    assert pairs
    for one, other in pairs:
        by_name = find_child(ran.folder, **asked(one))  # type: ignore[arg-type]
        assert by_name.answer != "one" or by_name.candidates[0].child_key in keys[one["child"]]
        nameless = find_child(ran.folder, family=one["surname"], born=date.fromisoformat(one["birth_on"]))
        assert nameless.answer != "one"
        if nameless.answer == "ask":
            named = {candidate.child_key for candidate in nameless.candidates}
            assert named & keys[one["child"]]
            assert named & keys[other["child"]]


def test_nothing_asked_or_known_is_told(
    ran: Ran, children: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    child = next(one for one in children if len(one["given_names"]) > 4 and len(one["surname"]) > 4)
    with caplog.at_level(logging.DEBUG):
        found = find_child(ran.folder, **asked(child), nhs_number=child["nhs_number"])  # type: ignore[arg-type]
    said = "\n".join([*say_found(found), caplog.text, repr(found)])
    for value in (child["given_names"], child["surname"], child["birth_on"], child["nhs_number"]):
        assert value not in said
    assert "1.0000" not in said


WRONG: list[tuple[dict[str, object], str]] = [
    ({}, "Nothing was given"),
    ({"given": "?!"}, "holds no letter"),
    ({"given": "Kate", "born": date(2090, 1, 1)}, "in the future"),
    ({"given": "Kate", "postcode": "SECRETPLACE"}, "shape of one"),
    ({"nhs_number": "9434765910"}, "cannot be"),
    ({"nhs_number": "0000000000"}, "cannot be"),
    ({"given": "Kate", "phone": "SECRETPHONE"}, "cannot be read"),
    ({"number": "12345678"}, "source:number"),
    ({"given": "Kate", "sex": "SECRETSEX"}, "not known"),
]


@pytest.mark.parametrize(("given", "said"), WRONG, ids=[one[1] for one in WRONG])
def test_what_cannot_be_is_refused_without_repeating_it(ran: Ran, given: dict[str, object], said: str) -> None:
    with pytest.raises(LinkageError, match=said) as told:
        find_child(ran.folder, **given)  # type: ignore[arg-type]
    assert told.value.mend
    assert not any(str(value) in str(told.value) for value in given.values() if len(str(value)) > 4)


def test_many_may_ask_at_once(ran: Ran, children: list[dict[str, str]]) -> None:
    some = children[:40]
    alone = [find_child(ran.folder, **asked(child)) for child in some]  # type: ignore[arg-type]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda child: find_child(ran.folder, **asked(child)), some))
    assert together == alone


@pytest.fixture
def looked_at(ran_copy: Path, children: list[dict[str, str]]) -> Iterator[tuple[Path, dict[str, str], str]]:
    """A copy, a child who is found there, and its key."""
    for child in children:
        found = find_child(ran_copy, **asked(child))  # type: ignore[arg-type]
        if found.answer == "one":
            yield ran_copy, child, found.candidates[0].child_key
            return


def test_who_is_forgotten_is_found_no_more(looked_at: tuple[Path, dict[str, str], str]) -> None:
    folder, child, key = looked_at
    with open_workspace(folder) as workspace:
        forget_child(workspace, key)
    with pytest.raises(NotFoundError, match="no index"):
        find_child(folder, **asked(child))  # type: ignore[arg-type]
    assert not (folder / ".trigpoint/lookup").exists()
    with open_workspace(folder) as workspace:
        show_current(workspace)
        assert index_children_again(workspace) > 0
    found = find_child(folder, **asked(child))  # type: ignore[arg-type]
    assert key not in {candidate.child_key for candidate in found.candidates}


def index_children_again(workspace: Workspace) -> int:
    """The model went with the child; a run would learn it anew, which takes longer than this test needs."""
    shares = {column: {"": 0.001} for column in TF_COLUMNS}
    replace(bundled_model(records=1000), frequencies=shares).save(model_path(workspace))
    return index_children(workspace)


def test_a_folder_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no index") as told:
        find_child(tmp_path, given="Kate")
    assert "trigpoint run" in str(told.value)
