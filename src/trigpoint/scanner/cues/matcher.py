"""Finds which cues stand in a string of signs.

Each phrase waits on the rarest of the classes of words that it cannot do without. A message wakes only the phrases that
wait on one of its words; of these, only those that have all that they need are searched for. Most messages wake none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.scanner.cues.lexicon import Lexicon
from trigpoint.scanner.cues.phrase import Expression, Need

_Waiting = tuple[int, int, Callable[[str], re.Match[str] | None]]  # what else it needs, its cue, its search


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of cue `cue` (its bit), ready to be searched for. `rarest` are its needs, the least usual first."""

    cue: int
    pattern: re.Pattern[str]
    rarest: tuple[Need, ...]


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
            Phrase(1 << number, re.compile(one.pattern), _rarest(one, lexicon.often))
            for number, cue in enumerate(self._cues)
            for one in cue.expressions
        ]
        self._classes: dict[frozenset[str], int] = {}
        self._waiting: dict[str, list[_Waiting]] = defaultdict(list)
        for phrase in self.phrases:
            self._await(phrase)
        self._has = self._classes_by_sign()
        self._waiting.default_factory = None

    def cues(self, signs: str, /) -> int:
        """The cues that stand in `signs`: bit i is cue number i of `names`."""
        has, waiting = self._has, self._waiting
        words = [sign for sign in set(signs) if sign in has]
        if not words:
            return 0
        there = found = 0
        for sign in words:
            there |= has[sign]
        for sign in words:
            for needs, cue, search in waiting.get(sign, ()):
                if there & needs == needs and not found & cue and search(signs):
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

    def _await(self, phrase: Phrase) -> None:
        needs = {self._classes.setdefault(one.signs, 1 << len(self._classes)) for one in phrase.rarest}
        waiting = (sum(needs), phrase.cue, phrase.pattern.search)
        for sign in phrase.rarest[0].signs:
            self._waiting[sign].append(waiting)

    def _classes_by_sign(self) -> dict[str, int]:
        has: dict[str, int] = defaultdict(int)
        for signs, bit in self._classes.items():
            for sign in signs:
                has[sign] |= bit
        return dict(has)


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
