"""A cell as printed: a number, or a mark that stands in its place. A mark is kept as it is and never becomes nought."""

from __future__ import annotations

import re
from typing import Final

# Government Analysis Function, "Symbols in tables: definitions and help", and what its publishers print beside.
MARKS: Final = {
    "c": "confidential: hidden by the publisher",
    "x": "not available",
    "z": "not applicable",
    "u": "of low reliability",
    "k": "rounds to nought",
    "low": "rounds to nought or is small",
    "w": "none recorded",
    "*": "hidden by the publisher",
    ":": "not available",
    "..": "not available",
    "...": "not available",
    ".": "not applicable",
    "-": "printed as a dash; the publisher's notes say whether nought or hidden",
    "~": "small",
    "n/a": "not applicable",
    "": "left blank by the publisher",
}
BESIDE: Final = {"p": "provisional", "r": "revised", "e": "estimated", "b": "break in the series", "f": "forecast"}

_NUMBER = re.compile(r"(?P<number>-?\d{1,3}(?:,\d{3})+|-?\d+(?:\.\d+)?)(?:\s*\[(?P<mark>[a-z0-9 ]+)\])?", re.IGNORECASE)
_NOTE = re.compile(r"\s*\[(?:note|n)\s*\d+(?:\s*[,;]\s*\d+)*\]", re.IGNORECASE)


def read_cell(cell: object) -> tuple[float | None, str | None] | None:
    """A number and the mark beside it, or no number and the mark in its place; None for what is neither.

    The mark is as printed, brackets and all; a blank cell is a mark too ("").
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell), None
    text = "" if cell is None else str(cell).strip()
    if found := _NUMBER.fullmatch(text):
        mark = found["mark"]
        return float(found["number"].replace(",", "")), f"[{mark}]" if mark else None
    return (None, text) if meaning(text) is not None else None


def meaning(mark: str) -> str | None:
    """What a mark says in plain words, None for one that is not known."""
    bare = mark.strip().lower()
    if bare.startswith("[") and bare.endswith("]"):
        bare = bare[1:-1]
    return {**BESIDE, **MARKS}.get(bare)


def plain(cell: object) -> str:
    """The words of a heading or label: no line breaks, no marks of notes, one space between words."""
    return " ".join(_NOTE.sub("", "" if cell is None else str(cell)).split())


def name(cell: object) -> str:
    """A heading as a name: `Age group` and `age_group` are the same."""
    return re.sub(r"[^a-z0-9]+", "_", plain(cell).lower()).strip("_")
