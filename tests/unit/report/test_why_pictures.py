"""The pictures of why records are one child: every bar and line stands in the table behind it, and nothing personal."""

from __future__ import annotations

import re
from typing import Any

from trigpoint.report.why import cluster, render_why, waterfall

PAIR: dict[str, Any] = {
    "record_a": "a" * 20,
    "record_b": "b" * 20,
    "verdict": "ask",
    "verdict_in_words": "not joined; a person is asked",
    "decided_by": "guard",
    "reason": "no first name in common: a twin, a brother or a sister?",
    "prior": -12.0,
    "weight": 6.0,
    "odds_in_words": "about 60 to 1 for",
    "probability": 0.985,
    "probability_in_words": "0.985",
    "evidence": [
        {"comparison": "birth date", "found": "the same birth date", "weight": 13.0, "one_in": None},
        {"comparison": "surname", "found": "the same surname", "weight": 11.0, "one_in": 2_000},
        {"comparison": "given names", "found": "different first names", "weight": -6.0, "one_in": None},
    ],
    "not_compared": ["phone", "sex"],
    "join_at": 4.25,
    "ask_at": 1.22,
}


def test_a_waterfall_has_a_bar_for_each_row_of_its_table() -> None:
    made = waterfall(PAIR)
    assert [row[0] for row in made.table.rows] == [
        "before any of this",
        "birth date",
        "surname",
        "given names",
        "in all",
    ]
    assert [float(row[-1]) for row in made.table.rows][:-1] == [-12.0, 13.0, 11.0, -6.0]
    for row in made.table.rows:
        assert row[0] in made.svg
        assert row[-1].replace("-", "").replace("+", "") in made.svg
    assert "1 in 2,000" in made.table.rows[2]
    assert "phone, sex" in made.table.foot
    assert "Against it speak: given names" in made.says
    assert "decided by a guard: no first name in common" in made.says


def test_the_steps_end_where_the_whole_stands() -> None:
    from trigpoint.report.why.pictures import _steps

    steps = _steps(PAIR)
    assert steps[-2]["low"] == PAIR["weight"] == steps[-1]["high"]


def _cluster() -> dict[str, Any]:
    records = [
        {"record": letter * 20, "child": "CAAAAAAAAAA" if letter in "ab" else "CBBBBBBBBBB", "agency": agency}
        for letter, agency in (("a", "Police"), ("b", "Health"), ("c", "Education"))
    ]
    line = {"join": "joined", "ask": "asked", "apart": "parted"}
    pairs = [
        {
            **PAIR,
            "record_a": a * 20,
            "record_b": b * 20,
            "verdict": verdict,
            "line": line[verdict],
            "held": a + b == "ab",
        }
        for a, b, verdict in (("a", "b", "join"), ("a", "c", "ask"), ("b", "c", "apart"))
    ]
    return {"child": "CAAAAAAAAAA", "records": records, "pairs": pairs}


def test_a_cluster_tells_joined_asked_and_parted_without_colour() -> None:
    made = cluster(_cluster())
    assert made is not None
    dashes = set(re.findall(r'stroke-dasharray="([^"]+)"', made.svg))
    assert {"7,4", "2,4"} <= dashes
    assert "whole line is a pair that was joined (1)" in made.says
    assert [row[0] for row in made.table.rows] == ["A and B", "A and C", "B and C"]
    assert [row[2] for row in made.table.rows] == ["joined", "asked", "parted"]
    assert [row[3] for row in made.table.rows] == ["yes", "no", "no"]
    assert f"A is record {'a' * 20}" in made.table.foot


def test_one_record_or_very_many_are_not_drawn() -> None:
    data = _cluster()
    assert cluster({**data, "records": data["records"][:1], "pairs": []}) is None
    assert cluster({**data, "records": data["records"] * 11}) is None


def test_the_page_is_whole_and_fetches_nothing() -> None:
    page = render_why([waterfall(PAIR)], title="Why <these>", invented=True, lines=["a & b"])
    assert "Invented data." in page
    assert "Why &lt;these&gt;" in page
    assert "a &amp; b" in page
    assert "<table" in page
    assert not re.search(r"<script|https?://(?!www\.w3\.org)", page)
