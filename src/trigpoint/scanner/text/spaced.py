"""Words spaced out (m o n e y) joined again, with the places of their letters kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from trigpoint.scanner.text.fold import Folded

_SPACED = re.compile(r"(?<![^ ])[^ ](?:[ ]{1,4}[^ ]){2,}(?![^ ])")
_SHAPE = bytes(b if b in b" |" else ord("x") for b in range(256))
_THREE = re.compile(rb" x  {0,3}x {1,4}x ")  # of shapes; begins with as much as can be looked for at once
_LONGEST = 240
_WORD = 18


def is_spaced(text: str, /) -> bool:
    """Whether there is a run of three or more single letters, signs or numerals in one folded text."""
    return _THREE.search(f" {text} ".encode("ascii").translate(_SHAPE)) is not None


def spaced_out(texts: str, /) -> list[int]:
    """Of folded texts with ` | ` between them, the places of those that have such a run, ascending."""
    found: list[int] = []
    at = texts_before = 0
    for run in _THREE.finditer(f" {texts} ".encode("ascii").translate(_SHAPE)):
        texts_before += texts.count("|", at, run.start())
        at = run.start()
        if texts_before not in found[-1:]:
            found.append(texts_before)
    return found


def joined(folded: Folded, known: Callable[[str], bool], plain: Callable[[str], str | None]) -> Folded:
    """`folded` with runs of single letters joined to words, where they are words; the same text where they are not.

    In a run that leaves wider gaps between its words those part them; otherwise the vocabulary does.
    """
    places = list(folded.places) if folded.places else list(range(len(folded.text)))
    made: list[str] = []
    kept: list[int] = []
    disguised = set[int]()
    at = 0
    for run in _SPACED.finditer(folded.text):
        words = _words(run, known, plain)
        if words is None:
            continue
        made += folded.text[at : run.start()]
        kept += places[at : run.start()]
        for word in words:
            disguised |= set(range(len(made), len(made) + len(word)))
            made += [folded.text[i] for i in word] + [" "]
            kept += [places[i] for i in word] + [places[word[-1]]]
        made.pop()
        kept.pop()
        at = run.end()
    if not disguised:
        return folded
    return Folded("".join(made) + folded.text[at:], tuple(kept + places[at:]), frozenset(disguised | folded.disguised))


def _words(
    run: re.Match[str], known: Callable[[str], bool], plain: Callable[[str], str | None]
) -> list[list[int]] | None:
    """The places of the letters of each word of a run, or None where it is no run of words."""
    letters = [i for i in range(run.start(), run.end()) if run.string[i] != " "]
    gaps = [b - a for a, b in pairwise(letters)]
    narrow = min(gaps)
    groups: list[list[int]] = [[letters[0]]]
    for letter, gap in zip(letters[1:], gaps, strict=True):
        if gap > narrow:
            groups.append([])
        groups[-1].append(letter)
    found: list[list[int]] = []
    for group in groups:
        text = "".join(run.string[i] for i in group)
        whole = len(group) < 3 or known(text) or plain(text) or _amount(text)
        lengths = [len(group)] if whole else _parted(text, known)
        if lengths is None:
            return None
        at = 0
        for length in lengths:
            found.append(group[at : at + length])
            at += length
    return found if max(map(len, found)) > 2 else None


def _amount(text: str) -> bool:
    return not text.strip("$0123456789.k%")


def _parted(text: str, known: Callable[[str], bool]) -> list[int] | None:
    """The lengths of the fewest known words that make up `text`, or None."""
    if len(text) > _LONGEST:
        return None
    best: list[tuple[int, int]] = [(0, 0)]  # cost and length of the last word, for each prefix
    for end in range(1, len(text) + 1):
        ways = [
            (best[end - size][0] + (1 if size > 2 else 3), size)
            for size in range(1, min(end, _WORD) + 1)
            if best[end - size][0] < 10**6 and (known(text[end - size : end]) if size > 1 else text[end - 1] in "aiu")
        ]
        best.append(min(ways, default=(10**6, 0)))
    if best[-1][0] >= 10**6:
        return None
    lengths, end = [], len(text)
    while end:
        lengths.append(best[end][1])
        end -= best[end][1]
    return lengths[::-1]
