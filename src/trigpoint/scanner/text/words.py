"""Folded text to words and their signs, seeing through disguised spellings.

A token that no phrase names is looked at once, and the answer is kept: prices, shares and counts become numbers, joined
words are parted, and letters written so as not to be read by a machine (m0ney, monnneyy, m.o.n.e.y) become the word
that they stand for, where that is a word of the vocabulary. Prices and times are never taken for words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from trigpoint.scanner.cues.alphabet import MONEY, NUMBER, OTHER, PARTED, SHARE, Alphabet

_LOOKALIKE = dict(zip("012345678@$!+", ("o", "il", "z", "e", "a", "s", "g", "t", "b", "a", "s", "i", "t"), strict=True))
_MONEY = re.compile(r"\$\d[\d.,]*(?:k|m|p)?$")
_NUMBER = re.compile(r"\d+(?:[.:,]\d+)*(?:k|st|nd|rd|th)?$")
_SHARE = re.compile(r"\d+(?:\.\d+)?%$")
_COUNTED = re.compile(
    r"(\$?\d[\d.,]*)(?=[a-z])(g|gs|k|p|ps|q|oz|ozs|z|quid|pounds|bags|bands|racks|grand|mins|min|hrs|hr|hours|hour|am|pm|yo|yrs|x|a|each|for|days|packs|mg|ml|b|bs)$"
)
_PARTS = re.compile(r"[^.,/+&!%]+|%")
_EDGES = ".,!'/+&"
_RUN = re.compile(r"([a-z])\1+")
BETWEEN = " | "  # between folded texts that are read together; no folded text has such a sign
_KEPT = 200_000
_PARTS_KEPT = 20_000
_MOST_WAYS = 64
_LONG = 7


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a message: `start` to `end` of the folded text, its sign, and how it is properly spelled."""

    text: str
    sign: str
    start: int
    end: int
    disguised: bool = False


class Words:
    """Parts tokens into words and gives their signs; remembers what it has seen."""

    def __init__(self, alphabet: Alphabet, usual: Mapping[str, int]) -> None:
        self._alphabet = alphabet
        self._known = alphabet.words() | frozenset(usual)
        self._slips = _slips(sorted(alphabet.words(), key=lambda w: (usual.get(w, 0), w)), self._known)
        self._parts: dict[str, tuple[Word, ...]] = {}
        self._seen = _Seen(
            self._signs_of, {word: alphabet.known(word) or OTHER for word in self._known} | {BETWEEN.strip(): PARTED}
        )

    def signs(self, folded: str, /) -> str:
        """The signs of all words of folded text, one after the other; PARTED for BETWEEN."""
        return "".join(map(self._seen.__getitem__, folded.split()))

    def words(self, folded: str, /) -> list[Word]:
        """The words themselves with their places; as many as `signs` has signs."""
        found = []
        for token in re.finditer(r"[^ \n]+", folded):
            begin = token.start()
            parts = self._parts_of(token[0])
            found += [Word(w.text, w.sign, begin + w.start, begin + w.end, w.disguised) for w in parts]
        return found

    def _parts_of(self, token: str) -> tuple[Word, ...]:
        parts = self._parts.get(token)
        if parts is None:
            if len(self._parts) > _PARTS_KEPT:
                self._parts.clear()
            parts = self._parts[token] = tuple(self._parted(token))
        return parts

    def known(self, word: str, /) -> bool:
        """Whether it is a word of the vocabulary or a common one."""
        return word in self._known

    def undisguised(self, word: str, /) -> str | None:
        """The word that a disguised one stands for, or None."""
        return next((w for w in _ways(word) if len(w) > 1 and w in self._known), None)

    def _signs_of(self, token: str) -> str:
        plain = (token if token in self._known else token.strip(_EDGES)).replace("'", "")
        if plain in self._known or (plain.isalpha() and not _RUN.search(plain)):  # nothing is disguised in it
            return self._alphabet.known(self._slips.get(plain, plain)) or OTHER
        return "".join(word.sign for word in self._parted(token))

    def _parted(self, token: str) -> Iterator[Word]:
        bare = token if token in self._known else token.strip(_EDGES)
        if not bare:
            return
        start = token.index(bare)
        plain = bare.replace("'", "")
        sign = self._sign_of(plain)
        if sign:
            yield Word(plain, sign, start, start + len(bare))
            return
        yield from (Word(w.text, w.sign, start + w.start, start + w.end, w.disguised) for w in self._looked_at(bare))

    def _sign_of(self, word: str) -> str | None:
        if word in self._known:
            return self._alphabet.known(word) or OTHER
        if _MONEY.fullmatch(word):
            return MONEY
        if _SHARE.fullmatch(word):
            return SHARE
        return NUMBER if _NUMBER.fullmatch(word) else None

    def _looked_at(self, token: str) -> Iterator[Word]:
        plain = token.replace("'", "")
        counted = _COUNTED.fullmatch(token)
        if counted:
            number, unit = counted.groups()
            yield Word(number, MONEY if number[0] == "$" else NUMBER, 0, len(number))
            yield Word(unit, self._alphabet.known(unit) or OTHER, len(number), len(token))
            return
        meant = self.undisguised(plain)
        if meant:
            yield Word(meant, self._alphabet.known(meant) or OTHER, 0, len(token), disguised=True)
            return
        parts = list(_PARTS.finditer(token))
        if len(parts) > 1:
            yield from self._apart(token, parts)
            return
        slip = self._slips.get(plain)
        if slip:
            yield Word(slip, self._alphabet.known(slip) or OTHER, 0, len(token))
        else:
            yield Word(plain, OTHER, 0, len(token))

    def _apart(self, token: str, parts: list[re.Match[str]]) -> Iterator[Word]:
        joined = "".join(p[0] for p in parts)
        if all(len(p[0]) == 1 for p in parts) and (
            meant := joined if joined in self._known else self.undisguised(joined)
        ):
            yield Word(meant, self._alphabet.known(meant) or OTHER, 0, len(token), disguised=True)
            return
        for part in parts:
            for w in self._parted(part[0]):
                yield Word(w.text, w.sign, part.start() + w.start, part.start() + w.end, w.disguised)


