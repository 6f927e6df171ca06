"""Which frames can be whole where given cues stand, and what that counts at most; answers are remembered."""

from __future__ import annotations

from collections.abc import Mapping

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
        self.needed = self.counting = 0
        for one in self.behaviours:
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
            whole = (
                (one, tuple(f for f in one.frames if all(cues & need for need in f.needs)))
                for one in self.behaviours
                if cues & one.needed
            )
            found = self._whole[cues] = tuple((one, frames) for one, frames in whole if frames)
        return found

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
                one.name: max(f.points for f in frames)
                + min(SUPPORT_MOST, SUPPORT_POINTS * (cues & one.support).bit_count())
                for one, frames in self.of(cues)
            }
        return found
