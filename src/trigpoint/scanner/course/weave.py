"""Frames spread over several messages of one sender: a lure in three messages is still a lure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.frames.behaviour import MOST_OVER, Behaviour, Frame, united
from trigpoint.scanner.frames.whole import SUPPORT_MOST, SUPPORT_POINTS, WholeFrames

WINDOW = 72 * 3600  # seconds that one frame may be spread over
CLOSE = 600  # seconds within which messages count as one breath
ORDINALS = 10**6  # times below this are the order of messages that carry none
SPREAD = 0.3  # points less for a frame over several messages, and as much again where it is not of one breath


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
        """The message with which it became whole."""
        return max((entry for entry, _ in self.parts), key=lambda e: e.order)


def found_in(entries: Sequence[Entry], whole: WholeFrames) -> Iterator[Found]:
    """Every behaviour that one sender's entries show, the best frame for each message with which one becomes whole."""
    for at, entry in enumerate(entries):
        if not entry.cues & whole.needed and not entry.shown:
            continue
        alone = {b: (f, points / 100) for b, f, points in entry.shown}
        woven = whole.of(united(e.cues for e in _window(entries, at, MOST_OVER)))
        others = set(alone) - {behaviour.number for behaviour, _ in woven}
        for behaviour, frames in (*woven, *((whole.behaviours[number], ()) for number in sorted(others))):
            ways = []
            if behaviour.number in alone:
                ways.append(_alone(entry, behaviour, *alone[behaviour.number]))
            if at and entry.cues & behaviour.needed:  # the first has none before it
                ways += [w for f in frames if f.over > 1 and (w := _spread(entries, at, behaviour, f))]
            if ways:
                yield max(ways, key=lambda w: w.points)


def _alone(entry: Entry, behaviour: Behaviour, frame: int, points: float) -> Found:
    one = behaviour.frames[frame]
    mask = entry.cues & one.wanted
    return Found(behaviour.name, one, points, ((entry, mask),), entry.cues & behaviour.support & ~mask, 0.0)


def _spread(entries: Sequence[Entry], at: int, behaviour: Behaviour, frame: Frame) -> Found | None:
    """The frame made whole by message `at` together with earlier ones; each need is met by the latest that can."""
    last = entries[at]
    if not last.cues & frame.wanted:
        return None
    window = _window(entries, at, frame.over)
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
    """Points less for a frame that is not of one breath. Where messages carry no times, eight of them are one."""
    times = [entry.at for entry, _ in parts]
    wide = max(times) - min(times) > (CLOSE if max(times) > ORDINALS else 8)
    return SPREAD * (2 if wide else 1)


def _window(entries: Sequence[Entry], at: int, over: int) -> Sequence[Entry]:
    since = entries[at].at - WINDOW
    return [e for e in entries[max(0, at - over + 1) : at + 1] if e.at >= since]
