"""A message noted: read quickly, closely only where something may stand, and kept as an entry."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property

from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.cues.alphabet import OTHER
from trigpoint.scanner.cues.sieve import SIFTED_FROM, Sieve
from trigpoint.scanner.frames.behaviour import Behaviour, Inhibitor, united
from trigpoint.scanner.frames.examine import Examiner, Noted
from trigpoint.scanner.frames.reading import Reader, Reading
from trigpoint.scanner.opinion.phrases import OpinionModel

_FILLERS = frozenset(
    [
        "hey",
        "hi",
        "yo",
        "bro",
        "fam",
        "g",
        "bruv",
        "hello",
        "u",
        "you",
        "mate",
        "lad",
        "my",
        "gang",
        "cuz",
        "broski",
        "wagwan",
        "wag1",
        "wys",
        "sup",
        "x",
    ]
)
_TEMPLATE_FROM = 4  # fewer words than this are no template


class Noter:
    """Makes entries of those messages in which anything stands."""

    def __init__(
        self,
        reader: Reader,
        examiner: Examiner,
        *,
        behaviours: Mapping[str, Behaviour],
        inhibitors: tuple[Inhibitor, ...],
        opinion: OpinionModel,
    ) -> None:
        self._reader, self.examiner, self._opinion = reader, examiner, opinion
        self._numbers = {name: one.number for name, one in behaviours.items()}
        self._frames = {name: {f.name: i for i, f in enumerate(one.frames)} for name, one in behaviours.items()}
        wide = (one.cues | one.unless for one in inhibitors if one.where not in ("message", "span", "kinds", "both"))
        self._alone = reader.matcher.alone
        self._needed = self.examiner.whole.needed & ~self._alone
        hearable = self.examiner.whole.hearable
        self._kept = self._needed | hearable | reader.matcher.mask(["comply", "refuse", "protest"]) | united(wide)

    def cues(self, texts: Sequence[str], /) -> list[int]:
        """The bits of the cues of each of the raw `texts`; nought for the many that hold none worth an entry."""
        if len(texts) < SIFTED_FROM:
            return [cues if self._worth(cues) else 0 for cues in map(self._reader.cues, texts)]
        found = self._sieve.cues(self._reader.signs_of_all(texts), self._worth)
        return [cues if self._worth(cues) else 0 for cues in (found.get(at, 0) for at in range(len(texts)))]

    def note(self, text: str, cues: int, *, at: int, reference: int, forwarded: bool = False) -> Entry:
        """The entry of raw `text`, in which these `cues` stand."""
        if not cues & self._needed and not self.examiner.whole.of(cues):
            return Entry(at, reference, cues & ~self._alone)
        reading = self._reader.read(text, cues=cues)
        return self._entry(reading, self.examiner.examine(reading, forwarded=forwarded), at, reference)

    def _worth(self, cues: int) -> bool:
        return cues & self._kept != 0 or (cues & self._alone != 0 and bool(self.examiner.whole.of(cues)))

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve(self._reader.matcher.phrases)

    def _entry(self, reading: Reading, noted: Noted, at: int, reference: int) -> Entry:
        shown = tuple(
            sorted(
                (self._numbers[s.behaviour], self._frames[s.behaviour][s.frame], round(s.points * 100))
                for s in noted.shown
            )
        )
        against = tuple(sorted((self._numbers[name], round(points * 100)) for name, points in noted.against.items()))
        opinion = round(self._opinion.points(self._opinion.phrases(reading.plain)) * 100)
        return Entry(
            at, reference, noted.cues & ~self._alone, shown, against, template_of(reading) if shown else 0, opinion
        )


def template_of(reading: Reading, /) -> int:
    """Eight bytes that are the same for the same lure with other names, numbers, greetings and spellings; or nought."""
    words = [w.text for w in reading.words if w.sign != OTHER and w.text.isalpha() and w.text not in _FILLERS]
    if len(words) < _TEMPLATE_FROM:
        return 0
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")
