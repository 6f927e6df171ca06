"""Rows as bytes of a format, chunk by chunk; and the files that the chunks are put together in."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from trigpoint.synthetic.columns import Whole, YesNo
from trigpoint.synthetic.files.dirt import Sheet, soil_lines
from trigpoint.synthetic.files.layouts import Layout
from trigpoint.synthetic.rates import Rates

SENT: Final = datetime(2026, 10, 31, 8, 30)
_ZIP_TIME: Final = (2026, 10, 31, 8, 30, 0)
_SAVED: Final = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(<)")


@dataclass
class Piece:
    """One chunk's part of one file: text or rows, and for each row the child and whether it can be read."""

    file: str
    titles: list[str]
    body: Any  # str for text formats; list of rows for workbooks; Arrow table for Parquet
    child: Whole  # numbers in the whole partnership
    readable: YesNo
    row: Whole  # of each row in this piece, from 1; blank lines count, as they do in intake
    length: int  # rows and blank lines


def piece(rng: np.random.Generator, sheet: Sheet, layout: Layout, *, numbers: Whole, rates: Rates, file: str) -> Piece:
    """Write `sheet` in the layout's format. `numbers` are the children's numbers in the whole partnership."""
    readable = sheet.readable.copy()
    row, length = np.arange(1, len(sheet) + 1), len(sheet)
    rows = list(zip(*(c.tolist() for c in sheet.columns), strict=True))
    kind = layout.shape.kind
    body: Any
    if kind == "parquet":
        body = pa.table(
            {t: pa.array(c.tolist(), pa.string()) for t, c in zip(sheet.titles, sheet.columns, strict=True)}
        )
    elif kind == "xlsx":
        body = rows
    else:
        lines = _json_lines(sheet.titles, rows) if kind == "jsonl" else _csv_lines(rows, layout)
        lines, cut = soil_lines(rng, lines, layout=layout, rates=rates)
        readable[cut] = False
        row, length = np.flatnonzero(np.array(lines, dtype=object) != "") + 1, len(lines)
        body = "".join(line + layout.shape.line for line in lines)
    return Piece(file, sheet.titles, body, numbers[sheet.child], readable, row, length)


def _csv_lines(rows: Iterable[tuple[Any, ...]], layout: Layout) -> list[str]:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=layout.shape.delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().splitlines()


def _json_lines(titles: list[str], rows: Iterable[tuple[Any, ...]]) -> list[str]:
    return [
        json.dumps({t: v for t, v in zip(titles, row, strict=True) if v is not None}, ensure_ascii=False)
        for row in rows
    ]


class OpenFile:
    """A file that grows by pieces. `rows` counts what it holds so far, blank lines too."""

    def __init__(self, path: Path, layout: Layout) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.layout, self.rows = path, layout, 0
        self._handle: Any = None
        self._sheet: list[Any] = []

    def add(self, part: Piece) -> None:
        """Append a piece."""
        _ADD.get(self.layout.shape.kind, _add_text)(self, part)
        self.rows += part.length

    def close(self) -> None:
        """Write what is still held, and close."""
        if self.layout.shape.kind == "xlsx":
            _write_workbook(self.path, self._sheet, title=self.layout.shape.sheet)
        elif self._handle is not None:
            tail = CENSUS_TAIL if self.layout.shape.kind == "census" else ""
            if tail:
                self._handle.write(tail.encode())
            self._handle.close()


CENSUS_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<Message>
  <Header>
    <CollectionDetails><Collection>CIN</Collection><Year>2026</Year><ReferenceDate>2026-10-31</ReferenceDate></CollectionDetails>
    <Source><SourceLevel>L</SourceLevel><LEA>998</LEA><SoftwareCode>Invented</SoftwareCode><Release>1</Release><SerialNo>001</SerialNo><DateTime>2026-10-31T08:30:00</DateTime></Source>
  </Header>
  <Children>
"""
CENSUS_TAIL: Final = "  </Children>\n</Message>\n"


def _add_text(file: OpenFile, part: Piece) -> None:
    shape = file.layout.shape
    if file._handle is None:
        file._handle = file.path.open("wb")
        file._handle.write(_head(part, file.layout).encode("utf-8-sig" if shape.bom else shape.encoding))
    file._handle.write(part.body.encode(shape.encoding, "replace"))


def _head(part: Piece, layout: Layout) -> str:
    if layout.shape.kind == "csv":
        return _csv_lines([tuple(part.titles)], layout)[0] + layout.shape.line
    return CENSUS_HEAD if layout.shape.kind == "census" else ""


def _add_sheet(file: OpenFile, part: Piece) -> None:
    file._sheet = file._sheet or [tuple(part.titles)]
    file._sheet.extend(part.body)


def _add_parquet(file: OpenFile, part: Piece) -> None:
    if file._handle is None:
        file._handle = pq.ParquetWriter(file.path, part.body.schema, compression="zstd")
    file._handle.write_table(part.body)


_ADD: Final[dict[str, Callable[[OpenFile, Piece], None]]] = {"xlsx": _add_sheet, "parquet": _add_parquet}


def _write_workbook(path: Path, rows: list[Any], *, title: str) -> None:
    """A workbook that is the same to the byte each time: its dates, and those in the zip, are set."""
    from openpyxl import Workbook  # slow to import, and only small partnerships have workbooks

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = SENT
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    with zipfile.ZipFile(held) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            again = zipfile.ZipInfo(info.filename, date_time=_ZIP_TIME)
            again.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(again, _dated(source.read(info), info.filename))


def _dated(body: bytes, name: str) -> bytes:
    """The time of saving, which openpyxl writes itself, replaced by the time that the file is said to be sent."""
    if name != "docProps/core.xml":
        return body
    return _SAVED.sub(rb"\g<1>2026-10-31T08:30:00Z\g<2>", body)
