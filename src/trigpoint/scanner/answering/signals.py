"""Signals for people: what was weighed, with the very words that it stands on and a sentence that goes no further."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from trigpoint.scanner.answer import Evidence, Opinion, Signal, Span
from trigpoint.scanner.answering.usual import Calibration
from trigpoint.scanner.course.conclude import Weighed
from trigpoint.scanner.course.entry import Entry
from trigpoint.scanner.course.points import CLEAR
from trigpoint.scanner.course.weave import Found, spread_wide
from trigpoint.scanner.cues.matcher import bits
from trigpoint.scanner.frames.behaviour import HEARD, Behaviour, Inhibitor
from trigpoint.scanner.frames.examine import Shown, closest
from trigpoint.scanner.frames.reading import Reading, WordSpan
from trigpoint.scanner.frames.whole import SUPPORT_MOST, SUPPORT_POINTS
from trigpoint.scanner.message import Surface
from trigpoint.scanner.opinion.phrases import OpinionModel

_CONTEXT = {
    "again": "it comes again in the conversation",
    "course": "the same sender shows other behaviours of this kind in the conversation",
    "pleaded": "the other begs, refuses or is afraid close to it",
    "complied": "the other agrees or obeys afterwards",
    "rest": "what the rest of the conversation reads like to the second opinion",
    "controlled": "another in the conversation shows behaviours of an exploiter",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A message as answers cite it. `reading` and `shown` are None where its words are no longer at hand."""

    id: str
    surface: Surface = "direct"
    reading: Reading | None = None
    shown: tuple[Shown, ...] = ()


