"""Names read as `features.names` reads them, one at a time and without an engine; a test holds both together."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, TypeAlias

from trigpoint.linkage.features.addresses import SHORT
from trigpoint.linkage.features.names import JOINED_PLACE, name_knowledge

LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})
INSIDE: Final = str.maketrans(dict.fromkeys("'’‘`´."))
WEAK, LEADING = 2000, 1000
# How little a word says (0, LEADING or WEAK), its place, the word, and the names that it stands for.
_Ranked: TypeAlias = "tuple[int, int, str, tuple[str, ...]]"


@dataclass(frozen=True)
class Given:
    """Given names as they are compared: see `features.names.GIVEN`."""

    forename: str
    first_names: tuple[str, ...]
    names: tuple[str, ...]
    lead: str | None
    solo: bool


@dataclass(frozen=True)
class Surname:
    """A surname as it is compared: its words joined in order of the alphabet, and its parts."""

    surname: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class _Knowledge:
    """The bundled knowledge of names, ready to be asked by form."""

    names: dict[str, tuple[str, ...]]
    weak: frozenset[str]
    leading: frozenset[str]
    dropped: frozenset[str]
    joined: re.Pattern[str]


@cache
def _knowledge() -> _Knowledge:
    known, names = name_knowledge(), dict[str, set[str]]()
    for name, forms in known["variants"].items():
        for form in (name, *forms):
            names.setdefault(form, set()).add(name)
    joined = "|".join(known["particles"]["joined"])
    return _Knowledge(
        {form: tuple(sorted(found)) for form, found in names.items()},
        frozenset(known["weak"]),
        frozenset(known["leading"]),
        frozenset(known["particles"]["dropped"]),
        re.compile(rf"(^| )({joined}) ([^ ][^ ]+)"),
    )


def known_forms() -> frozenset[str]:
    """Every form of a name that the bundled knowledge holds."""
    return frozenset(_knowledge().names)


def plain_name(text: str | None) -> str | None:
    """The name in small letters without accents, marks and signs; None where no letter is left."""
    kept = _bare(text or "").translate(LETTERS).translate(INSIDE)
    words = "".join(c if c.isalpha() else " " for c in kept).split()
    return " ".join(words) or None


def read_address(text: str | None) -> tuple[str, ...]:
    """The words of an address, each once and in their short form."""
    kept = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in _bare(text or ""))
    return tuple(sorted({SHORT.get(word, word) for word in kept.split()}))


def _bare(text: str) -> str:
    small = "".join(letter.lower() for letter in text)
    bare = "".join(c for c in unicodedata.normalize("NFD", small) if unicodedata.category(c)[0] != "M")
    return unicodedata.normalize("NFC", bare)


def first_of(alias: str) -> str | None:
    """The given names of another name: all words but the last, or the only one."""
    words = (plain_name(alias) or "").split(" ")
    return " ".join(words[: max(len(words) - 1, 1)]) or None


def last_of(alias: str) -> str | None:
    """The surname of another name: its last word, if it has several."""
    words = (plain_name(alias) or "").split(" ")
    return words[-1] if len(words) > 1 else None


def _words(text: str | None) -> list[str]:
    plain = plain_name(text)
    return _knowledge().joined.sub(r"\1\2\3", plain).split(" ") if plain else []


def read_given(text: str | None) -> Given | None:
    """Given names; None where there are none. A name that says little (Muhammad, Singh) stands behind the others."""
    known, ranked = _knowledge(), list[_Ranked]()
    words = _words(text)
    for place, word in enumerate(words):
        names = known.names.get(word, (word,))
        said = {word, *names}
        rank = WEAK if said & known.weak else LEADING if said & known.leading else 0
        ranked.append((rank, place, word, names))
    if not ranked:
        return None
    ranked += _joined(ranked)
    best = min(rank for rank, *_ in ranked)
    _, _, forename, first_names = min(ranked, key=lambda each: each[0] + each[1])
    every = sorted({name for rank, _, _, held in ranked if rank == best for name in held})
    lead = next((held[0] for rank, _, _, held in ranked if rank == LEADING), None)
    return Given(forename, first_names, tuple(every), lead, len(words) == 1)


def _joined(ranked: list[_Ranked]) -> list[_Ranked]:
    """Two names that stand side by side read as one word: Anne-Marie, Lily Mae."""
    found = []
    for (rank, place, word, _), (next_rank, _, next_word, _) in pairwise(ranked):
        if rank == next_rank == 0 and len(word) > 1 and len(next_word) > 1:
            both = word + next_word
            found.append((0, JOINED_PLACE + place, both, _knowledge().names.get(both, (both,))))
    return found


def surname_part(word: str) -> str:
    """A word of a surname without the ending that changes with the bearer's sex."""
    word = re.sub(r"([sc]k|dzk)a$", r"\1i", word, count=1)
    return re.sub(r"(...)(ov|ev)a$", r"\1\2", word, count=1)


def read_surname(text: str | None) -> Surname | None:
    """A surname; None where nothing is left of it that tells people apart."""
    known = _knowledge()
    words = {surname_part(word) for word in _words(text)}
    kept = sorted(word for word in words if len(word) > 1 and word not in known.weak | known.dropped)
    if not kept:
        return None
    parts = sorted({name for word in kept for name in known.names.get(word, (word,))})
    return Surname("".join(kept), tuple(parts))
