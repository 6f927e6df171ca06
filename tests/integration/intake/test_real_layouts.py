"""Files that authorities' own validators are tested with load by the pack's mappings; drafts can be made of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from trigpoint.intake import (
    SourceFacts,
    parse_mapping,
    read_extract,
    read_mapping,
    settle,
    shape_extract,
    suggest_mapping,
)
from trigpoint.terms.pack import load_pack

DATA = Path(__file__).parents[2] / "data" / "intake"
RECEIVED = datetime(2026, 11, 1)


def loaded(path: Path, mapping_path: Path) -> tuple[dict[str, int], dict[str, int], list[tuple[str, str]]]:
    pack, con = load_pack(), duckdb.connect()
    mapping = read_mapping(mapping_path, pack)
    shaped = shape_extract(
        read_extract(path, mapping, con), mapping, source=SourceFacts("council", "childrens_services", "return"),
        received_at=RECEIVED, extract_id="x", pack=pack, con=con,
    )  # fmt: skip
    con.execute(f"CREATE TABLE known AS SELECT * FROM {shaped.sightings} LIMIT 0")
    settled = settle(shaped, "known", con)
    kinds = dict(con.execute(f"SELECT kind, count(*) FROM {settled.events} GROUP BY kind").fetchall())
    said = con.execute(f'SELECT DISTINCT scope, "column" FROM {settled.refusals} ORDER BY ALL').fetchall()
    con.close()
    return settled.counts, kinds, said


def test_ssda903_missing_episodes() -> None:
    counts, kinds, _ = loaded(DATA / "ssda903_missing.csv", load_pack().mappings["ssda903_missing"])
    assert (counts["read"], counts["refused"]) == (43, 0)
    assert kinds["missing"] == 43


def test_ssda903_header() -> None:
    counts, _, said = loaded(DATA / "ssda903_header.csv", load_pack().mappings["ssda903_header"])
    assert (counts["read"], counts["loaded"], counts["refused"]) == (200, 200, 0)
    assert ("value", "UPN") in said  # the invented UPNs have check letters at random


def test_ssda903_episodes() -> None:
    counts, kinds, _ = loaded(DATA / "ssda903_episodes.csv", load_pack().mappings["ssda903_episodes"])
    assert counts["read"] == counts["loaded"] + counts["refused"] + counts["repeated"] == 200
    assert kinds["placement"] == counts["loaded"]


@pytest.mark.parametrize(("year", "refused"), [(2021, 0), (2024, 1), (2026, 1)])
def test_cin_census(year: int, refused: int) -> None:
    counts, kinds, said = loaded(DATA / f"CIN_Census_{year}.xml", load_pack().mappings["cin_census"])
    assert counts["read"] == counts["loaded"] + counts["refused"] + counts["repeated"]
    assert counts["refused"] == refused, said
    assert kinds["referral"] >= 1
    assert kinds["section_47"] + kinds["child_protection_plan"] >= 2


@pytest.mark.parametrize("path", sorted(DATA.glob("[Cs]*.*")), ids=lambda p: p.name)
def test_a_draft_of_each_can_be_used_as_it_is(path: Path) -> None:
    pack = load_pack()
    text, remarks = suggest_mapping(path, pack)
    mapping, con = parse_mapping(text, pack), duckdb.connect()
    shaped = shape_extract(
        read_extract(path, mapping, con), mapping, source=SourceFacts("s", "childrens_services", "f"),
        received_at=RECEIVED, extract_id="x", pack=pack, con=con,
    )  # fmt: skip
    assert shaped.read == shaped.loaded + shaped.refused
    assert shaped.loaded > 0
    assert remarks
    con.close()


def test_a_draft_names_the_ready_made_mapping_that_fits() -> None:
    _, remarks = suggest_mapping(DATA / "ssda903_missing.csv", load_pack())
    assert "'ssda903_missing'" in remarks[0]
