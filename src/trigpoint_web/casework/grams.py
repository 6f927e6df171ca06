"""Names as groups of three letters, so that a search finds other spellings without an extension of the database."""

from __future__ import annotations

import unicodedata

WITHOUT_MARKS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def fold(name: str) -> str:
    """A name in lower case, without accents, apostrophes and hyphens, words parted by one blank."""
    apart = unicodedata.normalize("NFKD", name.lower().translate(WITHOUT_MARKS))
    letters = "".join(" " if sign in "-./" else sign for sign in apart if sign.isalnum() or sign in " -./")
    return " ".join(letters.split())


def grams(folded: str) -> list[str]:
    """The groups of three letters of each word of a folded name; a word begins with two blanks and ends with one."""
    found: dict[str, None] = {}
    for word in folded.split():
        padded = f"  {word} "
        found |= dict.fromkeys(padded[i : i + 3] for i in range(len(padded) - 2))
    return list(found)
