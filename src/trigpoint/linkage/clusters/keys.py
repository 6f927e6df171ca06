"""Child keys that last: who keeps a key when records come, go, join or part.

A key is C and ten base-32 characters of a hash of the child's oldest record, so the same records give the same key in
any order. A child who already has a key keeps it: of several keys the one with most records stays, and every change
is written down as a succession.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from trigpoint.linkage.features.people import TABLE, one_number

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
JOINED = "its records are now one child with those of the new key"
HELD_JOINED = "casework hangs on one of two children who are now one: say where it belongs"
HELD_PARTED = "casework hangs on a child of whom some records are now another: say where it belongs"
PARTED = "some of its records are now another child, or belong to one"

# md5 only spreads the ids evenly over the keys; nothing rests on its strength.
DIGITS = " || ".join(f"substr('{ALPHABET}', 1 + ((h >> {5 * place}) & 31)::INTEGER, 1)" for place in range(10))
MINT = (
    "CREATE OR REPLACE TEMP MACRO link_key(record_id, turn) AS 'C' || list_aggregate(list_transform("
    f"[md5_number_lower(record_id || ':' || turn)], lambda h: {DIGITS}), 'string_agg', '')"
)

ANCHORS = f"""
CREATE OR REPLACE TEMP TABLE link_anchor AS
SELECT c.comp, arg_min(p.record_id, coalesce(strftime(p.first_learnt_at, '%Y%m%d%H%M%S%f'), '9') || p.record_id)
       AS record_id
FROM link_comp c JOIN {TABLE} p USING (n) GROUP BY c.comp
"""

OVERLAPS = """
CREATE OR REPLACE TEMP TABLE link_overlap AS
SELECT *, count(*) OVER (PARTITION BY comp) = 1 AND count(*) OVER (PARTITION BY child) = 1 AS plain FROM (
    SELECT c.comp, k.child, count(*) AS records, min(c.n) AS first
    FROM link_comp c JOIN link_known k USING (n) GROUP BY ALL)
"""


# Records moved between two keys, and somebody works with one of them: a person decides what becomes of the work.
HELD = f"""
CREATE OR REPLACE TEMP TABLE link_held AS
WITH moved AS (
    SELECT k.child AS old_key, c.child AS new_key, min(k.n) AS a
    FROM link_known k JOIN link_comp p USING (n) JOIN link_child c USING (comp) WHERE k.child <> c.child GROUP BY ALL
), now AS (SELECT n, child FROM link_comp JOIN link_child USING (comp))
SELECT m.old_key, m.new_key, m.a,
       coalesce((SELECT min(k.n) FROM link_known k JOIN now USING (n)
                 WHERE k.child = m.new_key AND now.child = m.new_key),
                (SELECT min(n) FROM now WHERE child = m.old_key), m.a) AS b,
       CASE WHEN m.old_key IN (SELECT child FROM link_child) THEN '{HELD_PARTED}' ELSE '{HELD_JOINED}' END AS reason
FROM moved m WHERE m.old_key IN (FROM link_held_in) OR m.new_key IN (FROM link_held_in)
"""


def give_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Write `link_child` (comp, child) for all components and `link_succession` (old_key, new_key, why)."""
    con.execute(MINT)
    con.execute(ANCHORS)
    con.execute(OVERLAPS)
    con.execute("CREATE OR REPLACE TEMP TABLE link_child AS SELECT comp, child FROM link_overlap WHERE plain")
    contested = con.execute("SELECT comp, child, records, first FROM link_overlap WHERE NOT plain").fetchall()
    _add(con, keep_contested(contested).items())
    _mint_fresh(con)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_succession AS
        SELECT DISTINCT o.child AS old_key, c.child AS new_key,
               CASE WHEN o.child IN (SELECT child FROM link_child) THEN '{PARTED}' ELSE '{JOINED}' END AS why
        FROM link_overlap o JOIN link_child c USING (comp) WHERE o.child <> c.child
        """
    )


def ask_about_held(con: duckdb.DuckDBPyConnection, held: Iterable[str]) -> None:
    """Write `link_held` (old_key, new_key, a, b, reason): successions of keys on which casework hangs.

    `a` is a record that moved; `b` one that was with the new key before, or that stayed with the old one.
    """
    con.register("link_held_in", pa.table({"child": pa.array(list(held), pa.string())}))
    con.execute(HELD)
    con.unregister("link_held_in")


def keep_contested(overlaps: Iterable[tuple[int, str, int, int]]) -> dict[int, str]:
    """Which component keeps which key, from (component, key, records, first record): most records first."""
    kept: dict[int, str] = {}
    given: set[str] = set()
    for comp, key, _, _ in sorted(overlaps, key=lambda row: (-row[2], row[3], row[1])):
        if comp not in kept and key not in given:
            kept[comp] = key
            given.add(key)
    return kept


def _mint_fresh(con: duckdb.DuckDBPyConnection) -> None:
    """Mint keys for components without one; the rare key that is taken is minted again with the next turn."""
    turn = 0
    while True:
        con.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE link_minted AS
            SELECT comp, record_id, link_key(record_id, {turn}) AS child FROM link_anchor
            WHERE comp NOT IN (SELECT comp FROM link_child)
            """
        )
        con.execute(
            """
            INSERT INTO link_child SELECT comp, child FROM (
                SELECT *, row_number() OVER (PARTITION BY child ORDER BY record_id) AS place FROM link_minted)
            WHERE place = 1 AND child NOT IN (SELECT child FROM link_child)
            AND child NOT IN (SELECT child FROM link_known WHERE n NOT IN (SELECT n FROM link_comp))
            """
        )
        if not one_number(con, "SELECT (SELECT count(*) FROM link_anchor) - (SELECT count(*) FROM link_child)"):
            return
        turn += 1


def _add(con: duckdb.DuckDBPyConnection, rows: Iterable[tuple[int, str]]) -> None:
    kept = list(rows)
    con.register(
        "link_child_in",
        pa.table(
            {"comp": pa.array([c for c, _ in kept], pa.int64()), "child": pa.array([k for _, k in kept], pa.string())}
        ),
    )
    con.execute("INSERT INTO link_child FROM link_child_in")
    con.unregister("link_child_in")
