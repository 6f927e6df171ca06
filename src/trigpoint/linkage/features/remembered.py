"""What a run leaves for the next: the linking row and the blocking keys of each record, so that only new are made.

A folder of segments. The first holds everybody; each later run adds one with the records that are new or whose views
are not what they were, and a row without views for each that is gone. `memory.json`, written last, names the segments,
what they were made by, and how large the blocks were: where anything of that changed, nothing is recalled and
everything is made anew. It holds personal data and goes with it (`forget`). What is read from it: `recalled`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import duckdb

from trigpoint.linkage.features.addresses import ADDRESSES
from trigpoint.linkage.features.names import mark_of_names
from trigpoint.linkage.features.people import NAMED_COLUMNS, PEOPLE, TABLE

FORMAT: Final = 4
MOST_SEGMENTS: Final = 12
_META: Final = "memory.json"

# A record's views as one number: whatever is added to them, corrected or withdrawn shows.
IDS = """
CREATE OR REPLACE TEMP TABLE link_ids AS
SELECT record_id, bit_xor(hash(row_id)) AS views FROM "{view}" GROUP BY record_id
"""
# Rows as they lie in the segments; of a record that is in several the latest holds, and none if it has no views. A row
# is no longer so if the record has other views now, or if its NHS number stands for another by a person's word.
PLACES = """
CREATE OR REPLACE TEMP TABLE link_places AS
SELECT p.*, coalesce(p.views = i.views, false) AND coalesce(NOT list_contains({moved}, nhs_mark), true) AS still
FROM ({segments}) p LEFT JOIN link_ids i USING (record_id) WHERE p.views IS NOT NULL
"""
STALE = "SELECT record_id FROM link_ids ANTI JOIN (FROM link_places WHERE still) USING (record_id)"

# New rows, and a row without views for each record that is remembered and gone.
ADDED = """
SELECT p.*, i.views FROM link_people_new p SEMI JOIN link_stale USING (record_id) JOIN link_ids i USING (record_id)
UNION ALL BY NAME
SELECT record_id, -row_number() OVER () AS n FROM link_gone ANTI JOIN link_ids USING (record_id)
"""
ADDED_KEYS = """
FROM link_keys_new SEMI JOIN (SELECT n FROM link_people_new SEMI JOIN link_stale USING (record_id)) USING (n)
"""
ALL_IN_ONE = "SELECT p.*, i.views FROM {people} p JOIN link_ids i USING (record_id)"


@dataclass(frozen=True)
class Memory:
    """What `memory.json` says.

    `blocks`: for each blocking rule the blocks, pairs, stopped blocks and pairs left out; `stopped`: a mark of which
    blocks were stopped, as the model of the same run has it; `same_nhs`: which NHS numbers stood for another by a
    person's word; `lost`: what share blocking was estimated to lose.
    """

    made_by: str
    segments: tuple[int, ...]
    stopped: str
    same_nhs: Mapping[str, str]
    blocks: tuple[tuple[int, ...], ...]
    lost: float
    format: int = FORMAT

    @property
    def full(self) -> bool:
        """Whether the next run puts the segments together."""
        return len(self.segments) >= MOST_SEGMENTS


def made_by(*, frequencies: Mapping[str, Mapping[str, float]], crowded: tuple[str, ...], rules: tuple[str, ...]) -> str:
    """A fingerprint of all that a linking row and its keys come from, but for the record's own views and judgements."""
    parts = [
        PEOPLE,
        ADDRESSES,
        mark_of_names(),
        duckdb.__version__,
        *rules,
        frequencies,
        crowded,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def mark_of(stopped: Sequence[int]) -> str:
    """A mark of which blocks are stopped."""
    return hashlib.sha256(json.dumps(list(stopped)).encode()).hexdigest()


def find_ids(con: duckdb.DuckDBPyConnection, records_view: str) -> None:
    """Write `link_ids` (record_id, views): the records as they now are."""
    con.execute(IDS.format(view=records_view))


def find_stale(
    con: duckdb.DuckDBPyConnection, folder: Path, memory: Memory, *, moved_numbers: Sequence[str]
) -> list[str]:
    """Record ids whose rows are not remembered as they now are (`link_ids`); writes `link_places` of all rows.

    `moved_numbers`: NHS numbers that, or those who bore them, stand for another now.
    """
    segments = " UNION ALL ".join(_latest(folder, memory, at) for at in memory.segments)
    con.execute(
        PLACES.format(segments=segments, moved="list_transform($1::VARCHAR[], lambda i: hash(i))"),
        [list(moved_numbers)],
    )
    return [record for (record,) in con.execute(STALE).fetchall()]


def _latest(folder: Path, memory: Memory, at: int) -> str:
    """SELECT of the narrow columns of a segment's rows, without the records that are in a later one."""
    columns = f"record_id, views, {', '.join(NAMED_COLUMNS)}, {at} AS segment, n AS m"
    later = [f"'{file_of(folder, 'people', number)}'" for number in memory.segments if number > at]
    select = f"SELECT {columns} FROM read_parquet('{file_of(folder, 'people', at)}')"
    if not later:
        return select
    in_later = f"SELECT record_id FROM read_parquet([{', '.join(later)}])"
    return f"SELECT * FROM ({select}) ANTI JOIN ({in_later}) USING (record_id)"


def remember(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    before: Memory | None,
    made_by: str,
    stopped: Sequence[int],
    same_nhs: Mapping[str, str],
    blocks: tuple[tuple[int, ...], ...],
    lost: float,
) -> None:
    """Keep what was made: beside what was there `before`, or in place of it.

    Needs `link_ids`; with `before` also what `recalled.recall` left. Too many segments are put together.
    """
    folder.mkdir(parents=True, exist_ok=True)
    number = max((int(path.stem.split("-")[1]) for path in folder.glob("people-*.parquet")), default=0) + 1
    kept = (*before.segments, number) if before and not before.full else (number,)
    if len(kept) > 1:
        people, keys = ADDED, ADDED_KEYS
    elif before:
        people, keys = ALL_IN_ONE.format(people="link_all_people"), "SELECT rule, key, n FROM link_all_keys"
    else:
        people, keys = ALL_IN_ONE.format(people=TABLE), "SELECT rule, key, n FROM link_keys"
    _copy(con, people, file_of(folder, "people", number), compression="snappy")
    _copy(con, keys, file_of(folder, "keys", number), compression="uncompressed")  # of hashes nothing can be saved
    part = folder / f"{_META}.part"
    part.write_text(
        json.dumps(asdict(Memory(made_by, kept, mark_of(stopped), same_nhs, blocks, lost))), encoding="utf-8"
    )
    part.replace(folder / _META)
    for path in folder.glob("*-*.parquet"):
        if int(path.stem.split("-")[1]) not in kept:
            path.unlink()


def forget(folder: Path) -> None:
    """Remove all that is remembered: the next run makes it anew."""
    shutil.rmtree(folder, ignore_errors=True)


def read_memory(folder: Path) -> Memory | None:
    """What is remembered, or None where there is nothing, or not all of it."""
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        found = Memory(
            made_by=str(meta["made_by"]),
            segments=tuple(int(number) for number in meta["segments"]),
            stopped=str(meta["stopped"]),
            same_nhs={str(number): str(other) for number, other in meta["same_nhs"].items()},
            blocks=tuple(tuple(int(value) for value in row) for row in meta["blocks"]),
            lost=float(meta["lost"]),
            format=int(meta["format"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    whole = all(file_of(folder, kind, number).is_file() for kind in ("people", "keys") for number in found.segments)
    return found if whole and found.segments and found.format == FORMAT else None


def file_of(folder: Path, kind: str, number: int) -> Path:
    """The file of a segment; `kind` is people or keys."""
    return folder / f"{kind}-{number:04d}.parquet"


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path, *, compression: str) -> None:
    con.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION {compression})")
