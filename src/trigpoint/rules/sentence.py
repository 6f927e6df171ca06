"""Fills an indicator's sentence with the facts of one finding, and checks that it asks for facts there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trigpoint.terms.pack import Pack

FACT = re.compile(r"\{([^{}]*)\}")
ONE_OR_MORE = re.compile(r"\b(\d+) ((?:[^\W\d]+ )*)\((\w+)\|(\w+)\)")
FACTS = ("count", "first_on", "last_on", "agencies", "sources", "days", "km", "age", "others")
ATTRIBUTE = "attribute:"
UNKNOWN = "not recorded"


@dataclass(frozen=True)
class Cited:
    """One of the child's own events that a finding counts. `age` in years, `metres` from the child's base.

    `episode` is a number that tellings of one episode by several sources share.
    """

    at: datetime
    agency: str | None
    source: str | None
    metres: int | None = None
    age: int | None = None
    episode: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def facts_in(sentence: str) -> list[str]:
    """The facts a sentence asks for, in order."""
    return [found[1] for found in FACT.finditer(sentence)]


def fill(sentence: str, cited: Sequence[Cited], *, others: int, pack: Pack) -> str:
    """The sentence with its facts. `cited` is in order of time and not empty.

    "{others} other (child|children)" becomes "1 other child" or "3 other children".
    """

    def fact(found: re.Match[str]) -> str:
        name = found[1]
        if name.startswith(ATTRIBUTE):
            return _attribute(name.removeprefix(ATTRIBUTE), cited, pack)
        if name == "agencies":
            return _agencies(cited, pack)
        return str(others) if name == "others" else _FILLED[name](cited)

    def word(found: re.Match[str]) -> str:
        number, between, one, more = found.groups()
        return f"{number} {between}{one if number == '1' else more}"

    return ONE_OR_MORE.sub(word, FACT.sub(fact, sentence))


def how_many(cited: Sequence[Cited]) -> int:
    """Of how many things the events tell: what several sources told of one episode is counted once."""
    retold = {one.episode for one in cited if one.episode is not None}
    return len(retold) + sum(one.episode is None for one in cited)


def on(moment: datetime) -> str:
    """A day as people write it: 3 January 2025."""
    return f"{moment.day} {moment:%B %Y}"


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence: 'a, b and c'."""
    found = list(words)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found) or UNKNOWN


def agency_words(agency: str, pack: Pack) -> str:
    """An agency as it stands inside a sentence."""
    term = pack.agencies.get(agency)
    return (term.plain or term.title) if term else agency.replace("_", " ")


def attribute_words(name: str, value: Any, pack: Pack) -> str:
    """A value in plain words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return pack.plain(name, str(value)) if name in pack.attributes else str(value)


def _attribute(name: str, cited: Sequence[Cited], pack: Pack) -> str:
    values = [one.values.get(name) for one in cited]
    return listed(dict.fromkeys(attribute_words(name, v, pack) for v in values if v is not None))


def _agencies(cited: Sequence[Cited], pack: Pack) -> str:
    return listed(sorted({agency_words(one.agency, pack) for one in cited if one.agency}))


def _sources(cited: Sequence[Cited]) -> str:
    return listed(sorted({one.source for one in cited if one.source}))


def _km(cited: Sequence[Cited]) -> str:
    away = [one.metres for one in cited if one.metres is not None]
    return str((max(away) + 500) // 1000) if away else "an unknown number of"


def _age(cited: Sequence[Cited]) -> str:
    return UNKNOWN if cited[-1].age is None else str(cited[-1].age)


def _days(cited: Sequence[Cited]) -> str:
    return str((cited[-1].at.date() - cited[0].at.date()).days + 1)


_FILLED: Mapping[str, Callable[[Sequence[Cited]], str]] = {
    "count": lambda cited: str(how_many(cited)),
    "first_on": lambda cited: on(cited[0].at),
    "last_on": lambda cited: on(cited[-1].at),
    "sources": _sources,
    "days": _days,
    "km": _km,
    "age": _age,
}
