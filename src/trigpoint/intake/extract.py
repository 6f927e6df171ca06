"""An extract read into DuckDB: one table of texts, as they stand in the file, with the row and line of each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from trigpoint.errors import ExtractError, MappingError, nearest
from trigpoint.intake.compile.values import Spaces, fold
from trigpoint.intake.language import Kind, Mapping
from trigpoint.intake.mapping import named_columns

KINDS: dict[str, Kind] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".ods": "xlsx",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".xml": "xml",
}  # fmt: skip


@dataclass(frozen=True)
class Extract:
    """What a file holds. `table` has `columns` as VARCHAR, `_row` (data row from 1) and `_line` (physical line).

    `refused` names a table (row, line, column, value_kept, reason, mend) of rows that are no rows.
    """

    file: str
    table: str
    refused: str
    columns: tuple[str, ...]
    rows: int
    rows_refused: int
    spaces: Spaces = "odd"
    garbled: bool = False
    remarks: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()

    def find(self, mapping: Mapping, column: str) -> str | None:
        """The file's own spelling of a column that the mapping names; None where the file has none."""
        by_fold = {fold(c): c for c in reversed(self.columns)}
        also = {fold(k): names for k, names in mapping.also.items()}
        for spelling in (column, *also.get(fold(column), ())):
            if spelling in self.columns:
                return spelling
            if fold(spelling) in by_fold:
                return by_fold[fold(spelling)]
        return None


def read_extract(path: Path, mapping: Mapping, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read the file at `path` as `mapping` hints. Raises ExtractError (the file) or MappingError (its columns)."""
    from trigpoint.intake import readers  # which know what an extract is

    if not path.is_file():
        raise ExtractError(f"There is no file {path.name}.", where=str(path.parent))
    if path.stat().st_size == 0:
        raise ExtractError(f"{path.name} is empty.", mend="Ask the agency to send it again.")
    extract = readers.READERS[kind_of(path, mapping.format.kind)](path, mapping.format, con)
    check_columns(extract, mapping)
    return extract


def kind_of(path: Path, hint: Kind | None = None) -> Kind:
    """The format of a file: the hint, else by its ending. Raises ExtractError for an unknown ending."""
    kind = hint or KINDS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(sorted(KINDS))
        raise ExtractError(
            f"{path.name} has an ending that says no format.",
            mend=f"Rename it to one of {known}, or set format.kind in the mapping.",
        )
    return kind


def check_columns(extract: Extract, mapping: Mapping) -> None:
    """Raise MappingError for the first column that the mapping names and the file has not."""
    optional = {fold(c) for c in mapping.optional}
    for at, column, extra in named_columns(mapping):
        if column in extra or fold(column) in optional or extract.find(mapping, column) is not None:
            continue
        near = nearest(column, list(extract.columns)) or nearest(fold(column), [fold(c) for c in extract.columns])
        listed = ", ".join(extract.columns[:40])
        key = ".".join(str(k + 1) if isinstance(k, int) else k for k in at)
        hint = f"Did you mean '{near}'? " if near else ""
        message = f"mapping '{mapping.name}', key '{key}': the file {extract.file} has no column '{column}'"
        mend = f"{hint}The file's columns: {listed}. A column that may be absent goes under 'optional'."
        if mapping._located is not None:
            raise mapping._located.error(message, at=at, mend=mend, kind=MappingError)
        raise MappingError(message, mend=mend)


def new_table(what: str) -> str:
    """A name for a temporary table that no other extract uses."""
    return f"{what}_{uuid.uuid4().hex[:12]}"


def name_columns(names: Sequence[object], *, file: str) -> tuple[str, ...]:
    """Header cells as column names: trimmed; an empty one is called by its place, a second of one name numbered."""
    found: list[str] = []
    seen: set[str] = set()
    for i, cell in enumerate(names, start=1):
        base = str(cell).strip().strip("\ufeff").strip() if cell is not None else ""
        base = base or f"column {i}"
        unique, n = base, 2
        while unique.casefold() in seen or unique.casefold() in ("_row", "_line", "rid"):
            unique, n = f"{base} {n}", n + 1
        seen.add(unique.casefold())
        found.append(unique)
    if not found:
        raise ExtractError(f"{file} has no columns.", mend="Check that the first line names the columns.")
    return tuple(found)
