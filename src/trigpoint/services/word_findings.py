"""Turn answers into findings: who saw what, and the indicator's sentence with the facts of this child filled in.

The facts are gathered set-wise for all findings at once; only the filling of words goes finding by finding.
`engines.cited.cite` says the same of one finding, plainly and slowly, and the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from trigpoint.records.facts import Facts, moment
from trigpoint.records.tables import FIXED
from trigpoint.rules.sentence import ATTRIBUTE, Cited, attributes_in, facts_in, fill, how_many
from trigpoint.rules.tree import Indicator, Shares, all_conditions, selected_kinds
from trigpoint.terms.pack import Pack

BATCH = 50_000
AT_ONCE = 100_000  # findings whose evidence is gathered together

PART = """
    create or replace temp table cited_part as select * from {met} where hash(child_key) % {parts} = {part}
"""

# A day as the number 20250103: the difference of two, without its last four digits, is an age in whole years.
NUMBERED = "(year({0}) * 10000 + month({0}) * 100 + day({0}))"

EVIDENCE = """
    create or replace temp table cited_evidence as
    select v.finding_id, v.child_key as child, v.indicator, e.event_id, e.child_key, e.kind, e.t, e.t_end,
        e.source, e.agency, e.easting, e.northing, e.episode{columns},
        e.child_key = v.child_key as own, k.kind is not null as counted
    from (select finding_id, child_key, indicator, unnest(event_ids) as event_id from cited_part) v
    join {events} e using (event_id)
    left join cited_kinds k on k.indicator = v.indicator and k.kind = e.kind
"""

# The base of an event is among the finding's evidence wherever the indicator asks for a distance.
AWAY = """
    create or replace temp table cited_away as
    with
    bases as (
        select e.finding_id, e.event_id, b.easting - e.easting as east, b.northing - e.northing as north,
            case when b.kind = $first and b.t <= e.t and (b.t_end is null or e.t <= b.t_end) then 2
                 when b.kind = $last and b.t <= e.t then 1 when b.kind = $last then 0 end as rank,
            case when b.t <= e.t then b.t else -b.t end as near, b.event_id as base_id
        from cited_evidence e join cited_evidence b
            on b.finding_id = e.finding_id and b.own and b.kind in ($first, $last)
        where e.own and e.counted and e.indicator in (select indicator from cited_far))
    select finding_id, event_id,
        arg_max(round(sqrt(east::double * east + north::double * north))::bigint, (rank, near, base_id)) as metres
    from bases where rank is not null group by all
"""

# Of what is mentioned, only the values that these findings share are looked up, and who holds them in the period.
OTHERS = """
    create or replace temp table cited_others as
    with
    cited_values as (
        select distinct e.finding_id, e.child, s.at_most, m.kind, m.value
        from cited_evidence e join cited_shares s using (indicator)
        join {mentions} m on m.event_id = e.event_id and m.kind = s.kind
        where e.own and e.counted),
    mentioned as (
        select m.kind, m.value, m.child_key, m.event_id from {mentions} m
        semi join (select kind, value from cited_values) v on v.kind = m.kind and v.value = m.value),
    holders as (
        select kind, value, child_key from mentioned where event_id is null
        union
        select m.kind, m.value, m.child_key from mentioned m join {events} e using (event_id) where {seen}),
    rare as (select kind, value, count(*) as held_by from holders group by all)
    select finding_id, count(distinct other) as others from (
        select finding_id, child_key as other from cited_evidence where not own
        union all
        select v.finding_id, h.child_key
        from cited_values v join rare r using (kind, value) join holders h using (kind, value)
        where r.held_by <= v.at_most + 1 and h.child_key <> v.child)
    group by finding_id
"""

# The agencies of a finding are those that saw what it counts. Whoever sent the home from which a distance is
# measured, or told of another child there, saw nothing of this: an address must not make a second agency.
CITED = """
    select f.finding_id, f.child_key, f.indicator, f.version, f.answer, f.from_on, f.to_on, f.event_ids,
        a.sources, a.agencies, coalesce(o.others, 0) as others, c.cited
    from cited_part f
    join (select finding_id, list_sort(list(distinct source)) as sources,
                list_sort(list(distinct agency) filter (where own and counted)) as agencies
          from cited_evidence group by finding_id) a using (finding_id)
    join (select e.finding_id, list(struct_pack(t := e.t, episode := e.episode, agency := e.agency, source := e.source,
                metres := w.metres, age := ({day} - {born}) // 10000
                {values}) order by e.t, e.event_id) as cited
          from cited_evidence e
          left join cited_away w using (finding_id, event_id)
          left join {children} p on p.child_key = e.child
          where e.own and e.counted group by e.finding_id) c using (finding_id)
    left join cited_others o using (finding_id)
    order by f.child_key, f.indicator, f.from_on, f.finding_id
