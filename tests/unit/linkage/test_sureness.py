"""How sure the links are: estimates that hold against known truth, timelines no child can have, other clusterings."""

# ruff: noqa: E501  one line a situation is the point of these tables

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from invented import judge, judgement_table, rec, table

from trigpoint.linkage.sureness.draws import draw_clusterings, unsure_links
from trigpoint.linkage.sureness.equality import rates_by_group
from trigpoint.linkage.sureness.estimate import Verdict, count_answers, from_answers, from_model
from trigpoint.linkage.sureness.frame import Stratum
from trigpoint.linkage.sureness.sample import allocate
from trigpoint.linkage.sureness.timelines import RULES, doubt_timelines
from trigpoint.records.tables import EVENT_BASE, FIXED

STRATA = [
    Stratum(True, 0.5, 0.95, 200, 170.0, 25.0),
    Stratum(True, 0.999, 1.0, 5_000, 4_999.0, 1.0),
    Stratum(False, 0.0, 0.01, 900_000, 40.0, 40.0),
    Stratum(False, 0.01, 0.5, 3_000, 90.0, 80.0),
    Stratum(False, 0.5, 0.95, 150, 100.0, 30.0),
]
SHARES = [0.8, 0.995, 0.0, 0.05, 0.6]  # of pairs that are one child, in truth


def answered(rng: np.random.Generator, size: int) -> list[tuple[int, Verdict]]:
    drawn = enumerate(allocate(STRATA, size=size))
    return [(place, "same" if rng.random() < SHARES[place] else "different") for place, n in drawn for _ in range(n)]


def test_a_sample_is_as_large_as_asked_and_looks_where_the_model_is_unsure() -> None:
    wanted = allocate(STRATA, size=300)
    assert sum(wanted) == 300
    assert wanted[2] == 0  # far too many, and hardly ever one child
    assert min(w for w, s in zip(wanted, STRATA, strict=True) if s.sampled) >= 10
    assert wanted[0] / STRATA[0].pairs > wanted[1] / STRATA[1].pairs
    assert allocate(STRATA[:1], size=900) == [200]


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    same = np.array([s.pairs * p for s, p in zip(STRATA, SHARES, strict=True)])
    same[2] = STRATA[2].expected  # nobody looked there: the model's word stands
    false = 1 - same[:2].sum() / 5_200
    missed = same[2:].sum() / same.sum()
    held = [0, 0]
    for _ in range(120):
        rates = from_answers(STRATA, count_answers(STRATA, answered(rng, 300)))
        held[0] += rates[0].low <= false <= rates[0].high
        held[1] += rates[1].low <= missed <= rates[1].high
    assert min(held) >= 105  # of 120; 95 % would be 114
    assert rates[0].source == "from 300 answers of people"
    assert 0 < rates[0].low < rates[0].value < rates[0].high < 1


def test_more_answers_narrow_the_interval_and_all_answers_leave_none() -> None:
    rng = np.random.default_rng(6)
    few, many = (from_answers(STRATA, count_answers(STRATA, answered(rng, n)))[0] for n in (80, 1_500))
    assert many.high - many.low < few.high - few.low
    said: list[tuple[int, Verdict]] = [(0, "same" if place < 150 else "different") for place in range(200)]
    rate = from_answers(STRATA[:1], count_answers(STRATA[:1], said))[0]
    assert (rate.low, rate.value, rate.high) == (0.25, 0.25, 0.25)


def test_cannot_tell_is_left_out_and_no_answer_is_no_certainty() -> None:
    counted = count_answers(STRATA, [(0, "same"), (0, "cannot tell")])
    assert (counted[0].said, counted[0].cannot_tell) == (1, 1)
    nothing = from_answers(STRATA, count_answers(STRATA, []))[0]
    assert nothing.high - nothing.low > 0.5


def test_the_model_says_what_it_expects() -> None:
    false, missed = from_model(STRATA)
    assert false.value == pytest.approx(1 - 5_169 / 5_200)
    assert missed.value == pytest.approx(230 / (230 + 5_169))
    assert "if it is right" in str(false)


AT = dt.datetime(2025, 3, 3, 12, 0)
LEEDS, CARDIFF = (430_000, 433_000), (318_000, 176_000)


def happened(record: str, kind: str, at: dt.datetime, **more: Any) -> dict[str, Any]:
    event = dict.fromkeys(EVENT_BASE.names) | {"record_id": record, "kind": kind, "happened_at": at, "day_only": False}
    if place := more.pop("place", None):
        event |= {"easting": place[0], "northing": place[1]}
    return event | more


