"""Which frames can be whole where given cues stand, and what that counts at most; answers are remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from trigpoint.scanner.cues.matcher import bits
from trigpoint.scanner.frames.behaviour import HEARD, Behaviour, Frame

SUPPORT_POINTS, SUPPORT_MOST = 0.5, 1.0
_REMEMBERED = 50_000


class WholeFrames:
    """Looks frames up by cues. `needed` are all cues that some frame needs, `counting` those that can add points,
    `hearable` those that count where another says them; `behaviours` are in the order of their numbers."""

    def __init__(self, behaviours: Mapping[str, Behaviour]) -> None:
        self.behaviours = tuple(behaviours.values())
        self._whole: dict[int, tuple[tuple[Behaviour, tuple[Frame, ...]], ...]] = {}
        self._most: dict[int, dict[str, float]] = {}
        self._starting: dict[int, list[tuple[int, int]]] = defaultdict(list)  # frames by a cue that meets a need
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
        for place, frame in enumerate(one.frames):
            for cue in bits(min(frame.needs, key=int.bit_count)):
                self._starting[cue].append((one.number, place))

    def _looked_up(self, cues: int) -> Iterator[tuple[Behaviour, tuple[Frame, ...]]]:
        """Only frames are asked about of which the need with fewest cues is met."""
        may = {place for cue in bits(cues) for place in self._starting.get(cue, ())}
        for number, places in groupby(sorted(may), key=itemgetter(0)):
            one = self.behaviours[number]
            frames = tuple(f for f in (one.frames[i] for _, i in places) if all(cues & need for need in f.needs))
            if frames:
                yield one, frames

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
