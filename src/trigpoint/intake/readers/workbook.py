"""Sheets of a workbook (XLSX, XLS, ODS). A zip that would unfold to far more than it is, is refused unread."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
from python_calamine import CalamineError, CalamineWorkbook

from trigpoint.errors import ExtractError, nearest
from trigpoint.intake.extract import Extract, name_columns
from trigpoint.intake.language import Format
from trigpoint.intake.readers.batches import Refusal, Row, store_rows

MAX_UNFOLDED = 2 << 30  # bytes of all parts together: a sheet of a million rows stays far below
MAX_RATIO = 200  # honest sheets compress 5 to 30 times
SMALL = 64 << 20  # below this a high ratio (an empty, formatted sheet) does no harm
MAX_PARTS = 10_000
CHUNK = 1 << 20
Merged = tuple[tuple[int, int], tuple[int, int]]  # (first row, first column), (last row, last column), from 0


def read_workbook(path: Path, hints: Format, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read one sheet. Raises ExtractError for a broken file, a bomb, or a sheet that is not there."""
    guard_zip(path)
    rows = _open(path, hints.sheet)
    header, first = _header(rows, hints, file=path.name)
    return store_rows(_rows(rows, len(header), first), header, file=path.name, con=con)


def guard_zip(path: Path) -> None:
    """Raise ExtractError when a zip's parts would unfold beyond the limits, by its directory and by unfolding them."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            declared = sum(part.file_size for part in parts)
            packed = max(1, path.stat().st_size)
            if (
                len(parts) > MAX_PARTS
                or declared > MAX_UNFOLDED
                or (declared > SMALL and declared > MAX_RATIO * packed)
            ):
                raise _bomb(path)
            _unfold(archive, parts, path=path)
    # zipfile raises NotImplementedError for a compression that it does not know, RuntimeError for a password.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise ExtractError(f"{path.name} is a damaged workbook.", mend="Ask the agency to send it again.") from None


def _unfold(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], *, path: Path) -> None:
    """The directory may lie: count what really comes out, keeping one chunk."""
    total = 0
    limit = max(SMALL, MAX_RATIO * path.stat().st_size)
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > min(MAX_UNFOLDED, limit):
                    raise _bomb(path)


def _bomb(path: Path) -> ExtractError:
    return ExtractError(
        f"{path.name} would unfold to far more than a workbook holds; it was not read.",
        mend="Ask the agency what it sent. A CSV of the same rows is read at any size.",
    )


def _open(path: Path, sheet: str | None) -> Iterator[list[Any]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as fault:
        raise ExtractError(
            f"{path.name} cannot be read as a workbook.",
            mend="Open and save it again in a spreadsheet program, without a password.",
        ) from fault
    names = list(book.sheet_names)
    wanted = _choose(names, sheet, file=path.name)
    try:
        found = book.get_sheet_by_name(wanted)
    except (CalamineError, OSError, ValueError) as fault:
        raise ExtractError(f"The sheet '{wanted}' of {path.name} is damaged.", mend="Save it again.") from fault
    top, left = found.start or (0, 0)
    rows = ([*[None] * left, *row] for row in found.iter_rows())
    return _unmerged(rows, found.merged_cell_ranges or (), top=top)


def _unmerged(rows: Iterator[list[Any]], merged: Sequence[Merged], *, top: int) -> Iterator[list[Any]]:
    """The rows with what stands in a cell merged over several rows in each of them: it is said of all."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, _) in merged:
        if last > first:
            begins.setdefault(first, []).append((column, last))
    held: dict[int, tuple[int, Any]] = {}
    for number, row in enumerate(rows, start=top):
        for column, (last, value) in held.items():
            if number <= last and column < len(row):
                row[column] = value
        for column, last in begins.get(number, ()):
            held[column] = (last, row[column] if column < len(row) else None)
        yield row


def _choose(names: list[str], sheet: str | None, *, file: str) -> str:
    if not names:
        raise ExtractError(f"{file} has no sheets.", mend="Ask the agency to send it again.")
    if sheet is None:
        return names[0]
    folded = {n.strip().casefold(): n for n in names}
    if sheet.strip().casefold() in folded:
        return folded[sheet.strip().casefold()]
    near = nearest(sheet, names)
    hint = f"Did you mean '{near}'? " if near else ""
    raise ExtractError(
        f"{file} has no sheet '{sheet}'.",
        where="format.sheet",
        mend=f"{hint}Its sheets are: {', '.join(names)}. Set format.sheet in the mapping.",
    )


def _header(rows: Iterator[list[Any]], hints: Format, *, file: str) -> tuple[tuple[str, ...], int]:
    """The column names, and the number of the sheet row that they stand in."""
    number = 0
    for _ in range(hints.skip):
        next(rows, None)
        number += 1
    if hints.header:
        return name_columns(hints.header, file=file), number
    for row in rows:
        number += 1
        cells = [as_text(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            return name_columns(cells, file=file), number
    raise ExtractError(f"{file} is empty: the sheet holds no rows.", mend="Check format.sheet in the mapping.")


def _rows(rows: Iterator[list[Any]], width: int, above: int) -> Iterator[Row | Refusal]:
    for line, row in enumerate(rows, start=above + 1):
        cells = [as_text(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > width:
            yield (
                line - above, line, None, None, "the row has too many cells",
                "Remove the cells to the right of the last named column, or name their column.",
            )  # fmt: skip
            continue
        yield line - above, line, cells + [None] * (width - len(cells))


def as_text(cell: Any) -> str | None:
    """A typed cell as a person would write it: whole numbers without '.0', dates as ISO 8601."""
    if cell is None or cell == "":
        return None
    for kind, said in _SAID.items():
        if isinstance(cell, kind):
            return said(cell)
    return str(cell)


def _number(cell: float) -> str:
    return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)


def _span(cell: timedelta) -> str:
    minutes, seconds = divmod(int(cell.total_seconds()), 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"


# A datetime is a date too, so it comes first.
_SAID: dict[type, Callable[[Any], str]] = {
    bool: lambda cell: "true" if cell else "false",
    float: _number,
    datetime: lambda cell: cell.isoformat(sep=" "),
    date: lambda cell: cell.isoformat(),
    time: lambda cell: cell.isoformat(),
    timedelta: _span,
}
