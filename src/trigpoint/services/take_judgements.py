"""Take judgements that people made elsewhere, as casework writes them: a CSV file, one row a judgement."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from trigpoint.errors import ExtractError
from trigpoint.records.tables import FIXED
from trigpoint.services.workspace import Workspace

COLUMNS: Final = ("judgement_id", "record_a", "record_b", "verdict", "reason", "by", "at")
VERDICTS: Final = ("same", "different")
Row = dict[str, object]


@dataclass(frozen=True)
class Taken:
    """How many judgements were new, how many stood in the ledger already, and how many name a record that is gone."""

    fresh: int
    known: int
    gone: int


def take_judgements(workspace: Workspace, file: Path) -> Taken:
    """Add the judgements of `file` to the ledger, each once; the next run follows them.

    Times are wall clock. A judgement keeps the time at which it was made: of two on one pair the later one holds.
    Raises ExtractError, naming the row, where one cannot be read; then none is taken.
    """
    rows = _read(file)
    store, con = workspace.store, workspace.con
    known = set(store.read("judgements", columns=["judgement_id"])["judgement_id"].to_pylist())
    store.scan(con, "records", name="raw_records")
    asked = pa.table({"record_id": sorted({str(row[side]) for row in rows for side in ("record_a", "record_b")})})
    con.register("asked_records", asked)
    there = {
        record
        for (record,) in con.execute(
            "select distinct record_id from raw_records semi join asked_records using (record_id)"
        ).fetchall()
    }
    con.unregister("asked_records")
    fresh = [row for row in rows if row["judgement_id"] not in known]
    kept = [row for row in fresh if {row["record_a"], row["record_b"]} <= there]
    if kept:
        with store.write("take judgements") as tx:
            tx.append("judgements", pa.Table.from_pylist(kept, schema=FIXED["judgements"]))
    return Taken(len(kept), len(rows) - len(fresh), len(fresh) - len(kept))


def _read(file: Path) -> list[Row]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            if absent := [name for name in COLUMNS if name not in (reader.fieldnames or [])]:
                raise _fault(file, 1, f"There is no column '{absent[0]}'")
            return [_row(file, number, given) for number, given in enumerate(reader, 2)]
    except OSError as fault:
        raise ExtractError(f"The file cannot be opened: {fault.strerror}.", where=str(file)) from None
    except (UnicodeDecodeError, csv.Error):
        raise ExtractError(
            "The file is not CSV in UTF-8.", where=str(file), mend="Write it again with: trigpoint web write-extract"
        ) from None


def _row(file: Path, number: int, given: dict[str, str]) -> Row:
    row: Row = {name: (given[name] or "").strip() for name in COLUMNS}
    if empty := [name for name in COLUMNS if not row[name]]:
        raise _fault(file, number, f"'{empty[0]}' is empty")
    if row["verdict"] not in VERDICTS:
        raise _fault(file, number, "'verdict' is neither 'same' nor 'different'")
    if row["record_a"] == row["record_b"]:
        raise _fault(file, number, "a record is always the same as itself")
    row["record_a"], row["record_b"] = sorted((str(row["record_a"]), str(row["record_b"])))
    try:
        at = datetime.fromisoformat(str(row["at"]))
    except ValueError:
        raise _fault(file, number, "'at' is not a time such as 2026-03-04T15:30:00") from None
    return row | {"at": at.replace(tzinfo=None)}


def _fault(file: Path, number: int, what: str) -> ExtractError:
    return ExtractError(
        f"{what}. No judgement of the file was taken.",
        where=f"{file}, line {number}",
        mend=f"The columns are: {', '.join(COLUMNS)}. `trigpoint web write-extract` writes such a file.",
    )
