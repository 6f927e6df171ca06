"""The patterns that look at events, as SQL: matches (c, s, t) from sure events, or from all that may fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import singledispatchmethod
from itertools import pairwise

from trigpoint.engines.coverage import Coverage
from trigpoint.engines.duckdb.chosen import Chosen
from trigpoint.engines.duckdb.covered import told_between
from trigpoint.engines.duckdb.needs import COLUMNS, EPISODE
from trigpoint.engines.duckdb.steps import Steps
from trigpoint.records.facts import DAY_SECONDS
from trigpoint.rules.tree import Change, Count, Exists, Leaf, Select, Sequence, Unfollowed, selects

NOTHING = "(SELECT NULL::INTEGER AS c, NULL::BIGINT AS s, NULL::BIGINT AS t, NULL::INTEGER AS e WHERE FALSE)"


@dataclass(frozen=True)
class LeafTables:
    """Steps of one leaf. `possible` is None where every possible match is a sure one."""

    leaf: Leaf
    chosen: tuple[str, ...] = ()
    sure: str = NOTHING
    possible: str | None = None
    reached: tuple[str, ...] = ()


@dataclass
class LeafMaker:
    """Makes the steps of the leaves of one indicator."""

    steps: Steps
    chosen: Chosen
    coverage: Coverage

    def make(self, leaf: Leaf, n: int) -> LeafTables:
        """The events that may fit, the sure matches, and, only where some events may not fit, the possible ones."""
        if not all(self.chosen.timeline.has(select.kinds) for select in needed_selects(leaf)):
            return LeafTables(leaf)
        return self._make(leaf, str(n))

    @singledispatchmethod
    def _make(self, leaf: Leaf, _n: str) -> LeafTables:
        raise TypeError(f"no step for {type(leaf).__name__}")

    @_make.register
    def _exists(self, leaf: Exists, n: str) -> LeafTables:
        chosen = self._choose(leaf.of, f"{n}_chosen")
        if not self.steps.has_rows(chosen):
            return LeafTables(leaf)
        sure = f"(SELECT c, t AS s, t, e FROM {chosen} WHERE sure)"
        possible = f"(SELECT c, t AS s, t FROM {chosen})" if leaf.of.where else None
        return LeafTables(leaf, (chosen,), sure, possible)

    @_make.register
    def _count(self, leaf: Count, n: str) -> LeafTables:
        value = self._distinct(leaf)
        told = self._episodes((leaf.of,)) if value is None else None
        column = [value] if value not in (None, "day") else []
        chosen = self._choose(leaf.of, f"{n}_chosen", columns=[c for c in (*column, told) if c])
        if not self.steps.has_rows(chosen):
            return LeafTables(leaf)
        enough = f"count(*) >= {leaf.at_least}"
        promising = f"SELECT c FROM {chosen} WHERE sure GROUP BY c HAVING {enough}"
        surely = f"(SELECT * FROM {chosen} WHERE sure AND c IN ({promising}))"
        counted = value if told is None else _episode(told)
        sure = self.steps.make(f"{n}_matches", _count_sql(leaf, counted, surely, unknown=False))
        doubt = f"{value} IS NULL" if column else "FALSE"
        possible = self._possible(
            [chosen], n, lambda rows: _count_sql(leaf, counted, rows[0], unknown=True), doubt=doubt
        )
        return LeafTables(leaf, (chosen,), sure, possible)

    @_make.register
    def _sequence(self, leaf: Sequence, n: str) -> LeafTables:
        told = self._episodes(leaf.steps)
        columns = [told] if told else []
        chosen = tuple(self._choose(step, f"{n}_step_{i}", columns=columns) for i, step in enumerate(leaf.steps, 1))
        if not all(self.steps.has_rows(one) for one in chosen):
            return LeafTables(leaf)
        surely = [f"(SELECT * FROM {one} WHERE sure)" for one in chosen]
        sure, reached = self._reach(leaf, surely, f"{n}_reached", told=told, sure=True)
        doubtful = self._doubtful(chosen, also=[_unordered_sql(*pair) for pair in pairwise(chosen)])
        possible = None
        if doubtful:
            rows = [f"(SELECT * FROM {one} WHERE c IN (SELECT c FROM {doubtful}))" for one in chosen]
            table, _ = self._reach(leaf, rows, f"{n}_may_reach", told=told, sure=False)
            possible = self._with_the_sure(f"SELECT c, s, until AS t FROM {table}", sure, doubtful, n)
        return LeafTables(leaf, chosen, sure, possible, reached)

    @_make.register
    def _unfollowed(self, leaf: Unfollowed, n: str) -> LeafTables:
        since = "t" if leaf.anchor == "start" else "t_end"
        columns = [] if leaf.anchor == "start" else ["t_end"]
        of = self._choose(leaf.of, f"{n}_chosen", columns=columns)
        if not self.steps.has_rows(of):
            return LeafTables(leaf)
        by = self._choose(leaf.by, f"{n}_answers")
        follows = self.steps.make(f"{n}_unanswered", _follows_sql(leaf, of, by, since))
        as_at = self.chosen.timeline.facts.as_at_t
        told = told_between(self.coverage, leaf.by.kinds, "a", f"a + {leaf.within}", area="p.area")
        span = f"c, f.t AS s, least(a + {leaf.within}, {as_at}) AS t, e"
        sure = self.steps.make(
            f"{n}_matches",
            f"""SELECT {span} FROM {follows} f JOIN {self.chosen.timeline.child} p USING (c)
                WHERE sure AND NOT perhaps AND a + {leaf.within} <= {as_at} AND {told}""",
        )
        return LeafTables(leaf, (of,), sure, self.steps.make(f"{n}_possible", f"SELECT {span} FROM {follows} f"))

    @_make.register
    def _change(self, leaf: Change, n: str) -> LeafTables:
        value = self.chosen.timeline.slots.column(leaf.attribute)
        chosen = self._choose(leaf.of, f"{n}_chosen", columns=[value])
        if not self.steps.has_rows(chosen):
            return LeafTables(leaf)
        promising = f"""SELECT c FROM {chosen} WHERE sure GROUP BY c
            HAVING count({value}) > {max(leaf.at_least_before, 1)} AND max({value}) - min({value}) >= {leaf.by}"""
        surely = f"(SELECT * FROM {chosen} WHERE sure AND {value} IS NOT NULL AND c IN ({promising}))"
        sure = self.steps.make(f"{n}_matches", _change_sql(leaf, surely, value))
        possible = self._possible([chosen], n, lambda rows: _change_sql(leaf, rows[0], value), doubt=f"{value} IS NULL")
        return LeafTables(leaf, (chosen,), sure, possible)

    def _distinct(self, leaf: Count) -> str | None:
        """The column whose values are counted; 'day' is worked out from the time."""
        if leaf.distinct in COLUMNS:
            return self.chosen.timeline.slots.column(COLUMNS[leaf.distinct])
        return "k" if leaf.distinct == "kind" else leaf.distinct

    def _episodes(self, chosen: Iterable[Select]) -> str | None:
        """The column of episodes, where some of the kinds are told by several sources."""
        line = self.chosen.timeline
        told = line.facts.retold_kinds & {kind for select in chosen for kind in select.kinds}
        column = line.slots.column(EPISODE)
        return column if told and column != "NULL" else None

    def _choose(self, select: Select, name: str, *, columns: list[str] | None = None) -> str:
        return self.steps.make(name, self.chosen.sql(select, columns=columns or []))

    def _doubtful(self, chosen: tuple[str, ...], doubt: str = "FALSE", also: Iterable[str] = ()) -> str | None:
        """The children with an event of which it is not known whether it fits; None where there are none.

        `also` are queries of children in doubt for another reason.
        """
        each = " UNION ".join([*(f"SELECT c FROM {one} WHERE NOT sure OR {doubt}" for one in chosen), *also])
        return f"({each})" if self.steps.one(f"SELECT count(*) FROM (FROM ({each}) LIMIT 1)") else None

    def _possible(
        self, chosen: list[str], n: str, matches: Callable[[list[str]], str], *, doubt: str = "FALSE"
    ) -> str | None:
        doubtful = self._doubtful(tuple(chosen), doubt)
        if doubtful is None:
            return None
        rows = [f"(SELECT * FROM {one} WHERE c IN (SELECT c FROM {doubtful}))" for one in chosen]
        return self._with_the_sure(matches(rows), self.steps.named(f"{n}_matches"), doubtful, n)

    def _with_the_sure(self, possible: str, sure: str, doubtful: str, n: str) -> str:
        return self.steps.make(
            f"{n}_possible",
            f"""SELECT c, s, t FROM ({possible}) UNION ALL
                SELECT c, s, t FROM {sure} WHERE c NOT IN (SELECT c FROM {doubtful})""",
        )

    def _reach(
        self, leaf: Sequence, rows: list[str], name: str, *, told: str | None, sure: bool
    ) -> tuple[str, tuple[str, ...]]:
        """Step by step, the events that can be reached; then the matches with the first second of their chain."""
        ending = f"c IN (SELECT c FROM {rows[-1]})"
        kept = f", {told}" if told else ""
        first = f"SELECT c, e, t, t AS s, t AS until, NULL::INTEGER AS before_e{kept} FROM {rows[0]} WHERE {ending}"
        reached = [self.steps.make(f"{name}_1", first)]
        for i, row in enumerate(rows[1:], 2):
            step = _reach_sql(row, reached[-1], leaf.within, told=told, sure=sure)
            reached.append(self.steps.make(f"{name}_{i}", step))
        return reached[-1], tuple(reached)


def needed_selects(leaf: Leaf) -> tuple[Select, ...]:
    """The choices without an event of which the leaf has no match: all but `by`."""
    return (leaf.of,) if isinstance(leaf, Unfollowed) else selects(leaf)


def _count_sql(leaf: Count, value: str | None, rows: str, *, unknown: bool) -> str:
    """Windows that end at an event and hold enough; a value that is not known may be one more."""
    counted = {None: "count(*) OVER w", "day": f"count(DISTINCT t // {DAY_SECONDS}) OVER w"}.get(
        value, f"count(DISTINCT {value}) OVER w"
    )
    if unknown and value not in (None, "day"):
        counted += f" + count(*) FILTER (WHERE {value} IS NULL) OVER w"
    frame = "UNBOUNDED" if leaf.within is None else str(leaf.within)
    return f"""SELECT c, s, t FROM (SELECT c, t, {counted} AS n, min(t) OVER w AS s FROM {rows}
        WINDOW w AS (PARTITION BY c ORDER BY t RANGE BETWEEN {frame} PRECEDING AND CURRENT ROW))
        WHERE n >= {leaf.at_least}"""


def _episode(told: str, row: str = "") -> str:
    """What an event tells of: its episode, or the event itself. Events are numbered from 1, so no two meet."""
    at = f"{row}." if row else ""
    return f"coalesce(-{at}{told}, {at}e)"


def _reach_sql(rows: str, before: str, within: int, *, told: str | None, sure: bool) -> str:
    """Each event with the latest one before it (ties: the larger number) that the last step reached, not itself.

    Nor another telling of the same episode, where `told` is the column of episodes.
    """
    in_time = f"b.t BETWEEN r.t - {within} AND r.t"
    another = f"{_episode(told, 'b')} <> {_episode(told, 'r')}" if told else "b.e <> r.e"
    kept = f", r.{told}" if told else ""
    precedes = f"{in_time} AND NOT {_unordered('b', 'r')}" if sure else f"({in_time} OR {_unordered('b', 'r')})"
    return f"""SELECT r.c, r.e, r.t, max(b.e) AS before_e,
            least(r.t, arg_max(b.s, b.e)) AS s, greatest(r.t, arg_max(b.until, b.e)) AS until{kept}
        FROM {rows} r JOIN {before} b ON b.c = r.c AND {another} AND {precedes}
        GROUP BY r.c, r.e, r.t{kept}"""


def _unordered(one: str, other: str) -> str:
    """Whether both are of one day and one has no time of day: it stands at midnight, and either may be first."""
    a, b, day = f"{one}.t", f"{other}.t", DAY_SECONDS
    return f"({a} // {day} = {b} // {day} AND ({a} % {day} = 0 OR {b} % {day} = 0))"


def _unordered_sql(one: str, other: str) -> str:
    """Children with events of two steps whose order is not known."""
    return f"SELECT a.c FROM {one} a JOIN {other} b ON b.c = a.c AND b.e <> a.e AND {_unordered('a', 'b')}"


def _follows_sql(leaf: Unfollowed, of: str, by: str, since: str) -> str:
    """Events that no sure answer followed; `perhaps` where a possible one did."""
    sure_by = f"(SELECT * FROM {by} WHERE sure)"
    return f"""SELECT f.*, {_answered("z", leaf.within)} OR {_on_the_day(by)} AS perhaps FROM
        (SELECT c, e, t, sure, {since} AS a FROM {of} WHERE {since} IS NOT NULL) f
        {_next_answer(sure_by, "y")} {_next_answer(by, "z")}
        WHERE NOT {_answered("y", leaf.within)} AND NOT {_on_the_day(sure_by)}"""


def _on_the_day(rows: str) -> str:
    """Whether an answer is dated that day without a time: it stands at midnight, and may have come after all."""
    return f"EXISTS (SELECT 1 FROM {rows} d WHERE d.c = f.c AND d.t = f.a - f.a % {DAY_SECONDS} AND d.e <> f.e)"


def _next_answer(rows: str, alias: str) -> str:
    """The first of the rows at or after second a of f, and the time of the row after it."""
    return f"""ASOF LEFT JOIN (
        SELECT c, e, t, lead(t) OVER o AS t_2 FROM {rows} WINDOW o AS (PARTITION BY c ORDER BY e)
        QUALIFY lag(t) OVER o IS DISTINCT FROM t) {alias} ON f.c = {alias}.c AND f.a <= {alias}.t"""


def _answered(alias: str, within: int) -> str:
    """Whether the next answer is in time; an event does not answer itself."""
    after = f"CASE WHEN {alias}.e = f.e THEN {alias}.t_2 ELSE {alias}.t END"
    return f"coalesce({after} <= f.a + {within}, FALSE)"


def _change_sql(leaf: Change, rows: str, value: str) -> str:
    """Events whose number lies far enough from the mean of the child's own earlier ones."""
    fallen = f"total - n * {value}" if leaf.direction == "fall" else f"n * {value} - total"
    return f"""SELECT c, s, t, e FROM (
          SELECT c, t, e, {value}, count({value}) OVER w AS n, sum({value}) OVER w AS total,
                 min(CASE WHEN {value} IS NOT NULL THEN t END) OVER w AS s FROM {rows}
          WINDOW w AS (PARTITION BY c ORDER BY t RANGE BETWEEN {leaf.against} PRECEDING AND 1 PRECEDING))
        WHERE CASE WHEN {value} IS NULL THEN n >= 1
              ELSE n >= {max(leaf.at_least_before, 1)} AND {fallen} >= {leaf.by} * n END"""
