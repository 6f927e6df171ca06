"""Keep figures that others publish in the partnership's folder, and show them with their source and kind of period."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from trigpoint.counts.national import ALL, PERIOD_TYPES, SERIES, change, meaning, read_national, read_period
from trigpoint.errors import NotFoundError, SettingsError, nearest
from trigpoint.intake.readers.workbook import guard_zip
from trigpoint.services.workspace import Workspace

PERIODS_SHOWN = 12


@dataclass(frozen=True)
class Added:
    """What one file gave: its series, how many figures and marks, and what was left out of it."""

    series: str
    figures: int
    marks: int
    periods: list[str]
    remarks: list[str]
    again: bool = False


def add_national(
    workspace: Workspace,
    file: Path,
    *,
    published_on: date,
    period: str | None = None,
    area_code: str | None = None,
) -> Added:
    """Read a published file and keep its figures. A file that is already kept changes nothing.

    Raises CountsError with sheet, row and column where a figure cannot be read (nothing is kept then),
    SettingsError for a period or an area that is none.
    """
    _refuse(file, published_on)
    given = read_period(period) if period else None
    if period and given is None:
        raise SettingsError(f"'{period}' is no period.",
                            mend="Write 2024, 2024/25, 2024-Q3, 2024-09, or a day for a snapshot.")  # fmt: skip
    guard_zip(file)
    mark = hashlib.sha256(file.read_bytes()).hexdigest()
    known = workspace.store.read("national", columns=["file_hash"])["file_hash"]
    figures, remarks = read_national(file, published_on=published_on, period=given, area_code=area_code)
    again = mark in known.to_pylist()
    if not again:
        rows = len(figures)
        hashes, times = pa.array([mark] * rows), pa.array([datetime.now()] * rows, pa.timestamp("us"))
        figures = _with(figures, file_hash=hashes, added_at=times)
        with workspace.store.write("keep published figures") as tx:
            tx.append("national", figures)
    return Added(
        figures["series"][0].as_py(),
        pc.count(figures["value"]).as_py(),
        len(figures) - pc.count(figures["value"]).as_py(),
        sorted(set(figures["period"].to_pylist())),
        remarks,
        again,
    )


def list_national(workspace: Workspace) -> list[tuple[str, str, str, str, int]]:
    """The files that are kept: series, file, when published, kinds of period, how many figures and marks."""
    rows = workspace.store.read(
        "national", columns=["series", "file", "published_on", "period_type", "file_hash"]
    ).to_pylist()
    files: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        files.setdefault(row["file_hash"], []).append(row)
    listed = [
        (
            SERIES[of[0]["series"]].title,
            of[0]["file"],
            of[0]["published_on"].isoformat(),
            ", ".join(kind for kind in PERIOD_TYPES if kind in {row["period_type"] for row in of}),
            len(of),
        )
        for of in files.values()
    ]
    return sorted(listed, key=lambda row: (row[0], row[2], row[1]))


@dataclass(frozen=True)
class Shown:
    """Figures of one kind of period, so that none stands beside one of another: heads and rows of a table."""

    period_type: str
    rows: list[tuple[str, str, str, str, str, str]]


def show_national(
    workspace: Workspace, series: str, *, area: str | None = None, category: str | None = None, every: bool = False
) -> tuple[list[Shown], str]:
    """Figures of a series, latest publication first, parted by kind of period; and what the series cannot say.

    `area` is an ONS code or a name, `category` a type, factor or reason; without `every` only figures of children
    that are not parted further. Raises NotFoundError where there are none.
    """
    if series not in SERIES:
        near = nearest(series, list(SERIES))
        hint = f"Did you mean '{near}'? " if near else ""
        raise NotFoundError(f"There is no series '{series}'.", mend=f"{hint}There are: {', '.join(SERIES)}.")
    rows = [
        row
        for row in latest(workspace, series)
        if _matches(area, row["area_code"], row["area"])
        and _matches(category, row["category"])
        and (every or (row["sex"] == row["ethnicity"] == ALL and not row["other"] and _of_children(row)))
    ]
    if not rows:
        raise NotFoundError(
            "No figure of that series answers this.",
            mend="See what is kept with: trigpoint national list FOLDER; add --every for figures that are parted more.",
        )
    shown = [Shown(kind, _rows([row for row in rows if row["period_type"] == kind])) for kind in PERIOD_TYPES]
    return [one for one in shown if one.rows], SERIES[series].caution


def latest(workspace: Workspace, series: str) -> list[dict[str, Any]]:
    """Every figure of a series in the latest publication that gives it, as rows of `national`."""
    table = workspace.store.read("national")
    rows = table.filter(pc.equal(table["series"], series)).to_pylist()
    newest: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["published_on"], row["added_at"])):
        newest[_what(row)] = row
    return list(newest.values())


def said(row: dict[str, Any]) -> str:
    """A figure as it is shown: the number, with the mark beside it; or the mark that stands in its place."""
    if row["value"] is None:
        return row["mark"] or "blank"
    number = f"{row['value']:,.0f}" if row["value"] == int(row["value"]) else f"{row['value']:,}"
    return f"{number} ({row['mark']})" if row["mark"] else number


def marks_said(rows: Iterable[dict[str, Any]]) -> list[str]:
    """The marks among some figures, with what they mean."""
    marks = sorted({row["mark"] for row in rows if row["mark"] is not None})
    return [f"{mark or 'blank'}: {meaning(mark) or 'see the publisher'}" for mark in marks]


def _what(row: dict[str, Any]) -> tuple[object, ...]:
    parts = ("measure", "category", "age", "sex", "ethnicity", "other", "area", "area_kind", "period", "period_type")
    return tuple(row[part] for part in parts)


def _rows(rows: list[dict[str, Any]]) -> list[tuple[str, str, str, str, str, str]]:
    lines: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in rows:
        lines.setdefault((row["area"], row["measure"], row["category"], row["age"], row["other"]), []).append(row)
    made = []
    for (area, measure, category, age, _), of in sorted(lines.items(), key=lambda item: str(item[0])):
        ordered = sorted(of, key=lambda row: row["from_on"])[-PERIODS_SHOWN:]
        for before, row in zip([None, *ordered], ordered, strict=False):
            follows = before is not None and before["to_on"] + timedelta(days=1) == row["from_on"]
            moved = change(before, row) if before and follows else None
            of_what = ", ".join(str(part) for part in (measure, category, age) if part != ALL)
            moved_said = "" if moved is None else f"{moved:+.0%}"
            made.append((str(area), of_what, row["period"], said(row), moved_said, row["published_on"].isoformat()))
    return made


def _of_children(row: dict[str, Any]) -> bool:
    return row["series"] != "nrm" or row["age"] == ALL or str(row["age"]).lower().startswith("child")


def _matches(asked: str | None, *found: str | None) -> bool:
    return asked is None or any(asked.casefold() == (one or "").casefold() for one in found)


def _refuse(file: Path, published_on: date) -> None:
    if not file.is_file():
        raise NotFoundError("There is no such file.", where=str(file), mend="Give the path of the published file.")
    if published_on > date.today():
        raise SettingsError("The day of publication lies ahead.", where=f"--published {published_on}",
                            mend="It stands on the page from which the file was downloaded.")  # fmt: skip


def _with(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, column in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table
