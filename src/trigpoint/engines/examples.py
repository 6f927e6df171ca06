"""Runs the examples of an indicator file on an engine, and checks a pack's indicators as `terms check` shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from trigpoint.engines.answers import MET, Engine
from trigpoint.engines.cited import cite
from trigpoint.engines.memory import MemoryEngine
from trigpoint.engines.retold import episodes_sql
from trigpoint.errors import TermsError, TrigpointError
from trigpoint.records.facts import CHILDREN, COVERAGE, EVENTS_BASE, MENTIONS, Facts, seconds
from trigpoint.records.tables import ATTRIBUTE_TYPES
from trigpoint.rules.examples import ANSWERS, Example, ExampleChild, ExampleEvent
from trigpoint.rules.reading import IndicatorFile, read_indicator
from trigpoint.rules.tree import Indicator, selected_kinds
from trigpoint.terms.pack import Pack

CHILD = "the child"
HOME = "'s home"
MIDDLE = 400_000  # metres east and north of the OSGB origin: the middle of an example's map


@dataclass(frozen=True)
class Outcome:
    """What an engine said of one example, and, where that is not what the example says, why not."""

    example: Example
    answer: str
    sentence: str | None
    evidence: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the engine said what the example says."""
        return not self.faults


def run_examples(indicator: IndicatorFile, pack: Pack, engine: Engine | None = None) -> list[Outcome]:
    """Answer every example of an indicator file; the memory engine does it where no other is named."""
    judge = engine or MemoryEngine()
    return [_run(indicator.indicator, one, pack, judge) for one in indicator.examples]


def check_indicators(pack: Pack) -> list[TrigpointError]:
    """Every fault of the pack's indicator files: what cannot be read, examples that lack or fail."""
    return [fault for path in pack.indicator_files for fault in check_indicator(path, pack)]


def check_indicator(path: Path, pack: Pack) -> list[TrigpointError]:
    """The faults of one indicator file, none if it is right."""
    try:
        read = read_indicator(path, pack)
    except TermsError as fault:
        return [fault]
    return [*_lacking(read), *(_fault(o, text) for o in run_examples(read, pack) for text in o.faults)]


def _lacking(read: IndicatorFile) -> Iterator[TrigpointError]:
    given = {one.answer for one in read.examples}
    for answer in ANSWERS:
        if answer not in given:
            yield read.located.error(
                f"there is no example that is {answer}",
                at=["examples"],
                mend="Add one: examples for all three answers are the indicator's tests and manual.",
            )


def _fault(outcome: Outcome, text: str) -> TrigpointError:
    return outcome.example.node["answer"].fail(text, mend="Mend the pattern or the example.")


def _run(indicator: Indicator, example: Example, pack: Pack, engine: Engine) -> Outcome:
    facts = example_facts(example, indicator, pack)
    rows = engine.answer([indicator], facts, children=[CHILD]).full([CHILD]).to_pylist()
    answer = rows[0]["answer"]
    evidence = tuple(dict.fromkeys(e for row in rows for e in row["event_ids"] or ()))
    said = _sentences(rows, indicator, facts, pack) if answer == MET else []
    faults = tuple(_differences(example, answer, evidence, said))
    return Outcome(example, answer, said[0] if said else None, evidence, faults)


def _sentences(rows: list[dict[str, Any]], indicator: Indicator, facts: Facts, pack: Pack) -> list[str]:
    return [cite(row["event_ids"], CHILD, indicator=indicator, facts=facts).sentence(pack) for row in rows]


def _differences(example: Example, answer: str, evidence: tuple[str, ...], said: list[str]) -> Iterator[str]:
    if answer != example.answer:
        yield f"this example is {answer}, and says {example.answer}"
        return
    if example.says is not None and example.says not in said:
        yield f"the sentence is {said[0] if said else 'none'!r}"
    shown = {one for one in evidence if not one.endswith(HOME)}
    if example.evidence is not None and set(example.evidence) != shown:
        yield f"the evidence is {', '.join(evidence) or 'none'}"


