"""What one finding cites, for its sentence: the child's own events of the selected kinds, and how many others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trigpoint.engines.timelines import Event, Timelines
from trigpoint.records.facts import Facts, moment
from trigpoint.rules.sentence import Cited, fill
from trigpoint.rules.tree import Indicator, Shares, all_conditions, selected_kinds
from trigpoint.terms.pack import Pack


@dataclass(frozen=True)
class Citation:
    """The events a finding counts, in order of time, and the number of other children in it."""

    indicator: Indicator
    events: tuple[Cited, ...]
    others: int

    def sentence(self, pack: Pack) -> str:
        """The indicator's sentence with the facts of this finding."""
        return fill(self.indicator.sentence, self.events, others=self.others, pack=pack)


def cite(event_ids: Collection[str], child: str, *, indicator: Indicator, facts: Facts) -> Citation:
    """What a finding of `indicator` for `child` with this evidence cites. Reads all facts: for a few findings."""
    timelines = Timelines(facts)
    shown = [e for key in timelines.children for e in timelines.seen(key, -(2**62)) if e.id in set(event_ids)]
    kinds = selected_kinds(indicator.pattern)
    own = sorted(e for e in shown if e.child == child and e.kind in kinds)
    others = {e.child for e in shown} | {key for e in own for key in _sharing(e, indicator, timelines)}
    return Citation(indicator, tuple(_cited(e, timelines) for e in own), len(others - {child}))


def _cited(event: Event, timelines: Timelines) -> Cited:
    return Cited(
        at=moment(event.t),
        agency=event.at("agency"),
        source=event.at("source"),
        metres=timelines.metres_away(event),
        age=timelines.age(event),
        episode=event.at("episode"),
        values=event.values,
    )


def _sharing(event: Event, indicator: Indicator, timelines: Timelines) -> set[str]:
    """The children who hold what the event mentions, for each `shares` of the indicator."""
    found: set[str] = set()
    for one in all_conditions(indicator.pattern):
        if isinstance(one, Shares):
            for value in timelines.mentions[event.id]:
                holders = timelines.holders[value]
                if value[0] in one.kinds and len(holders) <= one.at_most + 1:
                    found |= holders
    return found
