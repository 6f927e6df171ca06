"""How good a linkage is against the truth: pairwise and B-cubed precision, recall and F1; the best threshold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

PAIRWISE = """
with r as (select t.record_id, t.cluster, c.cluster_id from truth t join found c using (record_id)),
pairs as (
    select (select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from r group by cluster_id)) as said,
        (select coalesce(sum(n * (n - 1) / 2), 0) from (select count(*) as n from r group by cluster)) as so,
        (select coalesce(sum(n * (n - 1) / 2), 0)
         from (select count(*) as n from r group by cluster, cluster_id)) as both_)
select both_ / said, both_ / so, 2 * both_ / (said + so) from pairs
"""

# Bagga and Baldwin (1998): precision and recall of each record's own cluster, averaged over the records.
B_CUBED = """
with r as (select t.record_id, t.cluster, c.cluster_id from truth t join found c using (record_id)),
sized as (
    select count(*) over (partition by cluster, cluster_id) as both_, count(*) over (partition by cluster_id) as said,
        count(*) over (partition by cluster) as so from r)
select 2 * avg(both_ / said) * avg(both_ / so) / (avg(both_ / said) + avg(both_ / so)) from sized
"""

# All pairs at or above each threshold count as said; a true pair that was never scored is missed at all of them.
BEST = """
with p as (
    select round(probability, 4) as level, count(*) as said, count(*) filter (x.cluster = y.cluster) as both_
    from pairs join truth x on x.record_id = record_a join truth y on y.record_id = record_b group by 1),
so as (select sum(n * (n - 1) / 2) as so from (select count(*) as n from truth group by cluster)),
down as (select level, sum(said) over w as said, sum(both_) over w as both_ from p
         window w as (order by level desc))
select max(2 * both_ / (said + so)), arg_max(level, 2 * both_ / (said + so)) from down, so
"""


@dataclass(frozen=True)
class Judged:
    """Shares from 0 to 1, of all true pairs; `best_pairs` is the F1 of scored pairs at the best threshold `best_at`."""

    precision: float
    recall: float
    f1: float
    b_cubed: float
    best_pairs: float
    best_at: float


def judge(folder: Path, tool: str) -> Judged:
    """Compare what a tool wrote (`TOOL.parquet`, `TOOL_pairs.parquet`) with the truth of the set."""
    with duckdb.connect() as con:
        con.execute(
            "create table truth as select record_id, any_value(cluster) as cluster "
            f"from '{folder}/records.parquet' group by 1"
        )
        con.execute(f"create table found as from '{folder}/{tool}.parquet'")
        con.execute(f"create table pairs as from '{folder}/{tool}_pairs.parquet'")
        [pairwise] = con.execute(PAIRWISE).fetchall()
        [[b_cubed]] = con.execute(B_CUBED).fetchall()
        [best] = con.execute(BEST).fetchall()
    return Judged(*pairwise, b_cubed, *best)
