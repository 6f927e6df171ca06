"""Values out of JSON that somebody else wrote: never trusted to be of the type that was promised."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from trigpoint.errors import ExtractError
from trigpoint.scanner.reading.found import Refused

_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean(text: str, /) -> str:
    """The text with half characters, which no file can hold, made U+FFFD; every other code point as it stood."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def name_of(text: str, /) -> str:
    """A name without the direction marks that apps put around it."""
    return " ".join(_MARKS.sub("", clean(text)).split())


def parsed(text: str, /) -> Any:
    """The value of JSON text. Raises ExtractError, with line and column, where it is not JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        raise ExtractError(
            f"The file is not JSON: {fault.msg}.",
            where=f"line {fault.lineno}, column {fault.colno}",
            mend="Export it again; the file may have been cut short.",
        ) from None
    except (RecursionError, ValueError):
        raise ExtractError("The file's JSON cannot be read.", mend="Export it again.") from None


def string(of: dict[str, Any], *keys: str) -> str:
    """The first of `keys` that holds words or a number, as text; else the empty text."""
    for key in keys:
        value = of.get(key)
        if isinstance(value, str) and value:
            return clean(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def part_of(of: Any, key: str) -> dict[str, Any]:
    """The object under `key`, or an empty one."""
    value = of.get(key) if isinstance(of, dict) else None
    return value if isinstance(value, dict) else {}


def listed(of: Any, key: str) -> list[Any]:
    """The list under `key`, or an empty one."""
    value = of.get(key) if isinstance(of, dict) else None
    return value if isinstance(value, list) else []


def objects(many: list[Any], /) -> Iterator[tuple[int, dict[str, Any] | Refused]]:
    """Each with its number from one; what is no object is refused."""
    for at, one in enumerate(many, 1):
        yield at, one if isinstance(one, dict) else Refused(at, "This is not a message.", "Export the chat again.")
