"""A selection as SQL: the events that may fit, and for each whether it surely does.

Conditions that look at one event become columns of one WHERE, where SQL's NULL is 'not known'. `during`, `together`
and `shares` become joins that give such a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trigpoint.engines.duckdb.slots import Slots
from trigpoint.engines.duckdb.steps import listed, literal
from trigpoint.engines.duckdb.timeline import Timeline
from trigpoint.rules.tree import (
    Age,
    AtLeast,
    AtMost,
    Condition,
    Distance,
    During,
    Either,
    Is,
    OutOfArea,
    Select,
    Shares,
    Together,
    Unless,
    beside_together,
    conditions,
)

Joined = During | Together | Shares


@dataclass
class Chosen:
    """Compiles selections of one indicator, which looks from second `start`."""

    timeline: Timeline
    start: int

    def sql(self, select: Select, *, columns: Sequence[str] = (), asked: bool = True) -> str:
        """A query of e, c, t, the columns asked for, and `sure`; its rows are the events that may fit."""
        parts = _Parts(self, select, asked=asked)
        every = " AND ".join(parts.term(one) for one in select.where) or "TRUE"
        kept = "".join(f", r.{one}" for one in columns)
        return f"""{parts.with_clause()}
            SELECT e, c, t{"".join(f", {one}" for one in columns)}, coalesce(fits, FALSE) AS sure
            FROM (SELECT r.e, r.c, r.t{kept}, ({every}) AS fits FROM candidates r {" ".join(parts.joins)})
            WHERE fits IS NOT FALSE"""

    def scan(self, select: Select, *, asked: bool) -> str:
        """The rows of the timeline of the kinds, as far back as the indicator looks."""
        line = self.timeline
        where = [f"k IN ({line.numbers(select.kinds)})"]
        if self.start > line.facts.start_t:
            where.append(f"over_t >= {self.start}")
        if asked and line.restricted:
            where.append("asked")
        return f"SELECT * FROM {line.rows} WHERE {' AND '.join(where)}"


@dataclass
class _Parts:
    """The steps before, and the joins beside, the one WHERE of a selection."""

    chosen: Chosen
    select: Select
    asked: bool
    steps: list[tuple[str, str]] = field(default_factory=list)
    joins: list[str] = field(default_factory=list)

    def with_clause(self) -> str:
        """The candidates, who fit every condition that needs no join, and the joined steps."""
        alone = [self.alone(one) for one in self.select.where if not _joined(one)]
        narrowed = " AND ".join(f"({one}) IS NOT FALSE" for one in alone)
        scan = self.chosen.scan(self.select, asked=self.asked)
        first = ("candidates", f"{scan} AND {narrowed}" if narrowed else scan)
        return "WITH " + ", ".join(f"{name} AS ({sql})" for name, sql in [first, *self.steps])

    def term(self, one: Condition) -> str:
        """The condition as a three-valued expression over r and the joined steps."""
        match one:
            case Either(inner):
                return "(" + " OR ".join(self.term(each) for each in inner) + ")"
            case Unless(inner_one):
                return f"(NOT {self.term(inner_one)})"
            case During() | Together() | Shares():
                return self._join(one)
            case _:
                return alone_sql(one, self.chosen.timeline.slots, "r")

    def alone(self, one: Condition) -> str:
        """The same for a condition without joins, over the scan itself."""
        match one:
            case Either(inner):
                return "(" + " OR ".join(self.alone(each) for each in inner) + ")"
            case Unless(inner_one):
                return f"(NOT {self.alone(inner_one)})"
            case _:
                return alone_sql(one, self.chosen.timeline.slots)

    def _join(self, one: Joined) -> str:
        n = len(self.joins)
        match one:
            case During(spell):
                self.steps += during_steps(self.chosen, spell, n=n, asked=self.asked)
                self.joins.append(f"LEFT JOIN held_{n} j{n} ON j{n}.e = r.e")
                return f"CASE WHEN j{n}.e IS NULL THEN FALSE ELSE j{n}.fits END"
            case Together():
                self.steps += together_steps(self.chosen, one, self.select, n=n)
                self.joins.append(
                    f"LEFT JOIN (SELECT e, count(DISTINCT other_c) AS others FROM near_{n} GROUP BY e) j{n} "
                    f"ON j{n}.e = r.e"
                )
                place = "r." + self.chosen.timeline.slots.column("place_id")
                counted = f"coalesce(j{n}.others, 0) BETWEEN 1 AND {one.at_most}"
                return f"CASE WHEN {place} IS NULL THEN NULL ELSE {counted} END"
            case Shares():
                self.joins.append(
                    f"LEFT JOIN (SELECT DISTINCT e FROM {_mentions(self.chosen, one)}) j{n} ON j{n}.e = r.e"
                )
                return f"(j{n}.e IS NOT NULL)"


def during_steps(chosen: Chosen, spell: Select, *, n: int, asked: bool) -> list[tuple[str, str]]:
    """Spells that may fit, and `held`: the candidates that happen during one, TRUE where it surely fits."""
    spells = chosen.sql(spell, columns=["over_t"], asked=asked)
    return [
        (f"spells_{n}", spells),
        (
            f"held_{n}",
            f"""SELECT r.e, CASE WHEN bool_or(s.sure) THEN TRUE END AS fits FROM candidates r
                JOIN spells_{n} s ON s.c = r.c AND r.t BETWEEN s.t AND s.over_t GROUP BY r.e""",
        ),
    ]


def together_steps(chosen: Chosen, one: Together, select: Select, *, n: int) -> list[tuple[str, str]]:
    """`company`: events of anyone that the rest surely chooses; `near`: those by another child, there and then."""
    rest = Select(select.kinds, beside_together(select.where))
    place = chosen.timeline.slots.column("place_id")
    company = chosen.sql(rest, columns=[place], asked=False)
    span = max(one.seconds, 1)
    return [
        (f"company_{n}", f"SELECT *, t // {span} AS slot FROM ({company}) WHERE sure AND {place} IS NOT NULL"),
        (
            f"near_{n}",
            f"""SELECT r.e, o.e AS other_e, o.c AS other_c
                FROM (SELECT e, c, t, {place}, unnest([t // {span} - 1, t // {span}, t // {span} + 1]) AS slot
                      FROM candidates WHERE {place} IS NOT NULL) r
                JOIN company_{n} o ON o.{place} = r.{place} AND o.slot = r.slot
                WHERE o.c <> r.c AND abs(o.t - r.t) <= {one.seconds}""",
        ),
    ]


def _mentions(chosen: Chosen, one: Shares) -> str:
    """Mentions of values that another child has and that are rare enough to say something."""
    table = chosen.timeline.mentions
    if table is None:
        raise ValueError("the timeline was prepared without mentions")
    return f"{table} WHERE kind IN ({listed(one.kinds)}) AND holders <= {one.at_most + 1}"


def support_sql(chosen: Chosen, select: Select, evidence: str) -> list[str]:
    """Queries of (c, s, e) for what the chosen events of `evidence` (c, s, e) rest on."""
    found = []
    alone = list(_resting(select.where, (Distance, OutOfArea)))
    if alone:
        holds = " OR ".join(f"coalesce({alone_sql(one, chosen.timeline.slots, 'r')}, FALSE)" for one in alone)
        rows = chosen.timeline.rows
        found.append(
            f"SELECT v.c, v.s, r.base_e AS e FROM {evidence} v JOIN {rows} r ON r.e = v.e "
            f"WHERE r.base_e IS NOT NULL AND ({holds})"
        )
    joined = _resting(select.where, (During, Together, Shares))
    return found + [_joined_support(chosen, one, select, evidence) for one in joined]


def _joined_support(chosen: Chosen, one: Condition, select: Select, evidence: str) -> str:
    candidates = f"candidates AS (SELECT r.* FROM {chosen.timeline.rows} r SEMI JOIN {evidence} v ON v.e = r.e)"
    match one:
        case During(spell):
            steps = [("spells_0", chosen.sql(spell, columns=["over_t"]))]
            pairs = """SELECT r.e, s.e AS other_e FROM candidates r
                JOIN spells_0 s ON s.c = r.c AND r.t BETWEEN s.t AND s.over_t WHERE s.sure"""
        case Together():
            steps = together_steps(chosen, one, select, n=0)
            allowed = f"SELECT e FROM near_0 GROUP BY e HAVING count(DISTINCT other_c) <= {one.at_most}"
            pairs = f"SELECT e, other_e FROM near_0 WHERE e IN ({allowed})"
        case Shares():
            steps = [("named", f"SELECT * FROM {_mentions(chosen, one)}")]
            table = chosen.timeline.mentions
            pairs = f"""SELECT m.e, o.e AS other_e FROM named m SEMI JOIN candidates r ON r.e = m.e
                JOIN {table} o ON o.v = m.v AND o.c <> m.c"""
        case _:
            raise ValueError(f"{type(one).__name__} rests on no other event")
    listed_steps = ", ".join([candidates, *(f"{name} AS ({sql})" for name, sql in steps), f"pairs AS ({pairs})"])
    return f"(WITH {listed_steps} SELECT v.c, v.s, p.other_e AS e FROM {evidence} v JOIN pairs p ON p.e = v.e)"


def _resting(where: Sequence[Condition], kinds: tuple[type, ...]) -> list[Condition]:
    """Conditions of these kinds that are asserted: also inside `any`, never inside `not`."""
    found: list[Condition] = []
    for one in where:
        if isinstance(one, Either):
            found += _resting(one.conditions, kinds)
        elif isinstance(one, kinds):
            found.append(one)
    return found


def _joined(one: Condition) -> bool:
    return any(isinstance(inner, During | Together | Shares) for inner in conditions((one,)))


def alone_sql(one: Condition, slots: Slots, alias: str = "") -> str:
    """A condition on one event as an expression that is NULL where the fact is missing."""
    at = f"{alias}." if alias else ""

    def column(attribute: str) -> str:
        held = slots.column(attribute)
        return f"{at}{held}" if held != "NULL" else held

    match one:
        case Is(attribute, codes):
            return f"{column(attribute)} IN ({listed(codes)})"
        case AtLeast(attribute, number):
            return f"{column(attribute)} >= {literal(number)}"
        case AtMost(attribute, number):
            return f"{column(attribute)} <= {literal(number)}"
        case Age(low, high):
            upper = "" if high is None else f" AND {at}age <= {high}"
            return f"({at}age >= {low or 0}{upper})"
        case Distance(metres):
            return f"{at}away_m >= {metres}"
        case OutOfArea():
            return f"{at}beyond_area"
        case _:
            raise ValueError(f"{type(one).__name__} looks at more than one event")
