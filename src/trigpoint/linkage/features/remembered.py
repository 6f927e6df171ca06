"""What a run leaves for the next: the linking row and the blocking keys of each record, so that only new are made.

A folder of segments. The first holds everybody; each later run adds one with the records that are new or whose views
are not what they were. `memory.json`, written last, names the segments and what they were made by: where anything of
that changed, nothing is recalled and everything is made anew. It holds personal data and goes with it (`forget`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from trigpoint.linkage.features.people import PEOPLE, TABLE

MOST_SEGMENTS: Final = 12
_META: Final = "memory.json"

# A record's views as one number: whatever is added to them, corrected or withdrawn shows.
IDS = """
CREATE OR REPLACE TEMP TABLE link_ids AS
SELECT record_id, bit_xor(hash(row_id)) AS views FROM "{view}" GROUP BY record_id
"""
PLACES = """
CREATE OR REPLACE TEMP TABLE link_places AS
SELECT record_id, views, segment, m FROM (
    SELECT record_id, views, m, segment, max(segment) OVER (PARTITION BY record_id) AS latest FROM ({segments}))
WHERE segment = latest
"""
STALE = """
SELECT record_id FROM link_ids i WHERE NOT EXISTS (
    FROM link_places p WHERE p.record_id = i.record_id AND p.views = i.views)
"""
# The narrow columns are sorted and numbered, the wide rows only fetched by their place.
NUMBERED = """
CREATE OR REPLACE TEMP TABLE link_numbered AS
SELECT row_number() OVER (ORDER BY record_id) AS n, segment, m FROM (
    SELECT record_id, segment, m FROM link_places SEMI JOIN link_ids USING (record_id, views)
    UNION ALL SELECT record_id, 0, n FROM link_people_new SEMI JOIN link_stale USING (record_id))
"""
RENUMBERED = f"""
CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT p.n, r.* FROM (
    SELECT * EXCLUDE (n), 0 AS segment, n AS m FROM link_people_new {{rest}}) r
JOIN link_numbered p USING (segment, m)
"""


def made_by(*, frequencies: Mapping[str, Mapping[str, float]], crowded: tuple[str, ...], same_nhs: Mapping[str, str],
            rules: tuple[str, ...]) -> str:  # fmt: skip
    """A fingerprint of all that a linking row and its keys come from, but for the record's own views."""
    parts = [PEOPLE, duckdb.__version__, *rules, frequencies, crowded, sorted(same_nhs.items())]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def find_stale(con: duckdb.DuckDBPyConnection, folder: Path | None, records_view: str) -> list[str] | None:
    """Record ids whose rows are not remembered as they now are; None where nothing is remembered at all."""
    con.execute(IDS.format(view=records_view))
    segments = _segments(folder) if folder else []
    if not folder or not segments:
        return None
    held = " UNION ALL ".join(
        f"SELECT record_id, views, n AS m, {number} AS segment FROM read_parquet('{_file(folder, 'people', number)}')"
        for number in segments
    )
    con.execute(PLACES.format(segments=held))
    return [record for (record,) in con.execute(STALE).fetchall()]


def is_made_by(folder: Path, fingerprint: str) -> bool:
    """Whether what is remembered was made by the same model, judgements and version."""
    meta = json.loads((folder / _META).read_text(encoding="utf-8"))
    return bool(meta["made_by"] == fingerprint)


def recall(con: duckdb.DuckDBPyConnection, folder: Path, stale: list[str]) -> None:
    """Put the remembered rows and keys beside the new ones in `link_people` and `link_keys`, all numbered anew."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_stale (record_id VARCHAR)")
    con.register("link_stale_in", _one_column(stale))
    con.execute("INSERT INTO link_stale FROM link_stale_in")
    con.unregister("link_stale_in")
    con.execute(f"ALTER TABLE {TABLE} RENAME TO link_people_new")
    con.execute("ALTER TABLE link_keys RENAME TO link_keys_new")
    segments = _segments(folder)
    con.execute(NUMBERED)
    rest = " ".join(
        f"UNION ALL BY NAME SELECT * EXCLUDE (n, views), {number} AS segment, n AS m "
        f"FROM read_parquet('{_file(folder, 'people', number)}')"
        for number in segments
    )
    con.execute(RENUMBERED.format(rest=rest))
    keys = " ".join(
        f"UNION ALL SELECT rule, key, n AS m, {number} AS segment FROM read_parquet('{_file(folder, 'keys', number)}')"
        for number in segments
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_keys AS SELECT k.rule, k.key, p.n FROM "
        f"(SELECT rule, key, n AS m, 0 AS segment FROM link_keys_new {keys}) k JOIN link_numbered p USING (segment, m)"
    )


def remember(con: duckdb.DuckDBPyConnection, folder: Path, *, fingerprint: str, more: bool) -> None:
    """Keep the new rows and keys (`more`), or all of them in place of what was kept."""
    folder.mkdir(parents=True, exist_ok=True)
    segments = _segments(folder) if more else []
    more = more and len(segments) < MOST_SEGMENTS
    number = max((int(path.stem.split("-")[1]) for path in folder.glob("people-*.parquet")), default=0) + 1
    people, keys = ("link_people_new", "link_keys_new") if more else (TABLE, "link_keys")
    only = "SEMI JOIN link_stale USING (record_id)" if more else ""
    dropped = "" if more or not _has(con, "segment") else "EXCLUDE (segment, m)"
    rows = f"SELECT p.* {dropped.replace('(', '(p.').replace(', m', ', p.m')}, i.views FROM {people} p {only} " \
           "JOIN link_ids i USING (record_id)"  # fmt: skip
    _copy(con, rows, _file(folder, "people", number))
    _copy(con, f"SELECT k.* FROM {keys} k", _file(folder, "keys", number))
    kept = [*segments, number] if more else [number]
    part = folder / f"{_META}.part"
    part.write_text(json.dumps({"made_by": fingerprint, "segments": kept}), encoding="utf-8")
    part.replace(folder / _META)
    for path in folder.glob("*-*.parquet"):
        if int(path.stem.split("-")[1]) not in kept:
            path.unlink()


def forget(folder: Path) -> None:
    """Remove all that is remembered: the next run makes it anew."""
    shutil.rmtree(folder, ignore_errors=True)


def _segments(folder: Path) -> list[int]:
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        found = [int(number) for number in meta["segments"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    whole = all(_file(folder, kind, number).is_file() for kind in ("people", "keys") for number in found)
    return found if whole else []


def _file(folder: Path, kind: str, number: int) -> Path:
    return folder / f"{kind}-{number:04d}.parquet"


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION snappy)")


def _has(con: duckdb.DuckDBPyConnection, column: str) -> bool:
    return column in con.table(TABLE).columns


def _one_column(values: list[str]) -> object:
    import pyarrow as pa

    return pa.table({"record_id": pa.array(values, pa.string())})
