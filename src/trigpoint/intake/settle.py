"""Holding what was shaped against what is stored: rows already known, rows corrected, rows new; set by set.

A row's versions form one line of time. An incoming row is compared with the version that was current when this one was
learnt: the same content is a repeat, other content corrects it. So content that changes from A to B and back to A ends
with A current, while the events of A, stored once, are not added again.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb

from trigpoint.intake.compile.quoting import name, text
from trigpoint.intake.extract import new_table
from trigpoint.intake.shape import Shaped


def settle(
    shaped: Shaped, known_sightings_view: str, con: duckdb.DuckDBPyConnection, *, replaces: bool = False
) -> Shaped:
    """Mark repeated and corrected rows against the stored sightings; the tables of the result hold only what is new.

    `known_sightings_view` names a relation with the columns of `sightings`, and with `seq` of the extract where several
    extracts may have been learnt at the same time. With `replaces` the file is the feed's whole state: stored rows that
    it does not hold are withdrawn, by a sighting without a row id.
    """
    wide, known, doubtful = name(shaped.wide), new_table("known"), new_table("doubtful")
    columns = {row[0] for row in con.execute(f"DESCRIBE {name(known_sightings_view)}").fetchall()}
    order = 'learnt_at, seq, "row"' if "seq" in columns else 'learnt_at, "row"'
    con.execute(
        f"CREATE TEMP TABLE {name(known)} AS SELECT row_key, coalesce(row_id, '') AS row_id, learnt_at, "
        f"row_number() OVER (PARTITION BY row_key ORDER BY {order}) AS nth FROM {name(known_sightings_view)} "
        # A row's key is made with its source and feed: to say so spares looking at the keys of all the others.
        f"WHERE source = {text(shaped.source)} AND feed = {text(shaped.feed)} "
        f"AND row_key IN (SELECT row_key FROM {wide} WHERE NOT refused)"
    )
    con.execute(f"CREATE TEMP TABLE {name(doubtful)} AS {_doubtful(wide, name(known))}")
    if con.execute(f"SELECT count(*) FROM {name(doubtful)}").fetchall()[0][0]:
        _mark(con, shaped, known=name(known), doubtful=name(doubtful))
    con.execute(f"DROP TABLE {name(known)}; DROP TABLE {name(doubtful)}")
    if replaces:
        _withdraw(con, shaped, known=name(known_sightings_view), order=order)
    return _counted(con, shaped)


def _withdraw(con: duckdb.DuckDBPyConnection, shaped: Shaped, *, known: str, order: str) -> None:
    """Add a sighting without a row id for each stored row of the feed that this extract no longer holds.

    A row that is here and was refused is not withdrawn: the agency still holds it, only worse written.
    """
    received = f"TIMESTAMP '{shaped.received_at.isoformat(sep=' ')}'"
    con.execute(
        f"INSERT INTO {name(shaped.withdrawn)} SELECT row_key, arg_max(record_id, ({order})) FROM {known} "
        f"WHERE source = {text(shaped.source)} AND feed = {text(shaped.feed)} AND learnt_at <= {received} "
        f"AND row_key NOT IN (SELECT row_key FROM {name(shaped.wide)}) "
        f"GROUP BY row_key HAVING arg_max(coalesce(row_id, ''), ({order})) <> ''"
    )


def _doubtful(wide: str, known: str) -> str:
    """Rows whose key is stored already, or stands more than once in this extract; most loads have few."""
    twice = f"SELECT row_key FROM {wide} WHERE NOT refused GROUP BY row_key HAVING count(*) > 1"
    return (
        f"SELECT rid, row_key, row_id, learnt_at FROM {wide} WHERE NOT refused AND "
        f"(row_key IN (SELECT row_key FROM {known}) OR row_key IN ({twice}))"
    )


def _mark(con: duckdb.DuckDBPyConnection, shaped: Shaped, *, known: str, doubtful: str) -> None:
    received = f"TIMESTAMP '{shaped.received_at.isoformat(sep=' ')}'"
    # The version before: the row above of the same key in this extract, else the stored one current at that time,
    # else (an extract that arrives late) the earliest one.
    placed = (
        f"SELECT d.*, lag(row_id) OVER (PARTITION BY row_key ORDER BY rid) AS above, "
        f"row_number() OVER (PARTITION BY row_id ORDER BY rid) AS copy, "
        f"greatest(learnt_at, {received}) AS at FROM {doubtful} d"
    )
    before = (
        f"SELECT p.rid, coalesce(p.above, arg_max(k.row_id, k.nth) FILTER (k.learnt_at <= p.at), "
        "arg_min(k.row_id, k.nth)) "
        f"AS version, p.row_id, p.at, p.copy = 1 AND NOT coalesce(bool_or(k.row_id = p.row_id), false) AS fresh "
        f"FROM ({placed}) p LEFT JOIN {known} k USING (row_key) "
        "GROUP BY p.rid, p.above, p.row_id, p.at, p.copy"
    )
    con.execute(
        f"UPDATE {name(shaped.wide)} AS w SET repeated = coalesce(b.version = b.row_id, false), "
        "corrected = coalesce(b.version <> b.row_id, false), fresh = b.fresh, "
        "learnt_at = CASE WHEN b.version <> b.row_id THEN b.at ELSE w.learnt_at END "
        f"FROM ({before}) b WHERE w.rid = b.rid"
    )
    # What was said of a repeated row was said, and kept, when it was first loaded.
    con.execute(
        f"DELETE FROM {name(shaped.said)} WHERE scope = 'value' AND rid IN "
        f"(SELECT rid FROM {name(shaped.wide)} WHERE repeated)"
    )


def _counted(con: duckdb.DuckDBPyConnection, shaped: Shaped) -> Shaped:
    repeated, corrected, left_out = con.execute(
        f"SELECT (SELECT count(*) FROM {name(shaped.wide)} WHERE repeated), "
        f"(SELECT count(*) FROM {name(shaped.wide)} WHERE corrected), "
        f"(SELECT count(*) FROM {name(shaped.said)} WHERE scope = 'value')"
    ).fetchall()[0]
    return replace(
        shaped, loaded=shaped.read - shaped.refused - int(repeated), repeated=int(repeated), corrected=int(corrected),
        values_left_out=int(left_out),
    )  # fmt: skip
