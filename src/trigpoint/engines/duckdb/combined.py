"""Patterns of patterns as SQL: their matches from those of their parts, and the answer for each child.

Answers are numbers while they are worked out: 0 not met, 1 not known, 2 met, so that Kleene's 'and' is the least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trigpoint.engines.duckdb.covered import covered_since
from trigpoint.engines.duckdb.leaves import NOTHING, LeafMaker, LeafTables
from trigpoint.rules.tree import AllOf, AnyOf, Leaf, Not, Pattern, asserted, leaves, needed_kinds


@dataclass(frozen=True)
class Node:
    """A pattern with the step of its sure matches and that of its possible ones; a `not` has neither."""

    pattern: Pattern
    sure: str = ""
    possible: str = ""
    parts: tuple[Node, ...] = ()
    tables: LeafTables | None = None


class Combiner:
    """Builds the nodes of one indicator from the leaves up."""

    def __init__(self, maker: LeafMaker, pattern: Pattern) -> None:
        self.maker, self.steps = maker, maker.steps
        self._numbers = 0
        self._known: dict[str, int] = {}
        made = [maker.make(leaf, n) for n, leaf in enumerate(leaves(pattern), 1)]
        self._leaves = iter(made)
        self.silent = all(one.sure is NOTHING for one in made)  # no leaf has a match, sure or possible
        self._matched = [t for one in made for t in (one.sure, one.possible) if t and t is not NOTHING]
        self.root = self._node(pattern)

    def states(self) -> str:
        """A query of c and state for the children of whom some leaf has a match: of others only coverage speaks."""
        pattern, leaf = self.root.pattern, self.root.tables
        if leaf is None or isinstance(pattern, AllOf | AnyOf | Not):
            return f"SELECT c, {self.state(self.root)} AS state FROM {self._spoken([self.root])} p"
        if leaf.possible is None:
            return f"SELECT DISTINCT c, 2 AS state FROM {leaf.sure}"
        both = f"SELECT c, 2 AS state FROM {leaf.sure} UNION ALL SELECT c, 1 FROM {leaf.possible}"
        return f"SELECT c, max(state) AS state FROM ({both}) GROUP BY c"

    def state(self, node: Node, *, silent: bool = False) -> str:
        """The answer of a child p as a number; `silent` for a child of whom no event is chosen."""
        pattern = node.pattern
        if isinstance(pattern, Not):
            return f"(2 - {self.state(node.parts[0], silent=silent)})"
        sure = "FALSE" if silent else self._flag(node.sure)
        possible = "FALSE" if silent else self._flag(node.possible)
        rest = f"WHEN {possible} OR NOT {self._covered(pattern)} THEN 1 ELSE 0 END"
        if not isinstance(pattern, AllOf | AnyOf):
            return f"(CASE WHEN {sure} THEN 2 {rest})"
        parts = ", ".join(self.state(part, silent=silent) for part in node.parts)
        if isinstance(pattern, AnyOf):
            return f"greatest({parts}, 0)"
        return f"(CASE WHEN {sure} THEN 2 WHEN least({parts}, 2) < 2 THEN least({parts}, 2) {rest})"

    def _covered(self, pattern: Pattern) -> str:
        line = self.maker.chosen.timeline
        kinds = sorted({kind for leaf in asserted(pattern) for kind in needed_kinds(leaf)})
        return covered_since(self.maker.coverage, kinds, start=self.maker.chosen.start, as_at=line.facts.as_at_t)

    def _spoken(self, nodes: Sequence[Node]) -> str:
        """The children of whom some leaf has a match, sure or possible; and are they in each step of the nodes?"""
        steps = dict.fromkeys(table for node in nodes for table in _tables(node) if table is not NOTHING)
        rows = " UNION ALL ".join(
            f"SELECT c, {n} AS step FROM {table}" for n, table in enumerate(dict.fromkeys([*steps, *self._matched]))
        )
        flags = "".join(f", bool_or(step = {n}) AS {self._flag(table)}" for n, table in enumerate(steps))
        child = self.maker.chosen.timeline.child
        return f"""(SELECT m.*, k.area, k.born_t
            FROM (SELECT c{flags} FROM ({rows}) GROUP BY c) m JOIN {child} k USING (c))"""

    def _flag(self, table: str) -> str:
        """The column of `_spoken` that says whether a child is in the step."""
        if table is NOTHING:
            return "FALSE"
        return f"in_{self._known.setdefault(table, len(self._known))}"

    def _node(self, pattern: Pattern) -> Node:
        match pattern:
            case Not(inner):
                return Node(pattern, parts=(self._node(inner),))
            case AllOf(patterns) | AnyOf(patterns):
                return self._combine(pattern, tuple(self._node(one) for one in patterns))
            case _:
                return self._leaf(pattern)

    def _leaf(self, pattern: Leaf) -> Node:
        tables = next(self._leaves)
        return Node(pattern, tables.sure, tables.possible or tables.sure, tables=tables)

    def _combine(self, pattern: AllOf | AnyOf, parts: tuple[Node, ...]) -> Node:
        if self._without_a_match(pattern, parts):
            return Node(pattern, NOTHING, NOTHING, parts)
        self._numbers += 1
        name = f"combined_{self._numbers}"
        sure = self.steps.make(f"{name}_matches", self._sql(pattern, parts, sure=True))
        if all(part.sure == part.possible for part in parts) and not any(isinstance(p.pattern, Not) for p in parts):
            return Node(pattern, sure, sure, parts)
        return Node(pattern, sure, self.steps.make(f"{name}_possible", self._sql(pattern, parts, sure=False)), parts)

    def _without_a_match(self, pattern: AllOf | AnyOf, parts: tuple[Node, ...]) -> bool:
        """Whether, of the parts that can match, one (of `any_of`, each) has no match, sure or possible."""
        real = [part for part in parts if not isinstance(part.pattern, Not)]
        bare = [part.sure is NOTHING and part.possible is NOTHING for part in real]
        return all(bare) if isinstance(pattern, AnyOf) else any(bare)

    def _sql(self, pattern: AllOf | AnyOf, parts: tuple[Node, ...], *, sure: bool) -> str:
        real = [part for part in parts if not isinstance(part.pattern, Not)]
        each = [f"SELECT c, s, t, {i} AS part FROM {one.sure if sure else one.possible}" for i, one in enumerate(real)]
        together = " UNION ALL ".join(each)
        if isinstance(pattern, AnyOf):
            return f"SELECT DISTINCT c, s, t FROM ({together})"
        complete = f"HAVING count(DISTINCT part) = {len(real)}"
        gates = self._gates(parts, sure=sure)
        if pattern.within is None:
            return f"SELECT c, min(s) AS s, max(t) AS t FROM ({together}) {gates} GROUP BY c {complete}"
        return f"""WITH parts AS ({together}),
            meeting AS (SELECT c FROM parts {gates} GROUP BY c {complete}),
            ends AS (SELECT DISTINCT c, t AS upto FROM parts SEMI JOIN meeting USING (c))
            SELECT e.c, min(p.s) AS s, max(p.t) AS t, e.upto FROM ends e
            JOIN parts p ON p.c = e.c AND p.t <= e.upto AND p.s >= e.upto - {pattern.within}
            GROUP BY e.c, e.upto {complete}"""

    def _gates(self, parts: tuple[Node, ...], *, sure: bool) -> str:
        """Only children for whom every `not` surely holds, or for possible matches may hold."""
        inner = [part.parts[0] for part in parts if isinstance(part.pattern, Not)]
        if not inner:
            return ""
        held = " AND ".join(f"{self.state(node)} {'= 0' if sure else '< 2'}" for node in inner)
        return f"WHERE c IN (SELECT c FROM {self._spoken(inner)} p WHERE {held})"


def _tables(node: Node) -> Iterator[str]:
    """The steps of sure and possible matches that the answer of a node hangs on."""
    if not isinstance(node.pattern, Not):
        yield from (node.sure, node.possible)
    for part in node.parts:
        yield from _tables(part)
