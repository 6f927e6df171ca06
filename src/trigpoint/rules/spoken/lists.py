"""Words as a list in a sentence, in the grammar of the pack's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from trigpoint.rules.spoken.phrases import phrase
from trigpoint.terms.pack import Pack

_ARTICLE = re.compile(r"yr? ")
_VOWELS = "aeiouwyâêîôûŵŷ"
_ASPIRATED: Final = {"p": "ph", "t": "th", "c": "ch"}


def listed(words: Iterable[str], pack: Pack | None = None) -> str:
    """Words as a list in a sentence: 'a, b and c'."""
    *before, last = list(words) or [phrase("not_recorded", pack)]
    if not before:
        return last
    language = pack.said_in.language if pack is not None and pack.said_in is not None else "en"
    return f"{', '.join(before)} {_AND.get(language, _english)(last)}"


def _english(last: str) -> str:
    return f"and {last}"


def _welsh(last: str) -> str:
    """`a` before a consonant, `ac` before a vowel, `a'r` for the article; `a` turns p, t and c into ph, th and ch."""
    if article := _ARTICLE.match(last):
        return f"a'r {last[article.end() :]}"
    first = last[:1]
    if first.lower() in _VOWELS:
        return f"ac {last}"
    return f"a {_ASPIRATED.get(first, first) if last[1:2] != 'h' else first}{last[1:]}"


_AND: Final[Mapping[str, Callable[[str], str]]] = {"en": _english, "cy": _welsh}
