"""Which blocks are not what they were, when some records are new, changed or gone: only these are looked at.

A block that outgrew its cap, or no longer does, changes more than the pairs of the new records: a pair that met in it
and nowhere else is no longer compared, or is for the first time.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from trigpoint.linkage.features.recalled import keys_in, keys_of
from trigpoint.linkage.scoring.blocking import Counted, caps_sql
from trigpoint.linkage.scoring.model import LinkSettings

# Where touched records lie (`change` is 1 where the record is new or changed) and rows that are no longer so ...
MOVED_FROM = """
CREATE OR REPLACE TEMP TABLE link_moved_from AS
SELECT segment, m, (segment = 0)::INTEGER AS change FROM link_numbered SEMI JOIN link_touched USING (n)
UNION ALL SELECT segment, m, -1 FROM link_gone
"""
# ... and their keys, from the segments in which one of them lies: mostly only what is new.
MOVED = """
CREATE OR REPLACE TEMP TABLE link_moved AS
SELECT k.rule, k.key, p.change FROM ({keys}) k JOIN link_moved_from p USING (segment, m)
"""
NEAR_KEYS = """
CREATE OR REPLACE TEMP TABLE link_keys AS
SELECT k.rule, k.key, p.n FROM (FROM link_key_files SEMI JOIN link_moved USING (key)) k
JOIN link_numbered p USING (segment, m)
"""
SIZES = """
CREATE OR REPLACE TEMP TABLE link_sizes AS
SELECT rule, key, coalesce(size, 0) AS now, coalesce(size, 0) - change AS before, {caps} AS cap
FROM (SELECT rule, key, sum(change) AS change FROM link_moved GROUP BY ALL HAVING sum(change) <> 0)
LEFT JOIN (SELECT key, count(*) AS size FROM link_keys GROUP BY key) USING (key)
"""
STOPPED = """
CREATE OR REPLACE TEMP TABLE link_stopped AS
FROM link_stopped_before ANTI JOIN (FROM link_sizes WHERE now <= cap) USING (key)
UNION SELECT key FROM link_sizes WHERE now > cap
"""
COUNTED = """
SELECT rule, sum((now > 1 AND now <= cap)::BIGINT - (before > 1 AND before <= cap)::BIGINT),
       sum(CASE WHEN now <= cap THEN now * (now - 1) // 2 ELSE 0 END
           - CASE WHEN before <= cap THEN before * (before - 1) // 2 ELSE 0 END),
       sum((now > cap)::BIGINT - (before > cap)::BIGINT),
       sum(CASE WHEN now > cap THEN now * (now - 1) // 2 ELSE 0 END
           - CASE WHEN before > cap THEN before * (before - 1) // 2 ELSE 0 END)
FROM link_sizes GROUP BY rule
"""

# Blocks that were stopped and no longer are, or the other way round (`stopped` says which).
TURNED = """
CREATE OR REPLACE TEMP TABLE link_turned AS
SELECT key, false AS stopped FROM link_stopped_before ANTI JOIN link_stopped USING (key)
UNION ALL SELECT key, true FROM link_stopped ANTI JOIN link_stopped_before USING (key)
"""
# Known pairs that met in a block which is stopped now ...
LOOSE = """
CREATE OR REPLACE TEMP TABLE link_loose AS
SELECT DISTINCT e.a, e.b FROM (FROM link_keys SEMI JOIN (FROM link_turned WHERE stopped) USING (key)) x
JOIN link_known_edges e ON e.a = x.n JOIN link_keys y ON y.n = e.b AND y.key = x.key
WHERE e.a NOT IN (FROM link_touched) AND e.b NOT IN (FROM link_touched)
"""
# ... and in no other.
DROPPED = f"""
CREATE OR REPLACE TEMP TABLE link_dropped AS
WITH held AS (
    FROM ({keys_of("(SELECT a AS n FROM link_loose UNION SELECT b FROM link_loose)")})
    ANTI JOIN link_stopped USING (key))
FROM link_loose ANTI JOIN (
    SELECT l.a, l.b FROM link_loose l JOIN held x ON x.n = l.a JOIN held y ON y.n = l.b AND y.key = x.key) USING (a, b)
"""
MET_ANEW = """
INSERT INTO link_pairs
SELECT DISTINCT x.n, y.n FROM link_keys x JOIN link_keys y ON x.key = y.key AND x.n < y.n
WHERE x.key IN (SELECT key FROM link_turned WHERE NOT stopped) AND (x.n, y.n) NOT IN (SELECT (a, b) FROM link_pairs)
"""


def take_stopped(con: duckdb.DuckDBPyConnection, before: Sequence[int]) -> None:
    """Write `link_stopped_before`: the keys of the blocks that the last run stopped."""
    con.register("link_stopped_in", pa.table({"key": pa.array(np.array(before, np.uint64))}))
    con.execute("CREATE OR REPLACE TEMP TABLE link_stopped_before AS FROM link_stopped_in")
    con.unregister("link_stopped_in")


def count_changed_blocks(con: duckdb.DuckDBPyConnection, settings: LinkSettings, *, before: Counted) -> Counted:
    """Write `link_keys` of the blocks of touched and gone records, and `link_stopped` as all records have it.

    Takes and returns for each rule the numbers of a BlockReport. Needs what `recalled.recall` left, `link_touched`
    and `link_stopped_before`.
    """
    con.execute(MOVED_FROM)
    segments = con.execute("SELECT DISTINCT segment FROM link_moved_from UNION SELECT 0").fetchall()
    keys = " UNION ALL ".join(f"FROM {keys_in(segment)}" for (segment,) in segments)
    for statement in (MOVED.format(keys=keys), NEAR_KEYS, SIZES.format(caps=caps_sql(settings)), STOPPED):
        con.execute(statement)
    counted = [list(numbers) for numbers in before]
    for rule, *change in con.execute(COUNTED).fetchall():
        counted[rule] = [int(old + new) for old, new in zip(counted[rule], change, strict=True)]
    return tuple(tuple(numbers) for numbers in counted)


def follow_turned_blocks(con: duckdb.DuckDBPyConnection) -> None:
    """Write `link_dropped`, the known pairs that met in a block which is stopped now and in no other; add to
    `link_pairs` those of blocks that no longer are.
    """
    for statement in (TURNED, LOOSE, DROPPED, MET_ANEW):
        con.execute(statement)
