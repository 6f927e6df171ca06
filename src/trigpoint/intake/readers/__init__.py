"""Readers of the formats that agencies already produce, each to an `Extract`: texts, rows, lines, refused rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from trigpoint.intake.extract import Extract
from trigpoint.intake.language import Format, Kind
from trigpoint.intake.readers.delimited import read_delimited
from trigpoint.intake.readers.json_text import read_json, read_json_lines
from trigpoint.intake.readers.parquet import read_parquet
from trigpoint.intake.readers.workbook import read_workbook
from trigpoint.intake.readers.xml_tree import read_xml

Reader = Callable[[Path, Format, duckdb.DuckDBPyConnection], Extract]

READERS: dict[Kind, Reader] = {
    "csv": read_delimited,
    "xlsx": read_workbook,
    "json": read_json,
    "jsonl": read_json_lines,
    "parquet": read_parquet,
    "xml": read_xml,
}
