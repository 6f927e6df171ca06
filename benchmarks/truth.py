"""Truth: what is found of what was planted, on a partnership with another seed and other rates than any used in work.

Neither indicators nor policy nor linkage may be tuned to it: what comes out is what stands in the manual.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.measuring import trigpoint
from benchmarks.rows import Row
from benchmarks.run import limit, run

SEED = 9_173
RATES = "holdout"

# A record is of the child that most of its rows are of. A child key is every child that it has a record of.
TABLES = """
create table truth as select * from read_csv('{place}/truth/clusters.csv', all_varchar = true);
create table planted as select * from read_csv('{place}/truth/patterns.csv', all_varchar = true);
create table people as select * from read_csv('{place}/truth/children.csv', all_varchar = true);
create table clusters as select source, file, "row"::varchar as "row", record_id, child_key
    from read_parquet('{place}/clusters.parquet');
create table findings as select distinct child_key, indicator from read_parquet('{place}/findings.parquet')
    where answer = 'met';
create table markers as select distinct child_key, form from read_parquet('{place}/markers.parquet');
create table record as
    select record_id, any_value(c.child_key) as child_key, any_value(c.source) as source, mode(t.child) as child
    from clusters c join truth t using (source, file, "row") group by 1;
create table keys as select distinct child_key, child from record;
create table planted_one as
    select distinct child, pattern, ought_to_be_seen = 'yes' as ought,
        unnest(string_split(indicators, ' ')) as indicator
    from planted;
create table met as select distinct k.child, f.indicator, f.child_key from findings f join keys k using (child_key);
"""

PAIRS = """
with r as (select * from record where {where}),
pairs as (
    select (select sum(n * (n - 1) / 2) from (select count(*) as n from r group by child_key)) as said,
           (select sum(n * (n - 1) / 2) from (select count(*) as n from r group by child)) as so,
           (select sum(n * (n - 1) / 2) from (select count(*) as n from r group by child_key, child)) as both_)
select both_ / said, both_ / so, 2 * both_ / (said + so), said, so from pairs
"""

# Of children in whom it was planted with enough readable rows: those whom one of its indicators sees.
RECALL = """
with ought as (select pattern, child, list(indicator) as ids from planted_one where ought group by all),
seen as (select o.*, exists(select 1 from met m where m.child = o.child and list_contains(o.ids, m.indicator)) as hit
         from ought o),
claimed as (
    select p.pattern, m.child_key,
        bool_or(m.child in (select child from planted_one q where q.pattern = p.pattern)) as planted,
        bool_or(m.child in (select child from people where form is not null)) as exploited
    from (select distinct pattern, indicator from planted_one) p join met m using (indicator) group by all),
precise as (select pattern, avg(planted::int) as planted, avg(exploited::int) as exploited, count(*) as n
            from claimed group by 1)
select s.pattern, any_value(s.ids), count(*), avg(s.hit::int), p.planted, p.exploited, p.n
from seen s left join precise p using (pattern) group by all order by 4, 5
"""

MARKERS = """
with seen as (select distinct child from record),
exploited as (select child, form from people semi join seen using (child) where form is not null),
keys_proposed as (
    select m.form, k.child_key, bool_or(e.child is not null) as exploited, bool_or(e.form = m.form) as as_form
    from (select child_key, {form} as form from markers group by all) m join keys k using (child_key)
    left join exploited e using (child) group by all),
of_form as (select {form} as form, child from exploited group by all)
select o.form, count(*),
    avg(exists(select 1 from keys k join markers m using (child_key) where k.child = o.child and {same})::int),
    (select avg(exploited::int) from keys_proposed p where p.form = o.form),
    (select count(*) from keys_proposed p where p.form = o.form)
from of_form o group by all order by 3
"""


def measure(children: int, folder: Path) -> list[Row]:
    """Invent with rates that nothing was written against, run, and compare with the truth, the worst first."""
    place = folder / "partnership"
    trigpoint(
        "invent", place, "--children", str(children), "--seed", str(SEED), "--rates", RATES, limit=limit(children)
    )
    run(place, children)
    for what in ("clusters", "findings", "markers"):
        trigpoint("export", place, what, "-o", place / f"{what}.parquet", limit=limit(children))
    with duckdb.connect() as con:
        con.execute(TABLES.format(place=place))
        size = f"{children:,} children, seed {SEED}, rates {RATES}"
        return [*_linkage(con, size), *_proposals(con, size), *_patterns(con, size)]


def _linkage(con: duckdb.DuckDBPyConnection, size: str) -> list[Row]:
    made = []
    wheres = {"all records": "true", "records without those of education": "source <> 'education'"}
    for what, where in wheres.items():
        precision, recall, f1, said, so = _one(con, PAIRS.format(where=where))
        made.append(
            Row("truth", f"linkage, pairs of {what}: F1", size, f"{f1:.3f}",
                f"precision {precision:.3f} of {said:,.0f}, recall {recall:.3f} of {so:,.0f}")
        )  # fmt: skip
    return made


def _proposals(con: duckdb.DuckDBPyConnection, size: str) -> list[Row]:
    queries = [MARKERS.format(form="'any form'", same="true"), MARKERS.format(form="form", same="m.form = o.form")]
    rows = [row for query in queries for row in con.execute(query).fetchall()]
    return [
        Row("truth", f"proposed marker: {form}, {n:,} exploited children with a readable row", size,
            f"recall {recall:.2f}", f"{_share(precision)} of {proposed:,} proposed are exploited")
        for form, n, recall, precision, proposed in rows
    ]  # fmt: skip


def _patterns(con: duckdb.DuckDBPyConnection, size: str) -> list[Row]:
    return [
        Row("truth", f"{pattern} ({', '.join(sorted(ids))}), planted in {n:,}", size, f"recall {recall:.2f}",
            f"of {met or 0:,} who meet it: planted {_share(planted)}, exploited {_share(exploited)}")
        for pattern, ids, n, recall, planted, exploited, met in con.execute(RECALL).fetchall()
    ]  # fmt: skip


def _share(of: float | None) -> str:
    return "none" if of is None else f"{of:.2f}"


def _one(con: duckdb.DuckDBPyConnection, query: str) -> tuple[float, ...]:
    row = con.execute(query).fetchone()
    if row is None:
        raise LookupError("no rows")
    return row
