"""What a refusal asks people to mend reaches the rows that are loaded already: their files are read again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from trigpoint.errors import ExtractError, MappingError, TrigpointError
from trigpoint.records.tables import FIXED
from trigpoint.services.forget_data import forget_child
from trigpoint.services.load_extracts import load_extracts
from trigpoint.services.workspace import open_workspace

SETTINGS = """name = "Missing (invented)"
pack = "england_wales"
invented = true
[period]
from = 2025-01-01
to = 2026-12-31
[[areas]]
code = "RV"
name = "Riverside"
postcodes = ["RV"]
[[sources]]
name = "police"
title = "Police"
agency = "police"
[sources.agreement]
lawful_basis = "invented"
purposes = ["testing"]
retention_years = 7
[[sources.feeds]]
name = "missing"
files = ["sources/*.csv"]
mapping = "missing"
learnt_when_unstated = "happened"
"""
MAPPING = """mapping: missing
version: 1
title: Missing episodes (invented)
key: [Ref]
dates: ["%d/%m/%Y"]
person: {local_id: Child, surname: Name}
events:
  - kind: missing
    happened_at: Started
    attributes: {risk: {column: Risk, codes: {H: high, M: medium}}}
    place: {postcode: From}
"""
FILE = """Ref,Child,Name,Started,Risk,From
M1,C1,Okafor,01/02/2026,H,RV1 2AB
M2,C2,Hughes,2026.02.03,M,RV1 2AB
M3,C3,Ahmed,04/02/2026,L,RV1 2AB
"""


class Told:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def stage(self, title: str) -> None:
        """A stage begins."""

    def step(self, said: str) -> None:
        """Keep it."""
        self.said.append(said)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "mappings").mkdir()
    (tmp_path / "partnership.toml").write_text(SETTINGS)
    (tmp_path / "mappings" / "missing.yaml").write_text(MAPPING)
    (tmp_path / "sources" / "missing_2026-03-01.csv").write_text(FILE)
    return tmp_path


def load(folder: Path) -> tuple[list[tuple[str, int, int, int, int]], list[str]]:
    told = Told()
    with open_workspace(folder) as workspace:
        return load_extracts(workspace, progress=told), told.said


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    with open_workspace(folder) as workspace:
        rows: list[dict[str, Any]] = workspace.store.read(name).to_pylist()
    return rows


def mend(folder: Path, old: str, new: str, *, file: str = "mappings/missing.yaml") -> None:
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))


def risks(folder: Path) -> dict[str, str | None]:
    return {f"{row['happened_at']:%d %b}": row["risk"] for row in table(folder, "events")}


def test_a_mended_mapping_reads_its_files_again(folder: Path) -> None:
    assert load(folder)[0] == [("Police", 3, 2, 1, 0)]
    assert risks(folder) == {"01 Feb": "high", "04 Feb": None}
    assert len(table(folder, "refusals")) == 2
    mend(folder, '["%d/%m/%Y"]', '["%d/%m/%Y", "%Y.%m.%d"]')
    mend(folder, "M: medium}", "M: medium, L: low}")
    totals, said = load(folder)
    assert totals == [("Police", 3, 3, 0, 0)]
    assert said[0] == "police, missing: its mapping, or what it goes by, was changed; 1 file read again"
    assert risks(folder) == {"01 Feb": "high", "03 Feb": "medium", "04 Feb": "low"}
    assert table(folder, "refusals") == []
    assert [row["loaded"] for row in table(folder, "extracts")] == [3]
    assert [row["state"] for row in table(folder, "runs")] == ["stale"]
    assert load(folder) == ([], ["No new files."])


def test_rows_and_events_keep_their_names_when_they_are_read_again(folder: Path) -> None:
    load(folder)
    before = {row["event_id"] for row in table(folder, "events")}
    mend(folder, "M: medium}", "M: medium, L: low}")
    load(folder)
    assert {row["event_id"] for row in table(folder, "events")} == before


def test_what_is_for_people_alone_reads_nothing_again(folder: Path) -> None:
    load(folder)
    mend(folder, "title: Missing episodes (invented)", "title: Episodes   # as of spring")
    assert load(folder) == ([], ["No new files."])


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "places.csv").write_text("postcode,easting,northing\nRV1 2AB,430000,433000\n"),
        lambda folder: mend(folder, 'postcodes = ["RV"]', 'postcodes = ["RV1"]', file="partnership.toml"),
        lambda folder: mend(folder, '"happened"', '"received"', file="partnership.toml"),
    ],
    ids=["own places", "areas", "when it was learnt"],
)
def test_what_a_mapping_goes_by_reads_its_files_again(folder: Path, change: Callable[[Path], object]) -> None:
    load(folder)
    change(folder)
    assert load(folder)[0] == [("Police", 3, 2, 1, 0)]


def test_places_named_later_reach_the_events(folder: Path) -> None:
    load(folder)
    assert {row["easting"] for row in table(folder, "events")} == {None}
    (folder / "places.csv").write_text("postcode,easting,northing\nRV1 2AB,430000,433000\n")
    load(folder)
    assert {row["easting"] for row in table(folder, "events")} == {430000}


def test_a_correction_stays_a_correction_when_both_files_are_read_again(folder: Path) -> None:
    (folder / "sources" / "missing_2026-03-08.csv").write_text(
        FILE.splitlines()[0] + "\nM1,C1,Okafor,01/02/2026,M,RV1 2AB\n"
    )
    load(folder)
    mend(folder, "M: medium}", "M: medium, L: low}")
    assert load(folder)[0] == [("Police", 4, 3, 1, 0)]
    versions = [row for row in table(folder, "sightings") if row["line"] == 2]
    assert [f"{row['learnt_at']:%d %b}" for row in sorted(versions, key=lambda row: row["file"])] == [
        "01 Feb",
        "08 Mar",
    ]
    assert sorted(row["corrected"] for row in table(folder, "extracts")) == [0, 1]


def test_a_file_that_is_no_longer_there_stays_as_it_was_read(folder: Path) -> None:
    load(folder)
    (folder / "sources" / "missing_2026-03-01.csv").unlink()
    mend(folder, "M: medium}", "M: medium, L: low}")
    totals, said = load(folder)
    assert (totals, said) == ([], ["police, missing: no file fits sources/*.csv", "No new files."])
    assert risks(folder) == {"01 Feb": "high", "04 Feb": None}


def test_a_mapping_that_no_longer_fits_takes_nothing_out(folder: Path) -> None:
    load(folder)
    mend(folder, "Started", "Begun")
    with pytest.raises(MappingError, match="no column 'Begun'"):
        load(folder)
    assert risks(folder) == {"01 Feb": "high", "04 Feb": None}


def test_all_the_files_that_cannot_be_loaded_are_told_together_and_the_others_load(folder: Path) -> None:
    (folder / "sources" / "missing_2026-01-01.csv").write_text("")
    (folder / "sources" / "missing_2026-04-01.csv").write_text("Ref,Child,Name,Begun,Risk,From\nM9,C9,Lee,,,\n")
    with pytest.raises(ExtractError) as raised:
        load(folder)
    said = str(raised.value)
    assert said.startswith("2 of 3 files could not be loaded; the others are.")
    assert "sources/missing_2026-01-01.csv\nmissing_2026-01-01.csv is empty." in said
    assert "sources/missing_2026-04-01.csv\n" in said
    assert "no column 'Started'" in said
    assert [row["file"] for row in table(folder, "extracts")] == ["sources/missing_2026-03-01.csv"]


def test_a_single_file_at_fault_is_named_with_its_folder(folder: Path) -> None:
    (folder / "sources" / "missing_2026-01-01.csv").write_text("")
    with pytest.raises(TrigpointError) as raised:
        load(folder)
    assert raised.value.where == "sources/missing_2026-01-01.csv"


def test_why_rows_were_refused_is_said_as_they_load(folder: Path) -> None:
    said = load(folder)[1]
    assert said[1:] == [
        "sources/missing_2026-03-01.csv: 1 row refused: missing.happened_at: this is not a date that can be",
        "sources/missing_2026-03-01.csv: 1 value left out: missing.risk: the mapping knows no such code",
    ]


def test_a_forgotten_child_does_not_come_back_with_a_mended_mapping(folder: Path) -> None:
    load(folder)
    [gone] = [row["record_id"] for row in table(folder, "records") if row["local_id"] == "C1"]
    with open_workspace(folder) as workspace, workspace.store.write("link") as tx:
        link = {"record_id": gone, "child_key": "CGONE"}
        tx.append("links", pa.Table.from_pylist([link], schema=FIXED["links"]))
    with open_workspace(folder, turn="forget") as workspace:
        forget_child(workspace, "CGONE")
    mend(folder, "M: medium}", "M: medium, L: low}")
    assert load(folder) == ([], ["No new files."])
    assert [row["local_id"] for row in table(folder, "records")] == ["C3"]
