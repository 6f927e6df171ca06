"""The engine that defines what an indicator means: short, plain and slow. Every other engine must agree with it.

Each pattern yields matches in two ways: `sure`, from events that fit, and possible, from all events that may.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from trigpoint.engines.answers import MET, NOT_KNOWN, NOT_MET, Answer, finding_id, looks_from
from trigpoint.engines.choosing import Choosing
from trigpoint.engines.coverage import Coverage
from trigpoint.engines.rows import AnswerRow, AnswerRows
from trigpoint.engines.timelines import FOREVER, Event, Timelines, rows
from trigpoint.records.facts import DAY_SECONDS, Facts, moment, seconds
from trigpoint.rules import tree
from trigpoint.rules.tree import Indicator, Pattern, Select


@dataclass(frozen=True)
class Match:
    """One way in which a pattern is met: from `start` to `end` (seconds), on this evidence."""

    start: int
    end: int
    evidence: frozenset[Event]


class MemoryEngine:
    """Answers indicators child by child."""

    def answer(
        self,
        indicators: Sequence[Indicator],
        facts: Facts,
        *,
        as_at: datetime | None = None,
        start: datetime | None = None,
        children: Collection[str] | None = None,
    ) -> AnswerRows:
        """Answer every indicator for every child, or for `children` alone while the others stay in sight."""
        facts = within_period(facts, as_at=as_at, start=start)
        timelines, coverage = Timelines(facts), Coverage(rows(facts.coverage))
        asked = sorted(timelines.children if children is None else set(children) & timelines.children.keys())
        found: list[AnswerRow] = []
        for indicator in indicators:
            choosing = Choosing(timelines, looks_from(indicator, facts))
            for key in asked:
                found += _Child(key, choosing, coverage).rows(indicator)
        return AnswerRows(found, indicators)


def within_period(facts: Facts, *, as_at: datetime | None, start: datetime | None) -> Facts:
    """The facts with another period, where one is asked for."""
    return replace(
        facts,
        as_at_t=facts.as_at_t if as_at is None else seconds(as_at),
        start_t=facts.start_t if start is None else seconds(start),
    )


class _Child:
    """One child under one indicator."""

    def __init__(self, key: str, choosing: Choosing, coverage: Coverage) -> None:
        self.key, self.choosing, self.coverage = key, choosing, coverage
        child = choosing.timelines.children[key]
        self.area, born = child["area"], child["birth_on"]
        self.start = max(choosing.start, seconds(born)) if born else choosing.start
        self.as_at = choosing.timelines.facts.as_at_t
        self._found: dict[tuple[int, bool], list[Match]] = {}  # by the pattern itself, which outlives the child

    def rows(self, indicator: Indicator) -> Iterator[AnswerRow]:
        """One row for each episode of a met indicator, else one that says 'not met' or 'not known'."""
        answer = self.answer(indicator.pattern)
        named = (self.key, indicator.id, indicator.version)
        if answer != MET:
            kinds = tree.selected_kinds(indicator.pattern) if answer == NOT_KNOWN else ()
            yield AnswerRow(*named, answer, missing=tuple(k for k in kinds if not self.covered((k,))))
            return
        for episode in episodes(self.matches(indicator.pattern, sure=True)):
            ids = tuple(e.id for e in sorted(episode.evidence))
            given = finding_id(self.key, indicator.id, version=indicator.version, evidence=ids)
            first, last = moment(episode.start).date(), moment(episode.end).date()
            yield AnswerRow(*named, answer, given, first, last, ids)

    def answer(self, pattern: Pattern) -> Answer:
        """Met, not met or, where a value or a source is missing, not known."""
        if isinstance(pattern, tree.Not):
            return {MET: NOT_MET, NOT_MET: MET}.get(self.answer(pattern.pattern), NOT_KNOWN)
        if self.matches(pattern, sure=True):
            return MET
        if isinstance(pattern, tree.AllOf | tree.AnyOf):
            parts = {self.answer(one) for one in pattern.patterns}
            if NOT_MET in parts and (isinstance(pattern, tree.AllOf) or parts == {NOT_MET}):
                return NOT_MET
            if NOT_KNOWN in parts:
                return NOT_KNOWN
        told = all(self.covered(tree.needed_kinds(leaf)) for leaf in tree.asserted(pattern))
        return NOT_MET if told and not self.matches(pattern, sure=False) else NOT_KNOWN

    def covered(self, kinds: Collection[str]) -> bool:
        """Whether someone would have told of every one of the kinds, from birth or the start to the as-at."""
        if self.start > self.as_at:
            return True
        found = [self.coverage.since(kind, self.area, until=self.as_at) for kind in kinds]
        return all(since is not None and since <= self.start for since in found)

    def matches(self, pattern: Pattern, *, sure: bool) -> list[Match]:
        """Every match of the pattern, on events that surely fit or on all that may; looked for once."""
        if (id(pattern), sure) not in self._found:
            self._found[id(pattern), sure] = list(self._matches(pattern, sure=sure))
        return self._found[id(pattern), sure]

    def _matches(self, pattern: Pattern, *, sure: bool) -> Iterable[Match]:
        match pattern:
            case tree.AnyOf(patterns):
                return [found for one in patterns for found in self.matches(one, sure=sure)]
            case tree.AllOf():
                return self._all_of(pattern, sure=sure)
            case tree.Not():
                raise ValueError("`not` stands only among the patterns of `all_of`")
            case _:
                return self._leaf(pattern, sure=sure)

    def _leaf(self, leaf: tree.Leaf, *, sure: bool) -> Iterable[Match]:
        match leaf:
            case tree.Exists(of):
                return [self._match([e], of, sure=sure) for e in self._chosen(of, sure=sure)]
            case tree.Count():
                return self._counts(leaf, sure=sure)
            case tree.Sequence():
                return self._sequences(leaf, sure=sure)
            case tree.Unfollowed():
                return self._unfollowed(leaf, sure=sure)
            case tree.Change():
                return self._changes(leaf, sure=sure)

    def _counts(self, p: tree.Count, *, sure: bool) -> Iterator[Match]:
        chosen = self._chosen(p.of, sure=sure)
        for last in chosen:
            window = [e for e in chosen if e.t <= last.t and (p.within is None or e.t >= last.t - p.within)]
            if _how_many(window, p.distinct, sure=sure) >= p.at_least:
                yield self._match(window, p.of, sure=sure, end=last.t)

    def _sequences(self, p: tree.Sequence, *, sure: bool) -> Iterator[Match]:
        before: dict[Event, list[Event]] = {e: [e] for e in self._chosen(p.steps[0], sure=sure)}
        support = {e: self._support(e, p.steps[0], sure=sure) for e in before}
        for step in p.steps[1:]:
            chains, supports = {}, {}
            for e in self._chosen(step, sure=sure):
                if near := [b for b in before if _precedes(b, e, p.within, sure=sure)]:
                    latest = max(near)
                    chains[e] = [*before[latest], e]
                    supports[e] = support[latest] | self._support(e, step, sure=sure)
            before, support = chains, supports
        for last, chain in before.items():
            times = [e.t for e in chain]
            yield Match(min(times), max(times), frozenset(chain) | support[last])

    def _unfollowed(self, p: tree.Unfollowed, *, sure: bool) -> Iterator[Match]:
        answers = self._chosen(p.by, sure=not sure)  # sure of silence: not even a possible answer
        intervals = self.coverage.together(p.by.kinds, self.area)
        for e in self._chosen(p.of, sure=sure):
            since = e.t if p.anchor == "start" else e.t_end
            if since is None:
                continue
            until = since + p.within
            # An answer dated without a time of day stands at midnight, and may have come after all on that day.
            midnight = since - since % DAY_SECONDS
            answered = any((since <= by.t <= until or by.t == midnight) and by.id != e.id for by in answers)
            told = until <= self.as_at and any(a <= since and until <= b for a, b in intervals)
            if not answered and (told or not sure):
                yield self._match([e], p.of, sure=sure, end=min(until, self.as_at))

    def _changes(self, p: tree.Change, *, sure: bool) -> Iterator[Match]:
        chosen = self._chosen(p.of, sure=sure)
        for e in chosen:
            earlier = [b for b in chosen if e.t - p.against <= b.t < e.t and b.at(p.attribute) is not None]
            value = e.at(p.attribute)
            if value is None:
                fits = bool(earlier) and not sure
            else:
                fits = len(earlier) >= p.at_least_before and _changed(p, value, earlier)
            if fits:
                yield self._match([*earlier, e], p.of, sure=sure)

    def _all_of(self, p: tree.AllOf, *, sure: bool) -> Iterator[Match]:
        gates = [self.answer(one) for one in p.patterns if isinstance(one, tree.Not)]
        if NOT_MET in gates or (sure and NOT_KNOWN in gates):
            return
        found = [self.matches(one, sure=sure) for one in p.patterns if not isinstance(one, tree.Not)]
        ends = {m.end for part in found for m in part}
        for end in ends if p.within is not None else {max(ends, default=0)}:
            start = -FOREVER if p.within is None else end - p.within
            inside = [[m for m in part if start <= m.start and m.end <= end] for part in found]
            if all(inside):
                used = [m for part in inside for m in part]
                evidence = {e for m in used for e in m.evidence}
                yield Match(min(m.start for m in used), max(m.end for m in used), frozenset(evidence))

    def _chosen(self, select: Select, *, sure: bool) -> list[Event]:
        return self.choosing.events(self.key, select, sure=sure)

    def _support(self, event: Event, select: Select, *, sure: bool) -> frozenset[Event]:
        return frozenset(self.choosing.support(event, select)) if sure else frozenset()

    def _match(self, events: list[Event], select: Select, *, sure: bool, end: int | None = None) -> Match:
        support = {s for e in events for s in self._support(e, select, sure=sure)}
        first, last = min(e.t for e in events), max(e.t for e in events)
        return Match(first, last if end is None else end, frozenset(support.union(events)))


def _precedes(first: Event, then: Event, within: int, *, sure: bool) -> bool:
    """Whether one came before the other, in time: on the day of a date without a time either may have been first."""
    if _episode(first) == _episode(then):
        return False
    same_day = first.t // DAY_SECONDS == then.t // DAY_SECONDS
    if same_day and 0 in (first.t % DAY_SECONDS, then.t % DAY_SECONDS):
        return not sure
    return then.t - within <= first.t <= then.t


def _how_many(window: list[Event], distinct: str | None, *, sure: bool) -> int:
    """Episodes, or distinct values among the events. An unknown value may be one more, and surely is none."""
    if distinct is None:
        return len({_episode(e) for e in window})
    column = "place_id" if distinct == "place" else distinct
    values = [e.t // DAY_SECONDS if distinct == "day" else e.at(column) for e in window]
    unknown = 0 if sure else values.count(None)
    return len(set(values) - {None}) + unknown


def _episode(event: Event) -> int | str:
    """What the event tells of: tellings of several sources may share an episode."""
    episode: int | None = event.at("episode")
    return event.id if episode is None else episode


def _changed(p: tree.Change, value: int, earlier: list[Event]) -> bool:
    """Whether the value is `by` or more below (above) the mean of the earlier ones, in whole numbers."""
    n, total = len(earlier), sum(e.at(p.attribute) for e in earlier)
    fallen = total - n * value if p.direction == "fall" else n * value - total
    return bool(fallen >= p.by * n)


def episodes(matches: list[Match]) -> list[Match]:
    """Matches that overlap or touch, joined."""
    found: list[Match] = []
    for one in sorted(matches, key=lambda m: (m.start, m.end)):
        if found and one.start <= found[-1].end:
            last = found[-1]
            found[-1] = Match(last.start, max(last.end, one.end), last.evidence | one.evidence)
        else:
            found.append(one)
    return found
