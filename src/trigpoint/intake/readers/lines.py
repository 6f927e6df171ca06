"""Which physical line each row of a delimited file begins on.

In most files row n stands on line n + header; then nothing is stored. Where cells hold line breaks, lines are blank or
many rows are refused, one pass over the bytes finds where records begin, in columns, a chunk at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from trigpoint.intake.compile.quoting import name
from trigpoint.intake.readers.encoding import CHUNK, Text

FEW = 100


@dataclass(frozen=True)
class Lines:
    """The rows' lines: by arithmetic (`refused` lists the data rows that were left out), or by table."""

    above: int
    refused: tuple[int, ...]
    found: tuple[np.ndarray, np.ndarray] | None  # (data row, line) of each kept row
    starts: dict[int, int]

    def attach(self, con: duckdb.DuckDBPyConnection, *, cells: str, table: str) -> None:
        """Make `table`: the cells with `_row` and `_line`."""
        if self.found is None:
            before = [r - j for j, r in enumerate(self.refused)]
            row = " + ".join(["c.rowid + 1", *(f"(c.rowid + 1 >= {b})::INTEGER" for b in before)])
            con.execute(
                f"CREATE TEMP VIEW {name(table)} AS SELECT *, _row + {self.above} AS _line FROM "
                f"(SELECT c.*, {row} AS _row, c.rowid AS rid FROM {name(cells)} c)"
            )
            return
        rows, lines = self.found
        batch = pa.table({"rid": np.arange(len(rows), dtype=np.int64), "_row": rows, "_line": lines})
        con.register("lines_found", batch)
        con.execute(f"CREATE TEMP TABLE {name(table + '_lines')} AS SELECT * FROM lines_found")
        con.unregister("lines_found")
        con.execute(
            f"CREATE TEMP VIEW {name(table)} AS SELECT c.*, l._row, l._line, l.rid FROM {name(cells)} c "
            f"JOIN {name(table + '_lines')} l ON c.rowid = l.rid"
        )

    def of_refused(self, row: int) -> tuple[int, int]:
        """(data row, physical line) of a refused row."""
        return row, self.starts.get(row, row + self.above)


def number_lines(source: Text, quote: str, *, above: int, rows: int, refused: Sequence[int], wide: bool) -> Lines:
    """Find the lines. `refused` are the data rows (from 1) that the reader left out."""
    physical = source.survey.newlines + source.survey.ends_open - above
    if physical == rows + len(refused) and len(refused) <= FEW:
        return Lines(above, tuple(refused), None, {})
    starts, blank = _records(source.path, ord(quote), above)
    kept = np.ones(len(starts), dtype=bool)
    if wide:
        kept &= ~blank
    bad = np.array([r - 1 for r in refused if 0 < r <= len(starts)], dtype=np.int64)
    lines_of_bad = {int(r) + 1: int(starts[r]) for r in bad}
    kept[bad] = False
    if int(kept.sum()) != rows:
        # Quotes inside unquoted cells hide the records' borders: say the nearest that can be said.
        return Lines(above, tuple(sorted(refused)[:FEW]), None, lines_of_bad)
    index = np.flatnonzero(kept)
    return Lines(above, (), (index.astype(np.int64) + 1, starts[index]), lines_of_bad)


def _records(path: Path, quote: int, above: int) -> tuple[np.ndarray, np.ndarray]:
    """The physical line on which each record after line `above` begins, and whether the record is blank."""
    starts, blanks = [], []
    line, open_quote, length, begun = 1, 0, 0, 1
    for chunk in _chunks(path):
        data = np.frombuffer(chunk, dtype=np.uint8)
        inside = (np.cumsum(data == quote) + open_quote) & 1
        breaks = np.flatnonzero(data == 10)
        ends = breaks[inside[breaks] == 0]
        after = np.searchsorted(breaks, ends, side="right") + line
        starts.append(np.concatenate(([begun], after[:-1])) if len(ends) else np.empty(0, dtype=np.int64))
        if len(ends):
            sizes = np.diff(np.concatenate(([-1 - length], ends))) - 1
            previous = data[np.maximum(ends - 1, 0)]
            blanks.append((sizes == 0) | ((sizes == 1) & (previous == 13)))
            begun, length = int(after[-1]), len(data) - int(ends[-1]) - 1
        else:
            length += len(data)
        line += len(breaks)
        open_quote = int(inside[-1])
    if length:
        starts.append(np.array([begun]))
        blanks.append(np.array([False]))
    found = np.concatenate(starts).astype(np.int64) if starts else np.empty(0, dtype=np.int64)
    blank = np.concatenate(blanks) if blanks else np.empty(0, dtype=bool)
    below = found > above
    return found[below], blank[below]


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
