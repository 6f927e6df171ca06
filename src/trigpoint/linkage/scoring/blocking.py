"""Which pairs are looked at at all: pairs that agree on a key, unless too many records share that key.

A key that hundreds of records share (a children's home, a very common name) says little and costs the square of its
size. Such blocks are stopped, counted and reported; the pair usually meets in a narrower block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import duckdb

from trigpoint.linkage.features.people import TABLE
from trigpoint.linkage.features.recalled import keys_of
from trigpoint.linkage.scoring.model import LinkSettings

# For each rule the numbers of its BlockReport.
Counted: TypeAlias = "tuple[tuple[int, ...], ...]"


@dataclass(frozen=True)
class BlockingRule:
    """Records meet if they share a text of `keys` (a SELECT of n and key over the linking rows).

    `cap` names the setting that says how many may. Where all records are linked, `cap_of_all` does: such blocks grow
    with the population, and what they bring together nearly always meets elsewhere too.
    """

    name: str
    keys: str
    cap: str = "block_cap"
    cap_of_all: str | None = None


@dataclass(frozen=True)
class BlockReport:
    """What one rule gave: blocks of two or more, pairs looked at, blocks stopped and the pairs left out with them.

    `rare`: the rule is for what is rare, so that to be stopped is the usual lot of its blocks.
    """

    rule: str
    rare: bool
    blocks: int
    pairs: int
    stopped_blocks: int
    pairs_left_out: int


RULES = (
    BlockingRule("NHS number", f"SELECT n, nhs_person AS key FROM {TABLE}"),
    BlockingRule("pupil number", f"SELECT n, upn AS key FROM {TABLE}"),
    BlockingRule("identifier", f"SELECT n, unnest(list_append(ids, own_id)) AS key FROM {TABLE}"),
    BlockingRule("phone", f"SELECT n, unnest(phones) AS key FROM {TABLE}"),
    BlockingRule("birth date and given name", f"SELECT n, birth || unnest(names) AS key FROM {TABLE}"),
    BlockingRule(
        "birth date (day and month in either order) and start of the first name",
        f"""SELECT n, substr(birth, 1, 4) || least(substr(birth, 5, 2), substr(birth, 7, 2))
                || greatest(substr(birth, 5, 2), substr(birth, 7, 2)) || left(forename, 3) AS key FROM {TABLE}""",
    ),
    BlockingRule(
        "birth date and start of the surname",
        f"SELECT DISTINCT n, birth || left(part, 4) AS key FROM (SELECT n, birth, unnest(parts) AS part FROM {TABLE})",
    ),
    BlockingRule("birth date and postcode district", f"SELECT n, birth || outcode AS key FROM {TABLE}"),
    BlockingRule(
        "given name and surname, in either order",
        f"""SELECT DISTINCT n, least(name, part) || ' ' || greatest(name, part) AS key
            FROM (SELECT n, name, unnest(parts) AS part
                  FROM (SELECT n, parts, unnest(names) AS name FROM {TABLE}))""",
        cap="name_block_cap",
    ),
    BlockingRule(
        "given name, surname and birth year",
        f"""SELECT DISTINCT n, year || least(name, part) || ' ' || greatest(name, part) AS key FROM (
            SELECT n, year, name, unnest(parts) AS part FROM (
            SELECT n, parts, left(birth, 4) AS year, unnest(names) AS name FROM {TABLE}))""",
    ),
    BlockingRule(
        "postcode, now or before, and initial",
        f"SELECT n, unnest(list_distinct(list_append(postcodes, postcode))) || left(forename, 1) AS key FROM {TABLE}",
    ),
    BlockingRule(
        "starts of the first name and of the surname",
        f"SELECT n, left(forename, 3) || ' ' || left(surname, 3) AS key FROM {TABLE}",
        cap="name_block_cap",
        cap_of_all="loose_block_cap",
    ),
    BlockingRule(
        "surname and year of birth",
        f"""SELECT n, year || part AS key FROM (
            SELECT n, left(birth, 4) AS year, unnest(parts) AS part FROM {TABLE})""",
        cap="name_block_cap",
        cap_of_all="loose_block_cap",
    ),
    BlockingRule(
        "given name and month of birth",
        f"""SELECT n, month || name AS key FROM (
            SELECT n, left(birth, 6) AS month, unnest(names) AS name FROM {TABLE})""",
        cap="name_block_cap",
        cap_of_all="loose_block_cap",
    ),
    BlockingRule(
        "surname and postcode, now or before",
        f"""SELECT n, place || part AS key FROM (SELECT n, place, unnest(parts) AS part FROM (
            SELECT n, parts, unnest(list_distinct(list_append(postcodes, postcode))) AS place FROM {TABLE}))""",
        cap="name_block_cap",
    ),
    BlockingRule(
        "given name and address",
        f"SELECT n, address || ' ' || name AS key FROM (SELECT n, address, unnest(names) AS name FROM {TABLE})",
        cap="name_block_cap",
    ),
    BlockingRule(
        "surname and address",
        f"SELECT n, address || ' ' || part AS key FROM (SELECT n, address, unnest(parts) AS part FROM {TABLE})",
        cap="name_block_cap",
    ),
    BlockingRule("address, where few live there", f"SELECT n, address AS key FROM {TABLE}", cap="rare_block_cap"),
    BlockingRule("birth date alone, where it is rare", f"SELECT n, birth AS key FROM {TABLE}", cap="rare_block_cap"),
    BlockingRule(
        "surname alone, where it is rare", f"SELECT n, unnest(parts) AS key FROM {TABLE}", cap="rare_block_cap"
    ),
    BlockingRule(
        "given name alone, where it is rare", f"SELECT n, unnest(names) AS key FROM {TABLE}", cap="rare_block_cap"
    ),
    BlockingRule("start of an e-mail address", f"SELECT n, left(email, 6) AS key FROM {TABLE}", cap="rare_block_cap"),
)

KEYS = "CREATE OR REPLACE TEMP TABLE link_keys (rule UTINYINT, key UBIGINT, n BIGINT)"
STOPPED = """
CREATE OR REPLACE TEMP TABLE link_stopped AS
SELECT key FROM (SELECT rule, key, count(*) AS size FROM link_keys GROUP BY ALL) WHERE size > {caps}
"""


def make_keys(con: duckdb.DuckDBPyConnection, settings: LinkSettings) -> None:
    """Write the keys of all linking rows, and the table of blocks that are too large to compare."""
    write_keys(con)
    stop_blocks(con, settings)


def write_keys(con: duckdb.DuckDBPyConnection) -> None:
    """Write `link_keys` (rule, key, n): the keys of all linking rows."""
    con.execute(KEYS)
    keys = " UNION ALL ".join(
        f"SELECT {number}, hash({number}, key), n FROM ({rule.keys}) WHERE key IS NOT NULL"
        for number, rule in enumerate(RULES)
    )
    con.execute(f"INSERT INTO link_keys {keys}")


def stop_blocks(con: duckdb.DuckDBPyConnection, settings: LinkSettings) -> None:
    """Write `link_stopped`: the keys of the blocks that are too large to compare (a key is of one rule alone)."""
    con.execute(STOPPED.format(caps=caps_sql(settings)))


def caps_sql(settings: LinkSettings) -> str:
    """The size above which a block is stopped, for the number of its rule in a column `rule`."""
    caps = " ".join(
        f"WHEN {number} THEN {getattr(settings, rule.cap_of_all or rule.cap)}" for number, rule in enumerate(RULES)
    )
    return f"CASE rule {caps} END"


def stopped_blocks(con: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """The keys of the blocks that were stopped, in order."""
    return tuple(row[0] for row in con.execute("SELECT key FROM link_stopped ORDER BY key").fetchall())


def make_pairs(con: duckdb.DuckDBPyConnection, *, only_touched: bool) -> None:
    """Write `link_pairs` (a < b, each once): pairs that share a key, or of those the ones with a touched record."""
    (_pairs_of_touched if only_touched else _all_pairs)(con)
    con.execute("CREATE OR REPLACE TEMP TABLE link_pairs AS SELECT DISTINCT a, b FROM link_pairs_all")
    con.execute("DROP TABLE link_pairs_all")


# A table and not a part of the join: the engine would first pair the records of the stopped blocks and then leave them
# out, which grows as the square of the records.
OPEN_KEYS = """
CREATE OR REPLACE TEMP TABLE link_open_keys AS SELECT rule, key, n FROM {keys} ANTI JOIN link_stopped USING (key)
"""


def _all_pairs(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(OPEN_KEYS.format(keys="link_keys"))
    con.execute("CREATE OR REPLACE TEMP TABLE link_pairs_all (a BIGINT, b BIGINT)")
    for number in range(len(RULES)):
        keys = f"(SELECT key, n FROM link_open_keys WHERE rule = {number})"
        con.execute(
            f"INSERT INTO link_pairs_all SELECT x.n, y.n FROM {keys} x JOIN {keys} y ON x.key = y.key AND x.n < y.n"
        )
    con.execute("DROP TABLE link_open_keys")


def _pairs_of_touched(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(OPEN_KEYS.format(keys="(FROM link_keys SEMI JOIN link_touched USING (n))"))
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE link_pairs_all AS
        SELECT least(x.n, y.n) AS a, greatest(x.n, y.n) AS b FROM link_open_keys x JOIN link_keys y
        ON x.key = y.key AND x.n <> y.n
        """
    )
    con.execute("DROP TABLE link_open_keys")


