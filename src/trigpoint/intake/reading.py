"""Reads a file by the reader of its format, and checks that it has the columns that its mapping names."""

from __future__ import annotations

from pathlib import Path

import duckdb

from trigpoint.errors import ExtractError, MappingError, nearest
from trigpoint.intake.carried import fill_down
from trigpoint.intake.compile.values import fold
from trigpoint.intake.extract import Extract
from trigpoint.intake.language import Kind, Mapping
from trigpoint.intake.mapping import named_columns
from trigpoint.intake.readers import READERS

KINDS: dict[str, Kind] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".ods": "xlsx",
    ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".xml": "xml",
}  # fmt: skip


def read_extract(path: Path, mapping: Mapping, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read the file at `path` as `mapping` hints. Raises ExtractError (the file) or MappingError (its columns)."""
    if not path.is_file():
        raise ExtractError(f"There is no file {path.name}.", where=str(path.parent))
    if path.stat().st_size == 0:
        raise ExtractError(f"{path.name} is empty.", mend="Ask the agency to send it again.")
    extract = READERS[kind_of(path, mapping.format.kind)](path, mapping.format, con)
    check_columns(extract, mapping)
    return fill_down(extract, mapping, con)


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
        mend = (
            f"{hint}The file's columns: {listed}. Where a column has a new name, add it: "
            f"also: {{{column}: [its new name]}}. A column that may be absent goes under 'optional'."
        )
        if mapping._located is not None:
            raise mapping._located.error(message, at=at, mend=mend, kind=MappingError)
        raise MappingError(message, mend=mend)
