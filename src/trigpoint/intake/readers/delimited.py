"""CSV, TSV and their kin: DuckDB's reader does the work, in parallel; what it refuses is kept with its line."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from trigpoint.errors import ExtractError
from trigpoint.intake.compile.quoting import name, text
from trigpoint.intake.extract import Extract, name_columns, new_table
from trigpoint.intake.language import Format
from trigpoint.intake.readers.batches import UNREADABLE
from trigpoint.intake.readers.encoding import Text, as_utf8
from trigpoint.intake.readers.lines import number_lines

CANDIDATES = (",", ";", "\t", "|", "^", "~")
SAMPLE = 256_000
_WHY = {
    "MISSING COLUMNS": ("the row has too few cells", "Check the line for a lost part or a line break."),
    "TOO MANY COLUMNS": ("the row has too many cells", "Put quotes round cells that hold the delimiter."),
    "UNQUOTED VALUE": ("a quote opens and does not close where the cell ends", "Double the quotes inside the cell."),
    "LINE SIZE OVER MAXIMUM": ("the row is longer than two million bytes", "Look for a quote that never closes."),
    "INVALID ENCODING": ("the row holds bytes that are not text", "Save the file as UTF-8."),
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How a file is cut into rows and cells."""

    delimiter: str
    quote: str
    columns: tuple[str, ...]
    above: int  # physical lines above the first data row


def read_delimited(path: Path, hints: Format, con: duckdb.DuckDBPyConnection) -> Extract:
    """Read delimited text. Raises ExtractError for an empty file or a delimiter that cannot be."""
    source = as_utf8(path, hints.encoding, con)
    try:
        layout = _layout(source.path, hints, file=path.name)
        return _load(source, layout, file=path.name, con=con)
    finally:
        source.discard()


def _layout(path: Path, hints: Format, *, file: str) -> Layout:
    with path.open(encoding="utf-8", newline="") as handle:
        skipped = [handle.readline(SAMPLE) for _ in range(hints.skip)]
        sample = handle.read(SAMPLE)
    if not sample.strip():
        said = "holds no rows" if skipped else "is empty"
        raise ExtractError(f"{file} {said}.", mend="Ask the agency to send it again.")
    delimiter = hints.delimiter or sniff_delimiter(sample, hints.quote)
    _check(delimiter, hints.quote, file=file)
    if hints.header:
        return Layout(delimiter, hints.quote, name_columns(hints.header, file=file), hints.skip)
    rows = csv.reader(io.StringIO(sample), delimiter=delimiter, quotechar=hints.quote)
    header = _next(rows, file)
    while not any(cell.strip() for cell in header):
        header = _next(rows, file)
    _refuse_wrong(delimiter, header, hints, file=file)
    return Layout(delimiter, hints.quote, name_columns(header, file=file), hints.skip + rows.line_num)


def _check(delimiter: str, quote: str, *, file: str) -> None:
    if len(delimiter) != 1 or len(quote) != 1 or delimiter == quote or delimiter in "\r\n":
        raise ExtractError(
            f"{file} cannot be cut with this delimiter and quote.",
            mend="Set format.delimiter and format.quote to one character each, not the same.",
        )


def _next(rows: object, file: str) -> list[str]:
    try:
        return next(rows)  # type: ignore[call-overload,no-any-return]  # csv readers have no public type
    except (StopIteration, csv.Error):
        raise ExtractError(
            f"{file} has no line that names the columns.", mend="Check the quotes in the first line."
        ) from None


def sniff_delimiter(sample: str, quote: str) -> str:
    """The delimiter that cuts the sample's lines into the same number of cells most often, and into most cells."""

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(sample), delimiter=delimiter, quotechar=quote), 200))
        except csv.Error:
            return (0.0, 0)
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            return (0.0, 0)
        return (sum(w == widths[0] for w in widths) / len(widths), widths[0])

    fits = {d: fit(d) for d in CANDIDATES}
    steady = {d: f for d, f in fits.items() if f[0] >= 0.5} or fits
    best = max(steady, key=lambda d: (steady[d][1] * steady[d][0], -CANDIDATES.index(d)))
    return best if steady[best][1] > 1 else ","


