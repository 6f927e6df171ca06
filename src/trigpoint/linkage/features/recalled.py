"""What is remembered of each record put beside what was made anew: all records numbered, but only the near ones read.

A row is known by its place: the segment that holds it and its number there (0: made in this run). The narrow columns
of all records are numbered as they would be if all were made anew; a wide row or a key is only fetched by its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from trigpoint.linkage.features.people import NAMED, NAMED_COLUMNS, TABLE
from trigpoint.linkage.features.remembered import Memory, file_of

_NARROW: Final = f"record_id, {', '.join(NAMED_COLUMNS)}"
NUMBERED: Final = f"""
CREATE OR REPLACE TEMP TABLE {NAMED} AS
SELECT row_number() OVER (ORDER BY record_id) AS n, * FROM (
    SELECT {_NARROW}, segment, m FROM link_places WHERE still
    UNION ALL SELECT {_NARROW}, 0, n FROM link_people_new SEMI JOIN link_stale USING (record_id))
"""
# Remembered rows that are no longer so: the record has other views now, or none.
GONE: Final = "CREATE OR REPLACE TEMP VIEW link_gone AS SELECT record_id, segment, m FROM link_places WHERE NOT still"


def recall(con: duckdb.DuckDBPyConnection, folder: Path, memory: Memory, *, stale: list[str]) -> None:
    """Put what is remembered beside the rows and keys that `make_people` and `write_keys` made of the stale records.

    Writes NAMED of all records and the views `link_all_people` and `link_all_keys` (numbered), `link_key_files` (not
    numbered) and `keys_in` each segment; `link_people` and `link_keys` are for the caller to fill with what is near.
    """
    con.register("link_stale_in", pa.table({"record_id": pa.array(stale, pa.string())}))
    con.execute("CREATE OR REPLACE TEMP TABLE link_stale AS FROM link_stale_in")
    con.unregister("link_stale_in")
    con.execute(f"DROP VIEW IF EXISTS {NAMED}; DROP VIEW IF EXISTS link_numbered")
    con.execute(f"ALTER TABLE {TABLE} RENAME TO link_people_new; ALTER TABLE link_keys RENAME TO link_keys_new")
    con.execute(NUMBERED)
    con.execute(GONE)
    con.execute(f"CREATE TEMP VIEW link_numbered AS SELECT n, segment, m FROM {NAMED}")
    con.execute(f"CREATE OR REPLACE TEMP VIEW link_all_people AS {_rows(folder, memory)}")
    _show_keys(con, folder, memory)
    con.execute(
        "CREATE OR REPLACE TEMP VIEW link_all_keys AS "
        "SELECT k.rule, k.key, p.n FROM link_key_files k JOIN link_numbered p USING (segment, m)"
    )


def bring_near(con: duckdb.DuckDBPyConnection, near: str) -> None:
    """Read the linking rows of the records whose numbers a table holds in `n` into `link_people`."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS FROM link_all_people SEMI JOIN {near} USING (n)")


def place_all(con: duckdb.DuckDBPyConnection) -> None:
    """Where everything was made anew: its rows and keys have places too, all in one segment."""
    con.execute(f"CREATE OR REPLACE TEMP VIEW link_numbered AS SELECT n, 0 AS segment, n AS m FROM {TABLE}")
    con.execute("CREATE OR REPLACE TEMP VIEW link_key_files AS SELECT rule, key, 0 AS segment, n AS m FROM link_keys")


def keys_of(numbers: str) -> str:
    """SELECT of rule, key and n of the records whose numbers a table or a SELECT in brackets holds in `n`."""
    return (
        f"SELECT k.rule, k.key, p.n FROM link_key_files k "
        f"JOIN (SELECT n, segment, m FROM link_numbered SEMI JOIN {numbers} USING (n)) p USING (segment, m)"
    )


def _rows(folder: Path, memory: Memory) -> str:
    """SELECT of the numbered rows of all records."""
    remembered = " ".join(
        f"UNION ALL BY NAME SELECT * EXCLUDE (n, views), {number} AS segment, n AS m "
        f"FROM read_parquet('{file_of(folder, 'people', number)}')"
        for number in memory.segments
    )
    return (
        f"SELECT p.n, r.* EXCLUDE (segment, m) FROM (SELECT * EXCLUDE (n), 0 AS segment, n AS m FROM link_people_new "
        f"{remembered}) r JOIN link_numbered p USING (segment, m)"
    )


def _show_keys(con: duckdb.DuckDBPyConnection, folder: Path, memory: Memory) -> None:
    """Views of the keys of all rows by their places, of those too that are no longer so: by segment, and of all."""
    files = {number: f"read_parquet('{file_of(folder, 'keys', number)}')" for number in memory.segments}
    for number, rows in {0: "link_keys_new", **files}.items():
        placed = f"SELECT rule, key, {number} AS segment, n AS m FROM {rows}"
        con.execute(f"CREATE OR REPLACE TEMP VIEW {keys_in(number)} AS {placed}")
    every = " UNION ALL ".join(f"FROM {keys_in(number)}" for number in (0, *memory.segments))
    con.execute(f"CREATE OR REPLACE TEMP VIEW link_key_files AS {every}")


def keys_in(segment: int) -> str:
    """The view of the keys of one segment (rule, key, segment, m)."""
    return f"link_key_files_{segment}"
