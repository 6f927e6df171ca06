"""Small files are put into the store together; each is still loaded whole, in order, and known to those after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigpoint.errors import TrigpointError
from trigpoint.services import keep_extracts
from trigpoint.services.load_extracts import load_extracts
from trigpoint.services.workspace import open_workspace

SETTINGS = """name = "Arrests (invented)"
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
name = "arrests"
files = ["sources/*.csv"]
mapping = "police_arrests"
[[sources.coverage]]
kinds = ["arrest", "custody"]
from = 2025-01-01
to = 2026-12-31
"""
HEADER = "Custody number,Nominal ref,Surname,Arrest date,Offence"
FIRST = "AR1,N1,Okafor,01/02/2026 10:00,Robbery"
CORRECTED = "AR1,N1,Okafor,01/02/2026 10:00,Theft from shop"
SECOND = "AR2,N2,Hughes,02/02/2026 11:00,Robbery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "partnership.toml").write_text(SETTINGS)
    return tmp_path


def put(folder: Path, day: int, *rows: str, header: str = HEADER) -> None:
    (folder / "sources" / f"arrests_2026-03-{day:02}.csv").write_text("\n".join([header, *rows]) + "\n")


def load(folder: Path) -> tuple[list[tuple[str, int, int, int, int]], list[dict[str, object]], list[str]]:
    with open_workspace(folder) as workspace:
        totals = load_extracts(workspace)
        extracts = sorted(workspace.store.read("extracts").to_pylist(), key=lambda row: row["seq"])
        said = [commit.what for commit in workspace.store.commits()]
    return totals, extracts, said


def test_a_row_is_repeated_or_corrected_by_a_file_that_waits_beside_it(folder: Path) -> None:
    put(folder, 1, FIRST, SECOND)
    put(folder, 2, FIRST)
    put(folder, 3, CORRECTED)
    totals, extracts, said = load(folder)
    assert totals == [("Police", 4, 3, 0, 1)]
    assert [(row["repeated"], row["corrected"]) for row in extracts] == [(0, 0), (1, 0), (0, 1)]
    assert said.count("load extracts") == 1


@pytest.mark.parametrize("small", [0, 20_000], ids=["each by itself", "together"])
def test_together_or_each_by_itself_makes_no_difference(
    folder: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    monkeypatch.setattr(keep_extracts, "SMALL", small)
    put(folder, 1, FIRST, SECOND)
    put(folder, 2, CORRECTED, SECOND)
    load(folder)
    put(folder, 3, FIRST)
    totals, extracts, _ = load(folder)
    assert totals == [("Police", 1, 1, 0, 0)]
    assert [row["corrected"] for row in extracts] == [0, 1, 1]
    assert len({row["seq"] for row in extracts}) == 3
    assert load(folder)[0] == []


def test_what_was_loaded_before_a_file_that_cannot_be_stays(folder: Path) -> None:
    put(folder, 1, FIRST)
    put(folder, 2, "x,y", header="Quite,Another")
    with pytest.raises(TrigpointError, match="has no column"):
        load(folder)
    put(folder, 2, SECOND)
    totals, extracts, _ = load(folder)
    assert totals == [("Police", 1, 1, 0, 0)]
    assert len(extracts) == 2
