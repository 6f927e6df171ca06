"""What linking hands back: edges, links, successions, questions, and how sure the whole is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.linkage.clusters.forming import label
from trigpoint.linkage.clusters.quality import LinkQuality
from trigpoint.linkage.features.people import NAMED
from trigpoint.linkage.scoring.blocking import BlockReport, estimate_lost
from trigpoint.linkage.scoring.model import LinkModel
from trigpoint.linkage.scoring.pairs import BETWEEN, RULES, STAYS, TWO_NUMBERS
from trigpoint.records.tables import FIXED

ASKED = ", ".join("'" + r.reason.replace("'", "''") + "'" for r in RULES if r.verdict == "ask" or r.asked)
CONTRADICTS = "reason LIKE 'not joined, it would%'"
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


# Of the region; everybody else is where they were.
FINAL_LINKS = """
CREATE OR REPLACE TEMP TABLE link_final AS SELECT n, child FROM link_comp JOIN link_child USING (comp);
CREATE OR REPLACE TEMP VIEW link_everyone AS
FROM link_final UNION ALL SELECT n, child FROM link_known ANTI JOIN link_region USING (n)
"""

FINAL_EDGES = f"""
CREATE OR REPLACE TEMP TABLE link_final_edges AS
SELECT e.a, e.b, x.child AS child_a, y.child AS child_b, e.weight, e.probability, e.decided_by,
       CASE WHEN e.decided_by = 'model' AND e.reason = '{BETWEEN}' AND x.child = y.child THEN '{STAYS}'
            ELSE nullif(e.reason, '') END AS reason
FROM link_edges e JOIN link_final x ON x.n = e.a JOIN link_final y ON y.n = e.b
"""

# Pairs of two children that are asked about. A pair that the model joined and that was not torn is of one child.
ASKED_PAIRS = f"""
CREATE OR REPLACE TEMP TABLE link_asked AS
SELECT a, b, child_a, child_b, probability, decided_by, reason FROM link_final_edges
WHERE child_a <> child_b AND (decided_by = 'model' OR reason IN ({ASKED}) OR {CONTRADICTS})
UNION ALL SELECT e.a, e.b, x.child, y.child, k.probability, k.decided_by, k.reason FROM (
    SELECT rowid AS place, * FROM link_known_edges_in
    WHERE decided_by = 'model' AND reason = '{BETWEEN}' OR reason IN ({ASKED}) OR {CONTRADICTS}) k
JOIN (FROM link_known_edges WHERE a NOT IN (FROM link_region)) e USING (place)
JOIN link_known x ON x.n = e.a JOIN link_known y ON y.n = e.b WHERE x.child <> y.child
"""

# What people's words tell together: Felix is not Oscar, and this record is Felix, so it is not Oscar either. Words that
# contradict each other tell nothing.
ANSWERED = """
DELETE FROM link_asked WHERE (a, b) IN (
    WITH told AS (
        SELECT coalesce(x.said, j.a) AS one, coalesce(y.said, j.b) AS other FROM link_judged j
        LEFT JOIN link_said x ON x.n = j.a LEFT JOIN link_said y ON y.n = j.b WHERE j.verdict = 'different'
    ), either AS (FROM told UNION SELECT other, one FROM told)
    SELECT k.a, k.b FROM link_asked k LEFT JOIN link_said x ON x.n = k.a LEFT JOIN link_said y ON y.n = k.b
    JOIN either e ON e.one = coalesce(x.said, k.a) AND e.other = coalesce(y.said, k.b) WHERE e.one <> e.other)
"""

# One question for two children, not one for every pair of their records; none where the answer is known.
QUESTIONS = f"""
CREATE OR REPLACE TEMP TABLE link_question AS
WITH asked AS (
    SELECT a, b, probability, coalesce(reason, '') AS reason, least(child_a, child_b) AS one,
           greatest(child_a, child_b) AS other,
           CASE WHEN decided_by = 'model' THEN 'unsure' WHEN reason = '{DUPLICATE}' THEN 'duplicate'
                WHEN {CONTRADICTS} THEN 'contradiction' ELSE 'guard' END AS kind
    FROM link_asked
), two AS (SELECT DISTINCT one, other FROM asked
), named AS (SELECT one, other, one AS child FROM two UNION ALL SELECT one, other, other FROM two
), sides AS (
    SELECT DISTINCT q.one, q.other, q.child, p.source, p.local_mark, p.nhs_mark
    FROM named q JOIN link_everyone f USING (child) JOIN {NAMED} p USING (n)
), known AS (
    SELECT DISTINCT x.one, x.other,
           CASE WHEN x.source = y.source AND x.local_mark <> y.local_mark THEN 'source' ELSE 'number' END AS by
    FROM sides x JOIN sides y ON x.one = y.one AND x.other = y.other AND x.child = x.one AND y.child = y.other
    AND (x.nhs_mark <> y.nhs_mark OR (x.source = y.source AND x.local_mark <> y.local_mark))
    UNION SELECT least(x.child, y.child), greatest(x.child, y.child), 'judgement'
    FROM link_judged j JOIN link_final x ON x.n = j.a JOIN link_final y ON y.n = j.b WHERE j.verdict = 'different'
)
SELECT one, other, arg_min({{'a': a, 'b': b, 'reason': reason, 'kind': kind}},
                           (kind <> 'contradiction', -probability, a, b)) AS best FROM asked q
