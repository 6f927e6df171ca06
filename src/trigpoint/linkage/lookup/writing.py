"""Writing the index of a look-up: rows, children and blocking keys as plain arrays on disk, then one name that moves.

It is made from the same linking table as the links, with DuckDB, when records were linked. A reader needs no engine.
The files of one index lie in a folder of their own; `current` names it and is replaced in one step, so that a reader
sees the old index or the new one and nothing between.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from trigpoint.linkage.clusters.judged_numbers import same_nhs
from trigpoint.linkage.clusters.region import Given, take_known
from trigpoint.linkage.features.names import mark_of_names
from trigpoint.linkage.features.people import TABLE, make_people, read_records
from trigpoint.linkage.link import drop_tables
from trigpoint.linkage.lookup.blocks import keys_sql, most_in_block
from trigpoint.linkage.lookup.request import STORED
from trigpoint.linkage.scoring.blocking import RULES
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.pairs import scored_sql

CURRENT: Final = "current"
FORMAT: Final = 2
WORDS: Final = "index.json"
SEEN_FILE: Final = "seen.parquet"
_BATCH: Final = 200_000

# A record's views as one number, and its child: whatever is added, corrected, withdrawn or linked anew shows.
SEEN: Final = """
SELECT record_id, bit_xor(hash(row_id)) AS views, any_value(child_key) AS child_key
FROM "{view}" JOIN link_known_links_in USING (record_id) GROUP BY record_id
"""
ORDERED: Final = f"""
CREATE OR REPLACE TEMP TABLE link_places AS
SELECT p.n, (row_number() OVER (ORDER BY k.child_key, p.record_id) - 1)::UINTEGER AS place, k.child_key, p.record_id
FROM {TABLE} p JOIN link_known_links_in k USING (record_id)
"""


def write_index(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    records_view: str,
    links: Given,
    judgements: Given,
    model: LinkModel,
    settings: LinkSettings,
) -> int:
    """Write the index of the linked records into `folder` and make it the current one; how many records it holds.

    `records_view` has the columns of `records`, `links` those of the table of links. Records without a link are left
    out. Earlier indexes are removed: a process that has one open keeps it until it looks for a newer one.
    """
    with making(folder) as made:
        try:
            take_known(con, links=links, edges=None, judgements=judgements)
            read_records(con, records_view)
            same = same_nhs(con, records_view)
            con.execute(f"COPY ({SEEN.format(view=records_view)}) TO '{made / SEEN_FILE}'")
            return write_part(con, made, model=model, settings=settings, same=same)
        finally:
            drop_tables(con)


@contextmanager
def making(folder: Path, *, over: str = "") -> Iterator[Path]:
    """A folder for a new index, which is the current one when the block ends well and else is gone.

    `over` is the name of the index that the new one stands on: it stays, all others are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="index-", dir=folder))
    try:
        yield made
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    _publish(folder, made, over=over)


def write_part(
    con: duckdb.DuckDBPyConnection,
    made: Path,
    *,
    model: LinkModel,
    settings: LinkSettings,
    same: Mapping[str, str],
    over: str = "",
) -> int:
    """Write the files of an index from the records that `read_records` read; how many it holds."""
    make_people(con, frequencies=model.frequencies, crowded_postcodes=list(model.crowded_postcodes), same_nhs=same)
    con.execute(ORDERED)
    records = _write_rows(con, made)
    _write_children(con, made)
    _write_keys(con, made, settings)
    (made / "model.json").write_text(model.to_json(), encoding="utf-8")
    words = {
        "format": FORMAT,
        "records": records,
        "settings": asdict(settings),
        "same_nhs": dict(same),
        "made_for": fingerprint(model, settings),
        "frame": frame_mark(model, same),
        "over": over,
    }
    (made / WORDS).write_text(json.dumps(words), encoding="utf-8")
    return records


def frame_mark(model: LinkModel, same: Mapping[str, str]) -> str:
    """What every row takes from the model and from judgements: where this is another, all rows are made anew."""
    said = [model.frequencies, model.crowded_postcodes, sorted(same.items()), duckdb.__version__]
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def fingerprint(model: LinkModel, settings: LinkSettings) -> str:
    """What rows and keys were made for: another version's names or comparisons must not be read against them."""
    said = [
        mark_of_names(),
        scored_sql("pairs", model=model, settings=settings, quick=False),
        *STORED,
        *(rule.keys for rule in RULES),
    ]
    return sha256("\n".join(said).encode()).hexdigest()


