"""Tables as files: CSV with its metadata (a tabular data package), and a workbook in the government's accessible form.

A text that could start a formula gets an apostrophe before it (OWASP, CSV injection); in the workbook no text is ever
taken for a formula or a link.
"""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from pathlib import Path
from typing import Any, Final

from trigpoint.report.release.data import Cell, ReleaseData, ReleasedTable
from trigpoint.report.wording import day

STARTS_A_FORMULA: Final = re.compile(r"[=+\-@\t\r\n]")
# Shorthand of the Analysis Function's guidance on symbols in tables: in brackets, so that it is read out.
IN_WORKBOOKS: Final = {"c": "[c]", "k": "[low]", ":": "[x]", "z": "[z]"}


def write_csv(table: ReleasedTable) -> str:
    """One row a cell: its dimensions, `count` (a number or a symbol) and `done` (what was done to it, if anything)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*map(column_name, table.by), "count", "done"])
    for cell in table.cells:
        writer.writerow([*(safe(value) for value in cell.at), cell.shown, cell.why])
    return out.getvalue()


def safe(text: str) -> str:
    """The text, unable to start a formula in a spreadsheet."""
    return f"'{text}" if STARTS_A_FORMULA.match(text) else text


def column_name(dimension: str) -> str:
    """A dimension as the name of a column: 'ethnic group' as ethnic_group."""
    return re.sub(r"\W+", "_", dimension.strip().lower())


def write_metadata(data: ReleaseData) -> str:
    """datapackage.json: each table with its columns, by the standard Tabular Data Package (Frictionless, version 1)."""
    package = {
        "profile": "tabular-data-package",
        "name": column_name(data.name).replace("_", "-"),
        "title": data.title,
        "description": f"{data.partnership}, as at {data.as_at.isoformat()}. {data.note}",
        "resources": [_resource(table, data) for table in data.tables],
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _resource(table: ReleasedTable, data: ReleaseData) -> dict[str, Any]:
    dimensions = [
        {"name": column_name(one), "type": "string", "description": f"{one}; 'total' stands for all"}
        for one in table.by
    ]
    fields = [
        *dimensions,
        {"name": "count", "type": "integer", "description": f"{table.counts}: a number, or a symbol of missingValues"},
        {"name": "done", "type": "string", "description": "hidden, withheld, rounded; empty where the count is shown"},
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-").lower(),
        "path": f"tables/{table.name}.csv",
        "title": table.title,
        "description": table.done,
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": fields,
            "primaryKey": [column_name(one) for one in table.by],
            "missingValues": list(data.symbols),
        },
    }


def write_workbook(data: ReleaseData, path: Path) -> None:
    """The workbook: cover, contents, notes, then one marked-up table a sheet, no merged cell, no blank one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, on being loaded and on styles that we do not use
        import gptables  # here: it brings pandas, which no other command needs to wait for

        sheets = {f"Table_{at}": _sheet(table, data, at) for at, table in enumerate(data.tables, 1)}
        book = gptables.produce_workbook(
            filename=str(path),
            sheets=sheets,
            cover=_cover(data),
            notes_table=_notes(data),
            workbook_options={"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        book.set_properties(_properties(data))
        book.close()


def _properties(data: ReleaseData) -> dict[str, str]:
    """What a screen reader says of the file before it is opened. The format has no property for the language."""
    return {
        "title": f"{data.title}: {data.partnership}",
        "subject": f"Release {data.name}, {day(data.from_on)} to {day(data.as_at)}",
        "author": data.partnership,
        "comments": "English. One table a worksheet; symbols on the cover, notes on the worksheet named Notes.",
    }


def _cover(data: ReleaseData) -> Any:
    import gptables

    invented = ["The people in these tables are invented."] if data.invented else []
    return gptables.Cover(
        title=_plain(f"{data.title}: {data.partnership}"),
        intro=[
            *invented,
            _plain(f"Release {data.name}. Counts from {day(data.from_on)} to {day(data.as_at)}."),
            "These are children whom agencies saw. They are not a count of exploited children.",
        ],
        about=[
            _plain(data.note),
            _plain(data.loss),
            *(_plain(one) for one in data.caveats),
            *(_plain(f"{IN_WORKBOOKS[sign]} means {said}") for sign, said in data.symbols.items()),
        ],
        contact=[_plain(data.contact)],
    )


def _notes(data: ReleaseData) -> Any:
    import pandas as pd

    notes = [(f"table_{at}", f"Table_{at}: {table.done}") for at, table in enumerate(data.tables, 1)]
    return pd.DataFrame(notes, columns=["Note reference", "Note text"]).map(_plain)


def _sheet(table: ReleasedTable, data: ReleaseData, at: int) -> Any:
    import gptables

    frame = _frame(table)
    symbols = sorted({cell.shown for cell in table.cells} & set(IN_WORKBOOKS))
    keys = {1: 0} if len(table.by) < 3 else {1: 0, 2: 1}
    return gptables.GPTable(
        table=frame,
        table_name=re.sub(r"\W", "_", table.name),
        title=_plain(f"{table.title}$$table_{at}$$", keep_notes=True),
        subtitles=[_plain(f"{data.partnership}, {day(data.from_on)} to {day(data.as_at)}")],
        instructions="This worksheet holds one table. Notes are on the worksheet named Notes.",
        legend=[_plain(f"{IN_WORKBOOKS[sign]} = {data.symbols[sign]}") for sign in symbols],
        source=_plain(f"{data.partnership}, release {data.name}"),
        scope=_plain(table.counts),
        index_columns=keys,
    )


def _frame(table: ReleasedTable) -> Any:
    """The table as people read it: first dimension downwards, second across; a third stands beside the first."""
    import pandas as pd

    rows, columns = table.values(0), table.values(1)
    layers: list[str | None] = list(table.values(2)) if len(table.by) > 2 else [None]
    shown = table.shown()
    made = []
    for row in rows:
        for layer in layers:
            at = [row, *([layer] if layer is not None else [])]
            line: list[Any] = [_plain(value) for value in at]
            line += [_value(shown.get((row, column, *at[1:]))) for column in columns]
            made.append(line)
    heads = [table.by[0], *([table.by[2]] if layers[0] is not None else []), *columns]
    return pd.DataFrame(made, columns=[_plain(head[:1].upper() + head[1:]) for head in heads], dtype=object)


def _value(cell: Cell | None) -> int | str:
    """A number as a number; a symbol in brackets; [z] where the table has no such cell."""
    if cell is None:
        return IN_WORKBOOKS["z"]
    return IN_WORKBOOKS.get(cell.shown) or int(cell.shown)


def _plain(text: str, *, keep_notes: bool = False) -> str:
    """Text that the library takes for text: no mark of a note, no link, no formula."""
    if not keep_notes:
        text = text.replace("$$", "$ $")
    return safe(text.replace("](", "] ("))
