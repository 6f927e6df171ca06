"""Rows on their way into a table: streamed, never held, in exactly the table's columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from trigpoint.errors import StoreError

# Arrow rows: a table, a batch, a reader, or anything that exports an Arrow stream (a DuckDB relation does).
Rows: TypeAlias = Any


class Stream:
    """A reader over rows that casts each batch, counts the rows, and remembers a fault of its own.

    With `whole` it has every column of `schema`, null where the rows have none; else only those that the rows have.
    """

    def __init__(self, rows: Rows, *, schema: pa.Schema, table: str, whole: bool) -> None:
        self.table = table
        self.count = 0
        self.fault: BaseException | None = None
        source = as_reader(rows)
        _refuse_unknown(source.schema, known=schema, table=table)
        there = [field for field in schema if source.schema.get_field_index(field.name) >= 0]
        self.schema = schema if whole or not there else pa.schema(there)
        batches = (batch for batch in self._cast(source) if batch.num_rows)
        first = next(batches, None)
        self.empty = first is None
        self._batches = batches if first is None else chain([first], batches)

    def reader(self) -> pa.RecordBatchReader:
        """The rows, once."""
        return pa.RecordBatchReader.from_batches(self.schema, self._batches)

    def _cast(self, source: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        try:
            for batch in source:
                self.count += batch.num_rows
                yield _fit(batch, schema=self.schema, table=self.table)
        except Exception as fault:
            # The library wraps what a stream raises in an error of its own, whose text may quote a row.
            self.fault = fault
            raise


def as_reader(rows: Rows) -> pa.RecordBatchReader:
    """Rows of any Arrow make as a record batch reader, without a copy."""
    if isinstance(rows, pa.RecordBatchReader):
        return rows
    if isinstance(rows, pa.Table):
        return rows.to_reader()
    if isinstance(rows, pa.RecordBatch):
        return pa.RecordBatchReader.from_batches(rows.schema, [rows])
    if hasattr(rows, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(rows)
    raise TypeError(f"rows must be Arrow rows, not {type(rows).__name__}")


def grown(stored: pa.Schema, declared: pa.Schema, *, table: str, where: Path) -> pa.Schema:
    """The stored columns, then the declared ones that are new. StoreError where a column changed its type."""
    for field in stored:
        place = declared.get_field_index(field.name)
        if place >= 0 and not same_type(declared.field(place).type, field.type):
            raise StoreError(
                f"Column {field.name} of table {table} is kept as {field.type}, "
                f"but is now declared as {declared.field(place).type}.",
                where=str(where),
                mend="Give the attribute back its old type, or a new name.",
            )
    fresh = [field for field in declared if stored.get_field_index(field.name) < 0]
    return pa.schema([*(pa.field(f.name, plain_type(f.type)) for f in stored), *fresh])


def as_read(stored: pa.Schema, declared: pa.Schema) -> pa.Schema:
    """The columns that a reader sees: the declared ones in their order, then those that only the store has.

    A column has the type in which it is kept: an old version may keep another than the one declared now.
    """
    kept = {field.name: pa.field(field.name, plain_type(field.type)) for field in stored}
    return pa.schema({**{field.name: field for field in declared}, **kept}.values())


def same_type(one: pa.DataType, other: pa.DataType) -> bool:
    """Whether two Arrow types hold the same values, whatever their list items are called."""
    return bool(plain_type(one) == plain_type(other))


def plain_type(found: pa.DataType) -> pa.DataType:
    """The type with the ordinary layout: `string` for views and large strings, `item` for list items."""
    if pa.types.is_large_string(found) or pa.types.is_string_view(found):
        return pa.string()
    if pa.types.is_list(found) or pa.types.is_large_list(found):
        return pa.list_(plain_type(found.value_type))
    return found


def _refuse_unknown(found: pa.Schema, *, known: pa.Schema, table: str) -> None:
    names = [name for name in found.names if known.get_field_index(name) < 0]
    if names:
        raise StoreError(
            f"Table {table} has no column {', '.join(names)}.",
            where=f"rows for table {table}",
            mend=f"Its columns are: {', '.join(known.names)}.",
        )


def _fit(batch: pa.RecordBatch, *, schema: pa.Schema, table: str) -> pa.RecordBatch:
    arrays = [_column(batch, field=field, table=table) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _column(batch: pa.RecordBatch, *, field: pa.Field, table: str) -> pa.Array:
    place = batch.schema.get_field_index(field.name)
    if place < 0:
        return pa.nulls(batch.num_rows, type=field.type)
    try:
        return batch.column(place).cast(field.type)
    except (pa.ArrowException, ValueError):
        raise StoreError(
            f"Column {field.name} of table {table} holds {field.type}; the rows handed in hold "
            f"{batch.column(place).type} that does not all fit.",
            where=f"rows for table {table}",
            mend="Convert the column before it is stored.",
        ) from None
