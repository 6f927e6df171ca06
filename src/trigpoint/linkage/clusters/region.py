"""Work in proportion: what has to be looked at again when some records are new, and what may stand as it was.

A cluster depends only on the pairs among the records that its edges reach. So everything that the edges reach from a
new, changed, removed or judged record is worked out again, by the same code as the first time, and the rest is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import duckdb
import numpy as np
import pyarrow as pa

from trigpoint.errors import LinkageError
from trigpoint.linkage.clusters.forming import label
from trigpoint.linkage.features.people import NAMED, one_number
from trigpoint.linkage.features.recalled import bring_near
from trigpoint.linkage.scoring.blocking import make_pairs
from trigpoint.linkage.scoring.changed_blocks import follow_turned_blocks
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.pairs import TWO_NUMBERS, score_pairs

Given: TypeAlias = "pa.Table | str | None"

EMPTY = {
    "link_known_links_in": "SELECT NULL::VARCHAR AS record_id, NULL::VARCHAR AS child_key WHERE false",
    "link_known_edges_in": """SELECT NULL::VARCHAR AS record_a, NULL::VARCHAR AS record_b, NULL::DOUBLE AS weight,
        NULL::DOUBLE AS probability, NULL::VARCHAR AS decided_by, NULL::VARCHAR AS reason WHERE false""",
    "link_judgements_in": """SELECT NULL::VARCHAR AS judgement_id, NULL::VARCHAR AS record_a,
        NULL::VARCHAR AS record_b, NULL::VARCHAR AS verdict, NULL::TIMESTAMP AS "at" WHERE false""",
}

# The last word on a pair counts; a later judgement of the same pair supersedes an earlier one.
JUDGED = """
CREATE OR REPLACE TEMP TABLE link_judged_ids AS
SELECT least(record_a, record_b) AS record_a, greatest(record_a, record_b) AS record_b,
       arg_max(verdict, strftime("at", '%Y%m%d%H%M%S%f') || coalesce(judgement_id, '')) AS verdict
FROM link_judgements_in GROUP BY ALL
"""

# Pairs that are kept: joined, asked about, judged by a person, or alike but parted by a guard.
KEEP = (
    f"verdict IN ('join', 'ask') OR decided_by = 'judgement' OR reason = '{TWO_NUMBERS}' "
    "OR (verdict = 'apart' AND probability >= {ask})"
)

# Known links and edges by the numbers of this run, and where they lie in what was given (`place`): links outside the
# region are handed back as they came. A link that is not numbered is of a record that is gone.
NUMBERED = (
    f"CREATE OR REPLACE TEMP TABLE link_known AS SELECT p.n, k.child_key AS child, k.rowid AS place "
    f"FROM link_known_links_in k JOIN {NAMED} p USING (record_id)",
    "CREATE OR REPLACE TEMP TABLE link_lost AS SELECT DISTINCT child_key AS child FROM link_known_links_in k "
    "ANTI JOIN link_known ON link_known.place = k.rowid",
    f"""
    CREATE OR REPLACE TEMP TABLE link_known_edges AS SELECT x.n AS a, y.n AS b, k.rowid AS place
    FROM link_known_edges_in k JOIN {NAMED} x ON x.record_id = k.record_a JOIN {NAMED} y ON y.record_id = k.record_b
    """,
    f"""
    CREATE OR REPLACE TEMP TABLE link_judged AS SELECT x.n AS a, y.n AS b, j.verdict FROM link_judged_ids j
    JOIN {NAMED} x ON x.record_id = j.record_a JOIN {NAMED} y ON y.record_id = j.record_b WHERE x.n < y.n
    """,
)

# Pairs that were parted although they had been together: what sufficed to stay together no longer does.
UNSETTLED = """
CREATE OR REPLACE TEMP TABLE link_unsettled AS
SELECT e.a, e.b FROM (
    SELECT rowid AS place FROM link_known_edges_in
    WHERE starts_with(reason, 'not joined') AND probability >= {stay} AND probability < {join}) k
JOIN link_known_edges e USING (place) JOIN link_known x ON x.n = e.a JOIN link_known y ON y.n = e.b
WHERE x.child <> y.child
"""
# From where a change may reach further: touched records, and those of pairs that are in or out of a block now.
SEEDS = """
SELECT n FROM link_touched UNION ALL SELECT unnest([a, b]) FROM link_dropped
UNION ALL SELECT unnest([a, b]) FROM link_unsettled
UNION ALL SELECT n FROM link_keys WHERE key IN (SELECT key FROM link_turned WHERE NOT stopped)
"""
AGAIN = """
CREATE OR REPLACE TEMP TABLE link_pairs AS SELECT a, b FROM (
    SELECT a, b FROM link_known_edges
    WHERE a IN (FROM link_region) AND a NOT IN (FROM link_touched) AND b NOT IN (FROM link_touched))
