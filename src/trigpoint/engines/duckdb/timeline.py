"""Prepares the timeline once: integer children and events, only what is needed, clustered by kind.

`timeline` has one row an event that indicators may see: e (number in the order of time, then event id), c (child),
k (kind), t, over_t (last second), t_end, age, base_e, away_m, beyond_area, and the attributes in shared columns.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trigpoint.engines.duckdb.asked import children_sql
from trigpoint.engines.duckdb.needs import EPISODE, Needs
from trigpoint.engines.duckdb.slots import Slots
from trigpoint.engines.duckdb.steps import Steps, listed, literal
from trigpoint.engines.timelines import ELSEWHERE, FOREVER
from trigpoint.records.facts import DAY_SECONDS, Facts


@dataclass(frozen=True)
class Timeline:
    """The prepared tables by name. `kinds` numbers the kinds; `restricted` says that only some children are asked;
    `present` are the kinds of which children who are asked have events.
    """

    facts: Facts
    kinds: dict[str, int]
    slots: Slots
    child: str
    rows: str
    names: str
    mentions: str | None
    restricted: bool
    present: frozenset[int]

    def has(self, kinds: Collection[str]) -> bool:
        """Whether a child who is asked has an event of the kinds."""
        return any(self.kinds[kind] in self.present for kind in kinds)

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
        self.lived = facts.base_kinds if needs.based else ()
        self.kinds = {kind: n for n, kind in enumerate(sorted(needs.kinds | set(self.lived)), 1)}
        described = steps.con.execute(f"DESCRIBE SELECT * FROM {self.events}").fetchall()
        self.slots = Slots.given(self._columns(), types={r[0]: r[1] for r in described}, numbers=self.kinds)

    def _columns(self) -> dict[str, set[str]]:
        """The columns to keep, and for which kinds: episodes for those alone that several sources tell of."""
        episodes = self.needs.columns.get(EPISODE, set()) & self.facts.retold_kinds
        return {name: kinds for name, kinds in {**self.needs.columns, EPISODE: episodes}.items() if kinds}

    def make(self) -> Timeline:
        children = self.steps.take("children", self.facts.children)
        child = self.steps.make(
            "children_numbered",
            children_sql(self.steps, self.needs, tables=(children, self.events, self.mentions), asked=self.asked),
        )
        shared = self._shared(child) if self.needs.shared else None
        staged = self._staged(child, shared)
        names = self.steps.make("event_names", f"SELECT e, event_id FROM {_numbered(staged)}")
        base = self._bases(staged, child) if self.needs.based else None
        rows = self._rows(staged, base)
        mentions = self._mentions(staged, shared) if shared else None
        self.steps.drop_one(staged)
        return Timeline(
            self.facts, self.kinds, self.slots, child, rows, names, mentions,
            restricted=self.asked is not None, present=self._present(rows),
        )  # fmt: skip

    def _present(self, rows: str) -> frozenset[int]:
        asked = "" if self.asked is None else "WHERE asked"
        return frozenset(k for (k,) in self.steps.con.execute(f"SELECT DISTINCT k FROM {rows} {asked}").fetchall())

    def _numbers(self, kinds: Collection[str]) -> str:
        return listed(sorted(self.kinds[kind] for kind in kinds)) or "NULL"

    def _over(self) -> str:
        """The last second of an event: its end, for ever while a spell is open."""
        spells = sorted(self.facts.spell_kinds)
        if not spells:
            return "t"
        return f"CASE WHEN kind IN ({listed(spells)}) THEN coalesce(t_end, {FOREVER}) ELSE t END"

    def _shown(self) -> str:
        return f"(t <= {self.facts.as_at_t} AND {self._over()} >= {self.facts.start_t})"

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

    def _staged(self, child: str, shared: str | None) -> str:
        """Every event that is looked at, in few columns, in the order of time and then of ids."""
        wanted = [f"kind IN ({listed(sorted(self.needs.kinds)) or 'NULL'}) AND {self._shown()}"]
        if self.lived:
            wanted.append(f"kind IN ({listed(self.lived)}) AND t <= {self.facts.as_at_t}")
        if shared:
            wanted.append(f"event_id IN (SELECT event_id FROM {shared})")
        number = " ".join(f"WHEN {literal(kind)} THEN {n}" for kind, n in self.kinds.items())
        kept = [f"{sql} AS {column}" for column, sql in self.slots.filled.items()]
        if self.needs.based:
            placed = self._numbers(self.needs.based | set(self.lived))
            kept += [f"CASE WHEN k IN ({placed}) THEN {one} END AS {one}" for one in ("easting", "northing", "area")]
        if self.asked is not None:
            kept.append("asked")
        return self.steps.make(
            "events_staged",
            f"""SELECT c, k, t, t_end, over_t, shown, event_id, {self._age()} AS age{"".join(f", {o}" for o in kept)}
                FROM (SELECT e.*, n.c, n.birth_on, n.asked, {self._over()} AS over_t, {self._shown()} AS shown,
                             (CASE kind {number} END)::SMALLINT AS k
                      FROM {self.events} e
                      JOIN (SELECT c, child_key, birth_on, asked FROM {child}) n USING (child_key)
                      WHERE {" OR ".join(f"({one})" for one in wanted)})
                ORDER BY t, event_id""",
        )

    def _age(self) -> str:
        """Whole years at the event, for the kinds of which an age is asked."""
        if not self.needs.aged:
            return "NULL::SMALLINT"
        day = f"(DATE '1970-01-01' + floor(t / {DAY_SECONDS}.0)::INTEGER)"
        before = f"month({day}) * 100 + day({day}) < month(birth_on) * 100 + day(birth_on)"
        years = f"(year({day}) - year(birth_on) - ({before})::INTEGER)::SMALLINT"
        return f"CASE WHEN k IN ({self._numbers(self.needs.aged)}) THEN {years} END"

    def _bases(self, staged: str, child: str) -> str:
        """For each event of the kinds that need it: the base at its time, the metres to it, whether out of area."""
        *spells, last = self.lived or ("",)
        joins = [self._spell_base(kind, n) for n, kind in enumerate(spells)]
        found = [f"s{n}.base" for n in range(len(spells))] + ["h.e"]
        lived = "coalesce(b.area, p.area)"
        return self.steps.make(
            "bases",
            f"""WITH placed AS (
                  SELECT e, c, k, t, over_t, shown, easting, northing, area FROM {_numbered(staged)}
                  WHERE k IN ({self._numbers(self.needs.based | set(self.lived))})),
                target AS (SELECT * FROM placed WHERE shown AND k IN ({self._numbers(self.needs.based)})),
                lived AS (SELECT * FROM placed WHERE k IN ({self._numbers(self.lived)})),
                homes AS (
                  SELECT c, max(e) AS e,
                         CASE WHEN lag(t) OVER o IS NULL THEN -{FOREVER} ELSE t END AS from_t,
                         coalesce(lead(t) OVER o, {FOREVER}) AS until_t
                  FROM lived WHERE k = {self.kinds.get(last, "NULL")} GROUP BY c, t
                  WINDOW o AS (PARTITION BY c ORDER BY t)),
                based AS (
                  SELECT a.*, coalesce({", ".join(found)}) AS base_e FROM target a {" ".join(joins)}
                  LEFT JOIN homes h ON h.c = a.c AND a.t >= h.from_t AND a.t < h.until_t)
                SELECT a.e, a.base_e,
                       CASE WHEN a.area = {literal(ELSEWHERE)} AND {lived} = {literal(ELSEWHERE)} THEN NULL
                       ELSE a.area <> {lived} END AS beyond_area,
                       round(sqrt((a.easting - b.easting)::BIGINT ** 2 + (a.northing - b.northing)::BIGINT ** 2)
                       )::INTEGER AS away_m
                FROM based a LEFT JOIN lived b ON b.e = a.base_e JOIN {child} p ON p.c = a.c""",
        )

    def _spell_base(self, kind: str, n: int) -> str:
        return f"""LEFT JOIN (
            SELECT a.e, max(b.e) AS base FROM target a JOIN lived b
            ON b.c = a.c AND b.k = {self.kinds[kind]} AND a.t BETWEEN b.t AND b.over_t GROUP BY a.e
            ) s{n} ON s{n}.e = a.e"""

    def _rows(self, staged: str, base: str | None) -> str:
        kept = [f"s.{column}" for column in self.slots.filled]
        kept += ["b.base_e", "b.away_m", "b.beyond_area"] if base else []
        kept += ["s.asked"] if self.asked is not None else []
        return self.steps.make(
            "timeline",
            f"""SELECT s.e, s.c, s.k, s.t, s.over_t, s.t_end, s.age{"".join(f", {one}" for one in kept)}
                FROM {_numbered(staged)} s {f"LEFT JOIN {base} b ON b.e = s.e" if base else ""}
                WHERE s.shown AND s.k IN ({self._numbers(self.needs.kinds)}) ORDER BY s.k""",
        )

    def _mentions(self, staged: str, shared: str) -> str:
        """e mentions the value v, which so many children hold."""
        return self.steps.make(
            "mentions_numbered",
            f"""SELECT s.e, s.c, m.kind, m.v, m.holders FROM {shared} m
                JOIN (SELECT e, c, event_id FROM {_numbered(staged)} WHERE shown) s USING (event_id)""",
        )


def _numbered(staged: str) -> str:
    """The staged events with their numbers: they were put down in order, so that the place of each is its number.

    To sort them once with all that they carry costs less than to number them aside and join the numbers to them.
    """
    return f"(SELECT rowid::INTEGER AS e, * FROM {staged})"
