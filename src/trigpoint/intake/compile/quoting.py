"""Names and texts put safely into SQL, and the ids that every table shares."""

from __future__ import annotations

from collections.abc import Iterable

SEPARATOR = "chr(31)"


def name(word: str) -> str:
    """`word` as an SQL identifier."""
    return '"' + word.replace('"', '""') + '"'


def text(word: str) -> str:
    """`word` as an SQL text literal."""
    return "'" + word.replace("'", "''") + "'"


def texts(words: Iterable[str]) -> str:
    """A parenthesised list of text literals."""
    return "(" + ", ".join(map(text, words)) + ")"


def digest(*parts: str) -> str:
    """The id over SQL text expressions `parts`: 20 hexadecimal characters; NULL parts count as empty."""
    return f"left(md5({joined(parts)}), 20)"


def joined(parts: Iterable[str]) -> str:
    """All parts as one text with separators; `concat` takes NULL as empty and copies once."""
    return f"concat({f', {SEPARATOR}, '.join(parts)})"


def any_of(tests: Iterable[str]) -> str:
    """True when one of the SQL tests is; false for none at all."""
    return " OR ".join(f"({t})" for t in tests) or "false"


def lookup(expression: str, table: dict[str, str]) -> str:
    """`table[expression]`, NULL where it has none."""
    if not table:
        return "NULL::VARCHAR"
    pairs = ", ".join(f"{text(k)}: {text(v)}" for k, v in table.items())
    return f"MAP {{{pairs}}}[{expression}]"