def example_facts(example: Example, indicator: Indicator, pack: Pack) -> Facts:
    """The facts of an example, as an engine takes them. Other children are called 'other 1', 'other 2'..."""
    kept = {CHILD: example.child} | {f"other {i}": one for i, one in enumerate(example.others, 1)}
    named = {key: _housed(key, one, indicator, pack) for key, one in kept.items()}
    placed = [(key, number, e) for key, one in named.items() for number, e in enumerate(one.events, 1)]
    ids = {id(e): e.id or f"{key} {number}" for key, number, e in placed}
    start, as_at = seconds(example.start), _end_of(example)
    kinds = selected_kinds(indicator.pattern) if example.coverage is None else example.coverage
    schema = pa.schema([*EVENTS_BASE, *((a.name, ATTRIBUTE_TYPES[a.type]) for a in pack.attributes.values())])
    events = pa.Table.from_pylist([_event(k, e, ids[id(e)], pack) for k, _, e in placed], schema=schema)
    covered = [{"kind": kind, "area": None, "from_t": start, "to_t": as_at} for kind in kinds]
    return Facts(
        children=pa.Table.from_pylist([_child(k, one) for k, one in named.items()], schema=CHILDREN),
        events=_episodes_numbered(events, pack),
        mentions=pa.Table.from_pylist(list(_mentions(named, ids)), schema=MENTIONS),
        coverage=pa.Table.from_pylist(covered, schema=COVERAGE),
        start_t=start,
        as_at_t=as_at,
        base_kinds=pack.base_kinds,
        spell_kinds=frozenset(name for name, kind in pack.kinds.items() if kind.spell),
        retold_kinds=frozenset(pack.retold),
    )


def _episodes_numbered(events: pa.Table, pack: Pack) -> pa.Table:
    """The events with what several sources tell of numbered, the sources in the order in which the example has them."""
    sources = list(dict.fromkeys(events.column("source").to_pylist()))
    if len(sources) < 2:
        return events
    with duckdb.connect() as con:
        con.register("events", events)
        told = con.execute(episodes_sql("events", hours=pack.retold, sources=sources)).fetchall()
    found = {event_id: episode for event_id, episode, _first in told}
    numbered = [found.get(event_id) for event_id in events.column("event_id").to_pylist()]
    return events.set_column(events.schema.get_field_index("episode"), "episode", pa.array(numbered, pa.int64()))


def _housed(key: str, child: ExampleChild, indicator: Indicator, pack: Pack) -> ExampleChild:
    """The child with a home in the middle of the map, unless the example gives one or looks at homes."""
    home = pack.base_kinds[-1]
    if home in {e.kind for e in child.events} | set(selected_kinds(indicator.pattern)):
        return child
    born = datetime(2000, 1, 1)
    return replace(child, events=(*child.events, ExampleEvent(home, born, id=key + HOME, area=child.area)))


def _end_of(example: Example) -> int:
    """The as-at in seconds: a day without a time is taken to its last second."""
    t = seconds(example.as_at)
    return t + 86_399 if t % 86_400 == 0 else t


def _child(key: str, child: ExampleChild) -> dict[str, Any]:
    return {"child_key": key, "birth_on": child.born, "sex": child.sex, "area": child.area}


def _event(key: str, event: ExampleEvent, event_id: str, pack: Pack) -> dict[str, Any]:
    at_base = event.kind in pack.base_kinds
    east = 0.0 if event.east is None and (at_base or event.north is not None) else event.east
    north = 0.0 if event.north is None and east is not None else event.north
    agency = event.agency or pack.kinds[event.kind].agencies[0]
    base: Mapping[str, Any] = {
        "child_key": key,
        "event_id": event_id,
        "kind": event.kind,
        "t": seconds(event.on),
        "t_end": None if event.until is None else seconds(event.until),
        "source": event.source or agency,
        "agency": agency,
        "place_id": event.place,
        "area": event.area,
        "easting": None if east is None else MIDDLE + round(east * 1000),
        "northing": None if north is None else MIDDLE + round(north * 1000),
    }
    return {**base, **event.attributes}


def _mentions(named: Mapping[str, ExampleChild], ids: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for key, child in named.items():
        own = [("person", key), *child.own]
        yield from ({"child_key": key, "event_id": None, "kind": k, "value": v} for k, v in own)
        for event in child.events:
            for kind, value in event.mentions:
                yield {"child_key": key, "event_id": ids[id(event)], "kind": kind, "value": value}
