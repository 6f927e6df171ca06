"""Which cues stand in each of many messages, found in all of them at once by columns.

Of every phrase the sieve knows the rarest class of words that it cannot do without, and how far from it its other words
may stand. A phrase can stand only where one of its rare words has all of these around it; only there is it searched
for, which is a place or none for most messages. A window may reach into the next message, which lets through a little
more than need be and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from trigpoint.scanner.cues.alphabet import PARTED
from trigpoint.scanner.cues.matcher import Phrase
from trigpoint.scanner.cues.phrase import Need

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[Any]]


SIFTED_FROM = 24  # fewer messages than this are quicker without the sieve
_NEIGHBOURS = 2  # more of them take longer than the few searches that they spare


class Sieve:
    """Searches many messages for `phrases`. It brings in numpy, so it is made when many messages come at once."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._searches = [(one.cue, one.pattern.search) for one in phrases]
        self._classes: dict[frozenset[str], int] = {}
        around = [_around(one.rarest) for one in phrases]
        self._neighbours = self._columns(around)
        self._margin = max(int(abs(one[1:]).max()) for one in self._neighbours)
        self._signs = 1 + max(ord(sign) for one in phrases for need in one.rarest for sign in need.signs)
        self._width = 1 + len(self._classes)
        self._there = self._members().ravel()
        self._waiting = _by_sign([one.rarest[0] for one in phrases], self._signs)

    def cues(self, signs: str, worth: Callable[[int], bool]) -> dict[int, int]:
        """The cues that stand in each message of `signs` (parted by PARTED), by its place; the rest hold none.

        They are those of its phrases that `Matcher.cues` finds in each message alone. A message is left out unless the
        cues that may stand in it are `worth` a search; more cues must never be worth less.
        """
        messages, phrases, parts = self._sifted(signs)
        may: dict[int, int] = {}
        for at, phrase in zip(messages, phrases, strict=True):
            may[at] = may.get(at, 0) | self._searches[phrase][0]
        left = {at for at, cues in may.items() if worth(cues)}
        found: dict[int, int] = {}
        for at, phrase in zip(messages, phrases, strict=True):
            if at in left:
                cue, search = self._searches[phrase]
                known = found.get(at, 0)
                if not known & cue and search(signs, parts[at] + 1, parts[at + 1]):
                    found[at] = known | cue
        return found

    def _sifted(self, signs: str) -> tuple[list[int], list[int], list[int]]:
        """Messages with phrases that may stand there, none missing; and where signs stand that part messages."""
        import numpy as np

        codes = np.zeros(len(signs) + 2 * self._margin, np.int64)  # with places around that hold nothing
        codes[self._margin : len(signs) + self._margin] = np.frombuffer(signs.encode("utf-16-le"), np.uint16)
        parted = np.flatnonzero(codes == ord(PARTED))
        codes[codes >= self._signs] = 0
        place, phrase = self._woken(codes)
        for neighbours in self._neighbours:
            kept = np.flatnonzero(self._kept(codes, place, neighbours.take(phrase, axis=1)))
            place, phrase = place.take(kept), phrase.take(kept)
        parts = [-1, *(parted - self._margin).tolist(), len(signs)]
        return np.searchsorted(parted, place).tolist(), phrase.tolist(), parts

    def _woken(self, codes: Numbers) -> tuple[Numbers, Numbers]:
        """Every place of a rare word with every phrase that waits on it."""
        import numpy as np

        first, many, phrases = self._waiting
        places = np.flatnonzero(many.take(codes))
        woken = codes.take(places)
        counts = many.take(woken)
        skipped = first.take(woken) - np.cumsum(counts) + counts
        return np.repeat(places, counts), phrases.take(np.repeat(skipped, counts) + np.arange(counts.sum()))

    def _kept(self, codes: Numbers, place: Numbers, neighbours: Numbers) -> Numbers:
        """Whether the neighbour of each (its class, and from where to where it may stand) is there."""
        import numpy as np

        one, first, last = neighbours
        at, last = place + first, place + last
        kept: Numbers = self._there.take(codes.take(at) * self._width + one)
        looking = np.flatnonzero(~kept & (last > at))
        at, one, last = at.take(looking), one.take(looking), last.take(looking)
        while len(looking):
            at += 1
            there = self._there.take(codes.take(at) * self._width + one)
            kept[looking[there]] = True
            left = np.flatnonzero(~there & (last > at))
            looking, at, one, last = looking.take(left), at.take(left), one.take(left), last.take(left)
        return kept

    def _columns(self, around: list[list[Need]]) -> list[Numbers]:
        """For each depth the class of the neighbour of every phrase, and from where to where it may stand."""
        import numpy as np

        made = []
        for depth in range(_NEIGHBOURS):
            rows = [others[depth] if depth < len(others) else None for others in around]
            columns = [(self._class(n.signs), n.first, n.last) if n else (0, 0, 0) for n in rows]
            made.append(np.array(columns, np.int64).T.copy())
        return made

    def _class(self, signs: frozenset[str]) -> int:
        return self._classes.setdefault(signs, 1 + len(self._classes))

    def _members(self) -> Numbers:
        """Whether a sign is of a class; all are of class nought, which stands for no neighbour."""
        import numpy as np

        there = np.zeros((self._signs, self._width), bool)
        there[:, 0] = True
        for one, number in self._classes.items():
            there[[ord(sign) for sign in one], number] = True
        return there


def _around(needs: Sequence[Need]) -> list[Need]:
    """The other needs of a phrase, those that can stand in fewest places first; places are counted from the rarest."""
    rare, *others = needs
    placed = [Need(n.signs, n.first - rare.last, n.last - rare.first) for n in others]
    return sorted(placed, key=lambda n: n.last - n.first)


def _by_sign(rare: list[Need], signs: int) -> tuple[Numbers, Numbers, Numbers]:
    """For each sign where its phrases begin in a list of phrases, how many there are, and the list."""
    import numpy as np

    pairs = sorted(_pairs(rare))
    sign, phrase = (np.array([pair[i] for pair in pairs], np.int64) for i in (0, 1))
    many = np.bincount(sign, minlength=signs)
    return np.cumsum(many) - many, many, phrase


def _pairs(rare: list[Need]) -> Iterator[tuple[int, int]]:
    return ((ord(sign), phrase) for phrase, need in enumerate(rare) for sign in need.signs)
