"""Raw text to folded text: small letters, plain signs, and the place in the raw text of every character.

Folded text is ASCII: look-alike letters (Unicode confusables, by the disarm library), full width and styled letters are
plain letters, invisible characters are gone, pictures that mean something are words, every money sign is `$`. Text that
is ASCII already keeps its places, so nothing has to be kept for it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_KEPT = "abcdefghijklmnopqrstuvwxyz0123456789.,!'$%/+@& "
# Signs that keep their length, so that text with only these is folded without a map of places.
_SAME_LENGTH = str.maketrans(
    {
        "£": "$",
        "€": "$",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "´": "'",
        "“": " ",
        "”": " ",
        "–": " ",
        "—": " ",
        "…": ".",
        "•": " ",
        "é": "e",
        "\u00a0": " ",
        "\n": " ",
    }
)
_BYTES = bytes(
    ord(c) if (c := chr(b).lower()) in _KEPT else (ord("'") if c == "`" else ord("\n") if c == "\n" else 32)
    for b in range(128)
) + bytes([32] * 128)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded `text` of a message. `places[i]` is where character i came from; None where each kept its place."""

    text: str
    places: tuple[int, ...] | None = None
    disguised: frozenset[int] = frozenset()

    def raw_span(self, start: int, end: int, /) -> tuple[int, int]:
        """The code points of the raw text behind folded characters `start` to `end` (half open)."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1

    def was_disguised(self, start: int, end: int, /) -> bool:
        """Whether letters of that span were written so as not to be read by a machine."""
        return bool(self.disguised) and not self.disguised.isdisjoint(range(start, end))


class Folder:
    """Folds text. `pictures` are the words of the pack for single emoji."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        self._pictures = dict(pictures)
        self._seen: dict[str, str] = {}

    def quick(self, text: str, /) -> str | None:
        """The text with the same places and no other than ASCII characters, not yet in small letters, or None."""
        if not text.isascii():
            text = text.translate(_SAME_LENGTH)
            return text if text.isascii() else None
        return text.replace("\n", " ") if "\n" in text else text

    def fold(self, text: str, /) -> Folded:
        """Fold one message, keeping places where they moved."""
        same = self.quick(text)
        if same is not None:
            return Folded(small(same))
        made: list[str] = []
        places: list[int] = []
        disguised: set[int] = set()
        for at, char in enumerate(text):
            plain = char if char.isascii() else self._plain(char)
            if plain != char and len(plain) < 2 and (not plain or plain.isalnum()) and _in_word(text, at):
                disguised.add(len(made))
            made += plain
            places += [at] * len(plain)
        return Folded(small("".join(made).replace("\n", " ")), tuple(places), frozenset(disguised))

    def _plain(self, char: str) -> str:
        found = self._seen.get(char)
        if found is None:
            found = self._seen[char] = self._look_up(char)
        return found

    def _look_up(self, char: str) -> str:
        if char in self._pictures:
            return f" {self._pictures[char]} "
        if ord(char) in _SAME_LENGTH:
            return char.translate(_SAME_LENGTH)
        return _ascii_of(char)


def small(text: str, /) -> str:
    """ASCII text in small letters with plain signs; same length."""
    return small_bytes(text.encode("ascii")).decode("ascii")


def small_bytes(text: bytes, /) -> bytes:
    """The same for bytes; line ends stay, so that many messages can be folded in one go."""
    return text.translate(_BYTES)


def _ascii_of(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in ("Cf", "Mn", "Me", "Cc", "Cn", "Co", "Cs"):
        return " " if char in "\t\r" else ""
    if kind == "Sc":
        return "$"
    plain = _plain_letter(char)
    if plain:
        return plain
    return " " if kind[0] in "PSZ" else ""


def _plain_letter(char: str) -> str:
    import disarm

    canonical = disarm.canonicalize(char)
    if not canonical.isascii():
        canonical = "".join(c for c in unicodedata.normalize("NFKD", canonical) if c.isascii())
    if canonical.strip():
        return canonical
    plain: str = disarm.transliterate(char)
    return plain if plain.isascii() and plain.isalnum() and char.isalpha() else ""


def _in_word(text: str, at: int) -> bool:
    """Whether a plain letter stands next to it."""
    return any(0 <= i < len(text) and text[i].isascii() and text[i].isalpha() for i in (at - 1, at + 1))
