"""What is kept of a message once it has been read: a few dozen bytes, and no words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from trigpoint.scanner.frames.behaviour import HEARD

HALF_LIFE = 14 * 86_400  # seconds: evidence of a fortnight ago counts half
MOST_ENTRIES = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of one sender: `at` seconds since 1970, its `reference`, its cues, and the frames whole in it.

    `shown` are (number of the behaviour, number of its frame, net points in hundredths); `against` are (number of the
    behaviour, points in hundredths) for frames spread over messages. `template` is that of the lure in it, or nought;
    `opinion` the learned second opinion in hundredths of a point.
    """

    at: int
    reference: int
    cues: int
    shown: tuple[tuple[int, int, int], ...] = ()
    against: tuple[tuple[int, int], ...] = ()
    template: int = 0
    opinion: int = 0

    @property
    def order(self) -> tuple[int, int]:
        """By time, then by reference: the same whatever the order in which messages came."""
        return self.at, self.reference

    @property
    def heard(self) -> bool:
        """Whether it stands here as what another said."""
        return self.cues >> HEARD != 0

    def as_heard(self, cues: int, /) -> Entry:
        """What others hear of it: those of these `cues` that are in it, moved to the bits of what is heard."""
        return Entry(self.at, self.reference, (self.cues & cues) << HEARD)

    @property
    def worth(self) -> tuple[float, int, int]:
        """What it is worth keeping for: its points, halved for every half-life of age; the comparison never changes."""
        best = max((points for _, _, points in self.shown), default=0)
        weight = (1.0 if best < 150 else 2.0 if best < 250 else 4.0) + 0.1 * min(9, self.cues.bit_count())
        return _log2(weight) + self.at / HALF_LIFE, self.at, self.reference


@dataclass(slots=True)
class Ledger:
    """The entries of one sender in one conversation; the same set of messages makes the same ledger in any order."""

    entries: dict[int, Entry]

    def take(self, entry: Entry, /) -> int | None:
        """Keep an entry; one that came before is known by its reference. Gives the reference that had to go, if any."""
        self.entries[entry.reference] = entry
        if len(self.entries) <= MOST_ENTRIES:
            return None
        least = min(self.entries.values(), key=lambda e: e.worth).reference
        del self.entries[least]
        return least

    def ordered(self) -> list[Entry]:
        """The entries by time."""
        return sorted(self.entries.values(), key=lambda e: e.order)


def _log2(weight: float) -> float:
    return math.log2(weight)
