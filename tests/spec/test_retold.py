"""What several sources tell of one episode: the query of the engine's facts, judged by a plain function."""

from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.engines.retold import episodes_sql

HOUR, DAY = 3600, 86_400
HOURS = {"missing": 12, "arrest": 6}
SOURCES = ["police", "return", "log"]
ORDER = ["police", "return", "log", "added"]  # a source that the settings do not list comes last


def event(event_id: str, source: str, t: int, *, end: int | None = None, kind: str = "missing") -> dict[str, Any]:
    """An event of one child, at so many hours after midnight."""
    over = None if end is None else end * HOUR
    return {"child_key": "c1", "event_id": event_id, "kind": kind, "t": t * HOUR, "t_end": over, "source": source}


def told(events: list[dict[str, Any]]) -> dict[str, set[str]]:
    """By event, the events that are told to be one with it, itself included."""
    texts = [(name, pa.string()) for name in ("child_key", "event_id", "kind", "source")]
    schema = pa.schema([*texts, ("t", pa.int64()), ("t_end", pa.int64())])
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("events", pa.Table.from_pylist(events, schema=schema))
        rows = con.execute(episodes_sql("events", hours=HOURS, sources=SOURCES)).fetchall()
    episode = {event_id: number for event_id, number, _first in rows}
    assert len(rows) == len(episode), "an event tells of one episode"
    assert {row[0]: row[2] for row in rows} == {
        e["event_id"]: _root(e, events)["event_id"] for e in events if e["event_id"] in episode
    }, "and each names the telling that is believed"
    return {
        e["event_id"]: {
            o["event_id"] for o in events if o is e or episode.get(o["event_id"], o) == episode.get(e["event_id"], e)
        }
        for e in events
    }


def judged(events: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The same, plainly: follow each telling to that of an earlier source until there is none."""
    first = {e["event_id"]: _root(e, events)["event_id"] for e in events}
    return {e: {o for o in first if first[o] == first[e]} for e in first}


def _root(event: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    earlier = [o for o in events if _rank(o) < _rank(event) and _near(o, event)]
    if not earlier:
        return event
    return _root(min(earlier, key=lambda o: (_rank(o), abs(o["t"] - event["t"]), o["t"], o["event_id"])), events)


def _rank(event: dict[str, Any]) -> int:
    return ORDER.index(event["source"])


def _near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if (one["child_key"], one["kind"]) != (other["child_key"], other["kind"]) or one["kind"] not in HOURS:
        return False
    if abs(one["t"] - other["t"]) <= HOURS[one["kind"]] * HOUR:
        return True
    if one["t"] // DAY == other["t"] // DAY and 0 in (one["t"] % DAY, other["t"] % DAY):
        return True
    ends = one["t_end"], other["t_end"]
    return None not in ends and one["t"] <= ends[1] and other["t"] <= ends[0]


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for n in range(draw(st.integers(0, 9))):
        t = draw(st.sampled_from([0, 5, 6, 12, 13, 23, 24, 30, 36, 48, 50]))
        end = draw(st.sampled_from([None, t, t + 10, t + 40]))
        kind = draw(st.sampled_from(["missing", "missing", "arrest", "home"]))
        one = event(f"{draw(st.sampled_from('ab'))}{n}", draw(st.sampled_from(ORDER)), t, end=end, kind=kind)
        made.append(one | {"child_key": draw(st.sampled_from(["c1", "c1", "c2"]))})
    return made


@settings(max_examples=200, deadline=None)
@given(events=events())
def test_the_query_says_what_the_plain_judge_says(events: list[dict[str, Any]]) -> None:
    assert told(events) == judged(events)


@pytest.mark.parametrize(
    ("why", "second", "one"),
    [
        ("twelve hours later", event("b", "return", 33), True),
        ("more than twelve hours later, and the first's end is not known", event("b", "return", 34), False),
        ("a day without a time of day", event("b", "return", 24), True),
        ("the same source", event("b", "police", 22), False),
        ("another kind", event("b", "return", 21, kind="arrest"), False),
        ("a kind that one source tells of", event("b", "return", 21, kind="home"), False),
    ],
)
def test_a_report_of_nine_in_the_evening_and(why: str, second: dict[str, Any], one: bool) -> None:
    first = event("a", "police", 21)
    assert (told([first, second])["a"] == {"a", "b"}) is one, why


def test_spells_that_overlap_are_one_however_far_their_starts() -> None:
    assert told([event("a", "police", 21, end=70), event("b", "return", 48, end=72)])["a"] == {"a", "b"}


def test_two_episodes_of_a_day_that_another_source_tells_once_stay_two() -> None:
    found = told([event("a", "police", 10), event("b", "return", 12), event("c", "police", 20)])
    assert found == {"a": {"a", "b"}, "b": {"a", "b"}, "c": {"c"}}
