"""One message read closely: its words, where each cue stands, and which of them are taken back by a 'not'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trigpoint.scanner.cues.lexicon import Lexicon
from trigpoint.scanner.cues.matcher import Matcher, bits
from trigpoint.scanner.text.fold import Folded, Folder, small
from trigpoint.scanner.text.spaced import is_spaced, joined, spaced_out
from trigpoint.scanner.text.words import BETWEEN, Word, Words

_NOT = frozenset(
    [
        "dont",
        "not",
        "never",
        "no",
        "wont",
        "cant",
        "wouldnt",
        "shouldnt",
        "isnt",
        "didnt",
        "doesnt",
        "aint",
        "without",
        "nobody",
        "none",
        "neither",
        "dnt",
        "couldnt",
        "havent",
        "hasnt",
        "wasnt",
        "werent",
        "arent",
        "stop",
        "cannot",
        "stopped",
        "refuse",
        "refused",
    ]
)
_QUOTED = re.compile(r'"[^"\n]{12,}"|“[^”\n]{12,}”|«[^»\n]{12,}»|^\s*>[^\n]+', re.MULTILINE)
QUOTING = '"“«>'  # signs without which nothing is quoted
_CARRIES = frozenset(
    ["want", "wanna", "need", "gonna", "going", "really", "even", "ever", "be", "to", "have", "trying"]
)
_PAST = frozenset(["was", "were", "wasnt", "werent", "nearly", "almost", "wouldve", "couldve", "had"])
_DOERS = frozenset(["i", "he", "she", "they", "we"])
WordSpan = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """A message as words. `cues` are the bits of the cues that stand in it and are not taken back."""

    raw: str
    folded: Folded
    words: tuple[Word, ...]
    spans: dict[int, tuple[WordSpan, ...]]
    cues: int

    @property
    def plain(self) -> str:
        """Its words, properly spelled, one blank between them; numbers as 0."""
        return " ".join(w.text if w.text[-1:].isalpha() else "0" for w in self.words)

    def place(self, span: WordSpan, /) -> tuple[int, int]:
        """The code points of the raw text behind words `span` (half open)."""
        return self.folded.raw_span(self.words[span[0]].start, self.words[span[1] - 1].end)

    def disguised(self, span: WordSpan, /) -> bool:
        """Whether a word of the span was written so as not to be read by a machine."""
        first, last = self.words[span[0]], self.words[span[1] - 1]
        return any(w.disguised for w in self.words[span[0] : span[1]]) or self.folded.was_disguised(
            first.start, last.end
        )

    def quoted(self, span: WordSpan, /) -> bool:
        """Whether the span lies in words that the writer put in quotation marks."""
        start, end = self.place(span)
        return any(m.start() <= start and end <= m.end() for m in _QUOTED.finditer(self.raw))


class Reader:
    """Reads messages: quickly for the cues that may stand in them, closely for where."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._folder = Folder(lexicon.pictures)
        self._words = Words(lexicon.alphabet, lexicon.usual)
        self.matcher = Matcher(lexicon)
        cues = list(lexicon.cues.values())
        self._negatable = [cue.negation == "looked_for" for cue in cues]
        self._order = [cue.order for cue in cues]
        self._ahead = [cue.ahead for cue in cues]

    def cues(self, text: str, /) -> int:
        """The bits of the cues that may stand in raw `text`; a few of them may be taken back on a closer reading."""
        return self.matcher.cues(self.signs(text))

    def signs(self, text: str, /) -> str:
        """The signs of the words of raw `text`."""
        return self._words.signs(self._fold(text).text)

    def signs_of_all(self, texts: Sequence[str], /) -> str:
        """The signs of each text, in one string: PARTED stands between two of them."""
        plain = [text if text.isascii() else self._folder.fold(text).text for text in texts]
        together = "\n".join(plain)
        if together.count("\n") >= len(plain):
            together = "\n".join(text.replace("\n", " ") for text in plain)
        folded = small(together).replace("\n", BETWEEN)
        spaced = spaced_out(folded)
        if spaced:
            each = folded.split(BETWEEN)
            for at in spaced:
                each[at] = self._fold(texts[at]).text
            folded = BETWEEN.join(each)
        return self._words.signs(folded)

    def read(self, text: str, /, *, cues: int | None = None) -> Reading:
        """Read raw `text` closely; `cues` are those that `cues(text)` gives, where they are known already."""
        folded = self._fold(text)
        words = tuple(self._words.words(folded.text))
        signs = "".join(w.sign for w in words)
        spans = {}
        for cue in bits(self.matcher.cues(signs) if cues is None else cues):
            kept = tuple(s for s in self.matcher.spans(cue, signs) if not self._taken_back(cue, words, s[0]))
            if kept:
                spans[cue] = kept
        return Reading(text, folded, words, spans, sum(1 << cue for cue in spans))

    def _fold(self, text: str) -> Folded:
        folded = self._folder.fold(text)
        if is_spaced(folded.text):
            return joined(folded, self._words.known, self._words.undisguised)
        return folded

    def _taken_back(self, cue: int, words: tuple[Word, ...], first: int) -> bool:
        before = [w.text for w in words[max(0, first - 2) : first]]
        if self._order[cue] and before[-1:] and before[-1] in _DOERS:
            return True
        if self._ahead[cue] and before[-1:] and before[-1] in _PAST:
            return True
        if not self._negatable[cue] or not before or "why" in before:
            return False
        near = before[-1] in _NOT or (before[-1] in _CARRIES and before[0] in _NOT)
        return near and not (before[-1] == "no" and len(before) > 1 and before[0] in _NOT)