def count_blocks(con: duckdb.DuckDBPyConnection) -> Counted:
    """For each rule over all records the numbers of a BlockReport; needs the keys of all records."""
    rows = con.execute(
        """
        SELECT k.rule, count(*) FILTER (k.size > 1 AND s.key IS NULL),
               coalesce(sum(k.size * (k.size - 1) // 2) FILTER (s.key IS NULL), 0),
               count(s.key), coalesce(sum(k.size * (k.size - 1) // 2) FILTER (s.key IS NOT NULL), 0)
        FROM (SELECT rule, key, count(*) AS size FROM link_keys GROUP BY ALL) k
        LEFT JOIN link_stopped s USING (key) GROUP BY k.rule
        """
    ).fetchall()
    counted = {rule: tuple(int(value) for value in rest) for rule, *rest in rows}
    return tuple(counted.get(rule, (0, 0, 0, 0)) for rule in range(len(RULES)))


def report_blocks(counted: Counted) -> tuple[BlockReport, ...]:
    """The numbers by rule: no key is shown, since a key is personal."""
    return tuple(
        BlockReport(rule.name, rule.cap == "rare_block_cap", *numbers)
        for rule, numbers in zip(RULES, counted, strict=True)
    )


# Of a sample of joined pairs, how many met by one rule alone, by two, and how many there are.
MEETINGS = """
WITH ways AS (
    SELECT t.a, t.b, count(DISTINCT k.rule) AS ways FROM link_met t
    JOIN link_met_keys k ON k.n = t.a JOIN link_met_keys o ON o.n = t.b AND o.key = k.key GROUP BY ALL
)
SELECT count(*) FILTER (ways = 1), count(*) FILTER (ways = 2), count(*) FROM ways
"""
MET = """
CREATE OR REPLACE TEMP TABLE link_met AS
SELECT a, b FROM (
    SELECT a, b FROM link_final_edges WHERE child_a = child_b
    UNION ALL SELECT e.a, e.b FROM link_known_edges e JOIN link_known x ON x.n = e.a
              JOIN link_known y ON y.n = e.b AND y.child = x.child WHERE e.a NOT IN (FROM link_region))
ORDER BY hash(a, b) LIMIT {sample}
"""
MET_KEYS = f"""
CREATE OR REPLACE TEMP TABLE link_met_keys AS
FROM ({keys_of("(SELECT a AS n FROM link_met UNION SELECT b FROM link_met)")}) ANTI JOIN link_stopped USING (key)
"""


def estimate_lost(con: duckdb.DuckDBPyConnection, *, sample: int = 5_000) -> float:
    """At least what share of true pairs no rule brought together, without labels; needs `link_final_edges`.

    Chao's lower bound (1984): as few joined pairs met by one rule alone, against those that met by two, as few met by
    none. Rules agree more often than chance, so that it is a lower bound and not an estimate of the whole loss.
    """
    con.execute(MET.format(sample=sample))
    con.execute(MET_KEYS)
    [[once, twice, seen]] = con.execute(MEETINGS).fetchall()
    lost = once * (once - 1) / (2 * (twice + 1))
    return float(lost / (seen + lost)) if seen else 0.0
