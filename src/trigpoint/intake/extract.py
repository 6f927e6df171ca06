"""An extract read into DuckDB: one table of texts, as they stand in the file, with the row and line of each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from trigpoint.errors import ExtractError
from trigpoint.intake.compile.values import Spaces, fold
from trigpoint.intake.language import Mapping


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
        also = next((names for k, names in mapping.also.items() if fold(k) == fold(column)), ())
        for spelling in (column, *also):
            if spelling in self.columns:
                return spelling
            if fold(spelling) in self._by_fold:
                return self._by_fold[fold(spelling)]
        return None

    @cached_property
    def _by_fold(self) -> dict[str, str]:
        return {fold(c): c for c in reversed(self.columns)}


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
