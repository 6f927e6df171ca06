"""Values and conditions of a mapping as SQL over cleaned cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Literal

from trigpoint.intake.compile.quoting import any_of, lookup, name, text, texts
from trigpoint.intake.language import Condition, ForEach, Value
from trigpoint.terms.pack import CodeList

Cells = Callable[[str], str]
"""The SQL of a column's cleaned cell, by the name that the mapping uses."""

TRUTH = dict.fromkeys(("true", "t", "yes", "y", "1", "1.0"), "true") | dict.fromkeys(
    ("false", "f", "no", "n", "0", "0.0"), "false"
)


@cache
def fold(column: str) -> str:
    """A column's name without case, spaces and punctuation: how names are compared."""
    return "".join(c for c in column.casefold() if c.isalnum()) or column


def clean(cell: str, *, nulls: Iterable[str], spaces: Spaces) -> str:
    """A cell without outer spaces, NULL where it holds nothing or one of `nulls`."""
    trimmed = {"none": cell, "plain": f"trim({cell})", "odd": f"trim({cell}, {SPACES})"}[spaces]
    nothing = sorted({word.strip().lower() for word in nulls} - {""})
    if not nothing:
        return cell if spaces == "none" else f"nullif({trimmed}, '')"
    # By length first: few cells are as long as one of the words, and a length costs less than letters made small.
    # Compared one by one, for a longer list of words would become a join over all rows.
    by_length: dict[int, list[str]] = {}
    for word in nothing:
        by_length.setdefault(len(word.encode()), []).append(f"lower({trimmed}) = {text(word)}")
    arms = " ".join(f"WHEN {n} THEN CASE WHEN NOT ({' OR '.join(w)}) THEN {trimmed} END" for n, w in by_length.items())
    return f"CASE strlen({trimmed}) WHEN 0 THEN NULL {arms} ELSE {trimmed} END"


Spaces = Literal["none", "plain", "odd"]
"""What stands round the cells of a file: nothing, blanks, or tabs and unbreakable spaces too."""
SPACES = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)"


def raw(value: Value, cells: Cells) -> str:
    """What the value's cells hold, before any code table; NULL where they hold nothing."""
    if value.value is not None:
        found = text(value.value)
    elif value.columns:
        parts = ", ".join(cells(column) for column in value.columns)
        found = f"nullif(concat_ws({text(value.join)}, {parts}), '')"
    elif value.first_of:
        found = f"coalesce({', '.join(coded(raw(v, cells), v, listed=None) for v in value.first_of)}, NULL)"
    else:
        found = cells(value.column or "")
    if value.match is None:
        return found
    group = 1 if re.compile(value.match).groups else 0
    return f"nullif(trim(regexp_extract({found}, {text(value.match)}, {group})), '')"


def coded(source: str, value: Value, *, listed: CodeList | None) -> str:
    """`source` through the value's code table, else through the pack's list; NULL for a code that neither knows."""
    if value.value is not None or (value.codes is None and listed is None):
        return source
    table: Mapping[str, str]
    if isinstance(value.codes, dict):
        table = {word.strip().lower(): meaning for word, meaning in value.codes.items()}
    else:
        table = listed.spelling() if listed else {}
    found = lookup(f"lower({source})", dict(table))
    if value.otherwise is None:
        return found
    return f"CASE WHEN {source} IS NOT NULL THEN coalesce({found}, {text(value.otherwise)}) END"


def condition(test: Condition, cells: Cells) -> str:
    """A condition as SQL that is true or false, never NULL."""
    if test.all_ is not None:
        return " AND ".join(f"({condition(t, cells)})" for t in test.all_) or "true"
    if test.any_ is not None:
        return any_of(condition(t, cells) for t in test.any_)
    if test.not_ is not None:
        return f"NOT ({condition(test.not_, cells)})"
    cell = cells(test.column or "")
    return f"coalesce({' AND '.join(_tests(test, cell))}, false)"


def _tests(test: Condition, cell: str) -> list[str]:
    found = []
    if test.is_ is not None:
        found.append(f"lower({cell}) IN {_lower(test.is_)}")
    if test.is_not is not None:
        found.append(f"({cell} IS NULL OR lower({cell}) NOT IN {_lower(test.is_not)})")
    if test.filled is not None:
        found.append(f"({cell} IS {'NOT ' if test.filled else ''}NULL)")
    if test.matches is not None:
        found.append(f"regexp_matches({cell}, {text(test.matches)}, 'i')")
    if test.at_least is not None:
        found.append(f"try_cast({cell} AS DOUBLE) >= {test.at_least}")
    if test.at_most is not None:
        found.append(f"try_cast({cell} AS DOUBLE) <= {test.at_most}")
    return found


def _lower(words: Iterable[str]) -> str:
    return texts(sorted({word.strip().lower() for word in words}))


def parts(each: ForEach, cells: Cells) -> str:
    """A list of structs, one for each event that a row gives, with the fields that `each` names."""
    if each.groups:
        structs = [_struct({n: cells(g[n]) if n in g else "NULL" for n in each.names}) for g in each.groups]
        filled = " OR ".join(f"g.{name(n)} IS NOT NULL" for n in each.names)
        return f"list_filter([{', '.join(structs)}], lambda g: {filled})"
    field = name(each.as_)
    if each.columns:
        cell_list = f"[{', '.join(cells(column) for column in each.columns)}]"
    else:
        cell_list = split(cells(each.column or ""), each.split or "", take=each.take)
    trimmed = f"list_transform({cell_list}, lambda c: {{{field}: nullif(trim(c), '')}})"
    return f"list_filter({trimmed}, lambda g: g.{field} IS NOT NULL)"


def split(cell: str, by: str, *, take: str | None = None) -> str:
    """The parts of a cell as a list of texts; a cell that should be JSON and is not is one part, itself."""
    if by != "json":
        return f"string_split({cell}, {text(by)})"
    path = f"$[*].{take}" if take else "$[*]"
    return (
        f"CASE WHEN json_valid({cell}) AND json_type({cell}) = 'ARRAY' THEN json_extract_string({cell}, {text(path)}) "
        f"WHEN {cell} IS NULL THEN [] ELSE [{cell}] END"
    )


def _struct(fields: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name(n)}: {sql}" for n, sql in fields.items()) + "}"
