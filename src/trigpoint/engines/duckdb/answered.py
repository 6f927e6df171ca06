"""What the DuckDB engine hands back: met rows as a table; the many others worked out when asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import pyarrow as pa

from trigpoint.engines.answers import ANSWERS, COUNTS, MET, NOT_KNOWN, NOT_MET
from trigpoint.engines.coverage import Coverage
from trigpoint.engines.duckdb.covered import covered_since
from trigpoint.engines.duckdb.steps import Steps, listed, literal
from trigpoint.rules.tree import Indicator, selected_kinds

WORDS = f"CASE state WHEN 2 THEN '{MET}' WHEN 1 THEN '{NOT_KNOWN}' ELSE '{NOT_MET}' END"


class DuckDBAnswers:
    """Answers in the connection of the engine. `close` drops them."""

    def __init__(
        self, steps: Steps, indicators: Sequence[Indicator], *, silent: Sequence[str], missing: Sequence[str]
    ) -> None:
        self._steps, self._indicators = steps, indicators
        self._silent, self._missing = silent, missing
        self.table = steps.named("met")

    @property
    def met(self) -> pa.Table:
        """One row an episode, by child_key, indicator, from_on and finding_id."""
        order = "ORDER BY child_key, indicator, from_on, finding_id"
        return self._arrow(f"SELECT * FROM {self.table} {order}", ANSWERS)

    def full(self, children: Collection[str] | None = None) -> pa.Table:
        """Every answer of these children, of all without a list."""
        asked = "" if children is None else f"WHERE child_key IN ({listed(sorted(children)) or 'NULL'})"
        rest = " UNION ALL ".join(self._unmet(n, "state < 2") for n in range(len(self._indicators)))
        return self._arrow(
            f"""SELECT * FROM (SELECT * FROM {self.table} UNION ALL {rest or f"SELECT * FROM {self.table} LIMIT 0"})
                {asked} ORDER BY child_key, indicator, from_on, finding_id""",
            ANSWERS,
        )

    def unmet_sql(self) -> str:
        """A query of child_key, indicator, version, answer and missing for every answer that is not 'met'."""
        each = " UNION ALL ".join(self._unmet(n, "state < 2") for n in range(len(self._indicators)))
        return f"SELECT child_key, indicator, version, answer, missing FROM ({each})"

    def not_known_sql(self, *, among: str | None = None) -> str:
        """A query of child_key, indicator, version and missing for every answer that is not known.

        `among` names a relation with a child_key: then of its children alone, at the cost of these alone. Indicators
        that say the same of a child without events are planned once for all of them.
        """
        alike: dict[tuple[str, str], list[str]] = defaultdict(list)
        for n, one in enumerate(self._indicators):
            alike[self._silent[n], self._missing[n]].append(f"{n}, {literal(one.id)}, {one.version}")
        listed_rows = ", ".join(f"({g}, {row})" for g, rows in enumerate(alike.values()) for row in rows)
        said = " UNION ALL ".join(
            f"SELECT c, child_key, {g} AS g, {silent} AS silent, {missing} AS missing FROM asked_children p"
            for g, (silent, missing) in enumerate(alike)
        )
        return f"""WITH asked_children AS (SELECT * FROM {self._children(among)} WHERE asked), said AS ({said})
            SELECT s.child_key, x.indicator, x.version::BIGINT AS version, s.missing
            FROM said s JOIN (VALUES {listed_rows}) x(g, i, indicator, version) USING (g)
            LEFT JOIN {self._steps.named("known")} k ON k.i = x.i AND k.c = s.c
            WHERE coalesce(k.state, s.silent) = 1"""

    def counts(self) -> pa.Table:
        """Children by indicator and answer."""
        rows = []
        for n, one in enumerate(self._indicators):
            query = f"SELECT {WORDS} AS answer, count(*) FROM ({self._states(n)}) GROUP BY 1"
            found = dict(self._steps.con.execute(query).fetchall())
            named = {"indicator": one.id, "version": one.version}
            rows += [{**named, "answer": a, "children": found.get(a, 0)} for a in (MET, NOT_MET, NOT_KNOWN)]
        return pa.Table.from_pylist(rows, schema=COUNTS)

    def close(self) -> None:
        """Drop every table of this run."""
        self._steps.drop()

    def _children(self, among: str | None) -> str:
        children = self._steps.named("children_numbered")
        return f"(SELECT * FROM {children} SEMI JOIN {among} USING (child_key))" if among else children

    def _states(self, n: int) -> str:
        children = self._children(None)
        return f"""SELECT p.*, coalesce(k.state, {self._silent[n]})::TINYINT AS state FROM {children} p
            LEFT JOIN (SELECT c, state FROM {self._steps.named("known")} WHERE i = {n}) k USING (c) WHERE p.asked"""

    def _unmet(self, n: int, which: str) -> str:
        one = self._indicators[n]
        return f"""SELECT p.child_key, {literal(one.id)} AS indicator, {one.version}::BIGINT AS version,
            {WORDS} AS answer, NULL::VARCHAR AS finding_id, NULL::DATE AS from_on, NULL::DATE AS to_on,
            []::VARCHAR[] AS event_ids, CASE WHEN state = 1 THEN {self._missing[n]} ELSE [] END AS missing
            FROM ({self._states(n)}) p WHERE {which}"""

    def _arrow(self, sql: str, schema: pa.Schema) -> pa.Table:
        return self._steps.con.sql(sql).to_arrow_table().cast(schema)


def missing_sql(indicator: Indicator, coverage: Coverage, *, start: int, as_at: int) -> str:
    """The kinds that the indicator selects and nobody covers for the child p, as a list."""
    each = ", ".join(
        f"CASE WHEN NOT {covered_since(coverage, [kind], start=start, as_at=as_at)} THEN {literal(kind)} END"
        for kind in selected_kinds(indicator.pattern)
    )
    return f"list_filter([{each}], lambda x: x IS NOT NULL)"
