"""Turns of phrase of which sentences are made. Those of another language stand in its catalogue, under these names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from trigpoint.terms.pack import Pack

PHRASES: Final[Mapping[str, str]] = {
    "months": "January February March April May June July August September October November December",
    "numbers": "no one two three four five six seven eight nine ten",
    "not_recorded": "not recorded",
    "unknown_number": "an unknown number of",
    "yes": "yes",
    "no": "no",
    "or": "{first} or {next}",
    "then": "{first}, then {next}",
    "all_of": "all of: {patterns}",
    "all_within": "{all}, all within {span}",
    "any_of": "any of: {patterns}",
    "not": "not known to have {pattern}",
    "sequence": "{steps}, each within {span} of the last",
    "unfollowed": "{events}, not followed within {span} by {by}",
    "unfollowed_after_end": "{events}, not followed within {span} of its end by {by}",
    "fall": "{events}, with {name} fallen by {by} or more against the child's own mean of the {span} before",
    "rise": "{events}, with {name} risen by {by} or more against the child's own mean of the {span} before",
    "times": "{many} or more times",
    "on_days": "on {many} or more different days",
    "from_agencies": "from {many} or more different agencies",
    "from_places": "from {many} or more different places",
    "from_sources": "from {many} or more different sources",
    "from_others": "from {many} or more different {thing}s",
    "counted": "{often}: {events}",
    "counted_within": "{often} within {span}: {events}",
    "is": "with {name}: {values}",
    "at_least": "with {name}: {number} or more",
    "at_most": "with {name}: {number} or less",
    "aged_between": "aged {low} to {high}",
    "aged_from": "aged {low} or over",
    "distance": "{km} km or more from where the child lives",
    "out_of_area": "outside the area where the child lives",
    "while": "while {events}",
    "except": "except {condition}",
    "together": "at the same place as another child within {span}",
    "shares": "naming {mentions} that another child has too",
    "year": "{number} (year|years)",
    "day": "{number} (day|days)",
    "hour": "{number} (hour|hours)",
    "second": "{number} (second|seconds)",
    "finding_on": "{title} ({day})",
    "no_single": "No single finding decides it: without any one of them it would still be proposed.",
    "proved_wrong": "It would no longer be proposed if this proved wrong: {findings}.",
    "could_add": "Not known, and able to add to it: {rules}.",
}
ONE_OR_MORE: Final = re.compile(r"\b(\d+) ((?:[^\W\d]+ )*)\(([^()|]+)\|([^()|]+)\)")


def phrase(name: str, pack: Pack | None = None, /, **given: object) -> str:
    """The turn of phrase in the language of the pack, with what is given put into it."""
    said = PHRASES[name] if pack is None or pack.said_in is None else pack.said_in.phrases.get(name, PHRASES[name])
    return one_or_more(said.format(**given)) if given else said


def one_or_more(words: str) -> str:
    """The word that goes with the number before it: "1 other (child|children)" becomes "1 other child"."""

    def word(found: re.Match[str]) -> str:
        number, between, one, more = found.groups()
        return f"{number} {between}{one if number == '1' else more}"

    return ONE_OR_MORE.sub(word, words) if "|" in words else words
