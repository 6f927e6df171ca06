"""Random indicators over random timelines, small enough to be judged and crowded enough to disagree on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from trigpoint.records.facts import CHILDREN, COVERAGE, EVENTS_BASE, MENTIONS, Facts
from trigpoint.rules.tree import (
    Age,
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Change,
    Count,
    Distance,
    During,
    Either,
    Exists,
    Indicator,
    Is,
    Not,
    OutOfArea,
    Select,
    Sequence,
    Shares,
    Together,
    Unfollowed,
    Unless,
)

DAY = 86_400
ZERO = (date(2025, 1, 1) - date(1970, 1, 1)).days * DAY
SPAN = 12  # days of the period
KINDS = ("missing", "arrest", "attendance", "looked_after", "placement", "home")
OFTEN = (*KINDS, "missing", "missing", "missing", "arrest", "arrest", "attendance", "attendance")
SPELLS = ("missing", "looked_after", "placement", "home")
RETOLD = ("missing", "arrest")
AREAS = ("RV", "LF", "elsewhere", None)
CHILDREN_AT_MOST = 3

moments = st.one_of(st.integers(8, 28), st.integers(-3 * 4, SPAN * 4)).map(lambda quarter: ZERO + quarter * DAY // 4)
durations = st.sampled_from([0, 1, 2, 4, 8, 20]).map(lambda quarters: quarters * DAY // 4)
spans = st.sampled_from([1, 2, 4, 8, 20, 60]).map(lambda quarters: quarters * DAY // 4)


@st.composite
def an_event(draw: st.DrawFn, n: int, children: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(OFTEN))
    t = draw(moments)
    end = draw(st.one_of(st.none(), durations.map(lambda d: t + d))) if kind in SPELLS else None
    east = draw(st.sampled_from([None, 400_000, 400_700, 430_000, 429_999]))
    return {
        "child_key": f"c{draw(st.integers(1, children))}",
        "event_id": f"{draw(st.sampled_from('abz'))}{n}",
        "kind": kind,
        "t": t,
        "t_end": end,
        "source": draw(st.sampled_from(["s1", "s2", "s3"])),
        "agency": draw(st.sampled_from(["police", "health", "education"])),
        "place_id": draw(st.sampled_from([None, "p1", "p2"])),
        "area": draw(st.sampled_from(AREAS)),
        "easting": east,
        "northing": None if east is None else draw(st.sampled_from([None, 300_000, 300_001, 340_000])),
        "episode": draw(st.sampled_from([None, None, 1, 2])) if kind in RETOLD else None,
        "risk": draw(st.sampled_from([None, "low", "high"])),
        "percent": draw(st.sampled_from([None, 0, 10, 40, 50, 60, 90, 100])),
        "alone": draw(st.sampled_from([None, True, False])),
    }


EVENTS = pa.schema([*EVENTS_BASE, ("risk", pa.string()), ("percent", pa.int64()), ("alone", pa.bool_())])


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    children = draw(st.sampled_from(range(1, CHILDREN_AT_MOST + 1)))
    events = [draw(an_event(n, children)) for n in range(draw(st.sampled_from([0, 3, 8, 12, 16, 20])))]
    return Facts(
        children=pa.Table.from_pylist([draw(a_child(n)) for n in range(1, children + 1)], schema=CHILDREN),
        events=pa.Table.from_pylist(events, schema=EVENTS),
        mentions=pa.Table.from_pylist(draw(mentions(events, children)), schema=MENTIONS),
        coverage=pa.Table.from_pylist(draw(coverages), schema=COVERAGE),
        start_t=ZERO,
        as_at_t=ZERO + SPAN * DAY - 1 - draw(st.sampled_from([0, 0, 5 * DAY])),
        base_kinds=draw(st.sampled_from([("placement", "home"), ("home",), ()])),
        spell_kinds=frozenset(SPELLS),
        retold_kinds=frozenset(RETOLD),
    )


@st.composite
def a_child(draw: st.DrawFn, n: int) -> dict[str, Any]:
    births = [None, date(2011, 1, 5), date(2008, 2, 29), date(2025, 1, 4), date(2025, 3, 1)]
    return {
        "child_key": f"c{n}",
        "birth_on": draw(st.sampled_from(births)),
        "sex": "F",
        "area": draw(st.sampled_from(AREAS)),
    }


@st.composite
def mentions(draw: st.DrawFn, events: list[dict[str, Any]], children: int) -> list[dict[str, Any]]:
    own = [{"child_key": f"c{n}", "event_id": None, "kind": "person", "value": f"c{n}"} for n in range(1, children + 1)]
    values = st.sampled_from([("phone", "1"), ("phone", "2"), ("handle", "1"), ("person", "c1"), ("person", "c2")])
    found = []
    for event in events:
        for kind, value in draw(st.lists(values, max_size=2)):
            found.append({"child_key": event["child_key"], "event_id": event["event_id"], "kind": kind, "value": value})
    phones = st.tuples(st.integers(1, children), st.sampled_from(["1", "2"]))
    for n, value in draw(st.lists(phones, max_size=2)):
        found.append({"child_key": f"c{n}", "event_id": None, "kind": "phone", "value": value})
    return own + found


@st.composite
def coverage(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.sampled_from([-30, 0, 0, 3, 6]))
    last = draw(st.sampled_from([2, 5, 60, 60, 60]))
    return {
        "kind": draw(st.sampled_from(KINDS)),
        "area": draw(st.sampled_from([None, None, "RV", "LF"])),
        "from_t": ZERO + start * DAY,
        "to_t": ZERO + (start + last) * DAY - 1,
    }


every_kind = [{"kind": kind, "area": None, "from_t": ZERO, "to_t": ZERO + SPAN * DAY} for kind in KINDS]
coverages = st.one_of(st.just(every_kind), st.just(every_kind), st.lists(coverage(), max_size=10))

kinds = st.lists(st.sampled_from(OFTEN), min_size=1, max_size=3, unique=True).map(tuple)
alone = st.one_of(
    st.sampled_from([("high",), ("low", "high")]).map(lambda codes: Is("risk", codes)),
    st.sampled_from([(True,), (False,)]).map(lambda codes: Is("alone", codes)),
    st.sampled_from([("police",), ("police", "health")]).map(lambda codes: Is("agency", codes)),
    st.integers(0, 100).map(lambda n: AtLeast("percent", n)),
    st.integers(0, 100).map(lambda n: AtMost("percent", n)),
    st.sampled_from([Age(None, 13), Age(14, None), Age(0, 17), Age(14, 16)]),
    st.sampled_from([Distance(700), Distance(30_000)]),
    st.just(OutOfArea()),
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(inner, min_size=1, max_size=2).map(lambda found: Either(tuple(found))), inner.map(Unless))


simple = st.recursive(alone, _nested, max_leaves=3)
spells = st.builds(
    Select,
    st.lists(st.sampled_from(SPELLS), min_size=1, max_size=2, unique=True).map(tuple),
    st.lists(simple, max_size=1).map(tuple),
)
joined = st.one_of(
    spells.map(During),
    st.builds(Together, st.sampled_from([0, DAY, 3 * DAY]), st.integers(1, 3)),
    st.builds(Shares, st.sampled_from([("phone",), ("phone", "handle"), ("person",)]), st.integers(1, 3)),
)
condition = st.recursive(st.one_of(alone, joined), _nested, max_leaves=3)
wheres = st.one_of(st.just(()), st.just(()), st.lists(condition, min_size=1, max_size=2).map(tuple))
selects = st.builds(Select, kinds, wheres)
spell_selects = st.builds(Select, st.just(("missing", "looked_after")), wheres)

leaves = st.one_of(
    selects.map(Exists),
    st.builds(
        Count,
        selects,
        st.integers(1, 3),
        st.one_of(st.none(), spans),
        st.sampled_from([None, None, "day", "place", "agency", "source", "kind"]),
    ),
    st.builds(Sequence, st.lists(selects, min_size=2, max_size=3).map(tuple), spans),
    st.builds(Unfollowed, selects, selects, spans, st.just("start")),
    st.builds(Unfollowed, spell_selects, selects, spans, st.just("end")),
    st.builds(
        Change,
        selects,
        st.just("percent"),
        st.sampled_from(["fall", "rise"]),
        st.integers(1, 40),
        spans,
        st.integers(1, 2),
    ),
)


def _combined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    within = st.one_of(st.none(), spans)
    operands = st.tuples(inner, st.lists(st.one_of(inner, inner, inner.map(Not)), min_size=1, max_size=2))
    return st.one_of(
        st.builds(lambda one, w: AllOf((one[0], *one[1]), w), operands, within),
        st.lists(inner, min_size=1, max_size=2).map(lambda found: AnyOf(tuple(found))),
    )


combined = _combined(st.one_of(leaves, _combined(leaves)))
patterns = st.one_of(leaves, combined)
indicators = st.builds(
    lambda pattern, back: Indicator("i", 1, "t", "th", pattern, "s", looks_back=back),
    patterns,
    st.sampled_from([None, None, 6 * DAY]),
)