ANTI JOIN link_dropped USING (a, b)
"""


def take_known(con: duckdb.DuckDBPyConnection, *, links: Given, edges: Given, judgements: Given) -> None:
    """Bring what is known from before into the connection, and settle which judgement of a pair counts."""
    given = {"link_known_links_in": links, "link_known_edges_in": edges, "link_judgements_in": judgements}
    for name, table in given.items():
        if isinstance(table, pa.Table):
            con.register("link_given_in", table)
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM link_given_in")
            con.unregister("link_given_in")
        else:
            source = f'FROM "{table}"' if table else EMPTY[name]
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {source}")
    wrong = one_number(con, "SELECT count(*) FROM link_judgements_in WHERE verdict NOT IN ('same', 'different')")
    if wrong:
        raise LinkageError(
            f"{wrong:.0f} judgements say neither 'same' nor 'different'",
            where="judgements",
            mend="Record the judgement again with one of the two verdicts.",
        )
    con.execute(JUDGED)


def number_known(con: duckdb.DuckDBPyConnection) -> None:
    """Turn record ids of known links, edges and judgements into the row numbers of this run."""
    for statement in NUMBERED:
        con.execute(statement)


def score_all(con: duckdb.DuckDBPyConnection, *, model: LinkModel, settings: LinkSettings) -> None:
    """Score every blocked or judged pair into `link_edges`; the region is everyone."""
    make_pairs(con, only_touched=False)
    _add_judged_pairs(con)
    _score(con, model=model, settings=settings)
    con.execute(f"CREATE OR REPLACE TEMP TABLE link_region AS SELECT n FROM {NAMED}")


def touch(con: duckdb.DuckDBPyConnection, new_record_ids: Iterable[str]) -> None:
    """Write `link_touched` (n): new, changed and judged records, and those that lost one: of their child, or of a pair.

    A pair with a record that is gone may have kept two others apart that are one child without it.
    """
    con.register("link_new_in", pa.table({"record_id": pa.array(list(new_record_ids), pa.string())}))
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE link_touched AS
        SELECT n FROM {NAMED} WHERE record_id IN (FROM link_new_in)
        UNION SELECT n FROM {NAMED} ANTI JOIN link_known USING (n)
        UNION SELECT unnest([a, b]) FROM link_judged
        UNION SELECT n FROM link_known WHERE child IN (SELECT child FROM link_lost)
        UNION SELECT n FROM {NAMED} JOIN (
            SELECT unnest([record_a, record_b]) AS record_id FROM link_known_edges_in e
            ANTI JOIN link_known_edges k ON k.place = e.rowid) USING (record_id)
        """
    )
    con.unregister("link_new_in")


def score_touched(
    con: duckdb.DuckDBPyConnection, *, people: int, recalled: bool, model: LinkModel, settings: LinkSettings
) -> None:
    """Score the pairs of touched records and turned blocks into `link_edges`, and again the known pairs they reach.

    Where rows are `recalled`, `link_people` is filled with those of the records that are near.
    """
    make_pairs(con, only_touched=True)
    follow_turned_blocks(con)
    con.execute(UNSETTLED.format(stay=settings.stay, join=settings.join))
    _add_judged_pairs(con)
    known = _labels(con, "link_known_edges", among=np.arange(people + 1))
    if recalled:  # the records of the pairs to be scored, and of all children to whom one of them belonged or may have
        seeds = f"{SEEDS} UNION ALL SELECT unnest([a, b]) FROM link_pairs"
        _write_reached(con, "link_near_ids", seeds=seeds, labels=known)
        bring_near(con, "link_near_ids")
    _score(con, model=model, settings=settings, few=not recalled)
    _write_reached(con, "link_region", seeds=SEEDS, labels=_labels(con, "link_edges", among=known))
    con.execute(AGAIN)
    keep = KEEP.format(ask=settings.ask)
    score_pairs(
        con, pairs="link_pairs", into="link_edges_again", keep=keep, model=model, settings=settings, few=not recalled
    )
    con.execute("INSERT INTO link_edges FROM link_edges_again WHERE (a, b) NOT IN (SELECT (a, b) FROM link_edges)")


def _add_judged_pairs(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("INSERT INTO link_pairs SELECT a, b FROM link_judged ANTI JOIN link_pairs USING (a, b)")


def _score(con: duckdb.DuckDBPyConnection, *, model: LinkModel, settings: LinkSettings, few: bool = False) -> None:
    keep = KEEP.format(ask=settings.ask)
    score_pairs(con, pairs="link_pairs", into="link_edges", keep=keep, model=model, settings=settings, few=few)


def _labels(con: duckdb.DuckDBPyConnection, edges: str, *, among: np.ndarray) -> np.ndarray:
    """The smallest record that the edges of a table, and the labels that there were, reach from each record."""
    pairs = con.execute(f"SELECT a, b FROM {edges}").fetchnumpy()
    found: np.ndarray = label(len(among), among[np.asarray(pairs["a"])], among[np.asarray(pairs["b"])])[among]
    return found


def _write_reached(con: duckdb.DuckDBPyConnection, into: str, *, seeds: str, labels: np.ndarray) -> None:
    """Write the numbers of all records that bear the label of a seed."""
    [started] = con.execute(seeds).fetchnumpy().values()
    wanted = np.zeros(len(labels), bool)
    wanted[labels[np.asarray(started)]] = True
    con.register("link_region_in", pa.table({"n": np.flatnonzero(wanted[labels])}))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {into} AS FROM link_region_in")
    con.unregister("link_region_in")
