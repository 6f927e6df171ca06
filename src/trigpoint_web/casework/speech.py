"""The pack's words in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from trigpoint.services.speak import Speech, Words, speak


def speech() -> Speech:
    """The words of the pack in the language of the page; English ones where the pack has none of it."""
    return speak(get_language() or "en")


def in_page(text: str) -> Words:
    """What a page says in its own language."""
    return Words(text, get_language() or "en")
