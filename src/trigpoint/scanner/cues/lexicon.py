"""The vocabulary of a pack, read and checked: cues, spellings, classes of words and pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from trigpoint.errors import TermsError
from trigpoint.scanner.cues.alphabet import NUMBER, Alphabet, emoji_word
from trigpoint.scanner.cues.phrase import Expression, PhraseError, Words, expressions_of
from trigpoint.terms.located import Located, read_yaml

Negation = Literal["looked_for", "ignored", "part"]
MOST_CUES = 160
_OWN_WORDS = frozenset(["well", "its", "were", "hell", "shell", "wed", "ill", "nun", "sum", "an", "to"])
_NUMERAL = re.compile(r"(?<![\w.])\d+(?![\w.])")


@dataclass(frozen=True)
class Cue:
    """One kind of evidence.

    `negation` says whether a 'not' before it is looked for, ignored, or a part of it. `together` marks what is so
    common that it counts only in one message with the rest of a frame, never across messages. `order` marks what is
    told to somebody: it does not stand where it follows the one who does it ("take it there", not "I take it there").
    `ahead` marks what is still to come: it does not stand after a word that puts it in the past ("I was gonna").
    `alone` marks a field of plain words: it counts only in one message with the rest of a frame, and is not kept.
    """

    name: str
    plain: str
    negation: Negation
    together: bool
    order: bool
    ahead: bool
    alone: bool
    phrases: tuple[str, ...]
    expressions: tuple[Expression, ...] = field(repr=False)


@dataclass(frozen=True)
class Lexicon:
    """All cues by name, what pictures are called, the sign of every word, and how usual common words are.

    `usual` counts words in a million of ordinary talk, `often` signs. `plainest` gives the plain spelling of those
    that stand for one word alone.
    """

    cues: Mapping[str, Cue]
    pictures: Mapping[str, str]
    alphabet: Alphabet = field(repr=False)
    usual: Mapping[str, int] = field(repr=False)
    often: Mapping[str, int] = field(repr=False)
    plainest: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the cues in their fixed order; the place of a name is its number."""
        return tuple(self.cues)


def read_lexicon(folder: Path, /) -> Lexicon:
    """Read `words.yaml`, `pictures.yaml`, `common_words.tsv` and `cues/*.yaml` of a pack's scanner folder.

    Raises TermsError, with file and phrase, where a phrase cannot be read or a part is missing.
    """
    if not (folder / "words.yaml").is_file():
        raise TermsError("This pack has no vocabulary for the scanner.", mend="It would be in scanner/words.yaml.")
    pictures = {sign: emoji_word(name) for name, sign in read_yaml(folder / "pictures.yaml").value["pictures"].items()}
    files = [read_yaml(path) for path in sorted((folder / "cues").glob("*.yaml"))]
    alphabet = Alphabet()
    for located in files:  # numbers that phrases name need their signs before `#` is translated
        for numeral in _NUMERAL.findall(located.text):
            alphabet.sign(numeral)
    usual = _usual(folder / "common_words.tsv")
    often = {alphabet.sign(word): count for word, count in usual.items()} | _often_numbers(alphabet)
    words = _words(read_yaml(folder / "words.yaml"), often)
    read = [_cue(located, name, words=words, alphabet=alphabet) for located in files for name in located.value["cues"]]
    cues = {cue.name: cue for cue in sorted(read, key=lambda cue: cue.alone)}  # those that are kept come first
    kept = sum(not cue.alone for cue in cues.values())
    if kept > MOST_CUES:
        raise TermsError(f"There are {kept} cues.", mend=f"Saved state has room for {MOST_CUES}.")
    return Lexicon(cues, pictures, alphabet, usual, often, _plainest(words.spellings))


def _plainest(spellings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The first word that each spelling may stand for; what is a word of its own, like `well`, is left as it is."""
    found: dict[str, str] = {}
    for word, many in spellings.items():
        for also in many:
            found.setdefault(also, word)
    return {also: word for also, word in found.items() if also not in spellings and also not in _OWN_WORDS}


def _often_numbers(alphabet: Alphabet) -> dict[str, int]:
    """About how often numbers stand in a million words; single numerals stand for words too ('2', '4')."""
    return {sign: 2_000 if sign in alphabet.letters() else 150 for sign in alphabet.numbers()} | {NUMBER: 8_000}


def _usual(path: Path) -> dict[str, int]:
    """How often each common word stands in a million of ordinary talk."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {word: int(count) for word, count in (line.split("\t") for line in lines if not line.startswith("#"))}


def _words(located: Located, usual: Mapping[str, int]) -> Words:
    value = located.value
    spellings = {str(word): tuple(str(also).split()) for word, also in value["spellings"].items()}
    classes = {name: tuple(str(p) for p in phrases) for name, phrases in value["classes"].items()}
    return Words(spellings, classes, usual)


def _cue(located: Located, name: str, *, words: Words, alphabet: Alphabet) -> Cue:
    entry: Mapping[str, Any] = located.value["cues"][name]
    phrases = tuple(line.strip() for line in entry["phrases"].splitlines() if line.strip())
    made: list[Expression] = []
    for phrase in phrases:
        try:
            made += expressions_of(phrase, words, alphabet)
        except PhraseError as fault:
            mend = f"Look at this phrase of '{name}': {phrase}"
            raise located.error(str(fault), at=("cues", name, "phrases"), mend=mend) from None
    return Cue(
        name,
        entry["plain"],
        negation=entry.get("negation", "looked_for"),
        together=bool(entry.get("together")),
        order=bool(entry.get("order")),
        ahead=bool(entry.get("ahead")),
        alone=bool(entry.get("alone")),
        phrases=phrases,
        expressions=tuple(made),
    )
