"""Which of many messages may make a signal when each is read alone: a quick look that never overlooks one.

What stands in the messages is searched for in all of them at once; of that, the pack says at once whether it could add
up to a signal at all. Only what could is read closely.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from trigpoint.scanner.course.bound import Bound
from trigpoint.scanner.cues.sieve import SIFTED_FROM, Sieve
from trigpoint.scanner.frames.examine import Examiner
from trigpoint.scanner.frames.reading import Reader
from trigpoint.scanner.opinion.phrases import OpinionModel

_AT_ONCE = 1024
_REMEMBERED = 50_000


class QuickLook:
    """Looks over messages for those that are worth reading closely."""

    def __init__(self, reader: Reader, *, examiner: Examiner, bound: Bound, opinion: OpinionModel) -> None:
        self._reader, self._examiner, self._bound, self._opinion = reader, examiner, bound, opinion
        self._may: dict[int, bool] = {}

    def may_signal(self, texts: Sequence[str], /) -> Iterator[int]:
        """The places of the raw `texts` that may make a signal when read alone, ascending; no other does."""
        if len(texts) < SIFTED_FROM:
            worth: Iterator[tuple[int, int]] = ((at, self._reader.cues(text)) for at, text in enumerate(texts))
        else:
            worth = (one for first in range(0, len(texts), _AT_ONCE) for one in self._sifted(texts, first))
        yield from (at for at, cues in worth if self._may_raise(cues) and self._shows(texts[at], cues))

    def _sifted(self, texts: Sequence[str], first: int) -> Iterator[tuple[int, int]]:
        signs = self._reader.signs_of_all(texts[first : first + _AT_ONCE])
        found = self._sieve.cues(signs, self._may_raise)
        yield from ((first + at, found[at]) for at in sorted(found))

    def _shows(self, text: str, cues: int) -> bool:
        """Whether frames stand close enough together, and the second opinion is not against them.

        What speaks against them is left to a closer look: the sieve has not searched for it.
        """
        words = self._reader.read(text, cues=0).plain
        opinion = self._opinion.points(self._opinion.phrases(words))
        if not self._bound.alone(self._examiner.whole.at_most(cues), opinion=opinion):
            return False
        shown = self._examiner.shown(self._reader.read(text, cues=cues))
        return self._bound.alone({one.behaviour: one.points for one in shown}, opinion=opinion)

    def _may_raise(self, cues: int) -> bool:
        cues &= self._examiner.whole.counting
        found = self._may.get(cues)
        if found is None:
            if len(self._may) > _REMEMBERED:
                self._may.clear()
            found = self._may[cues] = self._bound.alone(self._examiner.whole.at_most(cues))
        return found

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve([one for one in self._reader.matcher.phrases if one.cue & self._examiner.whole.counting])
