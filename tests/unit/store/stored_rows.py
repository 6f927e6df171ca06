"""Invented rows and a store of three small tables to put them in."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trigpoint.store import Store

SCHEMAS = {
    "events": pa.schema(
        [
            ("event_id", pa.string()),
            ("happened_at", pa.timestamp("us")),
            ("easting", pa.int32()),
            ("days", pa.float64()),
            ("weapon", pa.bool_()),
        ]
    ),
    "records": pa.schema(
        [
            ("record_id", pa.string()),
            ("surname", pa.string()),
            ("birth_on", pa.date32()),
            ("phones", pa.list_(pa.string())),
        ]
    ),
    "links": pa.schema([("record_id", pa.string()), ("child_key", pa.string())]),
}


def opened(folder: Path, **settings) -> Store:
    return Store.open(folder, **{"schemas": SCHEMAS, "wait": 5.0, **settings})


def events(*ids: str) -> pa.Table:
    return pa.table({"event_id": list(ids)}, schema=pa.schema([("event_id", pa.string())]))


def links(pairs: Mapping[str, str]) -> pa.Table:
    return pa.table({"record_id": list(pairs), "child_key": list(pairs.values())}, schema=SCHEMAS["links"])


def ids(table: pa.Table) -> list[str]:
    return sorted(table.column("event_id").to_pylist())


def put(store: Store, *names: str) -> int:
    with store.write("add events") as tx:
        tx.append("events", events(*names))
    return store.head().number


def everything_in(folder: Path) -> str:
    """Every byte of every file, and beside them every value of every Parquet file, as one text."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.append(path.name)
        found.append(path.read_bytes().decode("latin-1"))
        if path.suffix == ".parquet":
            found.append(str(pq.read_table(path).to_pydict()))
            found.append(str(pq.read_metadata(path).to_dict()))
    return "\n".join(found)


def logs_in(folder: Path) -> str:
    """All that is kept beside the rows: logs, checkpoints, ledger, notes."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix != ".parquet":
            found.append(path.read_text())
        elif path.parent.name == "_delta_log":
            found.append(str(pq.read_table(path).to_pylist()))
    return "\n".join(found)
