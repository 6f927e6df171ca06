"""Rows written as Parquet files of a table, which its log then names.

The table library can write them too; but it fills every column that the rows do not have with nulls, which costs as
much as the columns that they have: an event has a few of the pack's fifty attributes.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

MEBIBYTE: Final = 1024 * 1024
LARGEST_FILE: Final = 64 * MEBIBYTE
ROWS_IN_GROUP: Final = 122_880
SAMPLE: Final = 2_000
# Words of the settings and the pack. By the least and the greatest of a row group a reader passes over other feeds and
# kinds; of no other text is anything told at the foot of a file.
TOLD: Final = frozenset({"source", "feed", "agency", "extract_id", "kind"})


@dataclass(frozen=True)
class Part:
    """One Parquet file of a table: its name in the folder, its bytes, its rows."""

    name: str
    size: int
    rows: int


def new_part() -> str:
    """A name that no other file of a table has."""
    return f"part-{uuid.uuid4()}.zstd.parquet"


def write_parts(rows: pa.RecordBatchReader, *, folder: Path) -> list[Part]:
    """Write `rows` into new files of `folder` as they stream in, one row group in memory at a time."""
    groups = _groups(rows)
    parts = []
    first = next(groups, None)
    while first is not None:
        part, first = _write(first, groups, path=folder / new_part())
        parts.append(part)
    return parts


def _write(first: pa.Table, groups: Iterator[pa.Table], *, path: Path) -> tuple[Part, pa.Table | None]:
    """Write groups into one file until it is full or they end; the file, and the group that follows it."""
    count, group = 0, first
    with path.open("wb") as file, pq.ParquetWriter(file, first.schema, **_how(first)) as writer:
        while group is not None and file.tell() < LARGEST_FILE:
            writer.write_table(group, row_group_size=ROWS_IN_GROUP)
            count += group.num_rows
            group = next(groups, None)
    return Part(path.name, path.stat().st_size, count), group


def _how(first: pa.Table) -> dict[str, Any]:
    """How to write rows like these: no dictionary of what hardly repeats, least and greatest of no text but `TOLD`.

    Each would take a third of the time of writing ids, and help no reader: ids are looked up by joins.
    """
    texts = {field.name for field in first.schema if pa.types.is_string(field.type)}
    start = first.slice(0, SAMPLE)
    repeating = [name for name in texts if 2 * pc.count_distinct(start[name]).as_py() <= start.num_rows]
    others = [field.name for field in first.schema if field.name not in texts or field.name in TOLD]
    return {"compression": "zstd", "use_dictionary": sorted(repeating), "write_statistics": others}


def _groups(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows in tables of a row group each: batches may be much smaller, or larger."""
    held: list[pa.RecordBatch] = []
    waiting = 0
    for batch in rows:
        rest = batch
        while waiting + rest.num_rows >= ROWS_IN_GROUP:
            fits = ROWS_IN_GROUP - waiting
            yield pa.Table.from_batches([*held, rest.slice(0, fits)])
            held, waiting, rest = [], 0, rest.slice(fits)
        if rest.num_rows:
            held.append(rest)
            waiting += rest.num_rows
    if held:
        yield pa.Table.from_batches(held)
