"""What costs little is asked first, and no level is another by it: names, dates and homes near in spelling."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import middling_model, rec, table

from trigpoint.linkage.clusters import region
from trigpoint.linkage.features.comparisons import COMPARISONS, gamma_name
from trigpoint.linkage.features.people import TABLE, make_people, read_records
from trigpoint.linkage.scoring.pairs import levels_sql

WORDS = ["Mohammed Ali", "Nguyen Van", "Kate", "Katherine", "Smith-Jones", "O'Neill", "Żaneta", "Al", "J", "Begum"]
HOMES = ["RV1 2AB", "RV12 2AB", "SW1A 1AA", "E1 6AN"]
STREETS = ["12 Long Marsh Road", "Flat 2, 12 Long Marsh Road", "1 The Road", "12 Lane End"]


def slip(draw: random.Random, text: str) -> str:
    """The text with up to three slips of the pen: a letter more, less, another, or two in each other's place."""
    for _ in range(draw.choice([0, 0, 1, 1, 2, 3])):
        at, letter = draw.randrange(len(text) + 1), draw.choice("aelnsz129")
        text = draw.choice(
            [
                text[:at] + letter + text[at:],
                text[:at] + text[at + 1 :],
                text[:at] + letter + text[at + 1 :],
                text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
            ]
        )
    return text


def near_views(seed: int, size: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)  # noqa: S311  a seed that repeats, not a secret
    views = []
    for number in range(size):
        born = dt.date(2010, 4, 17) + dt.timedelta(days=draw.choice([0, 0, 1, 9, 30, 365, 3653, 4000]))
        views.append(
            rec(
                draw.choice(["police", "health"]),
                draw.choice([None, slip(draw, draw.choice(WORDS))])
                if draw.random() < 0.2
                else slip(draw, draw.choice(WORDS)),
                slip(draw, draw.choice(WORDS)) if draw.random() < 0.9 else None,
                born.isoformat() if draw.random() < 0.9 else None,
                id=f"{number:020d}",
                aka=[slip(draw, draw.choice(WORDS))] if draw.random() < 0.2 else [],
                postcode=slip(draw, draw.choice(HOMES)) if draw.random() < 0.8 else None,
                address=slip(draw, draw.choice(STREETS)) if draw.random() < 0.6 else None,
            )
        )
    return views


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 100_000))
def test_asking_what_costs_little_first_changes_no_level(seed: int) -> None:
    model, levels = middling_model(), ", ".join(gamma_name(c) for c in COMPARISONS)
    with duckdb.connect(config={"threads": 1}) as con:
        con.register("views_in", table(near_views(seed, 90)))
        region.take_known(con, links=None, edges=None, judgements=None)
        read_records(con, "views_in")
        make_people(con, frequencies=model.frequencies, crowded_postcodes=[], same_nhs={})
        con.execute(f"CREATE TEMP TABLE link_pairs AS SELECT x.n a, y.n b FROM {TABLE} x JOIN {TABLE} y ON x.n <> y.n")
        plain, quick = (
            con.execute(f"SELECT a, b, {levels} FROM ({levels_sql('link_pairs', quick=way)}) ORDER BY a, b").fetchall()
            for way in (False, True)
        )
    assert len(plain) == 90 * 89
    assert quick == plain
