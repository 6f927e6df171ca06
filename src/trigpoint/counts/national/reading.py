"""From a published file to figures: which publication it is, then read by the reader of its layout."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from trigpoint.counts.national.factors import is_factors, read_factors
from trigpoint.counts.national.figures import Read, Where, table_of
from trigpoint.counts.national.nrm import is_nrm, read_nrm
from trigpoint.counts.national.periods import Period
from trigpoint.counts.national.police import find_police, read_police
from trigpoint.counts.national.sheets import Sheet, read_sheets
from trigpoint.counts.national.street import is_street, read_street
from trigpoint.errors import CountsError, SettingsError

ONS_CODE = re.compile(r"[EWSNKJ]\d{8}")


def read_national(
    path: Path, *, published_on: date, period: Period | None = None, area_code: str | None = None
) -> tuple[pa.Table, list[str]]:
    """The figures of a published file in the columns of NATIONAL, and remarks on what was left out.

    `period` is that of a table which names none; `area_code` the ONS code of the area of a file which names none.
    Raises CountsError with sheet, row and column for what cannot be read, SettingsError for a code that is none.
    """
    if area_code is not None and not ONS_CODE.fullmatch(area_code):
        raise SettingsError(f"'{area_code}' is no code of an area.",
                            mend="An ONS code is a letter and eight digits, such as E08000035.")  # fmt: skip
    sheets = read_sheets(path)
    read = _coded(_read(sheets, period=period, area_code=area_code), area_code)
    if not read.cells:
        raise CountsError("The file holds no figures.", where=path.name, mend="Download it again.")
    return table_of(read, published_on=published_on, file=path.name), read.remarks


def _read(sheets: list[Sheet], *, period: Period | None, area_code: str | None) -> Read:
    first = sheets[0]
    if is_street(first):
        return read_street(first, period=period, area_code=area_code)
    if is_factors(first):
        return read_factors(first)
    if police := find_police(sheets):
        return read_police(police)
    if is_nrm(sheets):
        return read_nrm(sheets, period=period)
    raise CountsError(
        "The layout of the file is not known: no row of headings was recognised.",
        where=f"{first.file}, {first.place(0)}",
        mend="These are read: NRM data tables of the Home Office, factors at the end of assessment of the Department "
        "for Education, open data tables of arrests and of stop and search, and months of data.police.uk.",
    )  # fmt: skip


def _coded(read: Read, area_code: str | None) -> Read:
    """With the code that a person gave where the file gives none and names one area alone."""
    if area_code is None or len({cell.where for cell in read.cells}) != 1:
        return read
    return replace(read, cells=[replace(cell, where=_with(cell.where, area_code)) for cell in read.cells])


def _with(where: Where, code: str) -> Where:
    return where if where.code else replace(where, code=code)
