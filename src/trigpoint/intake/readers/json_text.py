"""JSON and JSON lines: objects become rows, nested fields become columns with dots in their names."""

from __future__ import annotations

from pathlib import Path

import duckdb

from trigpoint.errors import ExtractError
from trigpoint.intake.compile.quoting import name, text
from trigpoint.intake.extract import Extract, name_columns, new_table
from trigpoint.intake.language import Format
from trigpoint.intake.readers.batches import REFUSED_COLUMNS
from trigpoint.intake.readers.encoding import as_utf8

MAX_DOCUMENT = 256 << 20  # bytes of one JSON document that is not a list; a longer one should be JSON lines
MAX_COLUMNS = 500
DEPTH = 3


def read_json_lines(path: Path, hints: Format, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read one object a line; a line that is none is refused."""
    source = as_utf8(path, hints.encoding)
    lines = new_table("lines")
    try:
        con.execute(
            f"CREATE TEMP TABLE {name(lines)} AS SELECT * FROM read_csv({text(str(source.path))}, auto_detect=false, "
            f"header=false, skip={hints.skip}, delim=chr(1), quote='', escape='', new_line='\\n', max_line_size=33554432, "
            "columns={'j': 'VARCHAR'})"
        )
    except duckdb.Error:
        raise _broken(path) from None
    finally:
        source.discard()
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW {name(lines + '_all')} AS SELECT j, rowid + 1 AS _row, "
        f"rowid + 1 + {hints.skip} AS _line FROM {name(lines)} WHERE trim(j) <> ''"
    )
    return _table(con, f"{name(lines + '_all')}", hints, path=path, remarks=source.remarks)


def read_json(path: Path, hints: Format, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read a list of objects, or the list that `hints.rows` names inside a document."""
    source = as_utf8(path, hints.encoding)
    objects = new_table("objects")
    origin = text(str(source.path))
    try:
        if isinstance(hints.rows, str):
            con.execute(f"CREATE TEMP TABLE {name(objects)} AS {_inside(origin, hints.rows)}")
        else:
            con.execute(
                f"CREATE TEMP TABLE {name(objects)} AS SELECT json::VARCHAR AS j FROM "
                f"read_json_objects({origin}, format='array', maximum_object_size={MAX_DOCUMENT})"
            )
    except duckdb.Error:
        raise _broken(path) from None
    finally:
        source.discard()
    con.execute(
        f"CREATE TEMP VIEW {name(objects + '_all')} AS SELECT j, rowid + 1 AS _row, rowid + 1 AS _line FROM {name(objects)}"
    )
    return _table(con, name(objects + "_all"), hints, path=path, remarks=source.remarks)


def _inside(origin: str, rows: str) -> str:
    path = "$." + ".".join(f'"{step}"' for step in rows.split(".") if step) + "[*]"
    return (
        f"SELECT unnest(json_extract(json, {text(path)}))::VARCHAR AS j FROM "
        f"read_json_objects({origin}, format='unstructured', maximum_object_size={MAX_DOCUMENT})"
    )


def _broken(path: Path) -> ExtractError:
    return ExtractError(
        f"{path.name} cannot be read as JSON.",
        mend="Check that it is a list of objects (or name the list in format.rows), and that it is whole.",
    )


def _table(
    con: duckdb.DuckDBPyConnection, objects: str, hints: Format, *, path: Path, remarks: tuple[str, ...]
) -> Extract:
    """The objects' fields as columns; a text that is no object is refused."""
    good = "json_valid(j) AND json_type(j) = 'OBJECT'"
    paths = _paths(con, objects, good, hints, path=path)
    columns = name_columns(list(paths), file=path.name)
    cells, table, refused = new_table("cells"), new_table("extract"), new_table("refused")
    listed = ", ".join(
        f"{_field(steps)} AS {name(column)}" for column, steps in zip(columns, paths.values(), strict=True)
    )
    con.execute(f"CREATE TEMP TABLE {name(cells)} AS SELECT {listed}, _row, _line FROM {objects} WHERE {good}")
    con.execute(f"CREATE TEMP VIEW {name(table)} AS SELECT *, rowid AS rid FROM {name(cells)}")
    con.execute(f"CREATE TEMP TABLE {name(refused)} ({REFUSED_COLUMNS})")
    con.execute(
        f"INSERT INTO {name(refused)} SELECT _row, _line, NULL, left(j, 2000), 'this is not a JSON object', "
        f"'Look for a lost bracket or quote in the line.' FROM {objects} WHERE NOT coalesce({good}, false)"
    )
    counts = con.execute(
        f"SELECT (SELECT count(*) FROM {name(cells)}), (SELECT count(*) FROM {name(refused)})"
    ).fetchall()[0]
    return Extract(
        file=path.name, table=table, refused=refused, columns=columns, rows=int(counts[0]),
        rows_refused=int(counts[1]), remarks=remarks,
    )  # fmt: skip


def _field(steps: tuple[str, ...]) -> str:
    """A field as text: a list of plain values is joined by '|', other nested things stay JSON."""
    path = text("$." + ".".join('"' + step.replace('"', '\\"') + '"' for step in steps))
    plain = f"array_to_string(json_extract_string(j, {text(_inner(steps))}), '|')"
    flat = f"NOT contains(json_extract(j, {path})::VARCHAR, '{{')"
    return (
        f"CASE WHEN json_type(j, {path}) = 'ARRAY' AND {flat} THEN {plain} "
        f"WHEN json_type(j, {path}) = 'NULL' THEN NULL ELSE json_extract_string(j, {path}) END"
    )


def _inner(steps: tuple[str, ...]) -> str:
    return "$." + ".".join('"' + step.replace('"', '\\"') + '"' for step in steps) + "[*]"


def _paths(
    con: duckdb.DuckDBPyConnection, objects: str, good: str, hints: Format, *, path: Path
) -> dict[str, tuple[str, ...]]:
    """Column name → path of every field seen, nested objects opened down to `DEPTH`, and those the mapping renames."""
    found: dict[str, tuple[str, ...]] = {}
    level: list[tuple[str, ...]] = [()]
    for _ in range(DEPTH):
        deeper: list[tuple[str, ...]] = []
        for steps in level:
            at = text("$" + "".join('."' + s.replace('"', '\\"') + '"' for s in steps))
            keys = con.execute(
                f"SELECT k, bool_or(json_type(j, {at[:-1]}.\"' || replace(k, '\"', '\\\"') || '\"') = 'OBJECT') FROM "
                f"(SELECT j, unnest(json_keys(j, {at})) AS k FROM {objects} WHERE {good}) GROUP BY k ORDER BY min(k)"
                if False
                else f"SELECT k, false FROM (SELECT DISTINCT unnest(json_keys(j, {at})) AS k FROM {objects} WHERE {good}) "
                "ORDER BY k"
            ).fetchall()
            for key, _flag in keys:
                deeper.append((*steps, str(key)))
        level = []
        for steps in deeper:
            at = text("$" + "".join('."' + s.replace('"', '\\"') + '"' for s in steps))
            nested = con.execute(
                f"SELECT bool_or(json_type(j, {at}) = 'OBJECT') FROM {objects} WHERE {good}"
            ).fetchall()
            if nested[0][0]:
                level.append(steps)
            else:
                found[".".join(steps)] = steps
        if not level or len(found) > MAX_COLUMNS:
            break
    for steps in level:
        found[".".join(steps)] = steps
    for column, where in hints.columns.items():
        found.pop(where, None)
        found[column] = tuple(step for step in where.split(".") if step)
    if not found:
        raise ExtractError(f"{path.name} holds no objects.", mend="Check that the file is what the agency meant.")
    if len(found) > MAX_COLUMNS:
        raise ExtractError(
            f"{path.name} has more than {MAX_COLUMNS} fields.", mend="Ask the agency for a list of like objects."
        )
    return found