def doubts(events: list[dict[str, Any]], *, words: list[dict[str, Any]] | None = None, views: Any = None) -> pa.Table:
    views = views or [
        rec("police", "A", "B", "2010-01-01", id="a", local="1"),
        rec("health", "A", "B", "2010-01-01", id="b"),
    ]
    links = [{"record_id": v["record_id"], "child_key": "C1"} for v in views]
    with duckdb.connect() as con:
        held = {
            "events_in": pa.Table.from_pylist(events, schema=EVENT_BASE),
            "records_in": table(views),
            "links_in": pa.Table.from_pylist(links, schema=FIXED["links"]),
            "judgements_in": judgement_table(words or []),
        }
        for name, rows in held.items():
            con.register(name, rows)
            con.execute(f"CREATE TABLE {name[:-3]} AS FROM {name}")
        return doubt_timelines(con)


HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
PLACED = {"ended_at": AT + 60 * DAY}
SCHOOLS = [
    rec("education", "A", "B", "2010-01-01", id="a", school="Towpath High"),
    rec("education", "A", "B", "2010-01-01", id="b", school="Canal High"),
]
NUMBERS = [rec("police", "A", "B", "2010-01-01", id=i, local=i) for i in ("a", "b")]
IMPLAUSIBLE: list[tuple[str, list[dict[str, Any]], Any]] = [
    ("arrested in Leeds ten minutes after being found in Cardiff", [happened("a", "found", AT, place=CARDIFF), happened("b", "arrest", AT + HOUR / 6, place=LEEDS)], None),
    ("two placements at once", [happened("a", "placement", AT, postcode="RV1 2AB", **PLACED), happened("b", "placement", AT + 5 * DAY, postcode="LF2 3XY", **PLACED)], None),
    ("stopped in the street while in custody", [happened("a", "custody", AT, ended_at=AT + 20 * DAY), happened("b", "stop_search", AT + 6 * DAY)], None),
    ("on the rolls of two schools in the same months", [happened(r, "attendance", AT + n * 31 * DAY, day_only=True) for r in "ab" for n in range(3)], SCHOOLS),
    ("two numbers of one agency live side by side", [happened(r, "contact", AT + n * 40 * DAY) for r in "ab" for n in range(3)], NUMBERS),
]  # fmt: skip
PLAUSIBLE: list[tuple[str, list[dict[str, Any]], Any]] = [
    ("found in Cardiff and arrested in Leeds the next day", [happened("a", "found", AT, place=CARDIFF), happened("b", "arrest", AT + 8 * HOUR, place=LEEDS)], None),
    ("two agencies write down one arrest in one town", [happened("a", "arrest", AT, place=LEEDS), happened("b", "arrest", AT + HOUR, place=(435_000, 435_000))], None),
    ("the time of day is not known", [happened("a", "found", AT, place=CARDIFF, day_only=True), happened("b", "arrest", AT, place=LEEDS)], None),
    ("one record cannot contradict itself", [happened("a", "found", AT, place=CARDIFF), happened("a", "arrest", AT, place=LEEDS)], None),
    ("one placement ends as the next begins", [happened("a", "placement", AT, postcode="RV1 2AB", ended_at=AT + 5 * DAY), happened("b", "placement", AT + 4 * DAY, postcode="LF2 3XY", **PLACED)], None),
    ("a change of school", [happened("a", "attendance", AT), happened("b", "attendance", AT + 2 * DAY), happened("b", "attendance", AT + 40 * DAY)], SCHOOLS),
    ("a number that ended before the next began", [happened("a", "contact", AT), happened("b", "contact", AT + 200 * DAY), happened("b", "contact", AT + 300 * DAY)], NUMBERS),
    ("a report from far away is no sighting", [happened("a", "intelligence", AT, place=CARDIFF), happened("b", "arrest", AT, place=LEEDS)], None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "events", "views"), IMPLAUSIBLE, ids=[one[0] for one in IMPLAUSIBLE])
def test_a_timeline_that_no_child_can_have(name: str, events: list[dict[str, Any]], views: Any) -> None:
    [found] = doubts(events, views=views).to_pylist()
    assert (found["child_key"], found["record_a"], found["record_b"]) == ("C1", "a", "b")
    assert doubts(events, views=views, words=[judge("a", "b", "same")]).num_rows == 0
    assert doubts(events, views=views, words=[judge("a", "b", "different")]).num_rows == 1


