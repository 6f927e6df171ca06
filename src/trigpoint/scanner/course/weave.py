"""Frames spread over several messages: a lure in three messages is still a lure, and so is an exchange of two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.frames.behaviour import MOST_OVER, Behaviour, Frame, united
from trigpoint.scanner.frames.whole import SUPPORT_MOST, SUPPORT_POINTS, WholeFrames

WINDOW = 72 * 3600  # seconds that one frame may be spread over
CLOSE = 600  # seconds within which messages count as one breath
ORDINALS = 10**6  # times below this are the order of messages that carry none
SPREAD = 0.3  # points less for a frame over several messages, and as much again where it is not of one breath
ANSWERED = 10_800  # seconds within which what another says is about it; where messages carry no times, twelve of them
_FEW = 12
_SPEAKERS = 6  # among more than these nobody can tell who answers whom


@dataclass(frozen=True, slots=True)
class Found:
    """A frame of a behaviour that is whole, in one message or over several. `points` are net of what speaks against it.

    `parts` are (entry, mask of the cues that met a need there); `support` the mask of other cues that support it.
    """

    behaviour: str
    frame: Frame
    points: float
    parts: tuple[tuple[Entry, int], ...]
    support: int
    against: float

    @property
    def last(self) -> Entry:
        """The message with which it became whole; in an exchange that may be another's."""
        return max((entry for entry, _ in self.parts), key=lambda e: e.order)

    @property
    def own(self) -> tuple[tuple[Entry, int], ...]:
        """The parts that the sender said."""
        return tuple(part for part in self.parts if not part[0].heard)


def gathered(entries: Mapping[str, Sequence[Entry]], sender: str, hearable: int) -> list[Entry]:
    """What a sender said and, as heard, those of the cues `hearable` that others said; in order of time."""
    if not 1 < len(entries) <= _SPEAKERS:
        return list(entries[sender])
    heard = [e.as_heard(hearable) for who, many in entries.items() if who != sender for e in many if e.cues & hearable]
    return sorted((*entries[sender], *heard), key=lambda e: e.order) if heard else list(entries[sender])


def found_in(entries: Sequence[Entry], whole: WholeFrames) -> Iterator[Found]:
    """Every behaviour that one sender's entries show, the best frame for each message with which one becomes whole.

    `entries` are those of `gathered`, in order of time.
    """
    for at, entry in enumerate(entries):
        if not entry.cues & whole.needed and not entry.shown:
            continue
        alone = {b: (f, points / 100) for b, f, points in entry.shown}
        window = around(entries, at)
        woven = whole.of(united(e.cues for e in window))
        others = set(alone) - {behaviour.number for behaviour, _ in woven}
        for behaviour, frames in (*woven, *((whole.behaviours[number], ()) for number in sorted(others))):
            ways = []
            if behaviour.number in alone:
                ways.append(_alone(entry, behaviour, *alone[behaviour.number]))
            if len(window) > 1 and entry.cues & behaviour.needed:
                ways += [w for f in frames if f.over > 1 and (w := _spread(window, behaviour, f))]
            if ways:
                yield max(ways, key=lambda w: w.points)


def around(entries: Sequence[Entry], at: int) -> Sequence[Entry]:
    """Message `at` and those before it of which a frame may be made: the sender's last six, and what others said."""
    since, own = entries[at].at - WINDOW, 0
    for first in range(at, -1, -1):
        own += not entries[first].heard
        if own > MOST_OVER or entries[first].at < since:
            return entries[first + 1 : at + 1]
    return entries[: at + 1]


def _alone(entry: Entry, behaviour: Behaviour, frame: int, points: float) -> Found:
    one = behaviour.frames[frame]
    mask = entry.cues & one.wanted
    return Found(behaviour.name, one, points, ((entry, mask),), entry.cues & behaviour.support & ~mask, 0.0)


def _spread(window: Sequence[Entry], behaviour: Behaviour, frame: Frame) -> Found | None:
    """The frame made whole by the last of the window with earlier ones; each need is met by the latest that can."""
    last = window[-1]
    if not last.cues & frame.wanted:
        return None
    window = _within(window, frame)
    met = _met(window, frame)
    if met is None:
        return None
    parts: dict[int, tuple[Entry, int]] = {}
    for entry, need in zip(met, frame.needs, strict=True):
        parts[entry.reference] = (entry, parts.get(entry.reference, (entry, 0))[1] | entry.cues & need)
    used = united(mask for _, mask in parts.values())
    support = united(e.cues for e in window) & behaviour.support & ~used
    against = sum(p for entry, _ in parts.values() for number, p in entry.against if number == behaviour.number) / 100
    points = (
        frame.points + min(SUPPORT_MOST, SUPPORT_POINTS * support.bit_count()) - spread_wide(parts.values()) + against
    )
    ordered = tuple(sorted(parts.values(), key=lambda p: p[0].order))
    return Found(behaviour.name, frame, points, ordered, support, against)


def _within(window: Sequence[Entry], frame: Frame) -> Sequence[Entry]:
    """The part of a window that a frame may use: as many of the sender's messages as it may be spread over, and an
    exchange no longer apart than one answers another."""
    if frame.exchange:
        last = window[-1].at
        since = last - (ANSWERED if last > ORDINALS else _FEW)
        return [e for e in window if e.at >= since]
    if frame.over == MOST_OVER:
        return window
    own = [e for e in window if not e.heard]
    return own[-frame.over :]


def _met(window: Sequence[Entry], frame: Frame) -> list[Entry] | None:
    """The message that meets each need, the last among them and at least one earlier, each as late as can be."""
    last = window[-1]
    for alone in range(len(frame.needs)):  # one need has to be met by an earlier message
        met = []
        for i, (need, apart) in enumerate(zip(frame.needs, frame.apart, strict=True)):
            here = last.cues & need and i != alone
            met.append(last if here else next((e for e in reversed(window[:-1]) if e.cues & apart), None))
        if last in met and None not in met:
            return [e for e in met if e]
    return None


def spread_wide(parts: Iterable[tuple[Entry, int]]) -> float:
    """Points less for a frame over several messages, and more where it is not of one breath. An answer is always
    another message, so that one costs nothing in itself. Where messages carry no times, eight of them are one breath.
    """
    placed = list(parts)
    times = [entry.at for entry, _ in placed]
    wide = max(times) - min(times) > (CLOSE if max(times) > ORDINALS else 8)
    return SPREAD * (wide + (sum(not entry.heard for entry, _ in placed) > 1))
