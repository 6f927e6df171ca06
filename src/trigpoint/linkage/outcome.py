"""What linking hands back: edges, links, successions, questions, and how sure the whole is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from trigpoint.linkage.blocking import BlockReport
from trigpoint.linkage.model import LinkModel, LinkSettings
from trigpoint.linkage.people import TABLE
from trigpoint.linkage.scoring import RULES
from trigpoint.records.tables import FIXED

ASKED = ", ".join("'" + r.reason.replace("'", "''") + "'" for r in RULES if r.verdict == "ask")
DUPLICATE = next(rule.reason for rule in RULES if rule.verdict == "ask" and rule.parts)


@dataclass(frozen=True)
class LinkQuality:
    """Numbers for the report; none of them names a child.

    bands: from_probability, to_probability, pairs, joined. sizes: records, children. sources: source, records, linked
    (to another record), linked_elsewhere (to another source's record), share_linked. `parted`: components that contradicted
    themselves in this run. `needs_attention`: questions by kind.
    """

    bands: pa.Table
    sizes: pa.Table
    sources: pa.Table
    needs_attention: dict[str, int]
    parted: int
    blocks: tuple[BlockReport, ...]

    @property
    def pairs_left_out(self) -> int:
        """Pairs of blocks that were too large to compare (a pair may have met in another block)."""
        return sum(block.pairs_left_out for block in self.blocks)


@dataclass(frozen=True)
class Linked:
    """The whole state after linking; tables have the columns of `records.tables`.

    `changed_keys` are the child keys whose records are not those of before (all of them after a first run). `model` must
    be kept for the next run: it also remembers which blocks were stopped.
    """

    edges: pa.Table
    links: pa.Table
    successions: pa.Table
    questions: pa.Table
    model: LinkModel
    quality: LinkQuality
    changed_keys: pa.Array


FINAL_LINKS = """
CREATE OR REPLACE TEMP TABLE link_final AS
SELECT n, child FROM link_comp JOIN link_child USING (comp)
UNION ALL SELECT n, child FROM link_known WHERE n NOT IN (FROM link_region)
"""

FINAL_EDGES = """
CREATE OR REPLACE TEMP TABLE link_final_edges AS
SELECT a, b, weight, probability, decided_by, nullif(reason, '') AS reason FROM link_edges
UNION ALL SELECT a, b, weight, probability, decided_by, reason FROM link_known_edges
WHERE a NOT IN (FROM link_region) AND b NOT IN (FROM link_region)
"""

# One question for two children, not one for every pair of their records; none where the answer is known.
QUESTIONS = f"""
CREATE OR REPLACE TEMP TABLE link_question AS
WITH asked AS (
    SELECT e.a, e.b, e.probability, coalesce(e.reason, '') AS reason, least(x.child, y.child) AS one,
           greatest(x.child, y.child) AS other,
           CASE WHEN e.decided_by = 'model' THEN 'unsure' WHEN e.reason = '{DUPLICATE}' THEN 'duplicate'
                WHEN e.reason LIKE 'not joined, it would%' THEN 'contradiction' ELSE 'guard' END AS kind
    FROM link_final_edges e JOIN link_final x ON x.n = e.a JOIN link_final y ON y.n = e.b
    WHERE x.child <> y.child AND (e.decided_by = 'model' OR e.reason IN ({ASKED}) OR e.reason LIKE 'not joined, it would%')
), sides AS (
    SELECT DISTINCT q.one, q.other, p.source, p.local_id, p.nhs_person, f.child FROM (SELECT DISTINCT one, other FROM asked) q
    JOIN link_final f ON f.child IN (q.one, q.other) JOIN {TABLE} p USING (n)
), known AS (
    SELECT DISTINCT x.one, x.other, x.source = y.source AND x.local_id <> y.local_id AS by_source
    FROM sides x JOIN sides y ON x.one = y.one AND x.other = y.other AND x.child = x.one AND y.child = y.other
    AND (x.nhs_person <> y.nhs_person OR (x.source = y.source AND x.local_id <> y.local_id))
    UNION SELECT least(x.child, y.child), greatest(x.child, y.child), false
    FROM link_judged j JOIN link_final x ON x.n = j.a JOIN link_final y ON y.n = j.b WHERE j.verdict = 'different'
)
SELECT arg_min({{'a': a, 'b': b, 'reason': reason, 'kind': kind}}, (kind <> 'contradiction', -probability, a, b)) AS best, one, other FROM asked q
WHERE kind = 'contradiction' OR NOT EXISTS (
    FROM known k WHERE k.one = q.one AND k.other = q.other AND NOT (coalesce(k.by_source, false) AND q.kind = 'duplicate'))
GROUP BY one, other
"""


def finish(
    con: duckdb.DuckDBPyConnection,
    *,
    model: LinkModel,
    settings: LinkSettings,
    at: datetime,
    parted: int,
    blocks: tuple[BlockReport, ...],
) -> Linked:
    """Put together what the steps left in the connection."""
    con.execute(FINAL_LINKS)
    con.execute(FINAL_EDGES)
    con.execute(QUESTIONS)
    people = f"JOIN {TABLE} x ON x.n = q.a JOIN {TABLE} y ON y.n = q.b"
    edges = f"SELECT x.record_id AS record_a, y.record_id AS record_b, q.* EXCLUDE (a, b) FROM link_final_edges q {people}"
    questions = f"""
        SELECT substr(md5(one || ' ' || other), 1, 20) AS question_id, best.kind AS kind, x.record_id AS record_a,
               y.record_id AS record_b, [one, other] AS child_keys, best.reason AS reason
        FROM (SELECT *, best.a AS a, best.b AS b FROM link_question) q {people} ORDER BY record_a, record_b
    """
    changed = "SELECT DISTINCT f.child FROM link_final f LEFT JOIN link_known k USING (n) WHERE k.child IS DISTINCT FROM f.child"
    gone = "SELECT child_key FROM link_known_links_in WHERE child_key IN (SELECT child FROM link_final) AND record_id NOT IN"
    moved = "SELECT f.child FROM link_known k JOIN link_final f ON f.child = k.child JOIN link_final g ON g.n = k.n AND g.child <> k.child"
    return Linked(
        edges=_table(con, edges + " ORDER BY record_a, record_b", "edges"),
        links=_table(
            con,
            f"SELECT p.record_id, f.child AS child_key FROM link_final f JOIN {TABLE} p USING (n) ORDER BY 1",
            "links",
        ),
        successions=_table(
            con,
            f"SELECT TIMESTAMP '{at:%Y-%m-%d %H:%M:%S.%f}' AS \"at\", old_key, new_key, why FROM link_succession ORDER BY 2, 3",
            "successions",
        ),
        questions=_table(con, questions, "questions"),
        model=model,
        quality=_quality(con, settings=settings, parted=parted, blocks=blocks),
        changed_keys=con.sql(
            f"SELECT DISTINCT child FROM ({changed} UNION ALL {moved} UNION ALL {gone} (SELECT record_id FROM {TABLE})) ORDER BY 1"
        )
        .to_arrow_table()
        .column(0)
        .combine_chunks(),
    )


def _table(con: duckdb.DuckDBPyConnection, sql: str, name: str) -> pa.Table:
    return con.sql(sql).to_arrow_table().select(FIXED[name].names).cast(FIXED[name])


def _quality(
    con: duckdb.DuckDBPyConnection, *, settings: LinkSettings, parted: int, blocks: tuple[BlockReport, ...]
) -> LinkQuality:
    edges = sorted({settings.ask, settings.stay, settings.join, 0.99, 0.999, 0.0})
    bands = ", ".join(f"({low}, {high})" for low, high in zip(edges, [*edges[1:], 1.0], strict=True))
    return LinkQuality(
        bands=con.sql(
            f"""
            SELECT b.low AS from_probability, b.high AS to_probability, count(e.a) AS pairs,
                   count(*) FILTER (x.child = y.child) AS joined
            FROM (VALUES {bands}) b(low, high)
            LEFT JOIN link_final_edges e ON e.probability >= b.low AND (e.probability < b.high OR b.high = 1)
            LEFT JOIN link_final x ON x.n = e.a LEFT JOIN link_final y ON y.n = e.b GROUP BY ALL ORDER BY 1
            """
        ).to_arrow_table(),
        sizes=con.sql(
            "SELECT records, count(*) AS children FROM (SELECT count(*) AS records FROM link_final GROUP BY child) "
            "GROUP BY records ORDER BY records"
        ).to_arrow_table(),
        sources=con.sql(
            f"""
            WITH child AS (SELECT child, count(*) AS records, count(DISTINCT source) AS sources
                           FROM link_final JOIN {TABLE} USING (n) GROUP BY child)
            SELECT p.source, count(*) AS records, count(*) FILTER (c.records > 1) AS linked,
                   count(*) FILTER (c.sources > 1) AS linked_elsewhere,
                   count(*) FILTER (c.sources > 1) / count(*) AS share_linked
            FROM link_final f JOIN {TABLE} p USING (n) JOIN child c USING (child) GROUP BY p.source ORDER BY p.source
            """
        ).to_arrow_table(),
        needs_attention=dict(
            con.execute("SELECT best.kind, count(*) FROM link_question GROUP BY 1 ORDER BY 1").fetchall()
        ),
        parted=parted,
        blocks=blocks,
    )
