"""From the cells of an extract to records, sightings, events, mentions and refusals: one compile, all in columns."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from trigpoint.intake.compile.compiled import Compiled, SourceFacts
from trigpoint.intake.compile.happenings import Block
from trigpoint.intake.compile.places import prepare_places
from trigpoint.intake.compile.quoting import name
from trigpoint.intake.compile.views import Views, garbled
from trigpoint.intake.extract import Extract, new_table
from trigpoint.intake.language import Mapping
from trigpoint.intake.reading import check_columns
from trigpoint.terms.pack import Pack

SAID = (
    'rid BIGINT, "row" BIGINT, line BIGINT, "column" VARCHAR, scope VARCHAR, value_kept VARCHAR, reason VARCHAR, '
    "mend VARCHAR"
)
TABLES = ("records", "sightings", "events", "mentions", "refusals")

__all__ = ["Shaped", "SourceFacts", "discard", "shape_extract"]


@dataclass(frozen=True)
class Shaped:
    """Names of DuckDB tables or views in the schemas of `records.tables`, and what became of the rows.

    read = loaded + refused + repeated; corrected is counted within loaded. `settle` counts repeated and corrected.
    """

    records: str
    sightings: str
    events: str
    mentions: str
    refusals: str
    wide: str
    said: str
    withdrawn: str
    source: str
    feed: str
    read: int
    loaded: int
    refused: int
    repeated: int
    corrected: int
    values_left_out: int
    received_at: datetime
    remarks: tuple[str, ...] = ()
    temporary: tuple[str, ...] = ()

    @property
    def tables(self) -> dict[str, str]:
        """The relation of each table of the store that an extract adds to."""
        return {table: getattr(self, table) for table in TABLES}

    @property
    def counts(self) -> dict[str, int]:
        """What became of the rows, as the columns of `extracts`."""
        names = ("read", "loaded", "refused", "repeated", "corrected", "values_left_out")
        return {counted: getattr(self, counted) for counted in names}


def shape_extract(
    extract: Extract,
    mapping: Mapping,
    *,
    source: SourceFacts,
    received_at: datetime,
    extract_id: str,
    pack: Pack,
    con: duckdb.DuckDBPyConnection,
    gazetteer: str | None = None,
) -> Shaped:
    """Shape an extract. `gazetteer` names a relation (key, easting, northing, area, precision), metres OSGB.

    The lineage names the extract by `extract.file`. Raises MappingError.
    """
    check_columns(extract, mapping)
    compiled = Compiled.of(extract, mapping, pack=pack, source=source, received_at=received_at)
    con.execute(compiled.columns.cleaning())
    tables = {t: new_table(t) for t in ("wide", "said", "withdrawn", *TABLES)}
    con.execute(f"CREATE TEMP TABLE {name(tables['wide'])} AS {compiled.wide()}")
    con.execute(f"CREATE TEMP TABLE {name(tables['said'])} ({SAID})")
    _say(con, tables, of=tables["wide"], said=lambda: compiled.wide_said(tables["wide"]))
    each = {found.prefix: new_table("each") for found in compiled.repeated}
    for found in compiled.repeated:
        _repeat(con, compiled, found, each=each[found.prefix], tables=tables)
    places = prepare_places(con, gazetteer, compiled.blocks, relations={"": tables["wide"], **each})
    con.execute(f"CREATE TEMP TABLE {name(tables['withdrawn'])} (row_key VARCHAR, record_id VARCHAR)")
    views = Views(compiled, tables=tables, each=each, places=places, extract_id=extract_id, file=extract.file)
    for table, query in views.queries().items():
        con.execute(f"CREATE TEMP VIEW {name(tables[table])} AS {query}")
    if extract.garbled:
        con.execute(f"INSERT INTO {name(tables['said'])} {garbled(extract)}")
    refused, left_out = con.execute(
        f"SELECT (SELECT count(*) FROM {name(tables['wide'])} WHERE refused), "
        f"(SELECT count(*) FROM {name(tables['said'])} WHERE scope = 'value')"
    ).fetchall()[0]
    read, all_refused = extract.rows + extract.rows_refused, int(refused) + extract.rows_refused
    return Shaped(
        **tables, source=source.name, feed=source.feed, read=read, loaded=read - all_refused, refused=all_refused,
        repeated=0, corrected=0, values_left_out=int(left_out), received_at=received_at, remarks=extract.remarks,
        temporary=(*tables.values(), *each.values(), *places.tables),
    )  # fmt: skip


def _say(con: duckdb.DuckDBPyConnection, tables: dict[str, str], *, of: str, said: Callable[[], str]) -> None:
    """Keep what is said of the faulty rows of a table: a long query, which only takes its time where there are any."""
    if con.execute(f"SELECT 1 FROM {name(of)} WHERE faulty LIMIT 1").fetchall():
        con.execute(f"INSERT INTO {name(tables['said'])} {said()}")


def _repeat(
    con: duckdb.DuckDBPyConnection, compiled: Compiled, found: Block, *, each: str, tables: dict[str, str]
) -> None:
    """Work out an event that a row may give several times; a fault in one of them refuses the whole row."""
    wide = name(tables["wide"])
    con.execute(f"CREATE TEMP TABLE {name(each)} AS {compiled.each(found)}")
    _say(con, tables, of=each, said=lambda: compiled.each_said(found, each))
    con.execute(
        f"UPDATE {wide} SET refused = true, fresh = false WHERE NOT refused AND rid IN "
        f"(SELECT rid FROM {name(each)} WHERE refused)"
    )
    if compiled.source.learnt_when_unstated == "happened":
        first = f"SELECT rid, min({found.w('at')}) AS first_at FROM {name(each)} GROUP BY rid"
        con.execute(
            f"UPDATE {wide} SET learnt_at = least(learnt_at, m.first_at) FROM ({first}) m "
            f"WHERE {wide}.rid = m.rid AND NOT learnt_own"
        )


def discard(con: duckdb.DuckDBPyConnection, *held: Extract | Shaped) -> None:
    """Drop the temporary tables of extracts and of what was shaped from them."""
    for thing in held:
        for table in thing.temporary:
            for kind in ("VIEW", "TABLE"):
                with contextlib.suppress(duckdb.CatalogException):
                    con.execute(f"DROP {kind} IF EXISTS {name(table)}")
