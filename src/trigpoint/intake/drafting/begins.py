"""Where the table of a file begins: below titles, on another sheet than the first, in a list inside a document."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from trigpoint.intake.language import Format, Kind
from trigpoint.intake.readers.delimited import sniff_delimiter
from trigpoint.intake.readers.workbook import as_text, guard_zip

LINES, HEAD = 60, 256_000
ABOVE = 15  # titles end by here
MAX_DOCUMENT = 64 << 20
DEPTH = 3


def find_table(path: Path, kind: Kind) -> Format:
    """Hints by which the file's table is read. Whatever cannot be looked at here is left for the reader to refuse."""
    found: dict[str, Any] = {}
    if kind == "csv":
        found = {"skip": _above(_lines(path))}
    elif kind == "xlsx":
        found = _sheet(path)
    elif kind == "json":
        found = _list(path)
    return Format(kind=kind, **({"skip": 0} | found))


def _above(rows: Sequence[tuple[int, Sequence[str | None]]]) -> int:
    """How many lines stand above the one that names the columns: the first that is as wide as the table, in words.

    `rows` are (lines above, cells). 0 where the first is as good as any, or none is plainly a row of names.
    """
    filled = [[cell for cell in cells if cell and cell.strip()] for _, cells in rows]
    width = max(map(len, filled), default=0)
    for (above, _), cells in list(zip(rows, filled, strict=True))[:ABOVE]:
        if len(cells) >= max(2, 0.8 * width):
            return above if _names(cells) else 0
    return 0


def _names(cells: Sequence[str]) -> bool:
    """Whether cells look like names of columns: all different, and none a number or a date."""
    wordy = all(sum(c.isdigit() for c in cell) < len(cell.strip()) / 3 for cell in cells)
    return wordy and len({cell.strip().casefold() for cell in cells}) == len(cells)


def _lines(path: Path) -> list[tuple[int, list[str | None]]]:
    with path.open("rb") as file:
        head = file.read(HEAD)
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1")
    # The longest lines show the delimiter: titles have none.
    longest = "\n".join(sorted(text.splitlines()[:LINES], key=len)[-20:])
    reader = csv.reader(io.StringIO(text), delimiter=sniff_delimiter(longest, '"'))
    found: list[tuple[int, list[str | None]]] = []
    above = 0
    try:
        for cells in islice(reader, LINES):
            found.append((above, list(cells)))
            above = reader.line_num
    except csv.Error:
        pass
    return found


def _sheet(path: Path) -> dict[str, Any]:
    """The sheet with the most rows that are a table's, and what stands above the table."""
    guard_zip(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: list(_cells(book, name)) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError):
        return {}
    rows = {name: sum(len([c for c in cells if c]) > 2 for _, cells in found) for name, found in sheets.items()}
    best = max(rows, key=lambda name: rows[name], default=None)
    if best is None:
        return {}
    chosen = {} if best == book.sheet_names[0] else {"sheet": best}
    return {"skip": _above(sheets[best]), **chosen}


def _cells(book: CalamineWorkbook, name: str) -> Iterator[tuple[int, list[str | None]]]:
    sheet = book.get_sheet_by_name(name)
    for number, row in enumerate(islice(sheet.iter_rows(), LINES)):
        yield number, [as_text(cell) for cell in row]


def _list(path: Path) -> dict[str, Any]:
    """The longest list of objects in a document that is none itself."""
    if path.stat().st_size > MAX_DOCUMENT:
        return {}
    try:
        document = json.loads(path.read_bytes())
    except ValueError:
        return {}
    lists = dict(_lists(document, (), DEPTH)) if isinstance(document, dict) else {}
    return {"rows": max(lists, key=lambda at: lists[at])} if lists else {}


def _lists(part: dict[str, Any], at: tuple[str, ...], depth: int) -> Iterator[tuple[str, int]]:
    for key, value in part.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield ".".join((*at, key)), len(value)
        elif isinstance(value, dict) and depth > 1:
            yield from _lists(value, (*at, key), depth - 1)
