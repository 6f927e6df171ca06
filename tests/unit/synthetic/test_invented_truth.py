"""The truth beside the files is true of the files: rows, children, and what was planted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invented_files import CHILDREN, Row, files, json_rows, rows
from lxml import etree

from trigpoint.intake import read_mapping
from trigpoint.terms.pack import load_pack

Truth = Callable[[str], list[dict[str, str]]]


@pytest.fixture(scope="module")
def owner(truth: Truth) -> dict[tuple[str, int], dict[str, str]]:
    return {(row["file"], int(row["row"])): row for row in truth("clusters")}


def told(folder: Path, path: Path, number: int, owner: dict[tuple[str, int], dict[str, str]]) -> dict[str, str]:
    return owner[path.relative_to(folder).as_posix(), number]


def upn_rows(folder: Path) -> Iterator[tuple[Path, Row, str]]:
    for pattern in ("education/school_census*", "education/attendance*", "education/suspensions*"):
        for path in files(folder, pattern):
            for row in rows(path):
                yield path, row, row[1]["UPN"]


def test_each_row_belongs_to_the_child_whose_upn_it_bears(folder: Path, truth: Truth, owner: dict) -> None:  # type: ignore[type-arg]  # above
    upns = {child["child"]: child["upn"] for child in truth("children")}
    seen = 0
    for path, (number, _), upn in upn_rows(folder):
        assert upns[told(folder, path, number, owner)["child"]] == upn
        seen += 1
    assert seen > 3_000


@pytest.mark.parametrize(
    ("pattern", "column", "how"),
    [
        ("police/arrests*", "Nominal ref", {}),
        ("police/intelligence*", "Nominal ref", {"delimiter": "|"}),
        ("missing/*", "Misper ID", {"encoding": "cp1252"}),
        ("youth_justice/*", "ChildView ID", {"delimiter": ";"}),
        ("childrens_services/ssd_contacts*", "cont_person_id", {}),
        ("childrens_services/ssda903_episodes*", "CHILD", {}),
        ("health/ae_attendances*", "Hospital number", {}),
        ("bank/concerns*", "Customer ID", {}),
        ("return_interviews/*", "Child ID", {}),
    ],
)
def test_a_number_of_an_agency_is_one_childs(
    folder: Path,
    owner: dict,  # type: ignore[type-arg]  # a fixture above
    pattern: str,
    column: str,
    how: dict[str, str],
) -> None:
    children: dict[str, set[str]] = defaultdict(set)
    for path in files(folder, pattern):
        for number, row in rows(path, **how):
            children[row[column]].add(told(folder, path, number, owner)["child"])
    assert children
    assert all(len(held) == 1 for held in children.values())


def test_the_census_is_counted_as_intake_counts_it(folder: Path, owner: dict) -> None:  # type: ignore[type-arg]  # above
    [path] = files(folder, "childrens_services/cin_census*")
    parts = {"Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans"}
    number, children = 0, defaultdict(set)
    for child in etree.parse(str(path)).iter("Child"):
        for details in child.iter("CINdetails"):
            for _ in (details, *(e for e in details if e.tag in parts)):
                number += 1
                children[child.findtext("ChildIdentifiers/LAchildID")].add(told(folder, path, number, owner)["child"])
    assert number == sum(1 for file, _ in owner if file.endswith(path.name))
    assert all(len(held) == 1 for held in children.values())


def test_every_row_has_a_truth_and_every_truth_a_row(folder: Path, truth: Truth) -> None:
    counted = Counter(row["file"] for row in truth("clusters"))
    for path in files(folder, "platform/*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert counted[path.relative_to(folder).as_posix()] == len(lines) >= len(list(json_rows(path)))
    for path in files(folder, "education/*.csv"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines()[1:] if line]
        assert counted[path.relative_to(folder).as_posix()] == len(lines)


def test_children_are_all_there_with_their_stories(truth: Truth) -> None:
    children = truth("children")
    assert len(children) == CHILDREN + 3  # and those of the case studies
    exploited = [c for c in children if c["form"]]
    assert all(bool(c["form"]) == bool(c["exploited_from"]) for c in children)
    assert 0.05 < len(exploited) / len(children) < 0.2
    assert {c["area"] for c in children} == {"RV", "LF"}


def test_planted_patterns_are_of_exploited_children_and_not_all_can_be_seen(truth: Truth) -> None:
    forms = {c["child"]: c["form"] for c in truth("children")}
    patterns = truth("patterns")
    assert all(row["form"] == forms[row["child"]] != "" for row in patterns)
    assert Counter(row["ought_to_be_seen"] for row in patterns).keys() == {"yes", "no"}
    assert len({row["pattern"] for row in patterns}) > 20


def test_the_indicators_that_ought_to_see_exist(truth: Truth) -> None:
    known = {path.stem for path in load_pack().indicator_files}
    for row in truth("patterns"):
        assert set(row["indicators"].split()) <= known, row["pattern"]


def test_own_mappings_are_read(folder: Path) -> None:
    own = sorted((folder / "mappings").glob("*.yaml"))
    assert [read_mapping(path, load_pack()).name for path in own] == ["bank_accounts", "school_census"]
