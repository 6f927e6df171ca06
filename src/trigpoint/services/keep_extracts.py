"""Put what extracts gave into the store: a large one by itself, as it streams; small ones many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain

import pyarrow as pa

from trigpoint.intake import Shaped
from trigpoint.records.tables import FIXED
from trigpoint.services.read_again import take_out
from trigpoint.services.workspace import Workspace
from trigpoint.store import Rows

TABLES = ("records", "sightings", "events", "mentions", "refusals")
SMALL = 20_000  # rows; what an extract of so many gives is held in memory until it is put into the store
HELD = 200_000  # rows of small extracts that are put into the store together
Told = tuple[str, str, Counter[str]]  # the source's title, the file, what became of its rows


@dataclass
class Keeping:
    """Extracts on their way into the store. Each is there whole or not at all; `kept` is told of those that are.

    A transaction costs the same for ten rows as for ten thousand, so small extracts wait for one another. What waits
    is known to the extracts after it as if it were stored.
    """

    workspace: Workspace
    kept: Callable[[str, str, Counter[str]], None]
    _next: int = 0
    _rows: int = 0
    _waiting: list[dict[str, object]] = field(default_factory=list)
    _told: list[Told] = field(default_factory=list)
    _held: dict[str, list[pa.Table]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        store = self.workspace.store
        # A run that was only said to be out of date, after something was erased, has no place in the order.
        read = (store.read(table, columns=["seq"])["seq"].drop_null().to_pylist() for table in ("extracts", "runs"))
        self._next = max(store.head().number, 0, *chain.from_iterable(read)) + 1
        self._show_known()

    @property
    def known(self) -> str:
        """The relation of all sightings, stored or waiting, each with `seq`, its extract's place in the order."""
        return "known_sightings"

    def add(self, settled: Shaped, extract: dict[str, object], *, source: str, counted: Counter[str]) -> None:
        """Put what a file gave into the store, now or with what comes after it."""
        small = settled.read <= SMALL
        if not small or self._rows > HELD:
            self.flush()
        row = {**extract, "seq": self._next}
        self._next += 1
        told = (source, str(row["file"]), counted)
        tables = {table: self.workspace.con.table(getattr(settled, table)) for table in TABLES}
        if small:
            self._hold(tables, row, told=told, rows=settled.read)
        else:
            self._write(tables, [row], told=[told])

    def take_out(self, extract_ids: Collection[str]) -> None:
        """Take out what extracts gave that are about to be read again."""
        self.flush()
        take_out(self.workspace, extract_ids)
        self._show_known()

    def flush(self) -> None:
        """Put all that waits into the store."""
        if not self._waiting:
            return
        held = {table: pa.concat_tables(rows, promote_options="default") for table, rows in self._held.items()}
        waiting, told = self._waiting, self._told
        self._waiting, self._told, self._held, self._rows = [], [], {}, 0
        self._write(held, waiting, told=told)

    def _hold(self, tables: Mapping[str, Rows], row: dict[str, object], *, told: Told, rows: int) -> None:
        for table, relation in tables.items():
            self._held.setdefault(table, []).append(relation.to_arrow_table())
        self._waiting.append(row)
        self._told.append(told)
        self._rows += rows
        con = self.workspace.con
        con.register("held_sightings", self._held["sightings"][-1])
        con.execute("insert into waiting_sightings by name select *, ? as seq from held_sightings", [row["seq"]])
        con.unregister("held_sightings")

    def _write(self, tables: Mapping[str, Rows], extracts: list[dict[str, object]], *, told: list[Told]) -> None:
        with self.workspace.store.write("load extracts") as tx:
            for table, rows in tables.items():
                tx.append(table, rows)
            tx.append("extracts", pa.Table.from_pylist(extracts, schema=FIXED["extracts"]))
        self._show_known()
        for source, file, counted in told:
            self.kept(source, file, counted)

    def _show_known(self) -> None:
        for table in ("sightings", "extracts"):
            self.workspace.store.scan(self.workspace.con, table, name=f"raw_{table}")
        self.workspace.con.execute("""
            create or replace temp table waiting_sightings as
                select *, 0::bigint as seq from raw_sightings where false;
            create or replace temp view known_sightings as
                select s.*, e.seq from raw_sightings s join raw_extracts e using (extract_id)
                union all by name select * from waiting_sightings""")
