"""What spreadsheets do to an extract: parts of one for per cent, days that are counted, cells left empty or merged."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from intake_loading import MISSING, Load

from trigpoint.errors import MappingError
from trigpoint.intake import parse_mapping
from trigpoint.terms.pack import Pack

ATTENDANCE = """
mapping: attendance
version: 1
title: Attendance (invented)
person: {local_id: Pupil}
events:
  - kind: attendance
    happened_at: Day
    attributes: {percent: %s}
"""
EPISODES = """
mapping: episodes
version: 1
title: Episodes under each child (invented)
format: {fill_down: [Ref, Born]}
key: [Episode]
person: {local_id: Ref, birth_on: Born}
events:
  - {kind: missing, happened_at: Start}
"""


def percents(load: Load, value: str, *cells: str) -> tuple[list[int | None], list[str]]:
    days = [f"P1,{number:02}/01/2026,{cell}" for number, cell in enumerate(cells, start=1)]
    loaded = load(ATTENDANCE % value, "\n".join(["Pupil,Day,Share", *days]) + "\n")
    found = [percent for _, percent in loaded.rows("events", "happened_at", "percent")]
    return found, loaded.rows("refusals", "reason")


@pytest.mark.parametrize(
    ("cell", "percent"), [("96.5%", 97), ("0.4%", 0), ("94", 94), ("100", 100), ("0", 0), ("0.0", 0), ("1", 1)]
)
def test_per_cent_as_it_is_usually_written(load: Load, cell: str, percent: int) -> None:
    assert percents(load, "Share", cell) == ([percent], [])


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("0.95", "looks like a part of one"),
        ("0.4", "looks like a part of one"),
        ("105", "is not from 0 to 100"),
        ("-3", "is not from 0 to 100"),
        ('"87,5"', "is not from 0 to 100"),
        ("1e300", "is not from 0 to 100"),
        ("N/A", "is not a number"),
    ],
)
def test_what_is_no_per_cent_is_left_out_with_a_remark(load: Load, cell: str, reason: str) -> None:
    found, said = percents(load, "Share", cell)
    assert found == [None]
    assert len(said) == 1
    assert reason in said[0]


def test_a_mapping_says_that_a_file_holds_parts_of_one(load: Load) -> None:
    found, said = percents(load, "{column: Share, times: 100}", "0.95", "1", "0", "96.5%", "50")
    assert found == [95, 100, 0, 97, None]
    assert [reason.split(": ")[1] for reason in said] == ["this is not from 0 to 100"]


@pytest.mark.parametrize(
    "mapping",
    [
        MISSING.replace("RISK}", "{column: RISK, times: 100}}"),
        MISSING.replace("birth_on: DOB", "surname: {column: DOB, times: 2}"),
    ],
    ids=["a code", "a name"],
)
def test_times_is_for_numbers(pack: Pack, mapping: str) -> None:
    with pytest.raises(MappingError, match=r"times|is not a number"):
        parse_mapping(mapping, pack)


def days(load: Load, dates: str, *cells: str) -> tuple[list[datetime], list[str]]:
    rows = [f"C1,{cell}" for cell in cells]
    loaded = load(MISSING + dates, "\n".join(["CHILD,START", *rows]) + "\n")
    return loaded.rows("events", "happened_at"), loaded.rows("refusals", "reason")


def test_a_day_that_a_spreadsheet_counted(load: Load) -> None:
    found, said = days(load, "dates: [usual, excel]", "45658", "45658.75", "02/01/2025", "2025-01-03", "4 Jan 2025")
    new_year = datetime(2025, 1, 1)
    assert found == [new_year, new_year.replace(hour=18), *(datetime(2025, 1, day) for day in (2, 3, 4))]
    assert said == []


def test_a_counted_day_is_not_taken_for_a_date_unless_the_mapping_says_so(load: Load) -> None:
    found, said = days(load, "", "45658", "02/01/2025", "12345")
    assert found == [datetime(2025, 1, 2)]
    assert sorted("excel" in reason for reason in said) == [False, True]


def test_a_counted_day_in_the_future_is_refused_like_any_other(load: Load) -> None:
    assert days(load, "dates: [excel]", "55658")[0] == []


def test_a_wrong_format_is_told_the_words_that_there_are(pack: Pack) -> None:
    with pytest.raises(MappingError, match="usual or excel"):
        parse_mapping(MISSING + "dates: [exel]", pack)


def test_cells_left_empty_under_a_child_are_the_child_s(load: Load) -> None:
    rows = ["Ref,Born,Episode,Start", "C1,14/03/2010,E1,01/01/2026", ",,E2,02/01/2026", "C2,,E3,03/01/2026",
            " ,,E4,04/01/2026"]  # fmt: skip
    loaded = load(EPISODES, "\n".join(rows) + "\n")
    assert loaded.totals == (4, 4, 0, 0, 0)
    born = loaded.rows("records", "learnt_at", "local_id", "birth_on")
    assert sorted((who, day.year if day else None) for _, who, day in born) == [
        ("C1", 2010), ("C1", 2010), ("C2", None), ("C2", None),
    ]  # fmt: skip


def test_nobody_s_cells_are_taken_from_across_a_row_that_was_refused(load: Load) -> None:
    rows = ["Ref,Born,Episode,Start", "C1,14/03/2010,E1,01/01/2026", "C2,lost", ",,E3,03/01/2026"]
    loaded = load(EPISODES, "\n".join(rows) + "\n")
    assert loaded.totals == (3, 1, 2, 0, 0)
    assert loaded.rows("records", "local_id") == ["C1"]
    assert "the row does not say whom it is about" in loaded.rows("refusals", "reason")


def test_without_it_a_row_below_a_child_is_refused_and_told_of_it(load: Load) -> None:
    plain = EPISODES.replace("format: {fill_down: [Ref, Born]}\n", "")
    loaded = load(plain, "Ref,Born,Episode,Start\nC1,14/03/2010,E1,01/01/2026\n,,E2,02/01/2026\n")
    assert loaded.totals == (2, 1, 1, 0, 0)
    assert "format.fill_down" in loaded.rows("refusals", "mend")[0]


def test_a_column_to_fill_down_that_is_not_there(load: Load) -> None:
    with pytest.raises(MappingError, match="no column 'Reff'"):
        load(EPISODES.replace("[Ref, Born]", "[Reff]"), "Ref,Born,Episode,Start\nC1,,E1,01/01/2026\n")


def test_a_cell_merged_over_several_rows_is_said_of_all_of_them(load: Load, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = [["The child", None, "The episode", None], ["Ref", "Born", "Episode", "Start"],
            ["C1", datetime(2010, 3, 14), "E1", datetime(2026, 1, 1)], [None, None, "E2", datetime(2026, 1, 2)],
            ["C2", None, "E3", datetime(2026, 1, 3)], [None, None, "E4", datetime(2026, 1, 4)]]  # fmt: skip
    for row in rows:
        sheet.append(row)
    for cells in ("A1:B1", "C1:D1", "A3:A4", "B3:B4", "A5:B5"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "made.xlsx")
    mapping = EPISODES.replace("fill_down: [Ref, Born]", "skip: 1")
    loaded = load(mapping, (tmp_path / "made.xlsx").read_bytes(), name="extract.xlsx")
    assert loaded.totals == (4, 3, 1, 0, 0)
    assert loaded.rows("records", "local_id") == ["C1", "C1", "C2"]
