"""Fills an indicator's sentence with the facts of one finding, in the language of the pack."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from trigpoint.rules.spoken.lists import listed
from trigpoint.rules.spoken.phrases import one_or_more, phrase
from trigpoint.terms.pack import Pack

__all__ = ["Cited", "agency_words", "attribute_words", "facts_in", "fill", "how_many", "listed", "on", "say"]
FACT = re.compile(r"\{([^{}]*)\}")
FACTS = ("count", "first_on", "last_on", "agencies", "sources", "days", "km", "age", "others")
ATTRIBUTE = "attribute:"


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


def attributes_in(sentence: str) -> list[str]:
    """The attributes of events whose values a sentence says, in order."""
    return [fact.removeprefix(ATTRIBUTE) for fact in facts_in(sentence) if fact.startswith(ATTRIBUTE)]


def fill(sentence: str, cited: Sequence[Cited], *, others: int, pack: Pack) -> str:
    """The sentence with its facts. `cited` is in order of time and not empty.

    "{others} other (child|children)" becomes "1 other child" or "3 other children".
    """
    return say(sentence, lambda name: _fact(name, cited, others), pack=pack)


def say(sentence: str, fact: Callable[[str], Any], *, pack: Pack) -> str:
    """The sentence with what `fact` gives for each name in it: a day, a number, None, or the codes of a list."""
    return one_or_more(FACT.sub(lambda found: _words(found[1], fact(found[1]), pack), sentence))


def how_many(cited: Sequence[Cited]) -> int:
    """Of how many things the events tell: what several sources told of one episode is counted once."""
    retold = {one.episode for one in cited if one.episode is not None}
    return len(retold) + sum(one.episode is None for one in cited)


def on(moment: date, pack: Pack | None = None) -> str:
    """A day as people write it: 3 January 2025."""
    return f"{moment.day} {phrase('months', pack).split()[moment.month - 1]} {moment.year}"


def agency_words(agency: str, pack: Pack) -> str:
    """An agency as it stands inside a sentence."""
    term = pack.agencies.get(agency)
    return (term.plain or term.title) if term else agency.replace("_", " ")


def attribute_words(name: str, value: Any, pack: Pack) -> str:
    """A value in plain words."""
    if isinstance(value, bool):
        return phrase("yes" if value else "no", pack)
    return pack.plain(name, str(value)) if name in pack.attributes else str(value)


def _fact(name: str, cited: Sequence[Cited], others: int) -> Any:
    if name.startswith(ATTRIBUTE):
        values = (one.values.get(name.removeprefix(ATTRIBUTE)) for one in cited)
        return dict.fromkeys(value for value in values if value is not None)
    return others if name == "others" else _GIVEN[name](cited)


def _words(name: str, given: Any, pack: Pack) -> str:
    """A fact in words. Agencies and sources stand in the order of their words, values in that of the events."""
    if name.startswith(ATTRIBUTE):
        attribute = name.removeprefix(ATTRIBUTE)
        return listed(dict.fromkeys(attribute_words(attribute, value, pack) for value in given), pack)
    if name in ("agencies", "sources"):
        return listed(sorted(agency_words(one, pack) if name == "agencies" else one for one in given), pack)
    if given is None:
        return phrase("unknown_number" if name == "km" else "not_recorded", pack)
    return on(given, pack) if isinstance(given, date) else str(given)


def _km(cited: Sequence[Cited]) -> int | None:
    away = [one.metres for one in cited if one.metres is not None]
    return (max(away) + 500) // 1000 if away else None


_GIVEN: Mapping[str, Callable[[Sequence[Cited]], Any]] = {
    "count": how_many,
    "first_on": lambda cited: cited[0].at,
    "last_on": lambda cited: cited[-1].at,
    "agencies": lambda cited: {one.agency for one in cited if one.agency},
    "sources": lambda cited: {one.source for one in cited if one.source},
    "days": lambda cited: (cited[-1].at.date() - cited[0].at.date()).days + 1,
    "km": _km,
    "age": lambda cited: cited[-1].age,
}
