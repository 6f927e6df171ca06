"""From what each sender of a conversation showed to what the conversation shows."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.scanner.course.against import Setting, WideInhibitors
from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.course.weave import Found, around, found_in, gathered
from trigpoint.scanner.frames.behaviour import MOST_OVER, Behaviour, Inhibitor, united
from trigpoint.scanner.frames.whole import WholeFrames
from trigpoint.scanner.message import Surface
from trigpoint.scanner.opinion.phrases import MOST

LIKELY, CLEAR, NEARLY = 3.0, 4.0, 1.5
_COURSE, _COURSE_MOST = 0.5, 1.0  # other behaviours of the same sender in the same conversation
_COURSE_FROM = 2.4
_COMPLIED = 0.2
_PLEADED = 0.4  # an order or threat that the other begs against, refuses or fears
_CONTROLLED = 0.8  # a child's words beside an exploiter's
_SOON = 10_800  # seconds
_PRESSING = ("task", "control")
_AGAIN, _AGAIN_MOST = 0.2, 0.4
_SPEAKERS = 6  # among more than these nobody can tell who answers whom
_ROUNDED = 0.02  # points are kept in hundredths


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
        return self.best.points + sum(points for _, points in self.context)


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

    def weigh(self, entries: Mapping[str, Sequence[Entry]], /, surface: Surface = "direct") -> list[Weighed]:
        """`entries` by sender, each in order of time. One answer for each sender and behaviour with any points."""
        found = {sender: list(found_in(self._gathered(entries, sender), self._whole)) for sender in entries}
        weighed = []
        for sender, mine in found.items():
            by_name: dict[str, list[Found]] = {}
            for one in mine:
                by_name.setdefault(one.behaviour, []).append(one)
            for name, times in by_name.items():
                said = Setting(sender, entries, surface)
                best = self._best(name, times, said)
                context = self._context(name, best, said, found=found, times=times)
                weighed.append(Weighed(sender, best, tuple(times), tuple(context)))
        return sorted(weighed, key=lambda w: (-w.points, w.best.behaviour, w.sender))

    def _gathered(self, entries: Mapping[str, Sequence[Entry]], sender: str) -> Sequence[Entry]:
        """What a frame of that sender may be made of, in order of time."""
        hearable = self._whole.hearable if 1 < len(entries) <= _SPEAKERS else 0
        return gathered(entries, sender, hearable) if hearable else entries[sender]

    def _best(self, name: str, times: Sequence[Found], said: Setting) -> Found:
        """The time that counts most once what speaks against it is taken off; the earliest of equals."""
        most = max(one.points for one in times)
        if len(times) == 1 or most < NEARLY:
            return max(times, key=lambda f: (f.points, [-x for x in f.last.order]))
        behaviour = self._behaviours[name]
        net = {id(f): f.points + sum(p for _, p in self._wide.against(behaviour, f, said)) for f in times}
        return max(times, key=lambda f: (net[id(f)], f.points, [-x for x in f.last.order]))

    def may_raise_with(self, entries: Mapping[str, Sequence[Entry]], new: Container[int], /) -> bool:
        """Whether `entries` by sender, each in order of time, may make a signal that stands on a `new` reference.

        A bound that costs little: a frame is spread over few messages, so only those around a new one are looked at.
        """
        return any(self._may_raise_of(self._gathered(entries, sender), new) for sender in entries)

    def _may_raise_of(self, entries: Sequence[Entry], new: Container[int]) -> bool:
        fresh = [at for at, entry in enumerate(entries) if entry.reference in new]
        if not fresh:
            return False
        strong = self._strong(self._at_most(entries))
        for at in fresh:
            near = _near(entries, at)
            opinion = max(0, *(e.opinion for e in near)) / 100 if len(near) > 1 else max(0, entries[at].opinion) / 100
            at_most = self._at_most(near)
            if any(self._highest(n, p, strong) + opinion >= LIKELY - _ROUNDED for n, p in at_most.items()):
                return True
        return False

    def _at_most(self, entries: Sequence[Entry]) -> dict[str, float]:
        """The most points of each behaviour that these entries may show, alone or woven together."""
        most = dict(self._whole.at_most(united(e.cues for e in entries)))
        for entry in entries:
            for number, _, points in entry.shown:
                name = self._whole.behaviours[number].name
                most[name] = max(most.get(name, 0.0), points / 100)
        return most

    def _strong(self, at_most: Mapping[str, float]) -> frozenset[str]:
        """The exploiter's behaviours that may be shown strongly enough to speak for others of theirs."""
        return frozenset(
            name
            for name, points in at_most.items()
            if points >= _COURSE_FROM - _ROUNDED and self._behaviours[name].side == "exploiter"
        )

    def _highest(self, name: str, points: float, strong: frozenset[str]) -> float:
        """The most points of a behaviour with all of the conversation but the opinion."""
        if points >= _COURSE_FROM - _ROUNDED:
            points += _AGAIN_MOST + _COMPLIED + _PLEADED
        if self._behaviours[name].side == "child":
            return points + _CONTROLLED
        return points + min(_COURSE_MOST, _COURSE * len(strong - {name}))

    def may_raise(self, at_most: Mapping[str, float], /) -> bool:
        """Whether a message read alone may make a signal, whose behaviours have at most these points."""
        strong = {
            name
            for name, points in at_most.items()
            if points >= _COURSE_FROM - _ROUNDED and self._behaviours[name].side == "exploiter"
        }
        return any(
            points + MOST + min(_COURSE_MOST, _COURSE * len(strong - {name})) >= LIKELY - _ROUNDED
            for name, points in at_most.items()
        )

    def _context(
        self,
        name: str,
        best: Found,
        said: Setting,
        *,
        found: Mapping[str, Sequence[Found]],
        times: Sequence[Found],
    ) -> list[tuple[str, float]]:
        behaviour = self._behaviours[name]
        made = self._wide.against(behaviour, best, said)
        opinion = sum(entry.opinion for entry, _ in best.own) / len(best.own) / 100
        if opinion:
            made.append(("opinion", opinion))
        again = sum(1 for one in times if one.points >= _COURSE_FROM and _apart(one, best))
        if again:
            made.append(("again", min(_AGAIN_MOST, _AGAIN * again)))
        if behaviour.side == "child":
            return made + self._controlled(said.sender, found)
        course = self._course(name, best, found[said.sender])
        if course:
            made.append(("course", min(_COURSE_MOST, _COURSE * course)))
        if best.points >= _COURSE_FROM:
            made += self._answered(behaviour, best, said)
        return made

    def _course(self, name: str, best: Found, mine: Sequence[Found]) -> int:
        """How many other behaviours the same sender shows with other words."""
        own = {entry.reference: mask for entry, mask in best.parts}
        others = set()
        for one in mine:
            side = self._behaviours[one.behaviour].side
            apart = any(mask & ~own.get(entry.reference, 0) for entry, mask in one.parts)
            if one.behaviour != name and side == "exploiter" and one.points >= _COURSE_FROM and apart:
                others.add(one.behaviour)
        return len(others)

    def _controlled(self, sender: str, found: Mapping[str, Sequence[Found]]) -> list[tuple[str, float]]:
        others = (one for who, many in found.items() if who != sender for one in many)
        beside = any(self._behaviours[o.behaviour].side == "exploiter" and o.points >= LIKELY for o in others)
        return [("controlled", _CONTROLLED)] if beside else []

    def _answered(self, behaviour: Behaviour, best: Found, said: Setting) -> list[tuple[str, float]]:
        """Whether another agreed within three hours after, or begged against it within three hours on either side."""
        when = best.last.at
        near = [(entry.at - when, entry.cues) for entry in said.others() if abs(entry.at - when) <= _SOON]
        made = []
        if any(cues & self._comply and after >= 0 for after, cues in near):
            made.append(("complied", _COMPLIED))
        if behaviour.stage in _PRESSING and any(cues & self._plead for _, cues in near):
            made.append(("pleaded", _PLEADED))
        return made


def _apart(one: Found, other: Found) -> bool:
    """Whether they stand on no message in common."""
    return not {entry.reference for entry, _ in one.parts} & {entry.reference for entry, _ in other.parts}


def _near(entries: Sequence[Entry], at: int) -> Sequence[Entry]:
    """Every entry that can be in one frame with number `at`: those around it, and around what it may yet help to."""
    after, own = at + 1, 0
    while after < len(entries) and (own := own + (not entries[after].heard)) <= MOST_OVER:
        after += 1
    return [*around(entries, at), *entries[at + 1 : after]]
