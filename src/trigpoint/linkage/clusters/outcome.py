"""What linking hands back: edges, links, successions, questions, and how sure the whole is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from trigpoint.linkage.clusters.quality import LinkQuality, measure_quality
from trigpoint.linkage.features.people import NAMED
from trigpoint.linkage.scoring.blocking import BlockReport
from trigpoint.linkage.scoring.model import LinkModel, LinkSettings
from trigpoint.linkage.scoring.pairs import BETWEEN, RULES, STAYS
from trigpoint.records.tables import FIXED

ASKED = ", ".join("'" + r.reason.replace("'", "''") + "'" for r in RULES if r.verdict == "ask")
DUPLICATE = next(rule.reason for rule in RULES if rule.verdict == "ask" and rule.parts)


@dataclass(frozen=True)
class Linked:
    """The whole state after linking; tables have the columns of `records.tables`.

    `changed_keys` are the child keys whose records are not those of before (all of them after a first run). Keep
    `model` for the next run: it also remembers which blocks were stopped.
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

FINAL_EDGES = f"""
CREATE OR REPLACE TEMP TABLE link_final_edges AS
SELECT e.a, e.b, x.child AS child_a, y.child AS child_b, e.weight, e.probability, e.decided_by,
       CASE WHEN e.decided_by = 'model' AND e.reason = '{BETWEEN}' AND x.child = y.child THEN '{STAYS}'
            ELSE nullif(e.reason, '') END AS reason
FROM (SELECT a, b, weight, probability, decided_by, reason FROM link_edges
      UNION ALL SELECT a, b, weight, probability, decided_by, reason FROM link_known_edges
      WHERE a NOT IN (FROM link_region) AND b NOT IN (FROM link_region)) e
JOIN link_final x ON x.n = e.a JOIN link_final y ON y.n = e.b
"""

# One question for two children, not one for every pair of their records; none where the answer is known.
QUESTIONS = f"""
CREATE OR REPLACE TEMP TABLE link_question AS
WITH asked AS (
    SELECT a, b, probability, coalesce(reason, '') AS reason, least(child_a, child_b) AS one,
           greatest(child_a, child_b) AS other,
           CASE WHEN decided_by = 'model' THEN 'unsure' WHEN reason = '{DUPLICATE}' THEN 'duplicate'
                WHEN reason LIKE 'not joined, it would%' THEN 'contradiction' ELSE 'guard' END AS kind
    FROM link_final_edges WHERE child_a <> child_b
    AND (decided_by = 'model' OR reason IN ({ASKED}) OR reason LIKE 'not joined, it would%')
), two AS (SELECT DISTINCT one, other FROM asked
), named AS (SELECT one, other, one AS child FROM two UNION ALL SELECT one, other, other FROM two
), sides AS (
    SELECT DISTINCT q.one, q.other, q.child, p.source, p.local_id, p.nhs_person
    FROM named q JOIN link_final f USING (child) JOIN {NAMED} p USING (n)
), known AS (
    SELECT DISTINCT x.one, x.other, x.source = y.source AND x.local_id <> y.local_id AS by_source
    FROM sides x JOIN sides y ON x.one = y.one AND x.other = y.other AND x.child = x.one AND y.child = y.other
    AND (x.nhs_person <> y.nhs_person OR (x.source = y.source AND x.local_id <> y.local_id))
    UNION SELECT least(x.child, y.child), greatest(x.child, y.child), false
    FROM link_judged j JOIN link_final x ON x.n = j.a JOIN link_final y ON y.n = j.b WHERE j.verdict = 'different'
)
SELECT one, other, arg_min({{'a': a, 'b': b, 'reason': reason, 'kind': kind}},
                           (kind <> 'contradiction', -probability, a, b)) AS best FROM asked q
WHERE kind = 'contradiction' OR NOT EXISTS (
    FROM known k WHERE k.one = q.one AND k.other = q.other
    AND NOT (coalesce(k.by_source, false) AND q.kind = 'duplicate'))
GROUP BY one, other
"""


# Records are numbered in the order of their ids, so that numbers sort as ids do.
EDGES = f"""
SELECT x.record_id AS record_a, y.record_id AS record_b, e.weight, e.probability, e.decided_by, e.reason
FROM link_final_edges e JOIN {NAMED} x ON x.n = e.a JOIN {NAMED} y ON y.n = e.b ORDER BY e.a, e.b
"""
LINKS = f"SELECT p.record_id, f.child AS child_key FROM link_final f JOIN {NAMED} p USING (n) ORDER BY n"
SUCCESSIONS = """
SELECT TIMESTAMP '{at}' AS "at", old_key, new_key, why FROM link_succession ORDER BY 2, 3
"""
ASKED_OF_PEOPLE = f"""
SELECT substr(md5('held ' || h.old_key || ' ' || h.new_key), 1, 20) AS question_id, 'casework' AS kind,
       x.record_id AS record_a, y.record_id AS record_b, [h.old_key, h.new_key] AS child_keys, h.reason AS reason
FROM link_held h JOIN {NAMED} x ON x.n = h.a JOIN {NAMED} y ON y.n = h.b
UNION ALL SELECT substr(md5(q.one || ' ' || q.other), 1, 20) AS question_id, q.best.kind AS kind,
       x.record_id AS record_a, y.record_id AS record_b, [q.one, q.other] AS child_keys, q.best.reason AS reason
FROM link_question q JOIN {NAMED} x ON x.n = q.best.a JOIN {NAMED} y ON y.n = q.best.b ORDER BY 3, 4, 1
"""
CHANGED = f"""
WITH moved AS (
    SELECT f.child, k.child AS was FROM (FROM link_final SEMI JOIN link_region USING (n)) f
    LEFT JOIN link_known k USING (n) WHERE k.child IS DISTINCT FROM f.child)
SELECT child FROM moved UNION SELECT was FROM moved WHERE was IN (SELECT child FROM link_final)
UNION SELECT child_key FROM link_known_links_in
      WHERE child_key IN (SELECT child FROM link_final) AND record_id NOT IN (SELECT record_id FROM {NAMED})
ORDER BY 1
"""


def finish(
    con: duckdb.DuckDBPyConnection,
    *,
    model: LinkModel,
    settings: LinkSettings,
    at: datetime,
    parted: int,
    blocks: tuple[BlockReport, ...],
    lost: float | None,
) -> Linked:
    """Put together what the steps left in the connection; `lost` is measured where it is not known."""
    for statement in (FINAL_LINKS, FINAL_EDGES, QUESTIONS):
        con.execute(statement)
    return Linked(
        edges=_table(con, EDGES, "edges"),
        links=_table(con, LINKS, "links"),
        successions=_table(con, SUCCESSIONS.format(at=at.isoformat(" ")), "successions"),
        questions=_table(con, ASKED_OF_PEOPLE, "questions"),
        model=model,
        quality=measure_quality(con, settings=settings, parted=parted, blocks=blocks, lost=lost),
        changed_keys=con.sql(CHANGED).to_arrow_table().column(0).combine_chunks(),
    )


def _table(con: duckdb.DuckDBPyConnection, sql: str, name: str) -> pa.Table:
    return con.sql(sql).to_arrow_table().select(FIXED[name].names).cast(FIXED[name])
