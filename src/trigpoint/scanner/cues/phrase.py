"""The phrase language of the vocabulary, and its translation into an expression over words.

A phrase is words as people write them: `send [me] .. (pin|card) @money`. `(a|b c)` is one of these, `[a]` may be there,
`..` is up to three words between, `...` up to six, `#` a number, `##` one of two figures or more, `$ #` an amount of
money, `# %` a share, `:plug:` a picture, `@name` a class of words, and an apostrophe may be left out. A word stands for
its spellings too: those that the pack lists (`you` is `u` and `ya`), and a dropped g (`sendin`).

The expression is over signs, one a word (see `alphabet`), so that a choice of forty words is one class of signs: it
compiles in no time, and a message of ten words is ten signs long.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trigpoint.scanner.cues.alphabet import MONEY, SHARE, Alphabet, emoji_word

_ITEM = re.compile(r"\.{2,3}|[()\[\]|]|@[a-z_]+|\$ #(?: k\b)?|# ?%|##?|[^\s()\[\]|#]+")
_GAPS = {"..": 3, "...": 6}
_CLASS = re.compile(r"\[[^\]\\^]+\]|[^\x00-\x7f]")


class PhraseError(ValueError):
    """A phrase cannot be read: what is wrong in it."""


@dataclass(frozen=True)
class Words:
    """Spellings of single words, the phrases of each class, and how usual signs are."""

    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    usual: Mapping[str, int] = field(default_factory=dict)

    def commonness(self, signs: frozenset[str], /) -> int:
        """How often one of these signs stands in a million words; one for those of which nothing is known."""
        return sum(self.usual.get(sign, 1) for sign in signs)


@dataclass(frozen=True, slots=True)
class Need:
    """Signs of which a match has one, `first` to `last` signs after the place where it begins."""

    signs: frozenset[str]
    first: int = 0
    last: int = 0

    def later(self, least: int, most: int) -> Need:
        """The same where `least` to `most` signs come before."""
        return Need(self.signs, self.first + least, self.last + most)


@dataclass(frozen=True, slots=True)
class Expression:
    """A phrase over signs, `shortest` to `longest` signs long. Whatever matches has a sign of each of its `needs`."""

    pattern: str
    needs: tuple[Need, ...]
    shortest: int = 1
    longest: int = 1


def expressions_of(phrase: str, words: Words, alphabet: Alphabet) -> tuple[Expression, ...]:
    """The expressions for `phrase` over the signs of `alphabet`: one, or one for each choice where it is a bare choice.

    Raises PhraseError where a bracket is open, a class is unknown, or nothing in it must be there.
    """
    items = _ITEM.findall(phrase.lower())
    if _is_choice(items):
        items = items[1:-1]
    reading = _Reading(items, words, alphabet)
    made = reading.each()
    if reading.left:
        raise PhraseError(f"there is a '{reading.left[0]}' too many")
    return tuple(_merged(made))


def _is_choice(items: list[str]) -> bool:
    """Whether the whole phrase is one bracket."""
    if not items or items[0] != "(":
        return False
    depth = 0
    for at, item in enumerate(items):
        depth += (item in "([") - (item in ")]")
        if depth == 0:
            return at == len(items) - 1
    return False


class _Reading:
    """The tokens of a phrase that are still to be read."""

    def __init__(self, tokens: list[str], words: Words, alphabet: Alphabet) -> None:
        self.left = tokens
        self._words, self._alphabet = words, alphabet

    def each(self) -> list[Expression]:
        made = [self._sequence()]
        while self.left and self.left[0] == "|":
            self.left.pop(0)
            made.append(self._sequence())
        return made

    def alternatives(self) -> Expression:
        return _choice(self.each(), self._words)

    def _sequence(self) -> Expression:
        pattern, gap, least, most = "", 0, 0, 0
        needs: list[Need] = []
        while self.left and self.left[0] not in "|)]":
            item = self.left.pop(0)
            if item in _GAPS:
                gap = _GAPS[item]
                continue
            part, optional = self._part(item)
            if gap and needs:
                pattern += f".{{0,{gap}}}"
                most += gap
            pattern += _one(part.pattern) + ("?" if optional else "")
            needs += () if optional else [need.later(least, most) for need in part.needs]
            least += 0 if optional else part.shortest
            most += part.longest
            gap = 0
        if not needs:
            raise PhraseError("a phrase, or a part of one, has no word that must be there")
        return Expression(pattern, tuple(needs), least, most)

    def _part(self, item: str) -> tuple[Expression, bool]:
        if item in "([":
            inner, closing = self.alternatives(), ")" if item == "(" else "]"
            if not self.left or self.left.pop(0) != closing:
                raise PhraseError(f"a '{item}' is not closed")
            return inner, item == "["
        if item in ")]":
            raise PhraseError(f"a '{item}' closes nothing")
        if item.startswith("@") and len(item) > 1:
            return self._class(item[1:]), False
        return _class_of(self._signs(item)), False

    def _signs(self, item: str) -> frozenset[str]:
        if item == "#":
            return self._alphabet.numbers()
        if item == "##":
            return self._alphabet.numbers() - self._alphabet.letters()
        if item.startswith("$ #"):
            return frozenset(MONEY)
        if item.startswith("#") and item.endswith("%"):
            return frozenset(SHARE)
        if len(item) > 2 and item[0] == item[-1] == ":":
            return frozenset(self._alphabet.sign(emoji_word(item[1:-1])))
        spelled = (s for one in (item, *self._words.spellings.get(item, ())) for s in spellings_of(one))
        return frozenset(self._alphabet.sign(s) for s in spelled)

    def _class(self, name: str) -> Expression:
        if name not in self._words.classes:
            raise PhraseError(f"there is no class of words '@{name}'")
        tokens = (_ITEM.findall(phrase) for phrase in self._words.classes[name])
        return _choice([_Reading(many, self._words, self._alphabet).alternatives() for many in tokens], self._words)


def spellings_of(word: str, /) -> set[str]:
    """`word` without its apostrophe, and with its g dropped."""
    plain = word.replace("'", "")
    return {plain, plain[:-1]} if plain.endswith("ing") and len(plain) > 4 else {plain}


def _class_of(signs: frozenset[str]) -> Expression:
    inside = "".join(sorted(signs))
    return Expression(f"[{inside}]" if len(inside) > 1 else inside, (Need(signs),))


def _merged(made: list[Expression]) -> list[Expression]:
    """The same, those that are one sign long as one class of signs."""
    single = [one for one in made if _CLASS.fullmatch(one.pattern)]
    if not single:
        return made
    signs = frozenset[str]().union(*(need.signs for one in single for need in one.needs))
    return [*(one for one in made if one not in single), _class_of(signs)]


def _choice(made: list[Expression], words: Words) -> Expression:
    """One of these as one expression; it needs the rarest need of each."""
    merged = _merged(made)
    if len(merged) == 1:
        return merged[0]
    rarest = [min(one.needs, key=lambda need: words.commonness(need.signs)) for one in merged]
    signs = frozenset[str]().union(*(need.signs for need in rarest))
    return Expression(
        "|".join(sorted((one.pattern for one in merged), key=len, reverse=True)),
        (Need(signs, min(need.first for need in rarest), max(need.last for need in rarest)),),
        min(one.shortest for one in merged),
        max(one.longest for one in merged),
    )


def _one(pattern: str) -> str:
    return pattern if _CLASS.fullmatch(pattern) else f"(?:{pattern})"