class _Seen(dict[str, str]):
    """Signs by token; what is missing is worked out once."""

    def __init__(self, work_out: object, known: dict[str, str]) -> None:
        super().__init__(known)
        self._work_out = work_out
        self._first = dict(known)

    def __missing__(self, token: str) -> str:
        if len(self) > _KEPT:
            self.clear()
            self.update(self._first)
        found: str = self._work_out(token)  # type: ignore[operator]
        self[token] = found
        return found


def _ways(word: str) -> Iterator[str]:
    """The spellings that a disguised word may stand for, plainest first."""
    letters = sum(c.isalpha() for c in word)
    if len(word) > 24 or letters == 0 or len(word) < 3:
        return
    if any(c in _LOOKALIKE for c in word):
        choices = [_LOOKALIKE.get(c, c) for c in word]
        plain = ["".join(one) for one, _ in zip(product(*choices), range(_MOST_WAYS), strict=False)]
    else:
        plain = [word]
    if any(c in _LOOKALIKE for c in word):
        yield from plain
    for one in plain:
        yield from _shorter(one)


def _shorter(word: str) -> Iterator[str]:
    """The word with letters that repeat three times, or twice in several places, once or twice."""
    runs = list(_RUN.finditer(word))
    if not any(len(r[0]) > 2 for r in runs) and len(runs) < 2:
        return
    for lengths, _ in zip(product((1, 2), repeat=min(len(runs), 6)), range(_MOST_WAYS), strict=False):
        made, at = [], 0
        for run, length in zip(runs, lengths, strict=False):
            made += [word[at : run.start()], run[1] * length]
            at = run.end()
        yield "".join(made) + word[at:]


def _slips(words: Sequence[str], known: frozenset[str]) -> dict[str, str]:
    """Long words with one letter lost or two swapped, if that is no word itself; of two such, the later in `words`."""
    found: dict[str, str] = {}
    for word in words:
        if len(word) < _LONG or not word.isalpha() or word.startswith("emoji"):
            continue
        for i in range(1, len(word) - 1):
            lost = word[:i] + word[i + 1 :]
            swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
            found.update({slip: word for slip in (lost, swapped) if slip not in known})
    return found