def _refuse_wrong(delimiter: str, header: Sequence[str], hints: Format, *, file: str) -> None:
    if len(header) > 1 or hints.delimiter is None:
        return
    counts = {d: header[0].count(d) for d in CANDIDATES if d != delimiter}
    other = max(counts, key=lambda d: counts[d])
    if counts[other]:
        raise ExtractError(
            f"{file} is not cut by {delimiter!r}: its first line would be one column.",
            where="format.delimiter",
            mend=f"The line holds {other!r} {counts[other]} times; set format.delimiter to that, or leave it out.",
        )


def _load(source: Text, layout: Layout, *, file: str, con: duckdb.DuckDBPyConnection) -> Extract:
    cells, table, refused = new_table("cells"), new_table("extract"), new_table("refused")
    errors, scans = new_table("errors"), new_table("scans")
    columns = ", ".join(f"{text(c)}: 'VARCHAR'" for c in layout.columns)
    options = (
        f"auto_detect=false, header=false, skip={layout.above}, delim={text(layout.delimiter)}, "
        f"quote={text(layout.quote)}, escape={text(layout.quote)}, new_line='\\n', columns={{{columns}}}, "
        f"store_rejects=true, rejects_table={text(errors)}, rejects_scan={text(scans)}, rejects_limit=0"
    )
    try:
        con.execute(f"CREATE TEMP TABLE {name(cells)} AS SELECT * FROM read_csv({text(str(source.path))}, {options})")
    except UNREADABLE:
        # DuckDB's own words may quote the row; a row is personal.
        raise ExtractError(
            f"{file} cannot be read as delimited text.",
            mend="Open it in a text editor: are rows one a line, and quotes closed?",
        ) from None
    rows = _count(con, cells)
    bad = _errors(con, errors, above=layout.above)
    con.execute(f"DROP TABLE IF EXISTS {name(errors)}; DROP TABLE IF EXISTS {name(scans)}")
    lines = number_lines(source, layout.quote, above=layout.above, rows=rows, refused=[b[0] for b in bad],
                         wide=len(layout.columns) > 1)  # fmt: skip
    lines.attach(con, cells=cells, table=table)
    _keep_refused(con, refused, [(lines.of_refused(b[0]), *b[1:]) for b in bad])
    return Extract(
        file=file, table=table, refused=refused, columns=layout.columns, rows=rows, rows_refused=len(bad),
        spaces=source.survey.spaces, garbled=source.survey.garbled, temporary=(table, f"{table}_lines", cells, refused),
        remarks=source.remarks,
    )  # fmt: skip


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {name(table)}").fetchall()[0][0])


def _errors(con: duckdb.DuckDBPyConnection, errors: str, *, above: int) -> list[tuple[int, str | None, str, str]]:
    """(data row, column, error type, the line) for each refused row, the first error of each."""
    query = (
        f"SELECT line - {above}, arg_min(column_name, column_idx), arg_min(error_type, column_idx), "
        "any_value(csv_line) "
        f"FROM {name(errors)} GROUP BY line ORDER BY line"
    )
    return [(int(r[0]), r[1], str(r[2]), str(r[3] or "")) for r in con.execute(query).fetchall()]


def _keep_refused(
    con: duckdb.DuckDBPyConnection, table: str, found: Sequence[tuple[tuple[int, int], str | None, str, str]]
) -> None:
    con.execute(
        f'CREATE TEMP TABLE {name(table)} ("row" BIGINT, line BIGINT, "column" VARCHAR, value_kept VARCHAR, '
        "reason VARCHAR, mend VARCHAR)"
    )
    rows = []
    for (row, line), column, kind, kept in found:
        reason, mend = _WHY.get(kind, ("the row cannot be read", "Look at the line in a text editor."))
        rows.append((row, line, column, kept.strip()[:2000], reason, mend))
    if rows:
        import pyarrow as pa

        names = ("row", "line", "column", "value_kept", "reason", "mend")
        types = (pa.int64(), pa.int64(), *[pa.string()] * 4)
        batch = pa.table(
            {n: pa.array([r[i] for r in rows], t) for i, (n, t) in enumerate(zip(names, types, strict=True))}
        )
        con.register("refused_rows", batch)
        con.execute(f"INSERT INTO {name(table)} SELECT * FROM refused_rows")
        con.unregister("refused_rows")
