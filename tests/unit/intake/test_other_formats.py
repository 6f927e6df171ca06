"""Workbooks, XML, JSON, JSON lines and Parquet."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from intake_loading import MISSING, Load

from trigpoint.errors import ExtractError


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ROWS = [["CHILD", "START", "RISK"], [1, datetime(2026, 1, 2, 21, 30), "high"], [2, date(2026, 1, 3), "low"]]


def test_a_workbook_with_typed_cells(load: Load) -> None:
    loaded = load(
        MISSING + "format: {sheet: episodes}\n", workbook({"Notes": [["x"]], "Episodes": ROWS}), name="a.xlsx"
    )  # fmt: skip
    assert loaded.totals == (2, 2, 0, 0, 0)
    assert loaded.rows("records", "local_id") == ["1", "2"]
    assert loaded.rows("events", "happened_at", "day_only") == [
        (datetime(2026, 1, 2, 21, 30), False),
        (datetime(2026, 1, 3), True),
    ]


def test_lines_of_a_workbook_are_its_rows(load: Load) -> None:
    rows = [["Report"], [], *ROWS, [], [3, "31/02/2026", "low"], [4, "2026-01-05", "low", "too many"]]
    loaded = load(MISSING + "format: {skip: 2}\n", workbook({"S": rows}), name="a.xlsx")
    assert loaded.totals == (4, 2, 2, 0, 0)
    assert loaded.rows("sightings", "line") == [4, 5]
    assert loaded.rows("refusals", "line") == [7, 8]


def test_a_renamed_sheet_is_said_with_the_sheets_there_are(load: Load) -> None:
    with pytest.raises(ExtractError) as fault:
        load(MISSING + "format: {sheet: Episodes}\n", workbook({"Episodes 2": ROWS, "Codes": [["x"]]}), name="a.xlsx")
    assert "no sheet 'Episodes'" in str(fault.value)
    assert "Episodes 2, Codes" in str(fault.value)


def test_an_empty_sheet(load: Load) -> None:
    with pytest.raises(ExtractError, match="empty"):
        load(MISSING, workbook({"S": []}), name="a.xlsx")


def test_a_workbook_that_is_none(load: Load) -> None:
    for content in (b"not a workbook", b"PK\x03\x04broken", workbook({"S": ROWS})[:2000]):
        with pytest.raises(ExtractError):
            load(MISSING, content, name="a.xlsx")


def bomb(declared: int | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(100):
                part.write(b"\0" * (1 << 20))
        archive.writestr("[Content_Types].xml", "<Types/>")
    data = bytearray(out.getvalue())
    if declared is not None:  # a directory that lies about the size
        at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"[Content_Types].xml"))
        data[at + 24 : at + 28] = declared.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize("declared", [None, 1000])
def test_a_zip_bomb_is_refused_unread(load: Load, declared: int | None) -> None:
    with pytest.raises(ExtractError, match=r"unfold|damaged"):
        load(MISSING, bomb(declared), name="a.xlsx")


XML = """
mapping: census
version: 1
title: Census (invented)
format:
  kind: xml
  rows: {episode: Children/Child/Episode, step: Children/Child/Episode/Step}
  columns:
    id: Child/Id
    kind: Episode/@kind
    begun: Episode/Begun
    closed: Episode/Closed
    on: Step/On
    codes: Step/Codes/Code
key: [_rows, id, begun, "on"]
person: {local_id: id}
events:
  - {kind: referral, when: {column: _rows, is: episode}, happened_at: begun}
  - kind: assessment_factor
    when: {column: _rows, is: step}
    happened_at: "on"
    for_each: {column: codes, split: "|", as: factor}
    attributes: {factor: factor}
