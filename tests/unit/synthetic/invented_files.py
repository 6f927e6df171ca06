"""A reader of invented files that knows nothing of how they were made."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

CHILDREN = 700
Row = tuple[int, dict[str, str]]  # number of the data row, blank lines counted; its cells


def files(folder: Path, pattern: str) -> list[Path]:
    return sorted((folder / "sources").glob(pattern))


def rows(path: Path, *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Iterator[Row]:
    """Rows of a file with as many cells as the header has."""
    for number, cells, header in _numbered(path, delimiter, encoding):
        if len(cells) == len(header):
            yield number, dict(zip(header, cells, strict=True))


def _numbered(path: Path, delimiter: str, encoding: str) -> Iterator[tuple[int, list[str], list[str]]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        table = [["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)]
    elif path.suffix == ".parquet":
        held = pq.read_table(path)
        table = [held.column_names, *([str(v or "") for v in r.values()] for r in held.to_pylist())]
    else:
        table = list(csv.reader(io.StringIO(path.read_text(encoding=encoding)), delimiter=delimiter))
    for number, cells in enumerate(table[1:], 1):
        if cells:
            yield number, cells, table[0]


def json_rows(path: Path) -> Iterator[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.endswith("}"):
            yield number, json.loads(line)
