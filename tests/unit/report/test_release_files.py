"""The files of a release open safely, whatever an area or a form is called."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from trigpoint.report.release import ReleaseData, ReleasedTable, draw_release
from trigpoint.report.release.data import Cell
from trigpoint.report.release.sheets import write_csv

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "a](b", "$$note$$", '<b>"x"</b>', "total")


def table(by: tuple[str, ...] = ("area", "sex")) -> ReleasedTable:
    third = [("all",)] if len(by) > 2 else [()]
    cells = tuple(
        Cell((row, column, *more), "c" if row == "-1" else "12", "hidden" if row == "-1" else "")
        for row in HOSTILE
        for column in ("girls", "=boys", "total")
        for more in third
    )
    return ReleasedTable("children_by_area", "=Children, by area", "Children", by, cells, "Nothing was done.")


def release(**more: object) -> ReleaseData:
    said = {
        "name": "R1", "title": "=cmd|x", "partnership": "@Riverside <i>", "invented": True,
        "from_on": date(2024, 1, 1), "as_at": date(2026, 10, 31), "contact": "+44", "note": "-note", "loss": "=loss",
        "rule": ("one",), "symbols": {"c": "hidden", "k": "low", ":": "none", "z": "no"}, "tables": (table(),),
        "compared": (), "changes": (), "quality": (("Sources", "3"),), "caveats": ("=careful",), "versions": {"T": "1"},
    }  # fmt: skip
    return ReleaseData(**{**said, **more})  # type: ignore[arg-type]


def test_no_cell_of_the_csv_starts_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(write_csv(table()), newline="")))
    assert rows[0] == ["area", "sex", "count", "done"]
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert {row[0].removeprefix("'") for row in rows[1:]} == set(HOSTILE)


@pytest.mark.parametrize("by", [("area", "sex"), ("area", "sex", "care")])
def test_nor_one_of_the_workbook_and_no_page_takes_words_for_tags(tmp_path: Path, by: tuple[str, ...]) -> None:
    seal = draw_release(release(tables=(table(by),)), tmp_path / "R1")
    assert len(seal) == 64
    book = openpyxl.load_workbook(tmp_path / "R1" / "tables.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert not [cell.value for cell in cells if str(cell.value)[:1] in ("=", "+", "@")]
    for name in ("method.html", "quality.html"):
        text = (tmp_path / "R1" / name).read_text()
        assert "<i>" not in text
        assert "<b>" not in text


def test_a_picture_stands_alone_with_its_title_and_what_its_symbols_mean(tmp_path: Path) -> None:
    draw_release(release(), tmp_path / "R1")
    [svg] = (tmp_path / "R1" / "charts").glob("*.svg")
    assert svg.read_text().startswith("<svg xmlns=")
    assert "<title>" in svg.read_text()
    assert (svg.with_suffix(".png")).read_bytes().startswith(b"\x89PNG")


def test_the_workbook_keeps_the_published_checklist_for_accessible_spreadsheets(tmp_path: Path) -> None:
    """Analysis Function, "Releasing statistics in spreadsheets" and "Making spreadsheets accessible: a checklist"."""
    tables = (table(("area", "sex")), replace(table(("area", "sex", "age")), name="by_age"))
    draw_release(release(tables=tables), tmp_path / "R1")
    book = openpyxl.load_workbook(tmp_path / "R1" / "tables.xlsx")
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Table_1", "Table_2"]
    assert book.properties.title
    assert book.properties.creator
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.sheet_state == "visible"
        assert sheet.auto_filter.ref is None
        assert not sheet._images
        assert not sheet._charts  # nothing that would need a text in its place
        assert sheet.sheet_view.selection[0].activeCell == "A1"
        rows = list(sheet.iter_rows(values_only=True))
        assert all(row[0] not in (None, "") for row in rows)  # column A has no blank: no row is one
        assert not [one for one in sheet.row_dimensions.values() if one.hidden]
        assert not [one for one in sheet.column_dimensions.values() if one.hidden]
    assert not book["Cover"].tables
    for sheet in book.worksheets[1:]:
        [marked] = sheet.tables.values()
        assert marked.headerRowCount == 1
        assert marked.ref.startswith("A")
        assert marked.ref.split(":")[1] == sheet.dimensions.split(":")[1]  # nothing stands beside or below it
        cells = [cell.value for row in sheet[marked.ref] for cell in row]
        assert None not in cells
        assert "" not in cells
        heads = [cell.value for cell in sheet[marked.ref][0]]
        assert len(set(heads)) == len(heads)
    numbers = [row[0] for row in book["Notes"].iter_rows(min_row=4, values_only=True)]
    assert numbers == list(range(1, len(tables) + 1))
    for number, sheet in zip(numbers, book.worksheets[3:], strict=True):
        assert str(sheet["A1"].value).endswith(f"[note {number}]")
    said = "\n".join(str(row[0]) for row in book["Cover"].iter_rows(values_only=True))
    assert all(f"{sign} means" in said for sign in ("[c]", "[low]", "[x]", "[z]"))
