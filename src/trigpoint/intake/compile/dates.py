"""Dates and times of many formats, as SQL that never raises and does not try formats that cannot fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trigpoint.intake.compile.quoting import text

_DIRECTIVES = {
    "d": r"\d{1,2}", "m": r"\d{1,2}", "Y": r"\d{4}", "y": r"\d{2}", "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{2}",
    "S": r"\d{2}", "f": r"\d{1,6}", "b": "[A-Za-z]{3}", "B": "[A-Za-z]{3,9}", "p": "[AaPp][Mm]", "j": r"\d{1,3}",
    "a": "[A-Za-z]{3}", "A": "[A-Za-z]{6,9}",
}  # fmt: skip
_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d/%m/%y", "%Y%m%d")
DEFAULT = tuple(day + time for day in _DAYS for time in ("", " %H:%M", " %H:%M:%S"))
_TIME = r"( \d{1,2}:\d{2}(:\d{2})?)?"
_ISO = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}([.]\d+)?)?)?"
_ZONED = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}([.]\d+)?)?(Z|[+-]\d{2}:?\d{2})"
USUAL, EXCEL = "usual", "excel"
# A spreadsheet counts days from here (its leap day of 1900 never was); the hours are a part of a day.
_COUNTED_FROM, _COUNT = "TIMESTAMP '1899-12-30'", r"\d{5}([.]\d+)?"
EARLIEST = "TIMESTAMP '1900-01-01'"


def format_fault(fmt: str) -> str | None:
    """What is wrong with a format, or None."""
    if fmt in (USUAL, EXCEL):
        return None
    found = re.findall("%(.)", fmt)
    unknown = [d for d in found if d not in _DIRECTIVES]
    if unknown:
        return f"'%{unknown[0]}' is not a date directive that mappings know"
    if not {"Y", "y"} & set(found):
        return f"'{fmt}' has no year"
    return None


def shape(fmt: str) -> str:
    """A regular expression that every text of this format matches as a whole."""
    if fmt == EXCEL:
        return _COUNT
    parts = re.split("%(.)", fmt)
    return "".join(_DIRECTIVES[part] if i % 2 else re.escape(part).replace("/", "/") for i, part in enumerate(parts))


def moment(cell: str, formats: Sequence[str] = ()) -> str:
    """The timestamp that the text `cell` means in the first format that fits; NULL where none does.

    Formats of one shape are tried in their order; a text that cannot fit costs one pattern, not a failed parse.
    Dates written with all their digits, as systems do, are told by where the signs stand, which is quicker still.
    """
    arms = [f"WHEN regexp_full_match({cell}, {text(_ISO)}) THEN try_cast({cell} AS TIMESTAMP)"] if _iso(formats) else []
    arms += _default_arms(cell) if _usual(formats) else []
    arms += _arms(cell, [fmt for fmt in formats if fmt != USUAL])
    whole = f"CASE {' '.join(arms)} END"
    masks = _masks(formats).items()
    quick = " ".join(f"WHEN {cell} LIKE {text(mask)} THEN try_strptime({cell}, {text(fmt)})" for mask, fmt in masks)
    return f"coalesce(CASE {quick} END, {whole})" if quick else f"({whole})"


def _arms(cell: str, formats: Sequence[str]) -> list[str]:
    shapes: dict[str, list[str]] = {}
    for fmt in formats:
        shapes.setdefault(shape(fmt), []).append(fmt)
    arms = []
    for pattern, group in shapes.items():
        tries = ", ".join(_try(cell, fmt) for fmt in group)
        parsed = f"coalesce({tries})" if len(group) > 1 else tries
        arms.append(f"WHEN regexp_full_match({cell}, {text(pattern)}) THEN {parsed}")
    return arms


def _try(cell: str, fmt: str) -> str:
    if fmt == EXCEL:
        return f"{_COUNTED_FROM} + to_seconds(round(try_cast({cell} AS DOUBLE) * 86400))"
    return f"try_strptime({cell}, {text(fmt)})"


def counted_in_days(cell: str) -> str:
    """Whether `cell` looks like a day as a spreadsheet counts it, between 1954 and 2119."""
    return f"regexp_full_match({cell}, '[2-7][0-9]{{4}}([.][0-9]+)?')"


def _default_arms(cell: str) -> list[str]:
    """One for each way to write a day, whatever its time: a query of a hundred patterns takes long to prepare."""
    short = f"CASE WHEN {cell} LIKE '%:%' THEN {cell} || ':00' ELSE {cell} || ' 00:00:00' END"
    whole = f"CASE WHEN {cell} LIKE '%:%:%' THEN {cell} ELSE {short} END"
    arms = [
        f"WHEN regexp_full_match({cell}, {text(shape(day) + _TIME)}) "
        f"THEN try_strptime({whole}, {text(day + ' %H:%M:%S')})"
        for day in _DAYS
    ]
    zoned = f"try_cast({cell} AS TIMESTAMPTZ) AT TIME ZONE 'Europe/London'"
    return [*arms, f"WHEN regexp_full_match({cell}, {text(_ZONED)}) THEN {zoned}"]


def _masks(formats: Sequence[str]) -> dict[str, str]:
    """Formats by where their signs stand when every digit is written: those told by signs alone, and by one format."""
    told: dict[str, list[str]] = {}
    for fmt in (*formats, *(DEFAULT if _usual(formats) else ())):
        if re.fullmatch(r"%[dm]([/.-])%[dm]\1%Y( %H:%M(:%S)?)?", fmt):
            told.setdefault(re.sub("%.", lambda d: "____" if d[0] == "%Y" else "__", fmt), []).append(fmt)
    return {mask: group[0] for mask, group in told.items() if len(group) == 1}


def _iso(formats: Sequence[str]) -> bool:
    return _usual(formats) or any(fmt.startswith("%Y-%m-%d") for fmt in formats)


def _usual(formats: Sequence[str]) -> bool:
    return not formats or USUAL in formats


def clock(cell: str) -> str:
    """The time of day that the text `cell` means (19:30, 19:30:00, 1930, 7.30 pm); NULL where it cannot be."""
    width = f"CASE WHEN length({cell}) > 5 THEN 8 ELSE 5 END"
    arms = [
        (r"\d{1,2}:\d{2}(:\d{2})?", f"try_cast(lpad({cell}, {width}, '0') AS TIME)"),
        (r"\d{3,4}", f"try_cast(left(lpad({cell}, 4, '0'), 2) || ':' || right({cell}, 2) AS TIME)"),
        (r"\d{1,2}[.:]\d{2} ?[AaPp][Mm]",
         f"try_strptime(upper(replace(replace({cell}, '.', ':'), ' ', '')), '%I:%M%p')::TIME"),
    ]  # fmt: skip
    cases = " ".join(f"WHEN regexp_full_match({cell}, {text(pattern)}) THEN {then}" for pattern, then in arms)
    return f"(CASE {cases} WHEN regexp_full_match({cell}, {text(_ISO)}) THEN try_cast({cell} AS TIMESTAMP)::TIME END)"


def precision(cell: str, formats: Sequence[str]) -> str:
    """'day', 'month' or 'year': how precise the format is that `cell` is written in."""
    arms = []
    for fmt in formats:
        if "%" in fmt and "%d" not in fmt and "%j" not in fmt:
            word = "month" if re.search("%[mbB]", fmt) else "year"
            arms.append(f"WHEN regexp_full_match({cell}, {text(shape(fmt))}) THEN '{word}'")
    return f"(CASE {' '.join(arms)} ELSE 'day' END)" if arms else "'day'"
