"""DuckDB's functions, as they work on values that are not null. A test holds each against DuckDB itself.

Texts are compared for likeness byte by byte, as DuckDB does, and counted in code points. Lists are tuples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

TextList = Sequence[str | None]


def length(value: Sequence[Any]) -> int:
    """len(text or list)."""
    return len(value)


def left(text: str, size: int) -> str:
    """The first characters; all but the last so many where negative."""
    return text[:size]


def right(text: str, size: int) -> str:
    """The last characters."""
    return text[-size:] if size else ""


def substring(text: str, start: int, size: int | None = None) -> str:
    """From the character at `start`, counted from 1."""
    return text[start - 1 :] if size is None else text[start - 1 : start - 1 + size]


def lower(text: str) -> str:
    """In small letters, letter by letter."""
    return "".join(letter.lower() for letter in text)


def split_part(text: str, mark: str, place: int) -> str:
    """The part at `place`, counted from 1; empty where there are fewer."""
    parts = text.split(mark)
    return parts[place - 1] if place <= len(parts) else ""


def contains(items: TextList, item: str) -> bool:
    """Whether the list holds the item."""
    return item in items


def overlap(one: TextList, other: TextList) -> bool:
    """Whether the lists have an item in common that is not null."""
    for item in one:  # noqa: SIM110  a generator costs more than the short lists that it would walk
        if item is not None and item in other:
            return True
    return False


def intersect(one: TextList, other: TextList) -> TextList:
    """The items that are in both, each once."""
    return tuple(item for item in dict.fromkeys(one) if item is not None and item in other)


def distinct(items: TextList) -> TextList:
    """The items, each once, without nulls."""
    return tuple(item for item in dict.fromkeys(items) if item is not None)


def append(items: TextList | None, item: str | None) -> TextList:
    """The list with one item more; a list that is null is an empty one."""
    return (*(items or ()), item)


def element(items: Sequence[Any], place: int) -> Any:
    """The item at `place`, counted from 1; None where there is none."""
    return items[place - 1] if 1 <= place <= len(items) else None


def jaro_winkler_similarity(one: str, other: str) -> float:
    """0 to 1; two empty texts are not alike."""
    if not one:
        return 0.0
    plain = one.isascii() and other.isascii()
    return float(JaroWinkler.similarity(*(one, other) if plain else (one.encode(), other.encode())))


def damerau_levenshtein(one: str, other: str) -> int:
    """How many letters were changed, added, left out or swapped."""
    plain = one.isascii() and other.isascii()
    return int(DamerauLevenshtein.distance(*(one, other) if plain else (one.encode(), other.encode())))


def levenshtein(one: str, other: str) -> int:
    """How many letters were changed, added or left out."""
    return int(Levenshtein.distance(one.encode(), other.encode()))


def greatest(*values: Any) -> Any:
    """The greatest of those that are not null."""
    return max((value for value in values if value is not None), default=None)


def least(*values: Any) -> Any:
    """The least of those that are not null."""
    return min((value for value in values if value is not None), default=None)


def joined(one: str, other: str) -> str:
    """One text after the other."""
    return one + other


def add(one: float, other: float) -> float:
    """Sum."""
    return one + other


def subtract(one: float, other: float) -> float:
    """Difference."""
    return one - other


def multiply(one: float, other: float) -> float:
    """Product."""
    return one * other


def divide(one: float, other: float) -> float | None:
    """Quotient; None for a division by nought."""
    return one / other if other else None


def negative(value: float) -> float:
    """With the other sign."""
    return -value


def whole(value: str | float) -> int:
    """As a whole number."""
    return int(value)


def number(value: str | float) -> float:
    """As a number."""
    return float(value)


def text(value: object) -> str:
    """As text."""
    return str(value)


def pow(base: float, power: float) -> float:  # noqa: A001  the name that SQL gives it
    """`base` to the `power`; infinite where no number can hold it."""
    try:
        return float(base**power)
    except OverflowError:
        return math.inf


abs = abs  # noqa: A001, PLW0127  the name that SQL gives it
ln, log2, log10 = math.log, math.log2, math.log10
