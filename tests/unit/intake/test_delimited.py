"""Delimited text as agencies really send it."""

from __future__ import annotations

import codecs
import tempfile
from pathlib import Path

import duckdb
import pytest
from intake_loading import MISSING, Load

from trigpoint.errors import ExtractError, MappingError, TrigpointError
from trigpoint.intake.readers import encoding

ROWS = [("1", "2026-01-02"), ("2", "2026-01-03")]


def csv(delimiter: str = ",", end: str = "\n") -> str:
    return end.join(delimiter.join(cells) for cells in [("CHILD", "START"), *ROWS]) + end


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end(load: Load, delimiter: str, end: str) -> None:
    loaded = load(MISSING, csv(delimiter, end))
    assert loaded.totals == (2, 2, 0, 0, 0)
    assert loaded.rows("sightings", "row", "line") == [(1, 2), (2, 3)]


@pytest.mark.parametrize(
    "encoded",
    [
        codecs.BOM_UTF8 + "CHILD,START,NAME\n1,2026-01-02,Zoë\n".encode(),
        "CHILD,START,NAME\n1,2026-01-02,Zoë\n".encode("utf-16"),
        "CHILD,START,NAME\n1,2026-01-02,Zoë\n".encode("utf-16-le"),
        "CHILD,START,NAME\n1,2026-01-02,Zoë\n".encode("utf-16-be"),
        "CHILD,START,NAME\n1,2026-01-02,Zoë\n".encode(),
        ("CHILD,START,NAME\n1,2026-01-02,Zoë\n" + "2,2026-01-02,Chloë Brontë’s café\n" * 5).encode("cp1252"),
    ],
)
def test_any_encoding(load: Load, encoded: bytes) -> None:
    named = MISSING.replace("local_id: CHILD,", "local_id: CHILD, given_names: NAME,")
    loaded = load(named, encoded)
    assert "Zoë" in loaded.rows("records", "given_names")


def test_an_encoding_may_be_given(load: Load) -> None:
    named = MISSING.replace("local_id: CHILD,", "local_id: CHILD, given_names: NAME,") + "format: {encoding: cp850}\n"
    assert load(named, "CHILD,START,NAME\n1,2026-01-02,Zoë\n".encode("cp850")).rows("records", "given_names") == ["Zoë"]


def test_a_wrong_encoding_is_said(load: Load) -> None:
    with pytest.raises(ExtractError, match="not written in ascii"):
        load(MISSING + "format: {encoding: ascii}\n", "CHILD,START\n1,é\n")


def test_mojibake_is_noticed_and_said(load: Load) -> None:
    named = MISSING.replace("local_id: CHILD,", "local_id: CHILD, given_names: NAME,")
    loaded = load(named, "CHILD,START,NAME\n1,2026-01-02,ZoÃ«\n2,2026-01-02,Ann\n")
    assert loaded.totals == (2, 2, 0, 0, 0)
    assert any("garbled" in remark for remark in loaded.shaped.remarks)
    assert loaded.rows("refusals", "line", "column", "scope") == [(2, "NAME", "value")]


def test_quoted_line_breaks_and_blank_lines_keep_the_physical_line(load: Load) -> None:
    named = MISSING.replace("local_id: CHILD,", "local_id: CHILD, address: WHERE,")
    content = 'CHILD,START,WHERE\n1,2026-01-02,"1 High St\nRivertown"\n\n2,2026-01-03,"a ""b"""\n3,31/02/2026,x\n'
    loaded = load(named, content)
    assert loaded.totals == (3, 2, 1, 0, 0)
    assert loaded.rows("sightings", "line") == [2, 5]
    assert loaded.rows("refusals", "line", "column", "scope") == [(6, "START", "row")]
    assert 'a "b"' in loaded.rows("records", "address")


def test_half_rows_and_rows_with_too_many_cells_are_refused_with_their_line(load: Load) -> None:
    content = "CHILD,START,RISK\n1,2026-01-02,high\n2,2026\n3,2026-01-03,low,extra,cells\n4,2026-01-04,low\n"
    loaded = load(MISSING, content)
    assert loaded.totals == (4, 2, 2, 0, 0)
    assert loaded.rows("refusals", "line", "reason") == [
        (3, "the row has too few cells"),
        (4, "the row has too many cells"),
    ]
    assert loaded.rows("sightings", "row", "line") == [(1, 2), (4, 5)]
    assert all(loaded.rows("refusals", "mend"))


def test_a_stray_quote_refuses_its_row(load: Load) -> None:
    loaded = load(MISSING, 'CHILD,START\n1,2026-01-02\n2,"2026-01-03"x\n3,2026-01-04\n')
    assert loaded.totals == (3, 2, 1, 0, 0)
    assert loaded.rows("refusals", "line") == [3]


def test_an_empty_file(load: Load) -> None:
    for content in ("", "\n\n", " \n"):
        with pytest.raises(ExtractError, match="empty"):
            load(MISSING, content)


def test_a_header_alone_loads_nothing(load: Load) -> None:
    assert load(MISSING, "CHILD,START\n").totals == (0, 0, 0, 0, 0)


def test_a_wrong_delimiter_is_said_with_the_likely_one(load: Load) -> None:
    with pytest.raises(ExtractError, match="not cut by") as fault:
        load(MISSING + 'format: {delimiter: ","}\n', csv(";"))
    assert "';'" in str(fault.value)


def test_a_mapping_that_names_no_such_column(load: Load) -> None:
    with pytest.raises(MappingError) as fault:
        load(MISSING, "CHILD,STRAT\n1,2026-01-02\n")
    said = str(fault.value)
    for part in ("mapping 'missing'", "'START'", "extract.csv", "Did you mean 'STRAT'", "CHILD, STRAT", "^"):
        assert part in said


def test_lines_above_the_header_and_a_file_without_one(load: Load) -> None:
    above = load(MISSING + "format: {skip: 2}\n", "Report of misper\n\n" + csv())
    assert above.rows("sightings", "line") == [4, 5]
    bare = load(MISSING + "format: {header: [CHILD, START]}\n", "1,2026-01-02\n2,2026-01-03\n")
    assert bare.rows("sightings", "line") == [1, 2]


def test_names_are_found_whatever_their_case_and_spaces(load: Load) -> None:
    assert load(MISSING + "also: {START: [Date missing]}\n", "child ,date_missing\n1,2026-01-02\n").totals[1] == 1


def test_the_refused_text_is_kept_but_never_in_an_error(load: Load) -> None:
    loaded = load(MISSING, "CHILD,START\nSECRET9,\n")
    assert loaded.totals == (1, 0, 1, 0, 0)
    with pytest.raises(TrigpointError) as fault:
        load(MISSING, "CHILD,STRAT\nSECRET9,2026-01-02\n")
    assert "SECRET9" not in str(fault.value)


def test_no_files_are_left_behind(
    load: Load, con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies, spill = tmp_path / "system", tmp_path / "spill"
    copies.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(copies))
    con.execute(f"SET temp_directory = '{spill}'")
    seen = []
    discard = encoding.Text.discard
    monkeypatch.setattr(encoding.Text, "discard", lambda self: (seen.append(self.path), discard(self)))
    load(MISSING, csv().encode("utf-16"))
    assert [path.parent for path in seen] == [spill]
    assert list(copies.iterdir()) == list(spill.glob("*.utf8")) == []
