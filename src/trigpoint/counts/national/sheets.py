"""The sheets of a published file (ODS, XLSX, CSV) as grids of cells, each with the place by which a person finds it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from trigpoint.errors import CountsError

WORKBOOKS: Final = (".ods", ".xlsx", ".xls", ".xlsb")


@dataclass(frozen=True)
class Sheet:
    """A sheet: the file's name, its own (empty for CSV), and its rows from the very first."""

    file: str
    name: str
    rows: Sequence[Sequence[object]]

    def place(self, row: int, column: int | None = None) -> str:
        """Where a cell is, as a spreadsheet counts: sheet, row from 1, column by letter. Both arguments from 0."""
        said = [f"sheet {self.name}"] if self.name else []
        said.append(f"row {row + 1}")
        if column is not None:
            said.append(f"column {letter(column)}")
        return ", ".join(said)

    def fault(self, what: str, *, row: int, mend: str, column: int | None = None) -> CountsError:
        """An error about a cell or a row of this sheet."""
        return CountsError(what, where=f"{self.file}, {self.place(row, column)}", mend=mend)


def read_sheets(path: Path) -> list[Sheet]:
    """Every sheet of a file. Raises CountsError for a file that is none, or is damaged."""
    ending = path.suffix.lower()
    if ending in WORKBOOKS:
        return _workbook(path)
    if ending == ".csv":
        return [Sheet(path.name, "", _csv(path))]
    raise CountsError(
        f"Published figures are read from ODS, XLSX or CSV, not '{ending or 'a file without ending'}'.",
        where=path.name, mend="Download the data tables or the open data again in one of these.",
    )  # fmt: skip


def letter(column: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def _workbook(path: Path) -> list[Sheet]:
    try:
        with CalamineWorkbook.from_path(path) as book:
            return [
                Sheet(path.name, name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
                for name in book.sheet_names
            ]
    except CalamineError:
        raise CountsError("The workbook cannot be read.", where=path.name, mend="Download it again.") from None


def _csv(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    try:
        return list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as fault:
        raise CountsError(f"The file is no CSV: {fault}.", where=path.name, mend="Download it again.") from None
