"""Prepares the timeline once: integer children and events, only what is needed, sorted by kind, child and time.

`timeline` has one row an event that indicators may see: e (number in the order of time, then event id), c (child),
k (kind), t, over_t (last second), t_end, then the derived age, base_e, away_m, base_area and the needed columns.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trigpoint.engines.duckdb.needs import Needs
from trigpoint.engines.duckdb.steps import Steps, listed, literal, quoted
from trigpoint.engines.timelines import ELSEWHERE, FOREVER
from trigpoint.records.facts import DAY_SECONDS, Facts


@dataclass(frozen=True)
class Timeline:
    """The prepared tables by name. `kinds` numbers the kinds; `restricted` says that only some children are asked."""

    facts: Facts
    kinds: dict[str, int]
    child: str
    rows: str
    names: str
    mentions: str | None
    restricted: bool
    columns: frozenset[str]

    def numbers(self, kinds: Collection[str]) -> str:
        """The numbers of kinds, as SQL writes them after IN."""
        return listed(sorted(self.kinds[kind] for kind in kinds))


def prepare(steps: Steps, facts: Facts, needs: Needs, *, children: Collection[str] | None = None) -> Timeline:
    """Make the tables that every indicator of the run reads."""
    return _Preparation(steps, facts, needs, children).make()


class _Preparation:
    def __init__(self, steps: Steps, facts: Facts, needs: Needs, children: Collection[str] | None) -> None:
        self.steps, self.facts, self.needs, self.asked = steps, facts, needs, children
        self.events = steps.take("events", facts.events)
        self.mentions = steps.take("mentions", facts.mentions)
        self.kinds = {kind: n for n, kind in enumerate(sorted(needs.kinds | set(facts.base_kinds)), 1)}
        described = steps.con.execute(f"DESCRIBE SELECT * FROM {self.events}").fetchall()
        self.present = {row[0] for row in described}

    def make(self) -> Timeline:
        child = self._children()
        shared = self._shared(child) if self.needs.shared else None
        numbered = self._numbered(child, shared)
        base = self._bases(numbered) if self.needs.based and self.facts.base_kinds else None
        rows = self._rows(numbered, child, base)
        names = self.steps.make("event_names", f"SELECT e, event_id FROM {numbered}")
        mentions = self._mentions(numbered, shared) if shared else None
        return Timeline(
            self.facts,
            self.kinds,
            child,
            rows,
            names,
            mentions,
            restricted=self.asked is not None,
            columns=frozenset(self.needs.columns),
        )

    def _children(self) -> str:
        """c numbers the children; `asked` are those to answer, the others are there to be met with."""
        source = self.steps.take("children", self.facts.children)
        asked, related = "TRUE", ""
        if self.asked is not None:
            wanted = self._asked_keys()
            asked = f"child_key IN (SELECT child_key FROM {wanted})"
            related = f"WHERE child_key IN (SELECT child_key FROM {self._related(wanted)})"
        return self.steps.make(
            "children_numbered",
            f"""SELECT row_number() OVER (ORDER BY child_key)::INTEGER AS c, child_key, birth_on, area,
                       epoch(birth_on::TIMESTAMP)::BIGINT AS born_t, {asked} AS asked
                FROM {source} {related}""",
        )

    def _asked_keys(self) -> str:
        import pyarrow as pa

        keys = pa.table({"child_key": pa.array(sorted(set(self.asked or ())), pa.string())})
        return self.steps.take("children_asked", keys)

    def _related(self, wanted: str) -> str:
        """The children asked, those at the same place and time, and those who hold what any of these mention."""
        found = wanted
        if self.needs.together_seconds is not None:
            found = self.steps.make("children_near", f"FROM {wanted} UNION {self._near(wanted)}")
        if self.needs.shared:
            found = self.steps.make("children_sharing", f"FROM {found} UNION {self._sharing(found)}")
        return found

    def _near(self, wanted: str) -> str:
        kinds = f"kind IN ({listed(sorted(self.needs.kinds))}) AND place_id IS NOT NULL"
        return f"""SELECT o.child_key FROM (SELECT child_key, place_id, t FROM {self.events} WHERE {kinds}) o
            SEMI JOIN (SELECT place_id, t FROM {self.events} SEMI JOIN {wanted} USING (child_key) WHERE {kinds}) a
            ON a.place_id = o.place_id AND abs(o.t - a.t) <= {self.needs.together_seconds}"""

    def _sharing(self, wanted: str) -> str:
        return f"""SELECT child_key FROM {self.mentions} SEMI JOIN
            (SELECT kind, value FROM {self.mentions} SEMI JOIN {wanted} USING (child_key)
             WHERE kind IN ({listed(sorted(self.needs.shared))})) USING (kind, value)"""

    def _over(self) -> str:
        """The last second of an event: its end, for ever while a spell is open."""
        spells = sorted(self.facts.spell_kinds)
        if not spells:
            return "t"
        return f"CASE WHEN kind IN ({listed(spells)}) THEN coalesce(t_end, {FOREVER}) ELSE t END"

    def _shown(self) -> str:
        return f"t <= {self.facts.as_at_t} AND {self._over()} >= {self.facts.start_t}"

    def _shared(self, child: str) -> str:
        """What events mention that two children or more hold, and few enough that it says something."""
        return self.steps.make(
            "mentions_shared",
            f"""WITH held AS (
                  SELECT m.child_key, m.event_id, m.kind, m.value FROM {self.mentions} m
                  SEMI JOIN {child} USING (child_key) WHERE m.kind IN ({listed(sorted(self.needs.shared))})),
                told AS (
                  SELECT h.kind, h.value, e.child_key, h.event_id FROM held h JOIN
                  (SELECT event_id, child_key FROM {self.events} WHERE {self._shown()}) e USING (event_id)
                  UNION ALL SELECT kind, value, child_key, NULL FROM held WHERE event_id IS NULL),
                rare AS (
                  SELECT kind, value, count(DISTINCT child_key)::INTEGER AS holders,
                         row_number() OVER (ORDER BY kind, value)::INTEGER AS v
                  FROM told GROUP BY kind, value
                  HAVING count(DISTINCT child_key) BETWEEN 2 AND {self.needs.most_holders})
                SELECT DISTINCT t.event_id, t.kind, r.v, r.holders
                FROM told t JOIN rare r USING (kind, value) WHERE t.event_id IS NOT NULL""",
        )

    def _numbered(self, child: str, shared: str | None) -> str:
        """Every event that is looked at, numbered by time and then by id."""
        wanted = [f"kind IN ({listed(sorted(self.needs.kinds))}) AND {self._shown()}"] if self.needs.kinds else []
        if self.needs.based and self.facts.base_kinds:
            wanted.append(f"kind IN ({listed(self.facts.base_kinds)}) AND t <= {self.facts.as_at_t}")
        if shared:
            wanted.append(f"event_id IN (SELECT event_id FROM {shared})")
        number = "CASE kind " + " ".join(f"WHEN {literal(k)} THEN {n}" for k, n in self.kinds.items()) + " END"
        columns = ["easting", "northing", "area"] if self.needs.based else []
        columns += sorted(self.needs.columns - set(columns))
        kept = "".join(f", {self._column(one)}" for one in columns)
        return self.steps.make(
            "events_numbered",
            f"""WITH looked_at AS (
                  SELECT n.c, {number}::SMALLINT AS k, t, t_end, {self._over()} AS over_t, {self._shown()} AS shown,
                         event_id{kept}
                  FROM {self.events} e JOIN (SELECT c, child_key FROM {child}) n USING (child_key)
                  WHERE {" OR ".join(f"({one})" for one in wanted) or "FALSE"})
                SELECT row_number() OVER (ORDER BY t, event_id)::INTEGER AS e, * FROM looked_at""",
        )

    def _column(self, name: str) -> str:
        return f"e.{quoted(name)}" if name in self.present else f"NULL::VARCHAR AS {quoted(name)}"

    def _bases(self, numbered: str) -> str:
        """For each event of the kinds that need it: the base at its time, the metres to it, its area."""
        numbers = listed(sorted(self.kinds[k] for k in self.needs.based))
        *spells, last = self.facts.base_kinds
        joins = [f"{self._spell_base(kind, n)}" for n, kind in enumerate(spells)]
        found = [f"s{n}.base" for n in range(len(spells))] + ["h.e"]
        return self.steps.make(
            "bases",
            f"""WITH target AS (
                  SELECT e, c, t, easting, northing FROM {numbered} WHERE shown AND k IN ({numbers})),
                lived AS (
                  SELECT e, c, k, t, over_t, easting, northing, area FROM {numbered}
                  WHERE k IN ({listed(self.kinds[k] for k in self.facts.base_kinds)})),
                homes AS (
                  SELECT c, max(e) AS e,
                         CASE WHEN lag(t) OVER o IS NULL THEN -{FOREVER} ELSE t END AS from_t,
                         coalesce(lead(t) OVER o, {FOREVER}) AS until_t
                  FROM lived WHERE k = {self.kinds[last]} GROUP BY c, t WINDOW o AS (PARTITION BY c ORDER BY t)),
                based AS (
                  SELECT a.e, a.easting, a.northing, coalesce({", ".join(found)}) AS base_e
                  FROM target a {" ".join(joins)}
                  LEFT JOIN homes h ON h.c = a.c AND a.t >= h.from_t AND a.t < h.until_t)
                SELECT a.e, a.base_e, b.area AS base_area,
                       round(sqrt((a.easting - b.easting)::BIGINT ** 2 + (a.northing - b.northing)::BIGINT ** 2)
                       )::INTEGER AS away_m
                FROM based a JOIN lived b ON b.e = a.base_e""",
        )

    def _spell_base(self, kind: str, n: int) -> str:
        return f"""LEFT JOIN (
            SELECT a.e, max(b.e) AS base FROM target a JOIN lived b
            ON b.c = a.c AND b.k = {self.kinds[kind]} AND a.t BETWEEN b.t AND b.over_t GROUP BY a.e
            ) s{n} ON s{n}.e = a.e"""

    def _rows(self, numbered: str, child: str, base: str | None) -> str:
        kept = "".join(f", n.{quoted(one)}" for one in sorted(self.needs.columns))
        asked = ", p.asked" if self.asked is not None else ""
        person = f"JOIN {child} p USING (c)" if self.needs.aged or self.needs.based or asked else ""
        return self.steps.make(
            "timeline",
            f"""SELECT n.e, n.c, n.k, n.t, n.over_t, n.t_end{asked}{self._age()}{self._base_columns(base)}{kept}
                FROM {numbered} n {person} {f"LEFT JOIN {base} b ON b.e = n.e" if base else ""}
                WHERE n.shown AND n.k IN ({listed(sorted(self.kinds[k] for k in self.needs.kinds))})
                ORDER BY n.k, n.c, n.t""",
        )

    def _age(self) -> str:
        if not self.needs.aged:
            return ""
        day = f"(DATE '1970-01-01' + floor(n.t / {DAY_SECONDS}.0)::INTEGER)"
        had = f"month({day}) * 100 + day({day}) < month(p.birth_on) * 100 + day(p.birth_on)"
        numbers = listed(sorted(self.kinds[k] for k in self.needs.aged))
        return f""", CASE WHEN n.k IN ({numbers}) THEN
            (year({day}) - year(p.birth_on) - ({had})::INTEGER)::SMALLINT END AS age"""

    def _base_columns(self, base: str | None) -> str:
        if not self.needs.based:
            return ""
        found = ["b.base_e", "b.away_m", "b.base_area"] if base else ["NULL::INTEGER", "NULL::INTEGER", "NULL"]
        lived = f"coalesce({found[2]}, p.area)"
        out = f"""CASE WHEN n.area = {literal(ELSEWHERE)} AND {lived} = {literal(ELSEWHERE)} THEN NULL
            ELSE n.area <> {lived} END"""
        return f", {found[0]} AS base_e, {found[1]} AS away_m, {out} AS beyond_area"

    def _mentions(self, numbered: str, shared: str) -> str:
        """e mentions the value v, which so many children hold."""
        return self.steps.make(
            "mentions_numbered",
            f"""SELECT n.e, n.c, m.kind, m.v, m.holders FROM {shared} m
                JOIN (SELECT e, c, event_id FROM {numbered} WHERE shown) n USING (event_id)""",
        )
