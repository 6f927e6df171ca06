"""Every word of the vocabulary as one sign, so that a message is a short string of signs.

The sign of a word does not change while a scanner lives; signs are given out in the order of first use.
"""

from __future__ import annotations

NUMBER, MONEY, SHARE, OTHER = "\u0101", "\u0102", "\u0103", "\u0104"
PARTED = "\n"  # stands between the signs of two messages
_FIRST = 0x110


class Alphabet:
    """Signs by word. Words are small letters without apostrophes; numbers that phrases name have signs of their own."""

    def __init__(self) -> None:
        self._signs: dict[str, str] = {}
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789":
            self.sign(letter)

    def sign(self, word: str, /) -> str:
        """The sign of `word`, given out now if it has none."""
        found = self._signs.get(word)
        if found is None:
            found = self._signs[word] = chr(_FIRST + len(self._signs))
        return found

    def known(self, word: str, /) -> str | None:
        """The sign of `word`, or None where no phrase names it."""
        return self._signs.get(word)

    def words(self) -> frozenset[str]:
        """All words that have a sign."""
        return frozenset(self._signs)

    def numbers(self) -> frozenset[str]:
        """The signs of all numbers that have one so far, and that of the others."""
        return frozenset({NUMBER, *(sign for word, sign in self._signs.items() if word.isdecimal())})

    def letters(self) -> frozenset[str]:
        """The signs of single letters and numerals."""
        return frozenset(sign for word, sign in self._signs.items() if len(word) == 1)


def emoji_word(name: str, /) -> str:
    """The word that stands for the picture `name` in folded text."""
    return "emoji" + name.replace("_", "")
