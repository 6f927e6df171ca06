"""Which frames can be whole where given cues stand, and what that counts at most; answers are remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from trigpoint.scanner.cues.matcher import bits
from trigpoint.scanner.frames.behaviour import HEARD, Behaviour, Frame, united

SUPPORT_POINTS, SUPPORT_MOST = 0.5, 1.0
_REMEMBERED = 50_000
_Indexed = tuple[int, tuple[int, ...], int, int]  # cues it must have, its other needs, whose frame it is, and which


class WholeFrames:
    """Looks frames up by cues. `needed` are all cues that some frame needs, `counting` those that can add points,
    `hearable` those that count where another says them; `behaviours` are in the order of their numbers."""

    def __init__(self, behaviours: Mapping[str, Behaviour]) -> None:
        self.behaviours = tuple(behaviours.values())
        self._whole: dict[int, tuple[tuple[Behaviour, tuple[Frame, ...]], ...]] = {}
        self._most: dict[int, dict[str, float]] = {}
        self._starting: dict[int, list[_Indexed]] = defaultdict(list)
        self.needed = self.counting = 0
        for one in self.behaviours:
            self._index(one)
            self.needed |= one.needed
            self.counting |= one.needed | one.support
        self.hearable = self.needed >> HEARD

    def of(self, cues: int, /) -> tuple[tuple[Behaviour, tuple[Frame, ...]], ...]:
        """The behaviours, with their frames, for which `cues` hold one of each need."""
        cues &= self.needed
        found = self._whole.get(cues)
        if found is None:
            if len(self._whole) > _REMEMBERED:
                self._whole.clear()
            found = self._whole[cues] = tuple(self._looked_up(cues))
        return found

    def _index(self, one: Behaviour) -> None:
        """Index its frames by the cues that meet the need that is met least often."""
        for place, frame in enumerate(one.frames):
            start = min(frame.needs, key=int.bit_count) if frame.supported else frame.needs[0]
            must = united(need for need in frame.needs if need.bit_count() == 1)
            others = tuple(need for need in frame.needs if need.bit_count() > 1 and need != start)
            for cue in bits(start):
                self._starting[cue].append((must, others, one.number, place))

    def _looked_up(self, cues: int) -> Iterator[tuple[Behaviour, tuple[Frame, ...]]]:
        """Only frames are asked about of which the need that they are indexed by is met."""
        met: dict[int, set[int]] = {}
        for cue in bits(cues):
            for must, others, number, place in self._starting.get(cue, ()):
                if cues & must == must and all(cues & need for need in others):
                    met.setdefault(number, set()).add(place)
        for number in sorted(met):
            one = self.behaviours[number]
            yield one, tuple(one.frames[place] for place in sorted(met[number]))

    def at_most(self, cues: int, /) -> Mapping[str, float]:
        """The most points that each behaviour can reach with no cues but these, before context.

        More cues never make it less, so it bounds what is shown where only too many cues are known.
        """
        cues &= self.counting
        found = self._most.get(cues)
        if found is None:
            if len(self._most) > _REMEMBERED:
                self._most.clear()
            found = self._most[cues] = {
                one.name: max(f.points + (support(cues, one) if f.supported else 0) for f in frames)
                for one, frames in self.of(cues)
            }
        return found


def support(cues: int, behaviour: Behaviour, /) -> float:
    """The most points that what supports a behaviour may add, where these `cues` stand."""
    return min(SUPPORT_MOST, SUPPORT_POINTS * (cues & behaviour.support).bit_count())
