"""The children of a run: all, or those asked and the few others who could be met with beside them."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from trigpoint.engines.duckdb.needs import Needs
from trigpoint.engines.duckdb.steps import Steps, listed


def children_sql(steps: Steps, needs: Needs, *, tables: tuple[str, str, str], asked: Collection[str] | None) -> str:
    """A query of the children numbered by key; `asked` says who is to be answered.

    `tables` are the children, the events and the mentions.
    """
    children, events, mentions = tables
    is_asked, where = "TRUE", ""
    if asked is not None:
        wanted = steps.take("children_asked", pa.table({"child_key": pa.array(sorted(set(asked)), pa.string())}))
        is_asked = f"child_key IN (SELECT child_key FROM {wanted})"
        where = f"WHERE child_key IN (SELECT child_key FROM {_related(steps, needs, wanted, (events, mentions))})"
    return f"""SELECT row_number() OVER (ORDER BY child_key)::INTEGER AS c, child_key, birth_on, area,
        epoch(birth_on::TIMESTAMP)::BIGINT AS born_t, {is_asked} AS asked FROM {children} {where}"""


def _related(steps: Steps, needs: Needs, wanted: str, tables: tuple[str, str]) -> str:
    """The children asked, those at the same place and time, and those who hold what any of these mention."""
    events, mentions = tables
    found = wanted
    if needs.together_seconds is not None:
        found = steps.make("children_near", f"FROM {wanted} UNION {_near(events, wanted, needs)}")
    if needs.shared:
        found = steps.make("children_sharing", f"FROM {found} UNION {_sharing(mentions, found, needs)}")
    return found


def _near(events: str, wanted: str, needs: Needs) -> str:
    kinds = f"kind IN ({listed(sorted(needs.columns['place_id']))}) AND place_id IS NOT NULL"
    return f"""SELECT o.child_key FROM (SELECT child_key, place_id, t FROM {events} WHERE {kinds}) o
        SEMI JOIN (SELECT place_id, t FROM {events} SEMI JOIN {wanted} USING (child_key) WHERE {kinds}) a
        ON a.place_id = o.place_id AND abs(o.t - a.t) <= {needs.together_seconds}"""


def _sharing(mentions: str, wanted: str, needs: Needs) -> str:
    return f"""SELECT child_key FROM {mentions} SEMI JOIN
        (SELECT kind, value FROM {mentions} SEMI JOIN {wanted} USING (child_key)
         WHERE kind IN ({listed(sorted(needs.shared))})) USING (kind, value)"""
