"""A place in a YAML file that knows how to ask for what should stand there, and to say what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trigpoint.errors import TrigpointError, nearest
from trigpoint.rules.tree import DAY, HOUR
from trigpoint.terms.located import Located

UNITS = {"hour": HOUR, "day": DAY, "week": 7 * DAY}
DURATION = re.compile(r"(\d+) (hour|day|week|month|year)s?")


@dataclass(frozen=True)
class Node:
    """The value at `trail` of a file. Every question raises TermsError, with a caret, where the file is wrong."""

    located: Located
    trail: tuple[str | int, ...] = ()

    @property
    def value(self) -> Any:
        """The plain value; None where there is nothing."""
        found = self.located.value
        for key in self.trail:
            found = found[key]
        return found

    def fail(self, message: str, *, mend: str | None = None) -> TrigpointError:
        """An error that points here."""
        return self.located.error(message, at=self.trail, mend=mend)

    def fail_key(self, message: str, *, mend: str | None = None) -> TrigpointError:
        """An error that points at the key under which this stands."""
        return self.located.error(message, at=self.trail, mend=mend, on_key=True)

    def __getitem__(self, key: str | int) -> Node:
        return Node(self.located, (*self.trail, key))

    def has(self, key: str) -> bool:
        """Whether the mapping has this key."""
        return isinstance(self.value, dict) and key in self.value

    def mapping(self, *, needs: Collection[str] = (), may: Collection[str] = ()) -> Node:
        """Check that this is a mapping with every key it needs and none that it may not have."""
        if not isinstance(self.value, dict):
            raise self.fail("here keys and values are needed", mend=f"Write {_listed([*needs, *may])}.")
        known = [*needs, *may]
        for key in self.value:
            if key not in known:
                raise self[key].fail_key(f"'{key}' is not a word that can stand here", mend=spelling(str(key), known))
        for key in needs:
            if key not in self.value:
                raise self.fail(f"'{key}' is missing", mend=f"Add '{key}:' here.")
        return self

    def only_key(self, known: Collection[str], *, what: str) -> str:
        """The one key of a mapping, which names an operator."""
        if not isinstance(self.value, dict) or len(self.value) != 1:
            raise self.fail(f"here one {what} is needed", mend=f"Choose one of {_listed(known)}.")
        key = str(next(iter(self.value)))
        if key not in known:
            raise self[key].fail_key(f"there is no {what} '{key}'", mend=spelling(key, known))
        return key

    def items(self) -> list[Node]:
        """The places of a list that is not empty."""
        if not isinstance(self.value, list) or not self.value:
            raise self.fail("here a list is needed", mend="Begin each line of it with '- '.")
        return [self[i] for i in range(len(self.value))]

    def one_or_more(self) -> list[Node]:
        """The places of a list, or this place alone where there is no list."""
        return self.items() if isinstance(self.value, list) else [self]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.fail("here a text is needed", mend="Put words here, in quotes if they hold ': ' or '{'.")
        return self.value.strip()

    def one_of(self, known: Collection[str], *, what: str) -> str:
        """A word of a known list."""
        word = str(self.value)
        if word not in known:
            raise self.fail(f"there is no {what} '{word}'", mend=spelling(word, known))
        return word

    def whole(self, *, least: int | None = None) -> int:
        """A whole number, at least `least`."""
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.fail("here a whole number is needed", mend="Write it in figures, without a unit.")
        if least is not None and self.value < least:
            raise self.fail(f"{self.value} is too small", mend=f"Write {least} or more.")
        return self.value

    def number(self) -> float | int:
        """A number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.fail("here a number is needed", mend="Write it in figures, without a unit.")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.fail("here true or false is needed", mend="Write true or false, without quotes.")
        return self.value

    def seconds(self) -> int:
        """A duration like '90 days'. A year is 365 days, and a month a twelfth of that in whole days."""
        found = DURATION.fullmatch(str(self.value))
        if not found or int(found[1]) == 0:
            raise self.fail(
                f"'{self.value}' is not a duration",
                mend="Write a number and hours, days, weeks, months or years, like '90 days'.",
            )
        number, unit = int(found[1]), found[2]
        if unit in UNITS:
            return number * UNITS[unit]
        return DAY * (number * 365 // 12 if unit == "month" else number * 365)

    def day(self) -> date:
        """A date like 2025-01-31."""
        if isinstance(self.value, date) and not isinstance(self.value, datetime):
            return self.value
        raise self.fail("here a date is needed", mend="Write it as year-month-day, like 2025-01-31.")

    def moment(self) -> datetime:
        """A date with or without a time, like 2025-01-31 21:00."""
        if isinstance(self.value, datetime):
            return self.value.replace(tzinfo=None)
        try:
            return datetime.fromisoformat(str(self.value))
        except ValueError:
            raise self.fail(
                f"'{self.value}' is not a time", mend="Write it like 2025-01-31 or 2025-01-31 21:00."
            ) from None


def spelling(word: str, known: Collection[str]) -> str:
    """How to mend a word that is not known: the nearest spelling, else the list."""
    near = nearest(word, list(known))
    return f"Did you mean '{near}'?" if near else f"Choose one of {_listed(known)}."


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