def test_every_rule_has_an_example() -> None:
    shown = {doubts(events, views=views).to_pylist()[0]["reason"] for _, events, views in IMPLAUSIBLE}
    assert shown == set(RULES)


@pytest.mark.parametrize(("name", "events", "views"), PLAUSIBLE, ids=[one[0] for one in PLAUSIBLE])
def test_a_timeline_that_a_child_may_have(name: str, events: list[dict[str, Any]], views: Any) -> None:
    assert doubts(events, views=views).num_rows == 0


def edges(*rows: tuple[str, str, float, str]) -> pa.Table:
    names = ("record_a", "record_b", "probability", "decided_by")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows], schema=FIXED["edges"])


def links(**children: str) -> pa.Table:
    rows = [{"record_id": record, "child_key": key} for key, records in children.items() for record in records]
    return pa.Table.from_pylist(rows, schema=FIXED["links"])


def drawn(edges_: pa.Table, links_: pa.Table, draws: int = 400) -> list[frozenset[frozenset[str]]]:
    now = {row["record_id"]: row["child_key"] for row in links_.to_pylist()}
    made = []
    for changes in draw_clusterings(edges_, links_, draws=draws):
        keys = now | {row["record_id"]: row["child_key"] for row in changes.to_pylist()}
        made.append(frozenset(frozenset(r for r in keys if keys[r] == key) for key in set(keys.values())))
    return made


def test_a_join_stands_in_about_as_many_draws_as_its_probability_says() -> None:
    made = drawn(edges(("a", "b", 0.8, "model")), links(C1="ab", C2="c"))
    together = sum(frozenset("ab") in one for one in made) / len(made)
    assert together == pytest.approx(0.8, abs=0.06)
    assert all(frozenset("c") in one for one in made)


def test_an_open_question_is_joined_in_some_draws() -> None:
    made = drawn(edges(("a", "b", 0.75, "model")), links(C1="a", C2="b"))
    assert sum(frozenset("ab") in one for one in made) / len(made) == pytest.approx(0.75, abs=0.06)


def test_a_well_knit_child_hardly_parts() -> None:
    knit = edges(*[(x, y, 0.8, "model") for x, y in ("ab", "ac", "ad", "bc", "bd", "cd")])
    made = drawn(knit, links(C1="abcd"))
    assert sum(frozenset("abcd") in one for one in made) / len(made) > 0.9


def test_what_a_person_a_number_or_a_guard_decided_stays() -> None:
    settled = edges(("a", "b", 0.1, "judgement"), ("c", "d", 0.1, "identifier"), ("e", "f", 0.9, "guard"))
    assert set(drawn(settled, links(C1="ab", C2="cd", C3="e", C4="f"), draws=30)) == {
        frozenset({frozenset("ab"), frozenset("cd"), frozenset("e"), frozenset("f")})
    }
    assert unsure_links(settled, links(C1="ab", C2="cd", C3="e", C4="f")).num_rows == 0


def test_the_larger_part_keeps_the_key_and_draws_repeat() -> None:
    two = edges(("a", "b", 0.99999, "model"), ("b", "c", 0.5, "model"))
    changes = [one.to_pylist() for one in draw_clusterings(two, links(C1="abc"), draws=40, seed=3)]
    assert {tuple((r["record_id"], r["child_key"]) for r in one) for one in changes} == {(), (("c", "C1+1"),)}
    assert changes == [one.to_pylist() for one in draw_clusterings(two, links(C1="abc"), draws=40, seed=3)]


def test_rates_by_group_count_what_a_hand_counts() -> None:
    truth = {"a": "x", "b": "x", "c": "x", "d": "y", "e": "y", "f": "z"}
    found = {"a": "1", "b": "1", "c": "2", "d": "2", "e": "2", "f": "3"}
    rates = rates_by_group(found, truth, {"x": "girls", "y": "boys", "z": "boys"})
    # joined: ab (right), cd and ce (girls with boys), de (right); true: ab ac bc, de
    assert (rates["girls"].true_pairs, rates["girls"].joined, rates["girls"].right) == (3, 3, 1)
    assert (rates["boys"].true_pairs, rates["boys"].joined, rates["boys"].right) == (1, 3, 1)
    assert (rates["all"].true_pairs, rates["all"].joined, rates["all"].right) == (4, 4, 2)
    assert rates["girls"].missed_links == pytest.approx(2 / 3)
    assert rates["all"].f1 == pytest.approx(0.5)
