"""Six ways in which text is written so as not to be read by a machine. Each gives the same text for the same input."""

from __future__ import annotations

import zlib
from collections.abc import Callable

_LEET = str.maketrans("aeiost", "431057")
_LOOKS_LIKE = str.maketrans("aceopxyi", "асеорхуі")
_VOWELS = "aeiou"


def leet(text: str) -> str:
    """Numbers for letters, in words of three letters or more that hold no number."""
    return " ".join(w.translate(_LEET) if len(w) > 2 and w.isalpha() else w for w in text.split(" "))


def look_alike(text: str) -> str:
    """Cyrillic letters that look the same."""
    return text.translate(_LOOKS_LIKE)


def zero_width(text: str) -> str:
    """A character without width between letters."""
    return "".join(c + "\u200b" if c.isalpha() else c for c in text)


def repeated(text: str) -> str:
    """The vowels of longer words three times."""
    return " ".join(
        "".join(c * 3 if c in _VOWELS else c for c in w) if len(w) > 3 and w.isalpha() else w for w in text.split(" ")
    )


def spaced_out(text: str) -> str:
    """Half of the longer words with blanks between their letters."""
    return " ".join(
        " ".join(w) if len(w) > 3 and w.isalpha() and zlib.crc32(w.encode()) % 2 else w for w in text.split(" ")
    )


def full_width(text: str) -> str:
    """Letters and numbers of East Asian full width."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


ATTACKS: dict[str, Callable[[str], str]] = {
    "leet": leet,
    "look-alike letters": look_alike,
    "zero width": zero_width,
    "repeated letters": repeated,
    "spaced out": spaced_out,
    "full width": full_width,
}
