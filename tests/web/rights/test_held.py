"""One list says where casework holds what it holds of a child: nothing that leads to a child is missing from it."""

from __future__ import annotations

from casework_world import World, sql
from trigpoint_web.rights.held import HELD, where

# Foreign keys of the database, as (table, column, table it names).
KEYS = """
    select c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1] where c.contype = 'f'
"""
# Other things that such rows name and that outlive a child.
OUTLIVE = {"response_meeting", "response_thing", "casework_run", "api_subscription"}


def test_every_table_that_leads_to_a_child_is_on_the_list(db: None) -> None:
    keys, reached = sql(KEYS), {"casework_child"}
    while more := {table for table, _column, named in keys if named in reached} - reached:
        reached |= more
    assert reached == {one.table for one in HELD} | ({"casework_markerstanding"} & reached)
    assert not reached & OUTLIVE


def test_what_hangs_on_a_row_is_deleted_before_it(db: None) -> None:
    order = {one.table: place for place, one in enumerate(HELD)}
    assert len(order) == len(HELD)
    wrong = [
        (table, named)
        for table, _column, named in sql(KEYS)
        if table in order and named in order and table != named and order[table] > order[named]
    ]
    assert wrong == []


def test_every_condition_is_one_that_the_database_answers(world: World) -> None:
    kid = world.child()
    found = {one.table: sql(f"select count(*) from {one.table} t where {where(one, '%s')}", *[[kid.pk]] * n)
             for one in HELD if (n := where(one, "%s").count("%s"))}  # fmt: skip
    assert found["casework_child"] == [(1,)]
    assert found["casework_involvement"] == [(1,)]
    assert len(found) == len(HELD)