WHERE kind = 'contradiction' OR NOT EXISTS (
    FROM known k WHERE k.one = q.one AND k.other = q.other
    AND NOT (k.by = 'source' AND q.kind = 'duplicate') AND NOT (k.by = 'number' AND q.reason = '{TWO_NUMBERS}'))
GROUP BY one, other
"""


# What lies outside the region is handed back as it was given. Records are numbered in the order of their ids, so that
# numbers sort as ids do.
EDGES = f"""
SELECT record_a, record_b, weight, probability, decided_by, reason FROM (
    SELECT k.a, k.b, e.* FROM link_known_edges_in e JOIN link_known_edges k ON k.place = e.rowid
    WHERE k.a NOT IN (FROM link_region)
    UNION ALL BY NAME SELECT e.a, e.b, x.record_id AS record_a, y.record_id AS record_b,
                             e.weight, e.probability, e.decided_by, e.reason
    FROM link_final_edges e JOIN {NAMED} x ON x.n = e.a JOIN {NAMED} y ON y.n = e.b) ORDER BY a, b
"""
LINKS = f"""
SELECT record_id, child_key FROM (
    SELECT k.n, l.record_id, l.child_key FROM link_known_links_in l JOIN link_known k ON k.place = l.rowid
    WHERE k.n NOT IN (FROM link_region)
    UNION ALL SELECT n, p.record_id, f.child FROM link_final f JOIN {NAMED} p USING (n)) ORDER BY n
"""
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
CHANGED = """
WITH moved AS (
    SELECT f.child, k.child AS was FROM link_final f
    LEFT JOIN link_known k USING (n) WHERE k.child IS DISTINCT FROM f.child)
SELECT child FROM moved UNION SELECT was FROM moved WHERE was IN (SELECT child FROM link_final)
UNION SELECT child FROM link_lost WHERE child IN (SELECT child FROM link_final)
ORDER BY 1
"""


def finish(
    con: duckdb.DuckDBPyConnection,
    *,
    model: LinkModel,
    at: datetime,
    parted: int,
    blocks: tuple[BlockReport, ...],
    lost: float | None,
) -> Linked:
    """Put together what the steps left in the connection; `lost` is estimated where it is not known."""
    _write_said(con)
    for statement in (FINAL_LINKS, FINAL_EDGES, ASKED_PAIRS, ANSWERED, QUESTIONS):
        con.execute(statement)
    questions = _table(con, ASKED_OF_PEOPLE, "questions")
    kinds = pc.value_counts(questions["kind"]).to_pylist()
    return Linked(
        edges=_table(con, EDGES, "edges"),
        links=_table(con, LINKS, "links"),
        successions=_table(con, SUCCESSIONS.format(at=at.isoformat(" ")), "successions"),
        questions=questions,
        model=model,
        quality=LinkQuality(
            needs_attention={kind["values"]: kind["counts"] for kind in sorted(kinds, key=lambda kind: kind["values"])},
            parted=parted,
            blocks=blocks,
            lost_at_least=estimate_lost(con) if lost is None else lost,
        ),
        changed_keys=con.sql(CHANGED).to_arrow_table().column(0).combine_chunks(),
    )


def _write_said(con: duckdb.DuckDBPyConnection) -> None:
    """Write `link_said` (n, said): records that people said are one child, each with the smallest of them."""
    same = con.execute("SELECT a, b FROM link_judged WHERE verdict = 'same'").fetchnumpy()
    one, other = np.asarray(same["a"], np.int64), np.asarray(same["b"], np.int64)
    numbers, places = np.unique(np.concatenate([one, other]), return_inverse=True)
    labels = label(len(numbers), places[: len(one)], places[len(one) :])
    con.register("link_said_in", pa.table({"n": numbers, "said": numbers[labels]}))
    con.execute("CREATE OR REPLACE TEMP TABLE link_said AS FROM link_said_in")
    con.unregister("link_said_in")


def _table(con: duckdb.DuckDBPyConnection, sql: str, name: str) -> pa.Table:
    return con.sql(sql).to_arrow_table().select(FIXED[name].names).cast(FIXED[name])