def remove_index(folder: Path) -> None:
    """Remove every index: what it held is forgotten by each process when it next looks something up."""
    (folder / CURRENT).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _write_rows(con: duckdb.DuckDBPyConnection, made: Path) -> int:
    """Each row as a JSON list of the values of STORED, one after the other, and where each begins."""
    starts, ends = [np.zeros(1, np.uint64)], np.uint64(0)
    columns = ", ".join(f"p.{column}" for column in STORED)
    query = f"SELECT json_array({columns})::VARCHAR AS row FROM link_places JOIN {TABLE} p USING (n) ORDER BY place"
    with (made / "rows.bin").open("wb") as out:
        for batch in con.sql(query).to_arrow_reader(_BATCH):
            texts = batch.column(0)
            offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
            out.write(memoryview(texts.buffers()[2])[offsets[0] : offsets[-1]])
            starts.append((offsets[1:] - offsets[0]).astype(np.uint64) + ends)
            ends = starts[-1][-1]
    kept = np.concatenate(starts)
    np.save(made / "row_starts.npy", kept)
    return len(kept) - 1


def _write_children(con: duckdb.DuckDBPyConnection, made: Path) -> None:
    """Rows stand child by child: the keys of the children, and where the rows of each begin."""
    held = con.sql("SELECT child_key, record_id FROM link_places ORDER BY place").to_arrow_table()
    keys = held["child_key"].to_numpy().astype("S")
    first = np.r_[True, keys[1:] != keys[:-1]] if len(keys) else np.zeros(0, bool)
    np.save(made / "children.npy", keys[first])
    np.save(made / "child_starts.npy", np.r_[np.flatnonzero(first), len(keys)].astype(np.uint32))
    np.save(made / "child_of.npy", (np.cumsum(first) - 1).astype(np.uint32))
    np.save(made / "records.npy", held["record_id"].to_numpy().astype("S"))


def _write_keys(con: duckdb.DuckDBPyConnection, made: Path, settings: LinkSettings) -> None:
    """Keys in order, where the rows of each begin, and the rows. A block that is too large has no rows."""
    keys, sizes, rows = [], [], []
    for number, most in enumerate(most_in_block(settings)):
        for key, size, members in _blocks(con, number=number, most=most):
            keys.append(key)
            sizes.append(size)
            rows.append(members)
    key, size = _end_to_end(keys, np.uint64), _end_to_end(sizes, np.uint32)
    starts = np.r_[np.uint64(0), np.cumsum(size, dtype=np.uint64)]
    order = np.argsort(key, kind="stable")
    np.save(made / "keys.npy", key[order])
    np.save(made / "block_starts.npy", starts[:-1][order])
    np.save(made / "block_sizes.npy", size[order])
    np.save(made / "block_rows.npy", _end_to_end(rows, np.uint32))


def _blocks(
    con: duckdb.DuckDBPyConnection, *, number: int, most: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The blocks of one rule: keys, sizes (nought where too large) and rows, block after block."""
    held = con.execute(
        f"SELECT key::UBIGINT AS key, place FROM ({keys_sql(number)}) JOIN link_places USING (n) ORDER BY key, place"
    ).fetchnumpy()
    key, place = np.asarray(held["key"], np.uint64), np.asarray(held["place"], np.uint32)
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, np.int64)
    size = np.diff(np.r_[first, len(key)])
    kept = size <= most
    yield key[first], np.where(kept, size, 0).astype(np.uint32), place[np.repeat(kept, size)]


def _end_to_end(parts: list[np.ndarray], kind: Any) -> np.ndarray:
    return np.concatenate(parts).astype(kind, copy=False) if parts else np.zeros(0, kind)


def _publish(folder: Path, made: Path, *, over: str) -> None:
    """Bring the files to the disk, then move the name, then remove what nobody will open any more."""
    for path in (*made.iterdir(), made):
        _settle(path)
    part = folder / f"{CURRENT}.part"
    part.write_text(made.name, encoding="utf-8")
    _settle(part)
    os.replace(part, folder / CURRENT)
    _settle(folder)
    for old in folder.glob("index-*"):
        if old.name not in (made.name, over):
            shutil.rmtree(old, ignore_errors=True)


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
