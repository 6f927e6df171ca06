"""Dates and times of many formats, as SQL that never raises and does not try formats that cannot fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from trigpoint.intake.compile.quoting import text

_DIRECTIVES = {
    "d": r"\d{1,2}", "m": r"\d{1,2}", "Y": r"\d{4}", "y": r"\d{2}", "H": r"\d{1,2}", "I": r"\d{1,2}", "M": r"\d{2}",
    "S": r"\d{2}", "f": r"\d{1,6}", "b": "[A-Za-z]{3}", "B": "[A-Za-z]{3,9}", "p": "[AaPp][Mm]", "j": r"\d{1,3}",
    "a": "[A-Za-z]{3}", "A": "[A-Za-z]{6,9}",
}  # fmt: skip
_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d/%m/%y", "%Y%m%d")
DEFAULT = tuple(day + time for day in _DAYS for time in ("", " %H:%M", " %H:%M:%S"))
_ISO = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}([.]\d+)?)?)?"
_ZONED = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}([.]\d+)?)?(Z|[+-]\d{2}:?\d{2})"
EARLIEST = "TIMESTAMP '1900-01-01'"


def format_fault(fmt: str) -> str | None:
    """What is wrong with a format, or None."""
    found = re.findall("%(.)", fmt)
    unknown = [d for d in found if d not in _DIRECTIVES]
    if unknown:
        return f"'%{unknown[0]}' is not a date directive that mappings know"
    if not {"Y", "y"} & set(found):
        return f"'{fmt}' has no year"
    return None


def shape(fmt: str) -> str:
    """A regular expression that every text of this format matches as a whole."""
    parts = re.split("%(.)", fmt)
    return "".join(_DIRECTIVES[part] if i % 2 else re.escape(part).replace("/", "/") for i, part in enumerate(parts))


def moment(cell: str, formats: Sequence[str] = ()) -> str:
    """The timestamp that the text `cell` means in the first format that fits; NULL where none does.

    Formats of one shape are tried in their order; a text that cannot fit costs one pattern, not a failed parse.
    Dates written with all their digits, as systems do, are told by where the signs stand, which is quicker still.
    """
    shapes: dict[str, list[str]] = {}
    for fmt in formats or DEFAULT:
        shapes.setdefault(shape(fmt), []).append(fmt)
    arms = [f"WHEN regexp_full_match(s, {text(_ISO)}) THEN try_cast(s AS TIMESTAMP)"] if _iso(formats) else []
    for pattern, group in shapes.items():
        tries = ", ".join(f"try_strptime(s, {text(fmt)})" for fmt in group)
        parsed = f"coalesce({tries})" if len(group) > 1 else tries
        arms.append(f"WHEN regexp_full_match(s, {text(pattern)}) THEN {parsed}")
    if not formats:
        zoned = "try_cast(s AS TIMESTAMPTZ) AT TIME ZONE 'Europe/London'"
        arms.append(f"WHEN regexp_full_match(s, {text(_ZONED)}) THEN {zoned}")
    whole = f"CASE {' '.join(arms)} END"
    quick = [f"WHEN s LIKE {text(mask)} THEN try_strptime(s, {text(fmt)})" for mask, fmt in _masks(shapes).items()]
    found = f"coalesce(CASE {' '.join(quick)} END, {whole})" if quick else f"({whole})"
    return found.replace("(s", f"({cell}").replace("WHEN s ", f"WHEN {cell} ")


def _masks(shapes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Formats by where their signs stand when every digit is written: those told by signs alone, and by one format."""
    found: dict[str, str] = {}
    for group in shapes.values():
        days = re.fullmatch(r"%[dm]([/.-])%[dm]\1%Y( %H:%M(:%S)?)?", group[0])
        if days and len(group) == 1:
            found[re.sub("%.", lambda d: "____" if d[0] == "%Y" else "__", group[0])] = group[0]
    return found


def _iso(formats: Sequence[str]) -> bool:
    return not formats or any(fmt.startswith("%Y-%m-%d") for fmt in formats)


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
        if "%d" not in fmt and "%j" not in fmt:
            word = "month" if re.search("%[mbB]", fmt) else "year"
            arms.append(f"WHEN regexp_full_match({cell}, {text(shape(fmt))}) THEN '{word}'")
    return f"(CASE {' '.join(arms)} ELSE 'day' END)" if arms else "'day'"
