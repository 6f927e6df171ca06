"""The most that anything may come to: what cannot make a signal need not be weighed."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from trigpoint.scanner.course import points
from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.course.weave import around, gathered
from trigpoint.scanner.frames.behaviour import MOST_OVER, Behaviour, united
from trigpoint.scanner.frames.whole import WholeFrames
from trigpoint.scanner.opinion.phrases import MOST

_ENOUGH = points.LIKELY - 0.02  # points are kept in hundredths
_STRONG = points.COURSE_FROM - 0.02


class Bound:
    """Bounds of what the weigher makes, that cost little; what speaks against anything is left out of them."""

    def __init__(self, behaviours: Mapping[str, Behaviour], whole: WholeFrames) -> None:
        self._behaviours, self._whole = behaviours, whole

    def alone(self, at_most: Mapping[str, float], /, *, opinion: float = MOST) -> bool:
        """Whether a message read alone may make a signal: its behaviours and `opinion` have at most these points."""
        strong = self._strong(at_most)
        return any(found + opinion + _course(name, strong) >= _ENOUGH for name, found in at_most.items())

    def within(self, entries: Mapping[str, Sequence[Entry]], new: Container[int], /) -> bool:
        """Whether `entries` by sender, each in order of time, may make a signal that stands on a `new` reference.

        A frame is spread over few messages, so only those around a new one are looked at.
        """
        fresh = {who: [e for e in many if e.reference in new] for who, many in entries.items()}
        return any(self._within(entries, sender, new) for sender in entries if self._bears(sender, fresh))

    def _bears(self, sender: str, fresh: Mapping[str, Sequence[Entry]]) -> bool:
        """Whether anything new is the sender's, or may be heard as an answer to the sender."""
        if fresh[sender]:
            return True
        return any(entry.cues & self._whole.hearable for many in fresh.values() for entry in many)

    def _within(self, entries: Mapping[str, Sequence[Entry]], sender: str, new: Container[int]) -> bool:
        mine = gathered(entries, sender, self._whole.hearable)
        most = self._at_most(mine)
        strong = self._strong(most)
        if not self._enough(mine, most, strong):  # most conversations end here
            return False
        near = (_near(mine, at) for at, entry in enumerate(mine) if entry.reference in new)
        return any(self._enough(some, self._at_most(some), strong) for some in near)

    def _enough(self, entries: Sequence[Entry], most: Mapping[str, float], strong: frozenset[str]) -> bool:
        if not most:
            return False
        opinion = max(0, *(entry.opinion for entry in entries)) / 100
        return any(self._highest(name, found, strong) + opinion >= _ENOUGH for name, found in most.items())

    def _at_most(self, entries: Sequence[Entry]) -> dict[str, float]:
        """The most points of each behaviour that these entries may show, alone or woven together."""
        most = dict(self._whole.at_most(united(e.cues for e in entries)))
        for entry in entries:
            for number, _, found in entry.shown:
                name = self._whole.behaviours[number].name
                most[name] = max(most.get(name, 0.0), found / 100)
        return most

    def _strong(self, at_most: Mapping[str, float]) -> frozenset[str]:
        """The exploiter's behaviours that may be shown strongly enough to speak for others of theirs."""
        strong = (name for name, found in at_most.items() if found >= _STRONG)
        return frozenset(name for name in strong if self._behaviours[name].side == "exploiter")

    def _highest(self, name: str, found: float, strong: frozenset[str]) -> float:
        """The most points of a behaviour with all of the conversation but the opinion."""
        found += points.REST_MORE
        if found >= _STRONG:
            found += points.AGAIN_MOST + points.COMPLIED + points.PLEADED
        if self._behaviours[name].side == "child":
            return found + points.CONTROLLED
        return found + _course(name, strong)


def _course(name: str, strong: frozenset[str]) -> float:
    return min(points.COURSE_MOST, points.COURSE * len(strong - {name}))


def _near(entries: Sequence[Entry], at: int) -> Sequence[Entry]:
    """Every entry that can be in one frame with number `at`: those around it, and around what it may yet help to."""
    after, own = at + 1, 0
    while after < len(entries) and (own := own + (not entries[after].heard)) <= MOST_OVER:
        after += 1
    return [*around(entries, at), *entries[at + 1 : after]]
