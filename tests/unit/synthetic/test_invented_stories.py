"""The stories speak the pack's language; dirt comes as often as said; the case studies are told in full."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml
from invented_files import files, json_rows, rows

from trigpoint.synthetic.chunks import make_chunk, orders
from trigpoint.synthetic.files.cells import CODES
from trigpoint.synthetic.files.dirt import mojibake
from trigpoint.synthetic.files.layouts import layouts
from trigpoint.synthetic.life.stories import Step, book
from trigpoint.synthetic.people.places import DATA, places
from trigpoint.synthetic.rates import Rates
from trigpoint.terms.pack import load_pack

Truth = Callable[[str], list[dict[str, str]]]
ONLY_IN_FILES = {"rg_days", "rg_decision", "cg_days", "cg_decision", "found_with", "accepted", "harm_disclosed"}
OF_FILES = {"known", "known_home", "missing_from_care"}


def steps() -> Iterator[Step]:
    for story in (*book().exploited, *book().ordinary):
        yield from story.steps
    yield from book().follow


def test_every_event_of_a_story_is_a_kind_of_the_pack() -> None:
    kinds = set(load_pack().kinds)
    assert {step.event for step in steps()} <= kinds
    assert {k for e in layouts(small=True).extracts for k in e.kinds} <= kinds | OF_FILES


def test_every_word_of_a_story_is_a_code_of_the_pack() -> None:
    pack = load_pack()
    for step in steps():
        for name, choice in step.words:
            if name in pack.attributes and pack.attributes[name].type == "code":
                codes = set(pack.codes[pack.attributes[name].codes].values)
                assert {str(v) for v in choice.values} <= codes, (step.event, name)
            else:
                assert name in pack.attributes or name in ONLY_IN_FILES, name


def test_every_kind_that_a_story_tells_reaches_some_file() -> None:
    written = {k for e in layouts(small=True).extracts for k in e.kinds} | {
        "assessment", "assessment_factor", "case_closed", "child_in_need_plan", "section_47", "child_protection_plan",
    }  # fmt: skip
    assert {step.event for step in steps()} <= written


def test_every_planted_pattern_is_explained() -> None:
    planted = {name for step in steps() for name in step.pattern.split()} | {"together", "attendance_fall"}
    assert planted == set(book().patterns)


def test_the_layouts_need_no_word_that_has_no_saying() -> None:
    held = layouts(small=True)
    tables = {said[2] for e in held.extracts for _, said in e.columns if said[0] in CODES and len(said) == 3}
    assert tables <= set(held.words)


@pytest.fixture(scope="module")
def large() -> list[str]:
    """Lines of the attendance file of one chunk with much dirt."""
    rates = Rates(blank_line=0.02, half_row=0.01, impossible_date=0.03, repeated_row=0.02, case_studies=False)
    [order] = orders(children=2_500, seed=8, rates=rates)
    [piece] = [p for p in make_chunk(order).pieces if "attendance" in p.file and p.file.endswith("csv")]
    lines: list[str] = piece.body.splitlines()
    return lines


@pytest.mark.parametrize(
    ("what", "share"),
    [("blank", 0.02), ("half", 0.01), ("impossible", 0.03), ("repeated", 0.02)],
)
def test_dirt_comes_as_often_as_said(large: list[str], what: str, share: float) -> None:
    filled = [line for line in large if line]
    found = {
        "blank": len(large) - len(filled),
        "half": sum(line.count(",") < 8 for line in filled),
        "impossible": sum(line.split(",")[5:6] == ["31/02/2025"] for line in filled),
        "repeated": len(filled) - len(set(filled)),
    }[what]
    spread = 5 * np.sqrt(share / len(filled))
    assert abs(found / len(filled) - share) < spread


def test_mojibake_is_what_an_old_export_makes() -> None:
    assert mojibake("Siobhán") == "SiobhÃ¡n"
    assert mojibake("O'Brien") == "Oâ€™Brien"


def test_events_are_learnt_after_they_happened(folder: Path) -> None:
    for path in files(folder, "missing/*"):
        for _, row in rows(path, encoding="cp1252"):
            if "31/02" not in str(row):
                gone, told = ([int(p) for p in row[c].replace(":", "/").replace(" ", "/").split("/")]
                              for c in ("Date/time missing", "Date/time reported"))  # fmt: skip
                assert (gone[2], gone[1], gone[0], *gone[3:]) <= (told[2], told[1], told[0], *told[3:])


def test_a_corrected_extract_repeats_keys_with_other_outcomes(folder: Path) -> None:
    [first] = files(folder, "police/arrests_2026-06*")
    [again] = files(folder, "police/*_corrected*")
    before = {row["Custody number"]: row["Disposal"] for _, row in rows(first)}
    changed = {row["Custody number"]: row["Disposal"] for _, row in rows(again)}
    assert changed
    assert all(before[key] != disposal for key, disposal in changed.items() if key in before)


def test_intelligence_stops_for_two_months(folder: Path) -> None:
    [path] = files(folder, "police/intelligence*")
    months = Counter(row["Date of information"][3:11] for _, row in rows(path, delimiter="|"))
    assert not {"Feb-2025", "Mar-2025"} & months.keys()
    assert len(months) > 6


def test_health_is_told_of_one_area_only(folder: Path, truth: Truth) -> None:
    areas = {c["child"]: c["area"] for c in truth("children")}
    told = {areas[row["child"]] for row in truth("clusters") if row["source"] == "health"}
    assert told == {"RV"}


@pytest.fixture(scope="module")
def cases() -> list[dict]:  # type: ignore[type-arg]  # as YAML has it
    held: list[dict] = yaml.safe_load((DATA / "cases.yaml").read_text(encoding="utf-8"))["cases"]  # type: ignore[type-arg]  # as above
    return held


def test_the_case_studies_are_told_in_full(truth: Truth, cases: list[dict]) -> None:  # type: ignore[type-arg]  # as above
    children = {c["given_names"] + " " + c["surname"]: c["child"] for c in truth("children")}
    sources: dict[str, set[str]] = {}
    for row in truth("clusters"):
        sources.setdefault(row["child"], set()).add(row["source"])
    for case in cases:
        for held in case["children"].values():
            child = children[f"{held['given']} {held['surname']}"]
            assert len(sources[child]) >= 5


def test_the_case_studies_keep_to_the_pack_and_the_places(cases: list[dict]) -> None:  # type: ignore[type-arg]  # as above
    kinds, sectors = set(load_pack().kinds), {s.key for s in places().sectors}
    for case in cases:
        for event in case["events"]:
            assert event["event"] in kinds
            assert event.get("place", "RV1 1") in sectors
            assert set(event.get("pattern", "").split()) <= set(book().patterns)


def test_the_two_of_the_second_case_are_found_together_far_away(folder: Path) -> None:
    [path] = files(folder, "missing/*")
    found = [row for _, row in rows(path, encoding="cp1252") if row["Found town"] == "Dunmouth Bay"]
    ours = {row["Forenames"]: row for row in found if row["Forenames"] in ("Maja", "Dion")}
    assert len(ours) == 2
    assert {row["Date/time found"][:10] for row in ours.values()} == {"16/03/2026"}
    assert ours["Maja"]["Linked persons"] == ours["Dion"]["Misper ID"]


def test_platform_lines_are_json(folder: Path) -> None:
    for path in files(folder, "platform/*"):
        assert all("behaviour" in row for _, row in json_rows(path))


def test_text_files_have_their_line_ends_and_marks(folder: Path) -> None:
    [arrests] = files(folder, "police/arrests_2026-06*")
    assert arrests.read_bytes().startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in arrests.read_bytes()
    [orders_] = files(folder, "youth_justice/*")
    with orders_.open(encoding="utf-8", newline="") as file:
        assert len(next(csv.reader(file, delimiter=";"))) == 12
