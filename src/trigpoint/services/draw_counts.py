"""Count again under other clusterings that are about as plausible: what unsure links do to each count.

Each draw is a world of its own, in which records, events, places and whatever is mentioned carry the number of the
draw, so that no child of one world meets a child of another. All worlds are then marked and counted at once, over the
children whom an unsure link touches and those in their sight; nobody else can change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.counts.drawn import DRAWS, NOW, counts_by_draw
from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.engines.proposing import hold
from trigpoint.records.tables import FIXED
from trigpoint.rules.policy import indicators_of, read_policy
from trigpoint.rules.reading import read_indicators
from trigpoint.services.describe_children import describe_children
from trigpoint.services.draw_clusterings import draw_clusterings, unsure_links
from trigpoint.services.find_neighbours import find_neighbours
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.progress import SILENT, Progress, plural
from trigpoint.services.word_findings import word_findings
from trigpoint.services.workspace import Workspace, arrow

AT_ONCE: Final = 1_500_000  # events of all worlds that are marked together

WORLD: Final = """
    create or replace temp table world as
    with sight as (select l.record_id, l.child_key from links l semi join children_in_sight using (child_key)),
    draws as (select unnest($draws::bigint[]) as draw)
    select d.draw || '|' as pre, s.record_id, d.draw || '|' || coalesce(o.child_key, s.child_key) as child_key
    from sight s cross join draws d left join drawn_given o on o.record_id = s.record_id and o.draw = d.draw
"""
INTO_WORLDS: Final = {
    "links": "select pre || record_id as record_id, child_key from world",
    "coverage": "select * from coverage",
    "records": """select r.* replace (w.pre || r.record_id as record_id,
                      list_transform(r.phones, lambda phone: w.pre || phone) as phones)
                  from records r join world w using (record_id)""",
    "events": """select e.* replace (w.pre || e.event_id as event_id, w.pre || e.record_id as record_id,
                     w.pre || e.place_id as place_id) from events e join world w using (record_id)""",
    "raw_mentions": """select m.* replace (w.pre || m.event_id as event_id, w.pre || m.value as value)
                       from raw_mentions m join events e using (event_id) join world w using (record_id)""",
}
PROPOSALS: Final = """
    create table proposals as
    select p.child_key, r.form, p.rule, max(f.to_on) as to_on,
        list_sort(list_distinct(flatten(list(f.sources)))) as sources
    from (select child_key, rule, unnest(finding_ids) as finding_id from proposed) p
    join found_now f using (finding_id) join rules_given r using (rule) group by all
"""


@dataclass(frozen=True)
class Drawn:
    """Counts by draw (`counts.drawn.DRAWS`, draw 0 the clustering as it stands) of the children who can change.

    `draws` were drawn, from `unsure` pairs that the model alone decided; `children` of each are how many children
    there would be more or fewer than now (one for each draw).
    """

    by_draw: pa.Table
    draws: int
    unsure: int
    children: list[int]


def draw_counts(
    workspace: Workspace, *, as_at: date, draws: int = 100, seed: int = 1, progress: Progress = SILENT
) -> Drawn:
    """Count the tables that are meant to leave under `draws` other clusterings.

    Needs the views of `show_current`, and `links`, `coverage` and `children` in the working database.
    """
    unsure = unsure_links(workspace)
    if not unsure.num_rows:
        return Drawn(DRAWS.empty_table(), draws, 0, [0] * draws)
    con = workspace.con
    drawn = draw_clusterings(workspace, number=draws, seed=seed)
    con.register("drawn_now", drawn.set_column(0, "draw", pc.add(drawn["draw"], NOW + 1)))
    con.execute("create or replace temp table drawn_given as select * from drawn_now")
    con.unregister("drawn_now")
    touched = {*unsure["child_a"].to_pylist(), *unsure["child_b"].to_pylist()}
    find_neighbours(workspace, read_indicators(workspace.partnership.pack), touched)
    found = [DRAWS.empty_table()]
    for some in _batches(workspace, [NOW, *range(NOW + 1, draws + 1)]):
        found.append(_count(workspace, some, as_at=as_at))
        progress.step(f"{some[-1]} of {plural(draws, 'draw')} counted")
    return Drawn(pa.concat_tables(found), draws, unsure.num_rows, _more_children(workspace, draws))


def _batches(workspace: Workspace, every: Sequence[int]) -> Iterator[Sequence[int]]:
    row = workspace.con.execute("""
        select count(*) from events join links using (record_id) semi join children_in_sight using (child_key)
        """).fetchall()
    size = max(1, AT_ONCE // max(1, row[0][0]))
    for at in range(0, len(every), size):
        yield every[at : at + size]


def _count(workspace: Workspace, draws: Sequence[int], *, as_at: date) -> pa.Table:
    with _worlds(workspace, draws) as worlds:
        describe_children(worlds, as_at=as_at)
        _mark(worlds, as_at=as_at)
        return counts_by_draw(worlds.con, since=workspace.partnership.period.from_on, as_at=as_at)


@contextmanager
def _worlds(workspace: Workspace, draws: Sequence[int]) -> Iterator[Workspace]:
    """A workspace in memory that holds the worlds of `draws`: links, records, events, mentions and coverage."""
    workspace.con.execute(WORLD, {"draws": list(draws)})
    with closing(duckdb.connect()) as con:
        con.execute("SET enable_progress_bar = false")
        con.execute("SET temp_directory = ?", [str(workspace.scratch / "worlds")])
        for name, query in INTO_WORLDS.items():
            _lay_out(con, name, arrow(workspace.con, query))
        yield replace(workspace, con=con)


def _mark(worlds: Workspace, *, as_at: date) -> None:
    """Make `proposals` in the worlds, as a run would have made them there."""
    con, pack = worlds.con, worlds.partnership.pack
    policy = read_policy(pack)
    used = {name for rule in policy.rules for name in indicators_of(rule)}
    indicators = [one for one in read_indicators(pack) if one.id in used]
    facts = gather_facts(worlds, as_at=as_at)
    answers = DuckDBEngine(con).answer(indicators, facts)
    found = word_findings(con, answers.table, indicators=indicators, facts=facts, pack=pack)
    _lay_out(con, "found_now", pa.Table.from_batches(found, schema=FIXED["findings"]))
    hold(con, policy, findings="found_now", period=(facts.start_t, facts.as_at_t))
    _lay_out(con, "rules_given", pa.Table.from_pylist([{"rule": one.id, "form": one.form} for one in policy.rules]))
    con.execute(PROPOSALS)


def _more_children(workspace: Workspace, draws: int) -> list[int]:
    """How many children more (or fewer) each draw makes, of the records that a draw can touch."""
    rows = workspace.con.execute(
        """
        with every as (select unnest(range(1, $draws + 1)) as draw),
        records as (select distinct record_id from drawn_given),
        touched as (select l.* from links l where child_key in (
                        select child_key from links semi join records using (record_id)
                        union select child_key from drawn_given)),
        then_ as (select e.draw, count(distinct coalesce(o.child_key, t.child_key)) as children
                  from every e cross join touched t
                  left join drawn_given o on o.draw = e.draw and o.record_id = t.record_id group by e.draw)
        select draw, children - (select count(distinct child_key) from touched) from then_ order by draw
        """,
        {"draws": draws},
    ).fetchall()
    return [more for _, more in rows] or [0] * draws


def _lay_out(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.complete()  # whatever was asked before has been read as far as it is wanted
    con.register("given", table)
    con.execute(f"create table {name} as select * from given")
    con.unregister("given")