"""


def word_findings(
    con: duckdb.DuckDBPyConnection, met: str, *, indicators: Sequence[Indicator], facts: Facts, pack: Pack
) -> Iterator[pa.RecordBatch]:
    """Findings in the columns of `records.tables` for the met answers in relation `met`, in batches.

    `facts` names the relations that the answers were given on. So many findings are gathered at once as fit in
    memory: lists cannot be spilled to disk.
    """
    _lay_out(con, indicators)
    by_id = {one.id: one for one in indicators}
    attributes = sorted({name for one in indicators for name in attributes_in(one.sentence)})
    for part in range(parts := _parts(con, met)):
        con.execute(PART.format(met=met, parts=parts, part=part))
        _gather(con, facts, attributes)
        for batch in con.sql(_cited_sql(facts, attributes)).to_arrow_reader(BATCH):
            yield _worded(batch, by_id, pack)


def _parts(con: duckdb.DuckDBPyConnection, met: str) -> int:
    [[findings]] = con.execute(f"select count(*) from {met}").fetchall()
    return -(-int(findings) // AT_ONCE)


def _gather(con: duckdb.DuckDBPyConnection, facts: Facts, attributes: Sequence[str]) -> None:
    """What the findings of `cited_part` stand on, how far from home it was, and how many others are in it."""
    columns = "".join(f', e."{name}"' for name in attributes)
    con.execute(EVIDENCE.format(events=facts.events, columns=columns))
    con.execute(AWAY, {"first": facts.base_kinds[0], "last": facts.base_kinds[-1]})
    con.execute(OTHERS.format(mentions=facts.mentions, events=facts.events, seen=_seen(facts)))


def _seen(facts: Facts) -> str:
    """Whether an indicator may see the event `e`: it lies in the period, or is a spell that lasts into it."""
    spells = ", ".join(f"'{kind}'" for kind in sorted(facts.spell_kinds))
    lasts = f"e.kind in ({spells or 'null'}) and (e.t_end is null or e.t_end >= {facts.start_t})"
    return f"e.t <= {facts.as_at_t} and (e.t >= {facts.start_t} or {lasts})"


def _cited_sql(facts: Facts, attributes: Sequence[str]) -> str:
    return CITED.format(
        values="".join(f', "{ATTRIBUTE}{name}" := e."{name}"' for name in attributes),
        children=facts.children,
        day=NUMBERED.format("(timestamp '1970-01-01' + to_seconds(e.t))"),
        born=NUMBERED.format("p.birth_on"),
    )


def _lay_out(con: duckdb.DuckDBPyConnection, indicators: Sequence[Indicator]) -> None:
    """Small tables of what each indicator counts, shares and says."""
    kinds = [(one.id, kind) for one in indicators for kind in selected_kinds(one.pattern)]
    far = [(one.id,) for one in indicators if "km" in facts_in(one.sentence)]
    shares = {
        (one.id, kind, condition.at_most)
        for one in indicators
        if "others" in facts_in(one.sentence)
        for condition in all_conditions(one.pattern)
        if isinstance(condition, Shares)
        for kind in condition.kinds
    }
    for name, columns, rows in (
        ("cited_kinds", "indicator varchar, kind varchar", kinds),
        ("cited_far", "indicator varchar", far),
        ("cited_shares", "indicator varchar, kind varchar, at_most integer", sorted(shares)),
    ):
        con.execute(f"create or replace temp table {name} ({columns})")
        if rows:
            con.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)


def _worded(batch: pa.RecordBatch, indicators: dict[str, Indicator], pack: Pack) -> pa.RecordBatch:
    sentences, counts = [], []
    columns = (batch.column(name).to_pylist() for name in ("indicator", "cited", "others"))
    for indicator, cited, others in zip(*columns, strict=True):
        events = [_cited(one) for one in cited]
        sentences.append(fill(indicators[indicator].sentence, events, others=others, pack=pack))
        counts.append(how_many(events))
    schema = FIXED["findings"]
    made = {"sentence": pa.array(sentences, pa.string()), "count": pa.array(counts, pa.int64())}
    arrays = [made[name] if name in made else batch.column(name).cast(schema.field(name).type) for name in schema.names]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cited(row: dict[str, Any]) -> Cited:
    values = {name.removeprefix(ATTRIBUTE): value for name, value in row.items() if name.startswith(ATTRIBUTE)}
    return Cited(
        at=moment(row["t"]),
        agency=row["agency"],
        episode=row["episode"],
        source=row["source"],
        metres=row["metres"],
        age=row["age"],
        values=values,
    )