"""
TREE = """<?xml version="1.0"?><Message xmlns="urn:x"><Children>
<Child><Id>1</Id><Episode kind="a"><Begun>2025-01-02</Begun>
<Step><On>2025-01-03</On><Codes><Code>24A</Code><Code>10A</Code></Codes></Step><Step><On>2025-01-04</On></Step>
<Closed>2025-02-01</Closed></Episode></Child>
<Child><Id>2</Id><Episode><Begun>2025-03-02</Begun></Episode></Child>
</Children></Message>"""


def test_xml_gives_rows_of_several_kinds_with_what_encloses_them(load: Load) -> None:
    loaded = load(XML, TREE, name="a.xml")
    assert loaded.totals == (4, 4, 0, 0, 0)
    assert loaded.rows("events", "kind", "happened_at", "factor") == [
        ("assessment_factor", datetime(2025, 1, 3), "10A"),
        ("assessment_factor", datetime(2025, 1, 3), "24A"),
        ("referral", datetime(2025, 1, 2), None),
        ("referral", datetime(2025, 3, 2), None),
    ]
    assert sorted(set(loaded.rows("records", "local_id"))) == ["1", "2"]
    assert loaded.rows("sightings", "line") == [2, 3, 3, 5]


BILLION = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Message>&b;</Message>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]><Message><Children>&x;</Children></Message>'


@pytest.mark.parametrize("content", [BILLION, OUTSIDE, BILLION.encode("utf-16"), " " * 70_000 + OUTSIDE])
def test_xml_with_entities_is_refused(load: Load, content: str | bytes) -> None:
    with pytest.raises(ExtractError):
        load(XML, content, name="a.xml")


def test_xml_that_breaks_off_loads_what_stood_before(load: Load) -> None:
    loaded = load(XML, TREE[: TREE.index("<Child><Id>2")] + "<Child><Id>", name="a.xml")
    assert loaded.totals == (4, 3, 1, 0, 0)
    assert "breaks off" in loaded.rows("refusals", "reason")[0]


def test_xml_without_such_rows(load: Load) -> None:
    with pytest.raises(ExtractError, match="none of the elements"):
        load(XML, "<Message><Other/></Message>", name="a.xml")


OBJECTS = [{"CHILD": 1, "START": "2026-01-02", "at": {"postcode": "RV1 2AB"}}, {"CHILD": "2", "START": "2026-01-03"}]
NESTED = MISSING.replace("local_id: CHILD,", "local_id: CHILD, postcode: at.postcode,")


def test_json_lists_lines_and_lists_inside_a_document(load: Load) -> None:
    lines = "\n".join(map(json.dumps, OBJECTS))
    for mapping, content, name in (
        (NESTED, json.dumps(OBJECTS), "a.json"),
        (NESTED, lines, "a.jsonl"),
        (NESTED + "format: {rows: data.rows}\n", json.dumps({"data": {"rows": OBJECTS}}), "a.json"),
    ):
        loaded = load(mapping, content, name=name)
        assert loaded.totals == (2, 2, 0, 0, 0)
        assert loaded.rows("records", "local_id", "postcode") == [("1", "RV1 2AB"), ("2", None)]


def test_a_json_line_that_is_no_object_is_refused(load: Load) -> None:
    loaded = load(MISSING, '{"CHILD": 1, "START": "2026-01-02"}\n{"CHILD": 2, "STA\n\n[1]\n', name="a.jsonl")
    assert loaded.totals == (3, 1, 2, 0, 0)
    assert loaded.rows("refusals", "line") == [2, 4]


def test_json_that_is_none(load: Load) -> None:
    for content in ("{", "not json", "[]", "[1, 2]", '{"a": 1}'):
        with pytest.raises(ExtractError):
            load(MISSING + "format: {rows: data}\n", content, name="a.json")


def test_parquet_types_become_texts(load: Load, tmp_path: Path) -> None:
    table = pa.table({"CHILD": [1, 2], "START": [datetime(2026, 1, 2, 21, 30), None], "RISK": ["high", None]})
    out = io.BytesIO()
    pq.write_table(table, out)
    loaded = load(MISSING, out.getvalue(), name="a.parquet")
    assert loaded.totals == (2, 1, 1, 0, 0)
    with pytest.raises(ExtractError):
        load(MISSING, b"PAR1 broken", name="a.parquet")


def test_an_ending_that_says_no_format(load: Load) -> None:
    with pytest.raises(ExtractError, match="ending"):
        load(MISSING, "x", name="a.docx")
