"""Finds which cues stand in a string of signs.

A phrase of one word stands where the word does. Each other phrase waits on the rarest of the classes of words that it
cannot do without, and under it on another that has few words. A message wakes only the phrases both of which it has; of
these, only those that have all that they need are searched for. Most messages wake none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.scanner.cues.lexicon import Lexicon
from trigpoint.scanner.cues.phrase import Expression, Need

_CLASS = re.compile(r"\[[^\]\\^-]+\]")
_MOST_PAIRS = 60  # of words under which one phrase waits
_Waiting = tuple[int, int, Callable[[str], re.Match[str] | None]]  # what further it needs, its cue, its search


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of cue `cue` (its bit), ready to be searched for.

    `rarest` are its needs, the least usual first; `is_word` says that it is one word of its only need, and no more.
    """

    cue: int
    pattern: re.Pattern[str]
    rarest: tuple[Need, ...]
    is_word: bool


class Matcher:
    """The cues of a lexicon, ready to be searched for.

    `together` are those that count in one message only, `alone` those of them of which nothing is kept.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.names = lexicon.names
        self._cues = list(lexicon.cues.values())
        self.together = sum(1 << i for i, cue in enumerate(self._cues) if cue.together or cue.alone)
        self.alone = sum(1 << i for i, cue in enumerate(self._cues) if cue.alone)
        self._exact: dict[int, re.Pattern[str]] = {}
        self.phrases = [
            Phrase(1 << number, re.compile(one.pattern), _rarest(one, lexicon.often), is_word=_is_word(one))
            for number, cue in enumerate(self._cues)
            for one in cue.expressions
        ]
        self._classes: dict[frozenset[str], int] = {}
        self._waiting: dict[str, dict[str, list[_Waiting]]] = {}
        self._words: dict[str, int] = defaultdict(int)
        self._has: dict[str, int] = defaultdict(int)
        for phrase in self.phrases:
            if phrase.is_word:
                self._stands_alone(phrase)
            else:
                self._await(phrase)

    def cues(self, signs: str, /) -> int:
        """The cues that stand in `signs`: bit i is cue number i of `names`."""
        has, waiting, alone = self._has, self._waiting, self._words
        words = {sign for sign in signs if sign in has}
        if not words:
            return 0
        there = found = 0
        for sign in words:
            there |= has[sign]
            found |= alone.get(sign, 0)
        for sign in words & waiting.keys():
            behind = waiting[sign]
            for second in words & behind.keys():
                for needs, cue, search in behind[second]:
                    if not found & cue and there & needs == needs and search(signs):
                        found |= cue
        return found

    def spans(self, cue: int, signs: str, /) -> list[tuple[int, int]]:
        """Where cue number `cue` stands in `signs`, half open; none of them lies within another."""
        pattern = self._exact.get(cue)
        if pattern is None:
            made = sorted((e.pattern for e in self._cues[cue].expressions), key=len, reverse=True)
            pattern = self._exact[cue] = re.compile("|".join(f"(?:{one})" for one in made))
        return [m.span() for m in pattern.finditer(signs)]

    def mask(self, wanted: Iterable[str], /) -> int:
        """The bits of the `wanted` cues. Raises KeyError where one is not there."""
        return sum(1 << self.number(name) for name in set(wanted))

    def number(self, name: str, /) -> int:
        """The number of a cue. Raises KeyError where it is not there."""
        if name not in self.names:
            raise KeyError(name)
        return self.names.index(name)

    def _stands_alone(self, phrase: Phrase) -> None:
        for sign in phrase.rarest[0].signs:
            self._has[sign] |= 0
            self._words[sign] |= phrase.cue

    def _await(self, phrase: Phrase) -> None:
        first, *others = phrase.rarest
        second = min(others, key=lambda need: len(need.signs), default=None)
        if second and len(first.signs) * len(second.signs) > _MOST_PAIRS:
            second = None  # it would take more room than it spares time
        further = {self._class(need.signs) for need in others if need is not second}
        waiting = (sum(further), phrase.cue, phrase.pattern.search)
        for sign in first.signs:
            self._has[sign] |= 0
            behind = self._waiting.setdefault(sign, {})
            for other in second.signs if second else (sign,):
                self._has[other] |= 0
                behind.setdefault(other, []).append(waiting)

    def _class(self, signs: frozenset[str]) -> int:
        """The bit of a class of words that phrases need besides the two under which they wait."""
        bit = self._classes.get(signs)
        if bit is None:
            bit = self._classes[signs] = 1 << len(self._classes)
            for sign in signs:
                self._has[sign] |= bit
        return bit


def _is_word(one: Expression) -> bool:
    return one.longest == 1 and len(one.needs) == 1 and len(one.needs[0].signs) == _signs_of_a_class(one.pattern)


def _signs_of_a_class(pattern: str) -> int:
    """How many signs a pattern of one sign stands for: itself, or those between brackets; nought for any other."""
    if len(pattern) == 1:
        return 1
    return len(pattern) - 2 if _CLASS.fullmatch(pattern) else 0


def _rarest(one: Expression, often: Mapping[str, int]) -> tuple[Need, ...]:
    return tuple(sorted(one.needs, key=lambda need: sum(often.get(sign, 1) for sign in need.signs)))


def bits(mask: int, /) -> list[int]:
    """The numbers of the bits of `mask`, smallest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def named(mask: int, names: Sequence[str]) -> list[str]:
    """The names of the cues of `mask`."""
    return [names[i] for i in bits(mask)]