class Signals:
    """Makes signals of what was weighed. `source` gives the message behind an entry's reference."""

    def __init__(
        self,
        behaviours: Mapping[str, Behaviour],
        inhibitors: tuple[Inhibitor, ...],
        *,
        cues: Mapping[int, tuple[str, str]],
        opinion: OpinionModel,
        calibration: Calibration,
    ) -> None:
        self._behaviours = behaviours
        self._inhibitors = {one.name: one for one in inhibitors}
        self._cues = cues
        self._opinion, self._calibration = opinion, calibration

    def signal(self, weighed: Weighed, source: Callable[[int], Source], *, conversation: str) -> Signal:
        """The signal of one behaviour of one sender."""
        found, behaviour = weighed.best, self._behaviours[weighed.best.behaviour]
        sources = {entry.reference: source(entry.reference) for entry, _ in found.parts}
        evidence = [*self._evidence(found, sources), *self._context(weighed)]
        last = sources[found.last.reference]
        usual = self._calibration.usual(weighed.points, last.surface)
        return Signal(
            behaviour=behaviour.name,
            title=behaviour.plain,
            stage=behaviour.stage,
            conversation=conversation,
            sender=weighed.sender,
            messages=tuple(sources[entry.reference].id for entry, _ in found.parts),
            first_at=_when(found.parts[0][0]),
            last_at=_when(found.last),
            points=round(weighed.points, 2),
            strength="clear" if weighed.points >= CLEAR else "likely",
            for_it=tuple(e for e in evidence if e.points > 0),
            against_it=tuple(e for e in evidence if e.points < 0),
            opinion=self._opinions(weighed, sources),
            usual=usual,
            sentence=self._sentence(behaviour, found, sources),
            surface=last.surface,
        )

    def _evidence(self, found: Found, sources: Mapping[int, Source]) -> Iterator[Evidence]:
        needs = len(found.frame.needs)
        share = found.frame.points / needs
        if len(found.parts) > 1:
            share -= spread_wide(found.parts) / needs
        for entry, mask in found.parts:
            source = sources[entry.reference]
            for cue, span in _met(source, found, mask):
                yield self._cue(cue, share, source, span)
        yield from self._support(found, sources)
        yield from self._against(found, sources)

    def _support(self, found: Found, sources: Mapping[int, Source]) -> Iterator[Evidence]:
        placed = list(_supporting(found, sources))
        for cue, source, span in placed:
            yield self._cue(cue, min(SUPPORT_MOST, SUPPORT_POINTS * len(placed)) / len(placed), source, span)

    def _against(self, found: Found, sources: Mapping[int, Source]) -> Iterator[Evidence]:
        for entry, _ in found.parts:
            source = sources[entry.reference]
            for shown in source.shown if len(found.parts) == 1 else ():
                if shown.behaviour == found.behaviour:
                    for name, points, span in shown.against:
                        place = self._span(source, span) if span else None
                        yield Evidence(name, self._inhibitors[name].plain, points, place)
        if len(found.parts) > 1 and found.against:
            yield Evidence("words_against", "words in these messages that speak against it", round(found.against, 2))

    def _context(self, weighed: Weighed) -> Iterator[Evidence]:
        for name, points in weighed.context:
            if name != "opinion":
                plain = _CONTEXT.get(name) or self._inhibitors[name].plain
                yield Evidence(name, plain, round(points, 2))

    def _opinions(self, weighed: Weighed, sources: Mapping[int, Source]) -> Opinion:
        points = next((p for name, p in weighed.context if name == "opinion"), 0.0)
        source = sources[weighed.best.last.reference]
        phrases = self._opinion.phrases(source.reading.plain) if source.reading else {}
        told = sorted(phrases.items(), key=lambda p: -abs(p[1]))
        return Opinion(
            round(points, 2),
            round(self._opinion.probability(phrases), 4) if phrases else 0.5,
            tuple(Evidence(phrase, phrase, round(weight, 2)) for phrase, weight in told),
        )

    def _cue(self, cue: int, points: float, source: Source | None, span: WordSpan | None) -> Evidence:
        name, plain = self._cues[cue % HEARD]
        plain = f"the other: {plain}" if cue >= HEARD else plain
        place = self._span(source, span) if source and span else None
        return Evidence(name, plain, round(points, 2), place)

    @staticmethod
    def _span(source: Source, span: WordSpan) -> Span | None:
        if source.reading is None:
            return None
        start, end = source.reading.place(span)
        return Span(source.id, start, end, source.reading.raw[start:end])

    @staticmethod
    def _sentence(behaviour: Behaviour, found: Found, sources: Mapping[int, Source]) -> str:
        number = len(sources)
        where = "One message" if number == 1 else f"{number} messages together"
        verb = "reads" if number == 1 else "read"
        return f"{where} {verb} as: {behaviour.plain} ({found.frame.name})."


def _supporting(found: Found, sources: Mapping[int, Source]) -> Iterator[tuple[int, Source | None, WordSpan | None]]:
    """The supporting cues with the places where they stand, as far as the words are at hand."""
    only = sources[found.last.reference]
    if len(found.parts) == 1 and only.reading:
        shown = next((s for s in only.shown if s.behaviour == found.behaviour), None)
        yield from ((cue, only, span) for cue, span in (shown.support if shown else ()))
        return
    for cue in bits(found.support):
        source = next((s for e, _ in found.parts if e.cues >> cue & 1 and (s := sources[e.reference]).reading), None)
        spans = source.reading.spans.get(cue, ()) if source and source.reading else ()
        yield cue, source, spans[0] if spans else None


def _met(source: Source, found: Found, mask: int) -> Iterator[tuple[int, WordSpan | None]]:
    """The cues of a part with their spans: those of the frame as examined, or the first where they stand."""
    if source.reading is None:
        yield from ((cue, None) for cue in bits(mask)[: len(found.frame.needs)])
        return
    if len(found.parts) == 1:
        yield from closest(source.reading, found.frame) or ()
        return
    for need in found.frame.needs:
        cues = bits(mask & need)
        if cues:
            spans = source.reading.spans.get(cues[0] % HEARD, ())
            yield cues[0], spans[0] if spans else None


def _when(entry: Entry) -> datetime | None:
    return datetime.fromtimestamp(entry.at, UTC) if entry.at > 10**6 else None
