"""Named steps of a pipeline: each is a temporary table whose name says what its rows are."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

import duckdb

_RUNS = count(1)


class Steps:
    """Makes temporary tables in one connection, under names no other run uses, and drops them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, *, run: str | None = None) -> None:
        self.con = con
        self._run = run or f"trig{next(_RUNS)}"
        self._made: list[str] = []
        self._empty: set[str] = set()
        self._registered: list[str] = []

    def named(self, name: str) -> str:
        """The full name of the step."""
        return f"{self._run}_{name}"

    def make(self, name: str, sql: str) -> str:
        """Materialise the query as the step `name`; returns its full name."""
        full = self.named(name)
        made = self.con.execute(f"CREATE OR REPLACE TEMP TABLE {full} AS {sql}").fetchall()
        self._made.append(full)
        (self._empty.discard if made and made[0][0] else self._empty.add)(full)
        return full

    def has_rows(self, full: str) -> bool:
        """Whether a step had rows when it was made; of what is no step of this part it is not known, and yes."""
        return full not in self._empty

    def empty(self, name: str, columns: str) -> str:
        """Make the step `name` with these columns and no rows, to be filled; returns its full name."""
        full = self.named(name)
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {full} ({columns})")
        self._made.append(full)
        return full

    def take(self, name: str, relation: Any) -> str:
        """The name by which a query reaches an Arrow table; the name of a relation is handed back as it is."""
        if isinstance(relation, str):
            return relation
        full = self.named(name)
        self.con.register(full, relation)
        self._registered.append(full)
        return full

    def one(self, sql: str) -> Any:
        """The first value of a query."""
        rows = self.con.execute(sql).fetchall()
        return rows[0][0] if rows else None

    def part(self) -> Steps:
        """Steps of their own to drop early, under the same run."""
        return Steps(self.con, run=self._run)

    def drop_one(self, full: str) -> None:
        """Drop one step that nothing needs any more."""
        self.con.execute(f"DROP TABLE IF EXISTS {full}")
        self._made.remove(full)

    def drop(self, keep: Iterable[str] = ()) -> None:
        """Drop every step of this part but those to keep."""
        for full in set(self._made) - set(keep):
            self.con.execute(f"DROP TABLE IF EXISTS {full}")
        for full in self._registered:
            self.con.unregister(full)
        self._made, self._registered = [one for one in self._made if one in set(keep)], []


def literal(value: str | bool | int | float) -> str:
    """A value as SQL writes it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).upper() if isinstance(value, bool) else repr(value)


def listed(values: Iterable[str | bool | int | float]) -> str:
    """Values as SQL writes them after IN, without the brackets."""
    return ", ".join(literal(value) for value in values)


def quoted(name: str) -> str:
    """The name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
