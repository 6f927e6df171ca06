"""Published files in their layouts: numbers kept with period, area and mark; what is wrong is said with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trigpoint.counts.national import ALL, change, read_national, read_period
from trigpoint.errors import CountsError, SettingsError
from unit.counts.national import published_files as files

DAY = date(2024, 11, 7)


def read(path: Path, **options: Any) -> list[dict[str, Any]]:
    return read_national(path, published_on=DAY, **options)[0].to_pylist()


def only(rows: list[dict[str, Any]], **wanted: object) -> dict[str, Any]:
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def test_a_quarter_and_a_year_of_the_nrm_are_told_apart_and_keep_where_they_stand(tmp_path: Path) -> None:
    rows = read(files.nrm_file(tmp_path))
    child = {"measure": "referrals", "age": "Child (17 or under)", "other": "", "category": ALL, "sex": ALL}
    year = only(rows, **child, period="2023")
    assert (year["value"], year["period_type"]) == (4 * 56 + 10, "calendar year")
    assert (year["from_on"], year["to_on"]) == (date(2023, 1, 1), date(2023, 12, 31))
    one = only(rows, **child, period="2024 Q3")
    assert (one["value"], one["period_type"], one["area_code"]) == (59, "quarter", "K02000001")
    assert one["place"] == "sheet Table_2, row 16, column L"
    assert (one["published_on"], one["source"][:11]) == (DAY, "Home Office")
    assert "Note 1 Data before 2014 are left out." in one["footnotes"]


def test_a_year_with_three_quarters_is_no_calendar_year(tmp_path: Path) -> None:
    part = only(read(files.nrm_file(tmp_path)), period="2024, quarter 1 to 3", age=ALL, other="")
    assert (part["period_type"], part["to_on"], part["value"]) == ("part of a calendar year", date(2024, 9, 30), 900)


def test_a_mark_stands_as_printed_and_is_never_nought(tmp_path: Path) -> None:
    rows = read(files.nrm_file(tmp_path))
    hidden = only(rows, period="2024 Q3", age="Adult (18 or over)", other="Location of exploitation: UK")
    assert (hidden["value"], hidden["mark"]) == (None, "[x]")
    assert only(rows, area="Other", area_kind="county")["mark"] == "[c]"


def test_blank_labels_repeat_and_rows_that_stop_early_are_totals(tmp_path: Path) -> None:
    rows = [row for row in read(files.nrm_file(tmp_path)) if row["category"] == "Criminal"]
    assert {(row["age"], row["sex"]): row["value"] for row in rows} == {
        (ALL, ALL): 551, ("Adult (18 or over)", ALL): 11, ("Adult (18 or over)", "Male"): 11,
        ("Child (17 or under)", ALL): 540, ("Child (17 or under)", "Female"): 140,
        ("Child (17 or under)", "Male"): 400,
    }  # fmt: skip
    assert {row["period"] for row in rows} == {"2024 Q3"}  # from the file's name
    assert not [row for row in rows if "lbanian" in str(row)]


def test_referrals_of_one_kind_of_responder_are_never_the_whole(tmp_path: Path) -> None:
    rows = read(files.nrm_file(tmp_path))
    assert only(rows, period="2024 Q3", age=ALL, category=ALL, other="", area_code="K02000001")["value"] == 203
    part = only(rows, period="2024 Q3", age=ALL, category=ALL, other="First responder type: Local authority")
    assert part["value"] == 551


def test_a_table_that_tells_another_number_is_kept_apart_by_its_title(tmp_path: Path) -> None:
    other = files.nrm_by_quarter()
    other[0] = ["Table 9: Number of NRM referrals by quarter, of one sort"]
    other[8][17] = 5
    path = files.write_ods(tmp_path / "nrm.ods", {"Table_2": files.nrm_by_quarter(), "Table_9": other})
    rows, remarks = read_national(path, published_on=DAY)
    wholes = [row for row in rows.to_pylist() if row["period"] == "2023 Q1" and row["age"] == ALL]
    assert {row["other"]: row["value"] for row in wholes} == {
        "": 201, "Table 9: Number of NRM referrals by quarter, of one sort": 5,
    }  # fmt: skip
    assert [remark for remark in remarks if "Kept apart" in remark]


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    _, remarks = read_national(files.nrm_file(tmp_path), published_on=DAY)
    assert [remark for remark in remarks if "Table_30" in remark]


def test_a_table_of_no_period_asks_for_it(tmp_path: Path) -> None:
    path = files.nrm_file(tmp_path, "tables.ods")
    with pytest.raises(CountsError, match="of which quarter or year") as fault:
        read(path)
    assert "--period" in str(fault.value.mend)
    assert only(read(path, period=read_period("2024-Q3")), area="Inventedshire")["period"] == "2024 Q3"


def test_one_quarter_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    table = files.nrm_by_quarter()
    table[-2][1] = "Q2"
    path = files.write_ods(tmp_path / "nrm.ods", {"Table_2": table})
    with pytest.raises(CountsError, match="2024 Q2 twice") as fault:
        read(path)
    assert "sheet Table_2, row 16" in str(fault.value.where)
    assert "row 15" in str(fault.value.where)


@pytest.mark.parametrize(("cell", "where"), [("about 12", "sheet Table_2, row 16, column D"), ("O", "column D")])
def test_a_word_where_a_number_belongs_is_shown_by_sheet_row_and_column(tmp_path: Path, cell: str, where: str) -> None:
    table = files.nrm_by_quarter()
    table[-2][3] = cell
    with pytest.raises(CountsError, match="neither a number nor a mark") as fault:
        read(files.write_ods(tmp_path / "nrm.ods", {"Table_2": table}))
    assert where in str(fault.value.where)
    assert cell not in fault.value.what


def test_factors_keep_their_marks_their_codes_and_the_year_to_march(tmp_path: Path) -> None:
    rows = read(files.write_csv(tmp_path / "c3_factors.csv", files.factors_rows()))
    england = only(rows, category="child criminal exploitation", area_code="E92000001", period="2024/25")
    assert (england["value"], england["period_type"]) == (16000, "financial year")
    assert (england["from_on"], england["to_on"]) == (date(2024, 4, 1), date(2025, 3, 31))
    local = {row["category"]: (row["value"], row["mark"]) for row in rows if row["area_code"] == "E06000999"}
    assert local["child criminal exploitation"] == (None, "c")
    assert local["gangs"] == (None, "k")
    assert local["trafficking"] == (0, None)
    assert local["other"] == (None, "z")
    assert local[ALL] == (900, None)
    assert only(rows, category="other", period="2023/24")["value"] == 40_000


def test_factors_in_a_long_file_are_the_same_figures(tmp_path: Path) -> None:
    heads = [*files.FACTOR_HEADS[:11], "assessment_factor", "number"]
    row = [*files.factors_rows()[2][:11], "child criminal exploitation", "16000"]
    rows = read(files.write_csv(tmp_path / "long.csv", [heads, row]))
    assert only(rows, category="child criminal exploitation")["value"] == 16000


@pytest.mark.parametrize(
    ("column", "cell", "what"),
    [(2, "Planet", "geographic level"), (1, "Fortnight", "period"), (17, "many", "neither a number nor a mark")],
)
def test_a_wrong_cell_of_factors_is_shown_by_its_row(tmp_path: Path, column: int, cell: str, what: str) -> None:
    table = files.factors_rows()
    table[2][column] = cell
    with pytest.raises(CountsError, match=what) as fault:
        read(files.write_csv(tmp_path / "c3.csv", table))
    assert "row 3" in str(fault.value.where)


def test_searches_are_summed_for_children_once_by_each_thing(tmp_path: Path) -> None:
    rows = read(files.write_ods(tmp_path / "s.ods", {"Notes": [["x"]], "open_data": files.search_rows()}))
    told = {(row["age"], row["category"], row["sex"], row["ethnicity"]): row["value"] for row in rows}
    assert told["10-17", ALL, ALL, ALL] == 59
    assert told["10-17", "Drugs", ALL, ALL] == 47
    assert told["10-17", ALL, ALL, "Black or Black British"] == 7
    assert told["under 10", ALL, ALL, ALL] == 2
    assert {row["period_type"] for row in rows} == {"financial year"}
    assert {(row["area_code"], row["area"]) for row in rows} == {("E23000999", "Inventedshire")}


def test_arrests_of_the_older_headings_say_where_a_sum_is_a_part(tmp_path: Path) -> None:
    rows = read(files.write_csv(tmp_path / "a.csv", files.arrest_rows()))
    whole = only(rows, category=ALL, sex=ALL, ethnicity=ALL)
    assert (whole["value"], whole["mark"][:4], whole["period"]) == (1200, "part", "2018/19")
    assert only(rows, category="Theft")["value"] is None


def test_arrests_told_twice_are_read_once(tmp_path: Path) -> None:
    sheets = {"OD_18+1": files.arrest_rows(), "OD_5+1": files.arrest_rows()}
    assert only(read(files.write_ods(tmp_path / "a.ods", sheets)), category="Drug offences")["value"] == 1200


def test_a_month_of_street_searches_keeps_counts_alone(tmp_path: Path) -> None:
    path = files.write_csv(tmp_path / "2024-09-avon-and-somerset-stop-and-search.csv", files.street_rows())
    rows = read(path, area_code="E23000036")
    drugs = only(rows, category="Controlled drugs")
    assert (drugs["value"], drugs["period"], drugs["period_type"]) == (8, "2024-09", "month")
    assert (drugs["area"], drugs["area_code"]) == ("Avon and Somerset", "E23000036")
    assert only(rows, age="10-17", category=ALL)["value"] == 11
    assert not [row for row in rows if "T10:00" in str(row)]


def test_street_searches_need_the_name_under_which_they_are_published(tmp_path: Path) -> None:
    with pytest.raises(CountsError, match="which force and month"):
        read(files.write_csv(tmp_path / "download (3).csv", files.street_rows()))
    table = files.street_rows()
    table[4] = [table[4][0], "2024-08-30T10:00:00+00:00", *table[4][2:]]
    with pytest.raises(CountsError, match="not of 2024-09") as fault:
        read(files.write_csv(tmp_path / "2024-09-kent-stop-and-search.csv", table))
    assert "row 5" in str(fault.value.where)


def test_what_is_no_published_file_is_refused_without_its_content(tmp_path: Path) -> None:
    path = files.write_csv(tmp_path / "x.csv", [["Zed Invented", "07700 900123"]])
    with pytest.raises(CountsError, match="layout") as fault:
        read(path)
    assert "Zed" not in str(fault.value)
    for name, text in (("x.pdf", b"%PDF"), ("x.ods", b"no zip")):
        (tmp_path / name).write_bytes(text)
        with pytest.raises(CountsError):
            read(tmp_path / name)
    with pytest.raises(SettingsError, match="no code of an area"):
        read(path, area_code="Kent")


def test_figures_of_different_kinds_of_period_are_never_compared(tmp_path: Path) -> None:
    rows = read(files.nrm_file(tmp_path))
    child = {"age": "Child (17 or under)", "other": "", "category": ALL, "measure": "referrals"}
    one, next_, year = (only(rows, **child, period=name) for name in ("2023 Q1", "2023 Q2", "2023"))
    assert change(one, next_) == pytest.approx(1 / 57)
    with pytest.raises(CountsError, match="kinds of period"):
        change(one, year)
    with pytest.raises(CountsError, match="kinds of period"):
        change(only(rows, **child, period="2024, quarter 1 to 3"), year)


@pytest.mark.parametrize("text", ["", "2024/26", "24", "2024-Q5", "2024-13", "2024-02-30", "last year"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


def test_periods_cover_their_days() -> None:
    said = {text: read_period(text) for text in ("2024", "2024/25", "2024-Q1", "2024-02", "2024-03-31")}
    assert {text: one and (one.kind, one.from_on.isoformat(), one.to_on.isoformat()) for text, one in said.items()} == {
        "2024": ("calendar year", "2024-01-01", "2024-12-31"),
        "2024/25": ("financial year", "2024-04-01", "2025-03-31"),
        "2024-Q1": ("quarter", "2024-01-01", "2024-03-31"),
        "2024-02": ("month", "2024-02-01", "2024-02-29"),
        "2024-03-31": ("snapshot", "2024-03-31", "2024-03-31"),
    }
