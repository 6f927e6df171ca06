"""Read a narrative for words that blame a child, and suggest others. A suggestion never blocks anything.

The table is the pack's (language.yaml). What stands in quotation marks is somebody's own words, and official labels of
the pack's code lists are what they are: both are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trigpoint.terms.located import read_yaml
from trigpoint.terms.pack import Pack, Source, load_pack

LONGEST: Final = 50_000  # characters that are read; a longer text is read up to there
FEWEST_WORDS: Final = 3  # of an official label that is left alone: a shorter one may be anybody's words
QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"\n]*\"|‘[^’]*’(?!\w)|(?<!\w)'[^'\n]*'(?!\w)|^>.*$", re.MULTILINE)
ENDS: Final = ".!?\n"
BLANK: Final = r"\s+"


@dataclass(frozen=True)
class Suggestion:
    """Words at `start` to `end` of the text, why they may blame a child, and what may be said instead."""

    rule: str
    start: int
    end: int
    words: str
    why: str
    instead: tuple[str, ...]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^L\d\d$")
    words: tuple[str, ...] = Field(min_length=1)
    why: str
    instead: tuple[str, ...] = Field(alias="try", min_length=1)
    unless: tuple[str, ...] = ()
    status: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    version: int
    source: Source
    entries: tuple[_Entry, ...]


@dataclass(frozen=True)
class _Rule:
    entry: _Entry
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None


def read(text: str) -> tuple[Suggestion, ...]:
    """The suggestions for a text, in order; none overlaps another."""
    shortened = text[:LONGEST]
    left_alone = [*_quoted(shortened), *_labels(shortened)]
    found = [
        one for one in _matches(shortened) if not any(one.start < end and start < one.end for start, end in left_alone)
    ]
    return tuple(_apart(found))


def _matches(text: str) -> Iterator[Suggestion]:
    for rule in _rules():
        for match in rule.pattern.finditer(text):
            if rule.unless and rule.unless.search(_sentence(text, match.start())):
                continue
            entry = rule.entry
            yield Suggestion(entry.id, match.start(), match.end(), match.group(), entry.why, entry.instead)


def _apart(found: list[Suggestion]) -> Iterator[Suggestion]:
    """The first of those that overlap, the longest of those that begin together."""
    upto = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= upto:
            yield one
            upto = one.end


def _sentence(text: str, at: int) -> str:
    start = max(text.rfind(sign, 0, at) for sign in ENDS) + 1
    ends = [end for sign in ENDS if (end := text.find(sign, at)) >= 0]
    return text[start : min(ends, default=len(text))]


def _quoted(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in QUOTED.finditer(text)]


def _labels(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _label_pattern().finditer(text)]


@cache
def _label_pattern() -> re.Pattern[str]:
    titles = {code.title for codes in load_pack().codes.values() for code in codes.values.values()}
    long = sorted((one for one in titles if len(one.split()) >= FEWEST_WORDS), key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(title)}\b" for title in long), re.IGNORECASE)


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(_rule(entry) for entry in read_language(load_pack()).entries)


def read_language(pack: Pack, path: Path | None = None) -> _File:
    """The pack's table of words, checked. Raises TermsError, with file and place, where it is broken."""
    located = read_yaml(path or pack.folder / "language.yaml")
    try:
        return _File.model_validate(located.value)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        spot = [part for part in first["loc"] if isinstance(part, str | int)]
        raise located.error(str(first["msg"]).lower(), at=spot) from None


def _rule(entry: _Entry) -> _Rule:
    words = "|".join(_pattern(phrase) for phrase in entry.words)
    unless = "|".join(re.escape(word) for word in entry.unless)
    return _Rule(
        entry,
        re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{unless})(?!\w)", re.IGNORECASE) if unless else None,
    )


def _pattern(phrase: str) -> str:
    """A phrase of the table as a regular expression: (a|b) is a choice, `...` up to four words between."""
    return "".join(_piece(word) for word in _words(phrase)).removesuffix(BLANK)


def _piece(word: str) -> str:
    if word == "...":
        return r"(?:[\w'’-]+\s+){0,4}?"
    return _chosen(word) if word.startswith("(") else _literal(word) + BLANK


def _chosen(word: str) -> str:
    choices = word[1:-1].split("|")
    one_of = "|".join(r"\s+".join(_literal(part) for part in choice.split()) for choice in choices if choice)
    return f"(?:(?:{one_of}){BLANK})?" if "" in choices else f"(?:{one_of}){BLANK}"


def _words(phrase: str) -> list[str]:
    return re.findall(r"\([^()]*\)|\S+", phrase)


def _literal(word: str) -> str:
    # A range such as 2[0-9] is kept; everything else stands as written, with either apostrophe.
    return re.sub(r"['’]", "['’]", word) if "[" in word else re.sub(r"\\?'", "['’]", re.escape(word))
