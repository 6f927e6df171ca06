"""JSON and JSON lines: objects become rows, nested fields become columns with dots in their names."""

from __future__ import annotations

from pathlib import Path

import duckdb

from trigpoint.errors import ExtractError
from trigpoint.intake.compile.quoting import name, text
from trigpoint.intake.extract import Extract, name_columns, new_table
from trigpoint.intake.language import Format
from trigpoint.intake.readers.batches import REFUSED_COLUMNS, UNREADABLE
from trigpoint.intake.readers.encoding import as_utf8

MAX_DOCUMENT = 256 << 20  # bytes of one JSON document that is not a list; a longer one should be JSON lines
MAX_LINE = 32 << 20
MAX_COLUMNS = 500
DEPTH = 3


def read_json_lines(path: Path, hints: Format, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read one object a line; a line that is none is refused."""
    source = as_utf8(path, hints.encoding, con)
    lines = new_table("lines")
    try:
        con.execute(
            f"CREATE TEMP TABLE {name(lines)} AS SELECT * FROM read_csv({text(str(source.path))}, auto_detect=false, "
            f"header=false, skip={hints.skip}, delim=chr(1), quote='', escape='', new_line='\\n', "
            f"max_line_size={MAX_LINE}, "
            "columns={'j': 'VARCHAR'})"
        )
    except UNREADABLE:
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
    source = as_utf8(path, hints.encoding, con)
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
    except UNREADABLE:
        raise _broken(path) from None
    finally:
        source.discard()
    con.execute(
        f"CREATE TEMP VIEW {name(objects + '_all')} AS SELECT j, rowid + 1 AS _row, rowid + 1 AS _line "
        f"FROM {name(objects)}"
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
    con: duckdb.DuckDBPyConnection, texts: str, hints: Format, *, path: Path, remarks: tuple[str, ...]
) -> Extract:
    """The objects' fields as columns; a text that is no object is refused."""
    # CASE keeps the order: asking a broken text for its type is an error.
    good = "CASE WHEN json_valid(j) THEN json_type(j) = 'OBJECT' ELSE false END"
    objects, cells, table, refused = (new_table(t) for t in ("objects", "cells", "extract", "refused"))
    con.execute(f"CREATE TEMP TABLE {name(objects)} AS SELECT j, _row, _line FROM {texts} WHERE {good}")
    paths = _paths(con, name(objects), hints, path=path)
    columns = name_columns(list(paths), file=path.name)
    listed = ", ".join(f"{_field(steps)} AS {name(c)}" for c, steps in zip(columns, paths.values(), strict=True))
    con.execute(f"CREATE TEMP TABLE {name(cells)} AS SELECT {listed}, _row, _line FROM {name(objects)}")
    con.execute(f"CREATE TEMP VIEW {name(table)} AS SELECT *, rowid AS rid FROM {name(cells)}")
    con.execute(f"CREATE TEMP TABLE {name(refused)} ({REFUSED_COLUMNS})")
    con.execute(
        f"INSERT INTO {name(refused)} SELECT _row, _line, NULL, left(j, 2000), 'this is not a JSON object', "
        f"'Look for a lost bracket or quote in the line.' FROM {texts} WHERE NOT ({good})"
    )
    rows, rows_refused = con.execute(
        f"SELECT (SELECT count(*) FROM {name(cells)}), (SELECT count(*) FROM {name(refused)})"
    ).fetchall()[0]
    con.execute(f"DROP TABLE {name(objects)}")
    return Extract(
        file=path.name, table=table, refused=refused, columns=columns, rows=int(rows), rows_refused=int(rows_refused),
        remarks=remarks, temporary=(table, cells, refused),
    )  # fmt: skip


def _at(steps: tuple[str, ...]) -> str:
    """A JSON path to a field, whatever its name holds."""
    return "$" + "".join('."' + step.replace('"', '\\"') + '"' for step in steps)


def _field(steps: tuple[str, ...]) -> str:
    """A field as text: a list of plain values is joined by '|', other nested things stay JSON."""
    path = text(_at(steps))
    plain = f"array_to_string(json_extract_string(j, {text(_at(steps) + '[*]')}), '|')"
    flat = f"NOT contains(json_extract(j, {path})::VARCHAR, '{{')"
    return (
        f"CASE WHEN json_type(j, {path}) = 'ARRAY' AND {flat} THEN {plain} "
        f"WHEN json_type(j, {path}) = 'NULL' THEN NULL ELSE json_extract_string(j, {path}) END"
    )


def _paths(con: duckdb.DuckDBPyConnection, objects: str, hints: Format, *, path: Path) -> dict[str, tuple[str, ...]]:
    """Column name → path of every field seen, nested objects opened down to `DEPTH`, and those the mapping renames."""
    found: dict[str, tuple[str, ...]] = {}
    level: list[tuple[str, ...]] = [()]
    for depth in range(1, DEPTH + 1):
        fields = [field for steps in level for field in _keys(con, objects, steps)]
        level = [steps for steps in fields if depth < DEPTH and _nested(con, objects, steps)]
        found |= {".".join(steps): steps for steps in fields if steps not in level}
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


def _keys(con: duckdb.DuckDBPyConnection, objects: str, steps: tuple[str, ...]) -> list[tuple[str, ...]]:
    keys = f"SELECT DISTINCT unnest(json_keys(j, {text(_at(steps))})) AS k FROM {objects}"
    rows = con.execute(f"SELECT k FROM ({keys}) ORDER BY k LIMIT {MAX_COLUMNS + 1}").fetchall()
    return [(*steps, str(row[0])) for row in rows]


def _nested(con: duckdb.DuckDBPyConnection, objects: str, steps: tuple[str, ...]) -> bool:
    query = f"SELECT coalesce(bool_or(json_type(j, {text(_at(steps))}) = 'OBJECT'), false) FROM {objects}"
    return bool(con.execute(query).fetchall()[0][0])
