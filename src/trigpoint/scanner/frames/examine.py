"""What one message alone shows: frames that are whole in it, and what in it speaks against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from trigpoint.scanner.cues.matcher import bits
from trigpoint.scanner.frames.behaviour import Behaviour, Frame, Inhibitor
from trigpoint.scanner.frames.reading import QUOTING, Reading, WordSpan
from trigpoint.scanner.frames.whole import SUPPORT_MOST, SUPPORT_POINTS, WholeFrames

_SPANS_A_CUE = 6
_OWN = 2  # words that a span must have of its own where it shares one


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame that is whole in one message, with the spans that make it so and all cues counted. `points` are net."""

    behaviour: str
    frame: str
    points: float
    made_of: tuple[tuple[int, WordSpan], ...]
    support: tuple[tuple[int, WordSpan], ...]
    against: tuple[tuple[str, float, WordSpan | None], ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """What is kept of a message: its cues, how much in it speaks against each behaviour, and the frames whole in it."""

    cues: int
    against: Mapping[str, float]
    shown: tuple[Shown, ...]


class Examiner:
    """Examines readings against the behaviours and inhibitors of a pack."""

    def __init__(self, behaviours: Mapping[str, Behaviour], inhibitors: tuple[Inhibitor, ...]) -> None:
        self.whole = WholeFrames(behaviours)
        self._behaviours = behaviours
        self._inhibitors = [one for one in inhibitors if one.where in ("message", "span")]

    def examine(self, reading: Reading, *, forwarded: bool = False) -> Noted:
        """All that the message alone shows."""
        return Noted(
            reading.cues, self._against_each(reading, forwarded), tuple(self.shown(reading, forwarded=forwarded))
        )

    def shown(self, reading: Reading, *, forwarded: bool = False) -> Iterator[Shown]:
        """The best whole frame of each behaviour that has one."""
        live = self._live(reading, forwarded)
        for behaviour, frames in self.whole.of(reading.cues):
            ways = [s for f in frames if (s := _show(reading, behaviour, f, live=live))]
            if ways:
                yield max(ways, key=lambda s: s.points)

    def _live(self, reading: Reading, forwarded: bool) -> list[Inhibitor]:
        """The inhibitors that may speak against something here; most messages have none."""
        marked = any(sign in reading.raw for sign in QUOTING)
        return [
            one
            for one in self._inhibitors
            if one.cues & reading.cues or (one.quoted and marked) or (one.forwarded and forwarded)
        ]

    def _against_each(self, reading: Reading, forwarded: bool) -> dict[str, float]:
        """For frames spread over messages: what in this one speaks against each behaviour that it has a part of."""
        live = self._live(reading, forwarded)
        if not live:
            return {}
        found = {}
        for behaviour in self._behaviours.values():
            if reading.cues & behaviour.needed:
                counted = bits(reading.cues & (behaviour.needed | behaviour.support))
                spans = [s for cue in counted for s in reading.spans[cue]]
                points = sum(p for _, p, _ in _against(reading, behaviour, spans=spans, live=live))
                if points:
                    found[behaviour.name] = points
        return found


def _show(reading: Reading, behaviour: Behaviour, frame: Frame, *, live: list[Inhibitor]) -> Shown | None:
    made_of = closest(reading, frame)
    if made_of is None:
        return None
    used = {cue for cue, _ in made_of}
    supporting = behaviour.support & reading.cues if frame.supported else 0
    support = [
        (cue, spans[0]) for cue in bits(supporting) if cue not in used and (spans := _apart(reading, cue, made_of))
    ]
    against = list(_against(reading, behaviour, spans=[s for _, s in (*made_of, *support)], live=live))
    points = frame.points + min(SUPPORT_MOST, SUPPORT_POINTS * len(support)) + sum(p for _, p, _ in against)
    return Shown(behaviour.name, frame.name, points, made_of, tuple(support), tuple(against))


def _against(
    reading: Reading, behaviour: Behaviour, *, spans: list[WordSpan], live: list[Inhibitor]
) -> Iterator[tuple[str, float, WordSpan | None]]:
    for inhibitor in live:
        if inhibitor.bears_on(behaviour):
            hits = _hits(reading, inhibitor, spans)
            if len(hits) >= inhibitor.at_least:
                yield inhibitor.name, _weight(inhibitor, len(hits)), hits[0]


def closest(reading: Reading, frame: Frame, /) -> tuple[tuple[int, WordSpan], ...] | None:
    """One span for each need, none over another, as close together as they stand; None where too far apart."""
    choices = [
        [(cue, span) for cue in bits(reading.cues & need) for span in reading.spans[cue][:_SPANS_A_CUE]]
        for need in frame.needs
    ]
    best, width = None, frame.near + 1
    for one in _combinations(choices):
        extent = max(s[1] for _, s in one) - min(s[0] for _, s in one)
        if extent - sum(s[1] - s[0] for _, s in one) < width and not _overlap([s for _, s in one]):
            best, width = one, extent - sum(s[1] - s[0] for _, s in one)
    return best


def _combinations(choices: list[list[tuple[int, WordSpan]]]) -> Iterator[tuple[tuple[int, WordSpan], ...]]:
    """All ways, or where these are very many, those around each span of the rarest need."""
    ways = 1
    for one in choices:
        ways *= len(one)
    if ways <= 600:
        yield from product(*choices)
        return
    rarest = min(range(len(choices)), key=lambda i: len(choices[i]))
    for anchor in choices[rarest]:
        at = anchor[1][0]
        yield tuple(
            anchor if i == rarest else min(one, key=lambda c: (_over(c[1], anchor[1]), abs(c[1][0] - at)))
            for i, one in enumerate(choices)
        )


def _hits(reading: Reading, inhibitor: Inhibitor, spans: list[WordSpan]) -> Sequence[WordSpan | None]:
    """Where an inhibitor that is live stands: on the evidence itself where that is its place, elsewhere outside it."""
    if inhibitor.forwarded:
        return [None]
    if inhibitor.quoted:
        return [s for s in spans if reading.quoted(s)]
    places = [s for cue in bits(reading.cues & inhibitor.cues) for s in reading.spans[cue]]
    if inhibitor.where == "span":
        return [s for s in places if any(_over(s, e) for e in spans)]
    return [s for s in places if not any(_takes_up(e, s) for e in spans)]


def _takes_up(evidence: WordSpan, other: WordSpan) -> bool:
    """Whether evidence stands on the words of a phrase; one word of a longer phrase does not take it up."""
    return _over(evidence, other) and evidence[1] - evidence[0] >= other[1] - other[0]


def _weight(inhibitor: Inhibitor, hits: int) -> float:
    more = min(3, hits - inhibitor.at_least) if inhibitor.each else 0
    return inhibitor.points * (1 + 0.5 * more)


def _apart(reading: Reading, cue: int, made_of: tuple[tuple[int, WordSpan], ...]) -> list[WordSpan]:
    return [s for s in reading.spans.get(cue, ()) if not any(_over(s, used) for _, used in made_of)]


def _overlap(spans: list[WordSpan]) -> bool:
    """Whether two of them are much the same words: only a word at the end of two longer ones may be shared."""
    return any(_much_the_same(a, b) for i, a in enumerate(spans) for b in spans[i + 1 :])


def _much_the_same(one: WordSpan, other: WordSpan) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 1 or (shared == 1 and min(one[1] - one[0], other[1] - other[0]) < _OWN + 1)


def _over(one: WordSpan, other: WordSpan) -> bool:
    return one[0] < other[1] and other[0] < one[1]
