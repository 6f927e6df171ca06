"""Evidence, worked out only for children who meet an indicator: from its episodes down to the events of each leaf."""

from __future__ import annotations

from collections.abc import Iterator

from trigpoint.engines.duckdb.chosen import support_sql
from trigpoint.engines.duckdb.combined import Combiner, Node
from trigpoint.engines.duckdb.leaves import NOTHING, LeafTables
from trigpoint.engines.duckdb.slots import Slots
from trigpoint.rules.tree import AllOf, Change, Count, Exists, Not, Select, Sequence, Unfollowed, selects


class EvidenceMaker:
    """Gathers the evidence of one indicator: which events its matches stand on, and at what second each is placed.

    Matches that overlap are one episode, and an event belongs to the episode in which its second lies: `episodes_sql`
    puts them together, once for all indicators.
    """

    def __init__(self, combiner: Combiner) -> None:
        self._root, self._chosen = combiner.root, combiner.maker.chosen
        self._steps: list[tuple[str, str]] = []  # name and query of each step, in order

    def alone(self) -> str | None:
        """A query of (c, s, t, e), where each match is one event and stands on no other."""
        leaf = self._root.pattern
        if isinstance(leaf, Exists) and self._unsupported(leaf.of):
            return f"SELECT c, s, t, e FROM {self._root.sure}"
        return None

    def sql(self) -> str:
        """A query of (c, s, e): the events, each at a second of a match that stands on it."""
        tables = self._root.tables
        if tables and isinstance(tables.leaf, Count) and self._unsupported(tables.leaf.of):
            # Every event in a window lies within the episode that the window is part of.
            return f"SELECT c, t AS s, e FROM {tables.chosen[0]} WHERE sure AND c IN (SELECT c FROM {self._root.sure})"
        parts = [part for used, tables in self._used(self._root, self._root.sure) for part in self._leaf(used, tables)]
        steps = ", ".join(f"{name} AS ({sql})" for name, sql in self._steps)
        rows = " UNION ALL ".join(f"SELECT c, s, e FROM {part}" for part in parts)
        return f"WITH {steps} {rows}"

    def _unsupported(self, select: Select) -> bool:
        """Whether what the selection chooses rests on no other event."""
        return not support_sql(self._chosen, select, "cited")

    def _step(self, name: str, sql: str) -> str:
        self._steps.append((name, sql))
        return name

    def _used(self, node: Node, used: str) -> Iterator[tuple[str, LeafTables]]:
        """The matches of each leaf that the used matches of the node stand on."""
        if node.sure is NOTHING:
            return
        if node.tables is not None:
            yield used, node.tables
        for part in node.parts:
            if not isinstance(node.pattern, Not) and not isinstance(part.pattern, Not):
                yield from self._used(part, self._used_part(node, part, used))

    def _used_part(self, node: Node, part: Node, used: str) -> str:
        match node.pattern:
            case AllOf(_, None):
                on = "u.c = p.c"
            case AllOf(_, within):
                on = f"u.c = p.c AND p.t <= u.upto AND p.s >= u.upto - {within}"
            case _:
                on = "u.c = p.c AND u.s = p.s AND u.t = p.t"
        return self._step(f"used_{len(self._steps)}", f"SELECT p.* FROM {part.sure} p SEMI JOIN {used} u ON {on}")

    def _leaf(self, used: str, tables: LeafTables) -> Iterator[str]:
        """Steps of (c, s, e): the events of the used matches, then those that support them."""
        slots = self._chosen.timeline.slots
        for select, sql in zip(selects(tables.leaf), leaf_sql(used, tables, slots), strict=False):
            cited = self._step(f"cited_{len(self._steps)}", sql)
            yield cited
            for support in support_sql(self._chosen, select, cited):
                yield self._step(f"support_{len(self._steps)}", support)


def leaf_sql(used: str, tables: LeafTables, slots: Slots) -> list[str]:
    """For each selection of the leaf (but `by`), a query of the events that the used matches stand on."""
    match tables.leaf:
        case Exists() | Unfollowed():
            return [f"SELECT DISTINCT c, s, e FROM {used}"]
        case Count():
            return [
                f"""SELECT i.c, i.s, r.e FROM {tables.chosen[0]} r JOIN ({islands_sql(used)}) i
                    ON r.c = i.c AND r.t BETWEEN i.s AND i.t WHERE r.sure"""
            ]
        case Change(_, attribute):
            value = slots.column(attribute)
            return [
                f"""SELECT DISTINCT u.c, u.s, r.e FROM {tables.chosen[0]} r JOIN {used} u
                    ON r.c = u.c AND ((r.t >= u.s AND r.t < u.t) OR r.e = u.e)
                    WHERE r.sure AND r.{value} IS NOT NULL"""
            ]
        case Sequence():
            return list(_chain_sql(used, tables.reached))


def _chain_sql(used: str, reached: tuple[str, ...]) -> list[str]:
    """Back along the chain: the events of the last step, then those before them, first step first."""
    found = [f"SELECT c, s, e, before_e FROM {used}"]
    for table in reversed(reached[:-1]):
        found.append(f"SELECT l.c, l.s, r.e, r.before_e FROM ({found[-1]}) l JOIN {table} r ON r.e = l.before_e")
    return [f"SELECT DISTINCT c, s, e FROM ({sql})" for sql in reversed(found)]


def episodes_sql(matches: str, cited: str) -> str:
    """The events `cited` (i, c, s, e) by the episode of the `matches` (i, c, s, t) they belong to: i, c, s, t, e."""
    return f"""SELECT DISTINCT o.i, o.c, o.s, o.t, v.e FROM {cited} v
        JOIN ({islands_sql(matches, by="i, c")}) o ON o.i = v.i AND o.c = v.c AND v.s BETWEEN o.s AND o.t"""


def islands_sql(matches: str, *, by: str = "c") -> str:
    """Matches that overlap or touch, joined: one row (`by`, s, t) an island."""
    before = f"PARTITION BY {by} ORDER BY s, t ROWS"
    return f"""SELECT {by}, min(s) AS s, max(t) AS t FROM (
          SELECT {by}, s, t, sum(apart) OVER ({before} UNBOUNDED PRECEDING) AS island FROM (
            SELECT {by}, s, t, CASE WHEN s <= max(t) OVER ({before} BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                            THEN 0 ELSE 1 END AS apart FROM {matches}))
        GROUP BY {by}, island"""
