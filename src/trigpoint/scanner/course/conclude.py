"""From what each sender of a conversation showed to what the conversation shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.scanner.course import points
from trigpoint.scanner.course.against import Setting, WideInhibitors
from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.course.rest import rest_of
from trigpoint.scanner.course.weave import Found, found_in, gathered
from trigpoint.scanner.frames.behaviour import Behaviour, Inhibitor
from trigpoint.scanner.frames.whole import WholeFrames
from trigpoint.scanner.message import Surface

_SOON = 10_800  # seconds
_PRESSING = ("task", "control")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A behaviour of one sender with all that counts in the conversation. `context` are (reason, points)."""

    sender: str
    best: Found
    times: tuple[Found, ...]
    context: tuple[tuple[str, float], ...]

    @property
    def points(self) -> float:
        """The frame's net points and those of the conversation."""
        return self.best.points + sum(counted for _, counted in self.context)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A frame found, with what speaks against it from outside its own words."""

    found: Found
    against: tuple[tuple[str, float], ...]

    @property
    def net(self) -> float:
        return self.found.points + sum(counted for _, counted in self.against)


class Weigher:
    """Weighs what each sender showed against what the others and the rest of the conversation say."""

    def __init__(
        self,
        behaviours: Mapping[str, Behaviour],
        inhibitors: Sequence[Inhibitor],
        *,
        whole: WholeFrames,
        comply: int,
        plead: int,
    ) -> None:
        self._behaviours, self._whole = behaviours, whole
        self._wide = WideInhibitors(inhibitors)
        self._comply, self._plead = comply, plead

    def weigh(
        self, entries: Mapping[str, Sequence[Entry]], /, *, surface: Surface = "direct", company: bool = False
    ) -> list[Weighed]:
        """`entries` by sender, each in order of time; `company` where more than one takes part.

        One answer for each sender and behaviour with any points.
        """
        judged = {sender: self._judged(Setting(sender, entries, surface, company)) for sender in entries}
        weighed = []
        for sender, mine in judged.items():
            said = Setting(sender, entries, surface, company)
            by_name: dict[str, list[_Judged]] = {}
            for one in mine:
                by_name.setdefault(one.found.behaviour, []).append(one)
            for times in by_name.values():
                best = max(times, key=_weight)
                context = self._context(best, said, judged=judged, times=times)
                weighed.append(Weighed(sender, best.found, tuple(one.found for one in times), tuple(context)))
        return sorted(weighed, key=lambda w: (-w.points, w.best.behaviour, w.sender))

    def _judged(self, said: Setting) -> list[_Judged]:
        """Every frame that the sender's words, and what others answer, make whole."""
        mine = gathered(said.entries, said.sender, self._whole.hearable)
        return [
            _Judged(one, tuple(self._wide.against(self._behaviours[one.behaviour], one, said)))
            for one in found_in(mine, self._whole)
        ]

    def _context(
        self, best: _Judged, said: Setting, *, judged: Mapping[str, Sequence[_Judged]], times: Sequence[_Judged]
    ) -> list[tuple[str, float]]:
        behaviour = self._behaviours[best.found.behaviour]
        made = list(best.against)
        opinion = _opinion(best.found)
        if opinion:
            made.append(("opinion", opinion))
        rest = rest_of(said.entries, best.found)
        if rest:
            made.append(("rest", rest))
        if not best.found.frame.supported:  # nothing but the second opinion lifts a weak frame
            return made
        again = sum(1 for one in times if one.net >= points.COURSE_FROM and _apart(one.found, best.found))
        if again:
            made.append(("again", min(points.AGAIN_MOST, points.AGAIN * again)))
        if behaviour.side == "child":
            return made + self._controlled(said.sender, judged)
        course = self._course(best.found, judged[said.sender])
        if course:
            made.append(("course", min(points.COURSE_MOST, points.COURSE * course)))
        if best.net >= points.COURSE_FROM:
            made += self._answered(behaviour, best.found, said)
        return made

    def _course(self, best: Found, mine: Iterable[_Judged]) -> int:
        """How many other behaviours the same sender shows with other words."""
        own = {entry.reference: mask for entry, mask in best.parts}
        strong = (one.found for one in mine if one.net >= points.COURSE_FROM and self._exploits(one.found))
        return len({one.behaviour for one in strong if one.behaviour != best.behaviour and _other_words(one, own)})

    def _controlled(self, sender: str, judged: Mapping[str, Sequence[_Judged]]) -> list[tuple[str, float]]:
        others = (one for who, many in judged.items() if who != sender for one in many)
        beside = any(one.net >= points.LIKELY and self._exploits(one.found) for one in others)
        return [("controlled", points.CONTROLLED)] if beside else []

    def _exploits(self, found: Found) -> bool:
        return found.frame.supported and self._behaviours[found.behaviour].side == "exploiter"

    def _answered(self, behaviour: Behaviour, best: Found, said: Setting) -> list[tuple[str, float]]:
        """Whether another agreed within three hours after, or begged against it within three hours on either side."""
        when = best.last.at
        near = [(entry.at - when, entry.cues) for entry in said.others() if abs(entry.at - when) <= _SOON]
        made = []
        if any(cues & self._comply and after >= 0 for after, cues in near):
            made.append(("complied", points.COMPLIED))
        if behaviour.stage in _PRESSING and any(cues & self._plead for _, cues in near):
            made.append(("pleaded", points.PLEADED))
        return made


def _weight(one: _Judged) -> tuple[float, float, list[int]]:
    """Which of several ways to show a behaviour is told: the weightiest, of equals the earliest."""
    return one.net + _opinion(one.found), one.found.points, [-x for x in one.found.last.order]


def _opinion(found: Found) -> float:
    """The second opinion on the sender's own words; of words that were put together from several messages it says less,
    because it learnt from whole ones."""
    mean = sum(entry.opinion for entry, _ in found.own) / len(found.own) / 100
    return mean if len(found.parts) == 1 else max(-points.OPINION_WOVEN, min(points.OPINION_WOVEN, mean))


def _apart(one: Found, other: Found) -> bool:
    """Whether they stand on no message in common."""
    return not {entry.reference for entry, _ in one.parts} & {entry.reference for entry, _ in other.parts}


def _other_words(one: Found, own: Mapping[int, int]) -> bool:
    return any(mask & ~own.get(entry.reference, 0) for entry, mask in one.parts)
