"""Mark: ten of the pack's indicators beside the same by hand in SQL, Polars and pandas; then all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from benchmarks import made_events
from benchmarks.by_hand import in_pandas, in_polars, in_sql
from benchmarks.measuring import MIB, Spent, alternate, python
from benchmarks.rows import Row
from trigpoint.engines.answers import looks_from
from trigpoint.engines.duckdb.engine import DuckDBEngine
from trigpoint.records.facts import Facts
from trigpoint.rules.reading import read_indicators
from trigpoint.rules.tree import Indicator
from trigpoint.terms.pack import load_pack

MEMORY = "3GB"
Actions = dict[str, Callable[[], object]]
Met = dict[str, list[str]]

WHO = "select child_key, list_sort(list_distinct(flatten(list(event_ids)))) as event_ids from ({met}) group by 1"


def measure(events: int, folder: Path) -> list[Row]:
    """Compare over so many invented events of a tenth as many children, in a database on disk."""
    pack, path = load_pack(), folder / "events.duckdb"
    made_events.database(path, pack, events=events)
    asked = {one.id: one for one in read_indicators(pack) if one.id in in_sql.BY_INDICATOR}
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute(f"set memory_limit = '{MEMORY}'")
        ten = Ten(con, made_events.facts_of(pack), asked)
        rows = ten.rows(f"{events:,} events")
    return [*rows, _all(path, events)]


class Ten:
    """Ten indicators over the events of a database, answered by the engine and in three ways by hand."""

    def __init__(self, con: duckdb.DuckDBPyConnection, facts: Facts, asked: dict[str, Indicator]) -> None:
        self.con, self.facts, self.asked = con, facts, asked
        recent = looks_from(asked["missing_no_return_interview"], facts)
        self.params = {"recent": recent, "as_at": facts.as_at_t}
        self.polars, self.pandas = self._polars(recent), self._pandas(recent)

    def rows(self, size: str) -> list[Row]:
        for one in self.asked:
            self.check(one)
        took = {one: alternate(self.actions([one], "SQL by hand"), rounds=3) for one in self.asked}
        ten = list(self.asked)
        made = [_row(f"{one}, alone", size, spent, "SQL by hand") for one, spent in took.items()]
        made.sort(key=lambda row: -(row.ratio or 0))
        # pandas takes minutes over millions of events: the frames take one turn.
        for ways, rounds in ((("SQL by hand",), 3), (("Polars", "pandas"), 1)):
            together = alternate(self.actions(ten, *ways), rounds=rounds)
            for way in ways:
                aim = "1.50 or less" if way == "SQL by hand" else ""
                made.append(_row(f"the ten in one run, against {way}", size, together, way, aim=aim))
        return made

    def check(self, one: str) -> None:
        """All four ways name the same children and the same evidence, or there is nothing to compare."""
        judge = self.engine([one])
        for way, found in {"sql": self.sql(one), "polars": self.in_polars(one), "pandas": self.in_pandas(one)}.items():
            if found != judge:
                differ = sum(found.get(key) != judge.get(key) for key in {*found, *judge})
                raise AssertionError(f"{one}: {way} and the engine differ for {differ:,} of {len(judge):,} children")
        if not judge:
            raise AssertionError(f"{one}: nobody meets it, so that nothing is compared")

    def actions(self, ids: list[str], *ways: str) -> Actions:
        """What takes turns: each leaves its answers where it works with them."""
        indicators = [self.asked[one] for one in ids]

        def ours() -> None:
            DuckDBEngine(self.con).answer(indicators, self.facts).close()

        def by_hand() -> None:
            for one in ids:
                query = in_sql.BY_INDICATOR[one]
                self.con.execute(f"create or replace temp table by_hand as {query}", _asked(query, self.params))

        all_ways = {
            "SQL by hand": by_hand,
            "Polars": lambda: [in_polars.met(in_polars.BY_INDICATOR[one](self.polars)) for one in ids],
            "pandas": lambda: [in_pandas.met(in_pandas.BY_INDICATOR[one](self.pandas)) for one in ids],
        }
        return {"ours": ours, **{way: all_ways[way] for way in ways}}

    def engine(self, ids: list[str]) -> Met:
        answers = DuckDBEngine(self.con).answer([self.asked[one] for one in ids], self.facts)
        met = dict(self.con.execute(WHO.format(met=f"select * from {answers.table}")).fetchall())
        answers.close()
        return met

    def sql(self, one: str) -> Met:
        query = in_sql.BY_INDICATOR[one]
        return dict(self.con.execute(query, _asked(query, self.params)).fetchall())

    def in_polars(self, one: str) -> Met:
        return dict(in_polars.met(in_polars.BY_INDICATOR[one](self.polars)).iter_rows())

    def in_pandas(self, one: str) -> Met:
        found = in_pandas.met(in_pandas.BY_INDICATOR[one](self.pandas))
        return dict(zip(found["child_key"], found["event_ids"], strict=True))

    def _polars(self, recent: int) -> in_polars.Frames:
        events, mentions = (self.con.sql(f"from {table}").pl() for table in ("events", "mentions"))
        words = [pl.col(name).cast(pl.Categorical) for name in ("kind", "agency", "about")]
        return in_polars.Frames(events.with_columns(words).lazy(), mentions.lazy(), recent, self.facts.as_at_t)

    def _pandas(self, recent: int) -> in_pandas.Frames:
        columns = "child_key, event_id, kind, t, t_end, agency, place_id, easting, northing, about, percent"
        events, mentions = (
            self.con.sql(f"select {c} from {t}").df() for c, t in ((columns, "events"), ("*", "mentions"))
        )
        events = events.astype({"kind": "category", "agency": "category", "about": "category"})
        return in_pandas.Frames(events, mentions, recent, self.facts.as_at_t)


def _asked(query: str, params: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in params.items() if f"${name}" in query}


def _row(what: str, size: str, took: dict[str, Spent], way: str, aim: str = "") -> Row:
    ours, beside = took["ours"], took[way]
    return Row("mark", what, size, str(ours), str(beside), ours.processor / beside.processor, aim)


def _all(path: Path, events: int) -> Row:
    """All indicators in a process of its own, for its peak of memory."""
    spent = python("benchmarks.mark_all", [str(path)], limit=1_800)
    peak = (spent.peak or 0) / MIB
    return Row(
        "mark", f"all indicators of the pack; peak memory {peak:,.0f} MiB", f"{events:,} events", str(spent),
        "4,096 MiB", peak / 4096, "memory under 4 GiB",
    )  # fmt: skip
