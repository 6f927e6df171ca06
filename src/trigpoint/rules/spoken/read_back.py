"""Reads a finding's sentence back into the facts that were put into it, so that it can be said in another language.

A sentence is kept as it was said, and its facts are not kept beside it. They can be had from it again, because what
stands at each place of it is one of few things: a number, a day, or words of the pack. What is read is put back into
the sentence to see that it says the same; a sentence that cannot be read with certainty is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from trigpoint.rules.sentence import ATTRIBUTE, agency_words, attribute_words, say
from trigpoint.rules.spoken.phrases import PHRASES
from trigpoint.terms.pack import Pack

PLACE = re.compile(r"\{([^{}]*)\}|\(([^()|]+)\|([^()|]+)\)")
MONTHS = PHRASES["months"].split()
DAY = rf"\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}}"
NOT_RECORDED = re.escape(PHRASES["not_recorded"])
NOTHING = "(?!)"  # a pattern that no text has
NUMBERS = {"km": rf"\d+|{PHRASES['unknown_number']}", "age": rf"\d+|{NOT_RECORDED}"}


def read_back(sentence: str, template: str, *, pack: Pack) -> dict[str, Any] | None:
    """The facts that `template` was filled with to say `sentence`, as `say` takes them; None where that is not sure.

    `pack` is the English one. Text that an agency wrote freely is not read.
    """
    reader = _Reader(pack)
    found = re.fullmatch(reader.shape(template), sentence)
    if not found:
        return None
    try:
        facts = {name: reader.fact(name, found[place]) for name, place in reader.places.items()}
    except ValueError:  # a day that there is not
        return None
    return facts if say(template, facts.__getitem__, pack=pack) == sentence else None


def read_day(said: str) -> date:
    """A day as English sentences say it. Raises ValueError where there is no such day."""
    day, month, year = said.split()
    return date(int(year), MONTHS.index(month) + 1, int(day))


class _Reader:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.places: dict[str, str] = {}

    def shape(self, template: str) -> str:
        """The template as a pattern with a group for each fact."""
        parts, end = [], 0
        for found in PLACE.finditer(template):
            parts += [re.escape(template[end : found.start()]), self._place(found)]
            end = found.end()
        return "".join([*parts, re.escape(template[end:])])

    def _place(self, found: re.Match[str]) -> str:
        name, one, more = found.groups()
        if name is None:
            return f"(?:{re.escape(one)}|{re.escape(more)})"
        if name in self.places:
            return f"(?P={self.places[name]})"
        self.places[name] = f"fact_{len(self.places)}"
        return f"(?P<{self.places[name]}>{self._pattern(name)})"

    def _pattern(self, name: str) -> str:
        if words := self.words(name):
            one = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
            return rf"(?:{one})(?:, (?:{one}))*(?: and (?:{one}))?|{NOT_RECORDED}"
        if name == "sources" or name.startswith(ATTRIBUTE):
            return NOTHING
        return DAY if name.endswith("_on") else NUMBERS.get(name, r"\d+")

    def words(self, name: str) -> Mapping[str, Any]:
        """What may be listed at a place, by its words; nothing where no list stands there."""
        if name == "agencies":
            return {agency_words(one, self.pack): one for one in self.pack.agencies}
        if not name.startswith(ATTRIBUTE):
            return {}
        attribute = self.pack.attributes.get(name.removeprefix(ATTRIBUTE))
        if attribute is None or attribute.type not in ("code", "boolean"):
            return {}
        values: Iterable[Any] = self.pack.codes[attribute.codes].values if attribute.codes else (True, False)
        return {attribute_words(attribute.name, one, self.pack): one for one in values}

    def fact(self, name: str, said: str) -> Any:
        """What was said at a place."""
        if words := self.words(name):
            return () if said == PHRASES["not_recorded"] else tuple(_taken_apart(said, words))
        if name.endswith("_on"):
            return read_day(said)
        return int(said) if said.isdecimal() else None


def _taken_apart(said: str, words: Mapping[str, Any]) -> Iterable[Any]:
    one = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return (words[found[0]] for found in one.finditer(said))
