"""Answers indicators set-wise: the timeline once, then one indicator after another as named steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from trigpoint.engines.answers import MET, SEPARATOR, looks_from
from trigpoint.engines.coverage import Coverage
from trigpoint.engines.duckdb.answered import DuckDBAnswers, missing_sql
from trigpoint.engines.duckdb.chosen import Chosen
from trigpoint.engines.duckdb.combined import Combiner
from trigpoint.engines.duckdb.evidence import EvidenceMaker, episodes_sql
from trigpoint.engines.duckdb.leaves import NOTHING, LeafMaker
from trigpoint.engines.duckdb.needs import Needs
from trigpoint.engines.duckdb.steps import Steps, literal
from trigpoint.engines.duckdb.timeline import Timeline, prepare
from trigpoint.engines.memory import within_period
from trigpoint.records.facts import Facts
from trigpoint.rules.tree import Indicator

LISTS = {
    "evidence": "i SMALLINT, c INTEGER, s BIGINT, t BIGINT, e INTEGER",
    "matches": "i SMALLINT, c INTEGER, s BIGINT, t BIGINT",
    "cited": "i SMALLINT, c INTEGER, s BIGINT, e INTEGER",
    "known": "i SMALLINT, c INTEGER, state TINYINT",
}


class DuckDBEngine:
    """Answers indicators in a DuckDB connection, whose limits of memory and threads it keeps."""

    def __init__(self, con: duckdb.DuckDBPyConnection | None = None) -> None:
        self.con = con or duckdb.connect()

    def answer(
        self,
        indicators: Sequence[Indicator],
        facts: Facts,
        *,
        as_at: datetime | None = None,
        start: datetime | None = None,
        children: Collection[str] | None = None,
    ) -> DuckDBAnswers:
        """Answer every indicator for every child, or for `children` alone while the others stay in sight."""
        facts = within_period(facts, as_at=as_at, start=start)
        run = Run.prepared(self.con, indicators, facts, children=children)
        for n in range(len(indicators)):
            run.mark(n)
        return run.answers()


@dataclass
class Run:
    """One prepared timeline and the indicators to be answered over it."""

    steps: Steps
    indicators: Sequence[Indicator]
    timeline: Timeline
    coverage: Coverage
    silent: list[str]

    @classmethod
    def prepared(
        cls,
        con: duckdb.DuckDBPyConnection,
        indicators: Sequence[Indicator],
        facts: Facts,
        *,
        children: Collection[str] | None = None,
    ) -> Run:
        """Prepare the timeline for these indicators."""
        steps = Steps(con)
        timeline = prepare(steps, facts, Needs.of(indicators), children=children)
        relation = steps.take("coverage", facts.coverage)
        rows = con.execute(f"SELECT kind, area, from_t, to_t FROM {relation}").fetchall()
        coverage = Coverage(dict(zip(("kind", "area", "from_t", "to_t"), row, strict=True)) for row in rows)
        for name, columns in LISTS.items():
            steps.empty(name, columns)
        return cls(steps, indicators, timeline, coverage, [])

    def mark(self, n: int) -> None:
        """Answer the n-th indicator; to be called in order."""
        indicator, steps = self.indicators[n], self.steps.part()
        chosen = Chosen(self.timeline, looks_from(indicator, self.timeline.facts))
        combiner = Combiner(LeafMaker(steps, chosen, self.coverage), indicator.pattern)
        self.silent.append(combiner.state(combiner.root, silent=True))
        if not combiner.silent:
            self._keep(n, combiner)
        steps.drop()

    def _keep(self, n: int, combiner: Combiner) -> None:
        """What is known of the children who have a match, and the evidence of those who surely have one."""
        self._put("known", f"SELECT {n}, c, state FROM ({combiner.states()})")
        root = combiner.root
        if not combiner.maker.steps.has_rows(root.sure) or root.sure is NOTHING:
            return
        evidence = EvidenceMaker(combiner)
        if alone := evidence.alone():
            self._put("evidence", f"SELECT {n}, c, s, t, e FROM ({alone})")
        else:
            self._put("matches", f"SELECT {n}, c, s, t FROM {root.sure}")
            self._put("cited", f"SELECT {n}, c, s, e FROM ({evidence.sql()})")

    def _put(self, name: str, rows: str) -> None:
        self.steps.con.execute(f"INSERT INTO {self.steps.named(name)} {rows}")

    def answers(self) -> DuckDBAnswers:
        """Put matches together as episodes, and turn numbers back into keys and ids, once for all indicators."""
        self._put("evidence", episodes_sql(self.steps.named("matches"), self.steps.named("cited")))
        each = enumerate(self.indicators)
        named = ", ".join(f"({n}, {literal(one.id)}, {one.version})" for n, one in each) or "(NULL, NULL, NULL)"
        ids = "list_prepend(child_key, list_prepend(indicator, list_prepend(version::VARCHAR, list_sort(event_ids))))"
        self.steps.make(
            "met",
            f"""WITH episodes AS (
                  SELECT v.i, v.c, v.s, v.t, list(n.event_id ORDER BY v.e) AS event_ids
                  FROM {self.steps.named("evidence")} v JOIN {self.timeline.names} n USING (e) GROUP BY ALL)
                SELECT child_key, indicator, version::BIGINT AS version, '{MET}' AS answer,
                       md5(array_to_string({ids}, '{SEPARATOR}'))[:20] AS finding_id,
                       (DATE '1970-01-01' + floor(s / 86400.0)::INTEGER)::DATE AS from_on,
                       (DATE '1970-01-01' + floor(t / 86400.0)::INTEGER)::DATE AS to_on,
                       event_ids, []::VARCHAR[] AS missing
                FROM episodes JOIN (VALUES {named}) x(i, indicator, version) USING (i)
                JOIN {self.timeline.child} USING (c)""",
        )
        self.steps.drop(keep=[self.steps.named(name) for name in ("met", "known", "children_numbered")])
        return DuckDBAnswers(self.steps, self.indicators, silent=self.silent, missing=self._missing())

    def _missing(self) -> list[str]:
        facts = self.timeline.facts
        return [
            missing_sql(one, self.coverage, start=looks_from(one, facts), as_at=facts.as_at_t)
            for one in self.indicators
        ]
