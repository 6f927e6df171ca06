"""Counts under other clusterings: all draws at once, against a plain judge that counts one draw after another."""

import shutil
from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from riverside import AS_AT
from trigpoint.counts import known, to_publish
from trigpoint.counts.disclosure.rule import DFE
from trigpoint.counts.drawn import limits, shown_limits
from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.rules.reading import read_indicators
from trigpoint.services.current import show_current
from trigpoint.services.describe_children import describe_children
from trigpoint.services.draw_clusterings import draw_clusterings
from trigpoint.services.draw_counts import draw_counts
from trigpoint.services.gather_facts import gather_facts
from trigpoint.services.mark_children import find_now
from trigpoint.services.propose_markers import propose_markers
from trigpoint.services.workspace import open_workspace

DRAWS, SEED = 2, 4


def make_unsure(workspace):
    """All joins within children with a proposed marker are made worse than a coin, so that draws part them."""
    links = dict(zip(*workspace.store.read("links").to_pydict().values(), strict=True))
    found = set(workspace.store.read("proposals")["child_key"].to_pylist())
    edges = workspace.store.read("edges")
    rows = edges.to_pylist()
    for row in rows:
        if links.get(row["record_a"]) in found and links.get(row["record_b"]) in found:
            row["decided_by"], row["probability"] = "model", 0.3
    with workspace.store.write("make links unsure for a test") as tx:
        tx.replace("edges", pa.Table.from_pylist(rows, schema=edges.schema))


def judged(workspace, drawn, draw):
    """Every published table over one draw, by marking and counting everybody anew."""
    con = workspace.con
    workspace.store.scan(con, "links", name="links_of_store")
    con.register("one_draw", drawn.filter(pc.equal(drawn["draw"], draw)))
    con.execute("""
        create or replace temp view links as
        select s.record_id, coalesce(o.child_key, s.child_key) as child_key
        from links_of_store s left join one_draw o using (record_id)""")
    describe_children(workspace, as_at=AS_AT)
    indicators = read_indicators(workspace.partnership.pack)
    facts = gather_facts(workspace, as_at=AS_AT)
    answers = DuckDBEngine(con).answer(indicators, facts)
    find_now(workspace, answers, indicators=indicators, facts=facts)
    proposals = propose_markers(
        workspace, findings="found_now", not_known=answers.not_known_sql(among="proposed"), facts=facts
    )
    con.register("proposals_now", proposals)
    con.execute("create or replace temp view proposals as select * from proposals_now")
    con.execute("create or replace temp view findings as select * from found_now")
    tables = to_publish(known(con, since=workspace.partnership.period.from_on, as_at=AS_AT))
    answers.close()
    return {
        (row["table"], row["row_value"], row["column_value"]): row["count"]
        for table in tables.values()
        for row in table.to_pylist()
        if row["layer"] is None and row["table"].startswith("children")
    }


@pytest.fixture(scope="module")
def counted(ran, tmp_path_factory):
    folder = shutil.copytree(ran.folder, tmp_path_factory.mktemp("unsure") / "riverside")
    with open_workspace(folder) as workspace:
        make_unsure(workspace)
        show_current(workspace)
        for table in ("links", "coverage", "findings", "proposals"):
            workspace.store.scan(workspace.con, table)
        describe_children(workspace, as_at=AS_AT)
        frames = to_publish(known(workspace.con, since=workspace.partnership.period.from_on, as_at=AS_AT))
        made = draw_counts(workspace, as_at=AS_AT, draws=DRAWS, seed=SEED)
        drawn = draw_clusterings(workspace, number=DRAWS, seed=SEED)
        worlds = [judged(workspace, drawn, draw) for draw in (-1, *range(DRAWS))]
        children = workspace.store.read("links")
    return made, frames, worlds, drawn, children


def test_each_draw_moves_each_cell_by_as_much_as_the_judge_says(counted):
    made, _, (now, *others), _, _ = counted
    by_draw = Counter()
    for row in made.by_draw.to_pylist():
        by_draw[row["draw"], row["table"], row["row_value"], row["column_value"]] = row["count"]
    cells = {cell for world in (now, *others) for cell in world} | {cell[1:] for cell in by_draw}
    moved = 0
    for draw, world in enumerate(others, start=1):
        for cell in cells:
            apart = by_draw[draw, *cell] - by_draw[0, *cell]
            assert apart == world.get(cell, 0) - now.get(cell, 0), cell
            moved += apart != 0
    assert moved > 10  # the links were made unsure enough for the test to see something


def test_children_are_as_many_more_as_keys_are(counted):
    made, _, _, drawn, links = counted
    before = dict(zip(*links.to_pydict().values(), strict=True))
    for draw in range(DRAWS):
        changed = {row["record_id"]: row["child_key"] for row in drawn.to_pylist() if row["draw"] == draw}
        assert made.children[draw] == len(set({**before, **changed}.values())) - len(set(before.values()))


def test_limits_hold_the_count_and_name_only_cells_that_move(counted):
    made, frames, (now, *others), _, _ = counted
    rows = limits(frames, made.by_draw, draws=DRAWS).to_pylist()
    assert rows
    for row in rows:
        cell = (row["table"], row["row_value"], row["column_value"])
        assert row["low"] <= row["count"] <= row["high"]
        assert row["count"] == now[cell] if cell in now else row["count"] == 0
        assert any(world.get(cell, 0) != now.get(cell, 0) for world in others)


def test_limits_beside_a_published_number_tell_nothing_that_it_hides():
    assert shown_limits("c", "hidden", below=3, above=3, rule=DFE) is None
    assert shown_limits("k", "rounded", below=1, above=1, rule=DFE) is None
    assert shown_limits(":", "withheld", below=1, above=1, rule=DFE) is None
    assert shown_limits("14", None, below=2, above=1, rule=DFE) == ("12", "15")
    assert shown_limits("40", "rounded", below=3, above=0, rule=DFE) == ("30", "40")
    assert shown_limits("10", "rounded", below=11, above=11, rule=DFE) == ("0", "30")
