"""The blocking keys of one row, by the batch's own rules: a rule's SELECT is read once and run on the row in Python.

A key lies in the index as 64 bits of the MD5 of the rule's place and the key's text; a test holds the SQL and the
Python to the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from hashlib import md5
from typing import Any, TypeAlias

from sqlglot import exp

from trigpoint.errors import LinkageError
from trigpoint.linkage.lookup.sql_to_python import SPACE, Python, read_sql
from trigpoint.linkage.scoring.blocking import RULES
from trigpoint.linkage.scoring.model import LinkSettings

Rows: TypeAlias = "Callable[[Mapping[str, Any]], Iterable[dict[str, Any]]]"
_LIST = "unnested"
READ = {"expressions", "from_", "from", "distinct", "kind"}


def keys_sql(number: int) -> str:
    """SELECT of key (a whole number of 64 bits) and n for the rule in this place of RULES, over the linking rows."""
    return (
        f"SELECT DISTINCT md5_number_lower('{number}:' || key) AS key, n FROM ({RULES[number].keys}) "
        "WHERE key IS NOT NULL"
    )


def most_in_block(settings: LinkSettings) -> tuple[int, ...]:
    """For each rule, how many records a block may hold before it is passed over."""
    return tuple(int(getattr(settings, rule.cap)) for rule in RULES)


def keys_of(row: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """(rule, key) of one linking row, given by column, each once."""
    for number, rows in enumerate(_rules()):
        found = {made["key"] for made in rows({**row, "n": 0})}
        for key in sorted(str(key) for key in found if key is not None):
            yield number, key_number(number, key)


def key_number(rule: int, key: str) -> int:
    """The lower 64 bits of the MD5, as DuckDB's md5_number_lower has them."""
    return int.from_bytes(md5(f"{rule}:{key}".encode(), usedforsecurity=False).digest()[8:], "little")


@cache
def _rules() -> tuple[Rows, ...]:
    return tuple(_select(read_sql(rule.keys), rule=rule.name) for rule in RULES)


def _select(node: Any, *, rule: str) -> Rows:
    """A SELECT over the linking rows, or over such a SELECT, as a function of one row."""
    if not isinstance(node, exp.Select) or any(part for key, part in node.args.items() if key not in READ and part):
        raise _refusal(rule)
    source = (node.args.get("from_") or node.args["from"]).this
    inner = _select(source.this, rule=rule) if isinstance(source, exp.Subquery) else _one_row
    columns = [_projected(column, rule=rule) for column in node.selects]
    return lambda row: [made for each in inner(row) for made in _made(each, columns)]


def _one_row(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(row)]


_Value: TypeAlias = "Callable[[Mapping[str, Any], Any], Any]"
_Column: TypeAlias = "tuple[str, _Value, _Value | None]"


def _projected(node: Any, *, rule: str) -> _Column:
    """A column's name, its value, and the list that it is unnested from, if it is."""
    name, written = node.alias_or_name, node.unalias().copy()
    unnested = list(written.find_all(exp.Explode))
    if len(unnested) > 1:
        raise _refusal(rule)
    if not unnested:
        return name, _function(written), None
    items = _function(unnested[0].this)
    if written is unnested[0]:
        return name, _function(exp.column(_LIST)), items
    unnested[0].replace(exp.column(_LIST))
    return name, _function(written), items


def _function(node: Any) -> _Value:
    names = {column.name: f"row[{column.name!r}]" for column in node.find_all(exp.Column)} | {_LIST: _LIST}
    made: _Value = eval(  # noqa: S307  made of our own SQL, never of a file's
        f"lambda row, {_LIST}: {Python(names).value(node)}", dict(SPACE)
    )
    return made


def _made(row: Mapping[str, Any], columns: list[_Column]) -> Iterator[dict[str, Any]]:
    lists = [items(row, None) or () for _, _, items in columns if items is not None]
    for item in lists[0] if lists else (None,):
        yield {name: value(row, item) for name, value, _ in columns}


def _refusal(rule: str) -> LinkageError:
    return LinkageError(
        f"the look-up cannot follow the blocking rule '{rule}'",
        where="trigpoint.linkage.lookup.blocks",
        mend="Write it as SELECT n, ... AS key FROM the linking rows, with at most one unnest in each SELECT.",
    )
