"""Columns of a data frame, read as lists of 0 and 1 and as counts, with errors that say which row and why."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from trigpoint.counts.unseen.loglinear.lattice import Ints
from trigpoint.errors import CountsError

CALLED_COUNTS: Final = ("n", "count", "counts", "freq", "frequency", "cases", "number", "number of cases")
ON: Final = {"1", "1.0", "true", "t", "yes", "y", "x"}
OFF: Final = {"0", "0.0", "false", "f", "no", "n", ""}
MOST_CASES: Final = 10**9


def as_table(frame: Any) -> pa.Table:
    """An Arrow table from whatever holds columns: Arrow, pandas, Polars, a dictionary."""
    if isinstance(frame, pa.Table):
        return frame
    try:
        if hasattr(frame, "__arrow_c_stream__"):
            return pa.table(frame)
        return pa.table({str(name): pa.array(np.asarray(column).tolist()) for name, column in dict(frame).items()})
    except (pa.ArrowException, TypeError, ValueError) as fault:
        raise CountsError(
            "This cannot be read as columns of one length.", mend="Give a data frame or a dictionary of columns."
        ) from fault


def read_csv(path: Path) -> pa.Table:
    """A CSV or tab-separated file as text columns. Raises CountsError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CountsError("There is no such file.", where=str(path), mend="Check the name.") from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise CountsError(
            "The file is not text.", where=str(path), mend="Save it as CSV in UTF-8: a column a list."
        ) from None
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=separator) if any(cell.strip() for cell in row)]
    if len(rows) < 2:
        raise CountsError("The file has no rows below its header.", where=str(path), mend="Give a row a history.")
    header = [cell.strip() for cell in rows[0]]
    if len(set(header)) < len(header):
        raise CountsError("Two columns have the same name.", where=str(path), mend="Name each list once.")
    for at, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise CountsError(
                f"Row {at} has {len(row)} columns and the header has {len(header)}.",
                where=str(path), mend="Give every row the same columns.",
            )  # fmt: skip
    return pa.table({name: [row[j].strip() for row in rows[1:]] for j, name in enumerate(header)})


def count_column(table: pa.Table, named: str | None) -> str | None:
    """The column with the number of cases, None where each row is a case."""
    names = table.column_names
    if named is not None:
        if named not in names:
            raise CountsError(f"There is no column '{named}'.", mend=f"There are: {', '.join(names)}.")
        return named
    called = [name for name in names if name.strip().lower() in CALLED_COUNTS]
    if len(called) > 1:
        raise CountsError(
            f"Both '{called[0]}' and '{called[1]}' could be the number of cases.", mend="Say which with --count."
        )
    if called:
        return str(called[0])
    last = table.column(names[-1]).to_pylist() if names else []
    return str(names[-1]) if any(_word(value) not in ON | OFF for value in last) else None


def counts_of(table: pa.Table, named: str | None) -> Ints:
    """The number of cases of each row."""
    if named is None:
        return np.ones(len(table), dtype=np.int64)
    return np.array([_count(value, at, named) for at, value in enumerate(table.column(named).to_pylist(), 1)], np.int64)


def list_bits(table: pa.Table, names: list[str]) -> Ints:
    """The history of each row as a number whose bits are the lists."""
    bits = np.zeros(len(table), dtype=np.int64)
    for j, name in enumerate(names):
        on = [_on(value, at, name) for at, value in enumerate(table.column(name).to_pylist(), 1)]
        bits |= np.array(on, dtype=np.int64).reshape(-1) << j
    return bits


def _word(value: object) -> str:
    return "?" if value is None else str(value).strip().lower()


def _on(value: object, at: int, name: str) -> bool:
    word = _word(value)
    if word in ON | OFF:
        return word in ON
    raise CountsError(
        f"Whether a case is on list '{name}' must be 0 or 1.",
        where=f"row {at}, column '{name}'",
        mend="If this is the column with the number of cases, call it 'n' or name it with --count.",
    )


def _count(value: object, at: int, name: str) -> int:
    where = f"row {at}, column '{name}'"
    try:
        number = float(_word(value))
    except ValueError:
        raise CountsError("The number of cases is not a number.", where=where, mend="Give whole numbers.") from None
    if number < 0:
        raise CountsError("The number of cases is negative.", where=where, mend="Counts are nought or more.")
    if not number.is_integer():
        raise CountsError(
            "The number of cases is not whole.",
            where=where, mend="Give counts of people as they are, not shares, weights or averages.",
        )  # fmt: skip
    if number > MOST_CASES:
        raise CountsError("The number of cases is beyond belief.", where=where, mend=f"At most {MOST_CASES:,}.")
    return int(number)
