"""Messages in and signals out as Arrow: for a platform that scans by the million."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import ipc

from trigpoint.errors import ExtractError, SettingsError, nearest
from trigpoint.scanner import SURFACES, Batch, MessageAnswer, Surface
from trigpoint.services.scan_file import scanner_of

ROWS = 8_192
ANSWERS = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("id", pa.string()),
        pa.field("conversation", pa.string()),
        pa.field("sender", pa.string()),
        pa.field("behaviour", pa.string(), nullable=False),
        pa.field("stage", pa.string(), nullable=False),
        pa.field("strength", pa.string(), nullable=False),
        pa.field("points", pa.float64(), nullable=False),
        pa.field("usual_at_most", pa.float64()),
        pa.field("starts", pa.list_(pa.int32())),
        pa.field("ends", pa.list_(pa.int32())),
        pa.field("sentence", pa.string()),
    ]
)
_ENDINGS = (".parquet", ".arrow", ".arrows")


def scan_table(table: pa.Table | pa.RecordBatch, /, *, pack: str = "england_wales", first_row: int = 0) -> pa.Table:
    """Each message read alone: one row a signal, in the columns ANSWERS; `starts` and `ends` are code points.

    Columns taken: text (needed); id, conversation, sender (text); sent_at (a timestamp, or whole seconds since 1970);
    surface. Other columns are passed over. Rows whose text is null are not searched. `first_row` is added to `row`.
    Raises ExtractError where text is not there or a column is of another type.
    """
    batch = _batch(table)
    answers = scanner_of(pack).scan_messages(batch)
    rows = [row for answer in answers for row in _rows(answer, batch, first_row)]
    return pa.Table.from_pylist(rows, schema=ANSWERS)


def scan_arrow(source: Path, output: Path, *, pack: str = "england_wales") -> tuple[int, int]:
    """Scan a Parquet or Arrow file of messages into another, in batches; (messages, signals).

    The output appears whole or not at all. Raises ExtractError where the source is not read, SettingsError for
    another ending than .parquet, .arrow or .arrows.
    """
    for path in (source, output):
        if path.suffix.lower() not in _ENDINGS:
            raise SettingsError("Batches are Parquet or Arrow files.", mend=f"Name it {' or '.join(_ENDINGS)}.")
    half = output.with_name(output.name + ".part")
    try:
        counted = _through(source, half, pack=pack, ending=output.suffix.lower())
        half.replace(output)
    finally:
        half.unlink(missing_ok=True)
    return counted


def _through(source: Path, half: Path, *, pack: str, ending: str) -> tuple[int, int]:
    read = found = 0
    with _writer(half, ending) as writer:
        for batch in _batches(source):
            made = scan_table(batch, pack=pack, first_row=read)
            read, found = read + batch.num_rows, found + made.num_rows
            writer.write_table(made)
    return read, found


def _batches(source: Path) -> Iterator[pa.RecordBatch]:
    try:
        if source.suffix.lower() == ".parquet":
            yield from pq.ParquetFile(source).iter_batches(ROWS)
        elif source.suffix.lower() == ".arrows":
            with ipc.open_stream(source) as reader:
                yield from reader
        else:
            with ipc.open_file(source) as reader:
                yield from (reader.get_batch(i) for i in range(reader.num_record_batches))
    except FileNotFoundError:
        raise ExtractError("There is no such file.", mend="Check its name and where it lies.") from None
    except (pa.ArrowException, OSError) as fault:
        raise ExtractError(
            "The file cannot be read as its ending says.", mend=f"Write it again ({type(fault).__name__})."
        ) from None


def _writer(path: Path, ending: str) -> Any:
    if ending == ".parquet":
        return pq.ParquetWriter(path, ANSWERS)
    return ipc.new_stream(str(path), ANSWERS) if ending == ".arrows" else ipc.new_file(str(path), ANSWERS)


def _batch(table: pa.Table | pa.RecordBatch) -> Batch:
    names = table.schema.names
    if "text" not in names:
        near = nearest("text", names)
        raise ExtractError("There is no column 'text'.", mend=f"Rename '{near}'." if near else "Name the words 'text'.")
    rows = table.num_rows
    ids = _texts(table, "id", [str(i) for i in range(rows)])
    return Batch(
        text=_texts(table, "text", []),
        id=ids,
        conversation=_texts(table, "conversation", ids),
        sender=_texts(table, "sender", [""] * rows),
        sent_at=_seconds(table),
        surface=_surfaces(table),
    )


def _texts(table: pa.Table | pa.RecordBatch, name: str, without: list[str]) -> list[str]:
    if name not in table.schema.names:
        return without
    column = table.column(name)
    try:
        return cast(list[str], pc.fill_null(column.cast(pa.string()), "").to_pylist())
    except pa.ArrowException:
        raise ExtractError(f"The column '{name}' is not text.", mend="Write it as text.") from None


def _seconds(table: pa.Table | pa.RecordBatch) -> list[int | None]:
    if "sent_at" not in table.schema.names:
        return [None] * table.num_rows
    column = table.column("sent_at")
    try:
        if pa.types.is_timestamp(column.type):
            column = pc.cast(column, pa.timestamp("s", tz=column.type.tz), safe=False)
        return cast("list[int | None]", column.cast(pa.int64()).to_pylist())
    except pa.ArrowException:
        raise ExtractError("The column 'sent_at' is no time.", mend="Write a timestamp, or seconds.") from None


def _surfaces(table: pa.Table | pa.RecordBatch) -> Surface | list[Surface]:
    if "surface" not in table.schema.names:
        return "direct"
    said = _texts(table, "surface", [])
    if not set(said) <= {*SURFACES, ""}:
        raise ExtractError("The column 'surface' holds an unknown word.", mend=f"Known are: {', '.join(SURFACES)}.")
    return [cast(Surface, one or "direct") for one in said]


def _rows(answer: MessageAnswer, batch: Batch, first_row: int) -> Iterator[dict[str, Any]]:
    for signal in answer.signals:
        yield {
            "row": first_row + answer.at,
            "id": batch.id[answer.at],
            "conversation": batch.conversation[answer.at],
            "sender": batch.sender[answer.at],
            "behaviour": signal.behaviour,
            "stage": signal.stage,
            "strength": signal.strength,
            "points": signal.points,
            "usual_at_most": signal.usual.at_most if signal.usual else None,
            "starts": [span.start for span in signal.spans],
            "ends": [span.end for span in signal.spans],
            "sentence": signal.sentence,
        }
