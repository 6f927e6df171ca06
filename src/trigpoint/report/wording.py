"""How the page says numbers, days and lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number(count: int) -> str:
    """A count with its thousands parted: 48,212."""
    return f"{count:,}"


def several(count: int, thing: str, *, plural: str | None = None) -> str:
    """A count and its noun: 'one child', '12 children', 'no rows'."""
    noun = thing if count == 1 else (plural or f"{thing}s")
    return f"{_SMALL[count] if count < len(_SMALL) else number(count)} {noun}"


def day(when: date | None) -> str:
    """A day as people say it: 3 January 2025."""
    return f"{when.day} {when:%B %Y}" if when else "not known"


def short_day(when: date | None) -> str:
    """A day for a table: 3 Jan 2025."""
    if when is None:
        return "not known"
    return "\N{NO-BREAK SPACE}".join((str(when.day), _MONTHS[when.month - 1], str(when.year)))


def span(first: date | None, last: date | None) -> str:
    """From one day to another, or the one day."""
    return day(last) if first == last or first is None else f"{day(first)} to {day(last)}"


def month(text: str) -> str:
    """'2025-03' as Mar 2025."""
    return f"{_MONTHS[int(text[5:7]) - 1]} {text[:4]}"


def listed(words: Sequence[str]) -> str:
    """'police', 'police and health', 'police, health and a bank'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) or not text else ".")


def within(title: str) -> str:
    """A title within a sentence: 'School attendance' as school attendance, 'A&E attendance' as it stands."""
    return title if len(title) > 1 and not title[1].islower() else title[:1].lower() + title[1:]
