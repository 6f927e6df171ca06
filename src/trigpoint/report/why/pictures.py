"""A pair's evidence as a waterfall, and a child's records with the pairs that hold or part them.

Both are drawn from the data of an explanation (`linkage.explaining.as_data`) and hold no value of a person.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any, Final

import altair as alt
from altair.utils.schemapi import debug_mode

from trigpoint.report.figures import AMBER, INK, RULE, SOFT, TEAL, DataTable, Figure, figure, values

NEUTRAL: Final = "#8fa3aa"
LINES: Final = {"joined": (TEAL, []), "asked": (AMBER, [7, 4]), "parted": ("#7a2e39", [2, 4])}
MOST: Final = 30  # records that a drawing can show


def waterfall(pair: dict[str, Any]) -> Figure:
    """How the weight of a pair comes about, step by step, in bits; the thresholds stand as lines."""
    steps = _steps(pair)
    order = [step["step"] for step in steps]
    base = alt.Chart(values(steps)).encode(y=alt.Y("step:N", sort=order, title=None).axis(domain=False, ticks=False))
    span = _span(pair, steps)
    x = alt.X("low:Q", title="bits: each doubles the odds of one child").scale(domain=span, nice=False)
    bars = base.mark_bar(cornerRadius=2, height=17).encode(
        x=x, x2="high:Q", color=alt.Color("colour:N", scale=None, legend=None)
    )
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(x="high:Q", text="label:N")
    with debug_mode(False):
        chart = (_thresholds(pair) + bars + text).properties(width=440, height=alt.Step(28))
        return figure(
            chart,
            name="waterfall",
            title="How the evidence adds up",
            says=_waterfall_says(pair),
            table=_waterfall_table(pair),
        )


def _steps(pair: dict[str, Any]) -> list[dict[str, Any]]:
    """The bars: where two records start from, each comparison, and all of it."""
    made, at = [_bar("before any of this", 0.0, pair["prior"], NEUTRAL)], pair["prior"]
    for item in pair["evidence"]:
        made.append(_bar(item["comparison"], at, item["weight"], TEAL if item["weight"] > 0 else AMBER))
        at += item["weight"]
    return [*made, _bar("in all", 0.0, pair["weight"], INK)]


def _bar(step: str, start: float, weight: float, colour: str) -> dict[str, Any]:
    low, high = sorted((start, start + weight))
    return {"step": step, "low": low, "high": high, "colour": colour, "label": f"{weight:+.1f}"}


def _span(pair: dict[str, Any], steps: list[dict[str, Any]]) -> list[float]:
    low = min([0.0, *(step["low"] for step in steps)])
    high = max([pair["join_at"], *(step["high"] for step in steps)])
    return [low - 1, high + 0.14 * (high - low) + 1]


def _thresholds(pair: dict[str, Any]) -> Any:
    marks = [
        {"at": 0.0, "colour": RULE},
        {"at": pair["ask_at"], "colour": AMBER},
        {"at": pair["join_at"], "colour": TEAL},
    ]
    return (
        alt.Chart(values(marks))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5)
        .encode(x=alt.X("at:Q"), color=alt.Color("colour:N", scale=None, legend=None))
    )


def _waterfall_says(pair: dict[str, Any]) -> str:
    against = [item["comparison"] for item in pair["evidence"] if item["weight"] < 0]
    said = f" Against it speak: {', '.join(against)}." if against else " Nothing that was compared speaks against it."
    return (
        "Bars to the right speak for one child, bars to the left against. "
        f"In all the odds are {pair['odds_in_words']}, a probability of {pair['probability_in_words']}.{said} "
        "The left broken line is where a person is asked, the right one where records are joined; "
        f"rules stand above both. Here: {_outcome(pair)}."
    )


def _outcome(pair: dict[str, Any]) -> str:
    by = {"judgement": "a person's judgement", "guard": "a guard", "identifier": "a number", "model": "the evidence"}
    reason = f": {pair['reason']}" if pair["reason"] else ""
    return f"{pair['verdict_in_words']}, decided by {by.get(pair['decided_by'], pair['decided_by'])}{reason}"


def _waterfall_table(pair: dict[str, Any]) -> DataTable:
    rows = [["before any of this", "two records drawn at random", "", f"{pair['prior']:+.1f}"]]
    for item in pair["evidence"]:
        common = f"1 in {item['one_in']:,}" if item["one_in"] else ""
        rows.append([item["comparison"], item["found"], common, f"{item['weight']:+.1f}"])
    rows.append(["in all", _outcome(pair), "", f"{pair['weight']:+.1f}"])
    silent = ", ".join(pair["not_compared"])
    return DataTable(
        "The evidence, comparison by comparison",
        ["Comparison", "What was found", "How common the value is", "Weight in bits"],
        rows,
        foot=f"Not compared, since one record is silent: {silent}." if silent else "",
        numbers=1,
    )


def cluster(data: dict[str, Any]) -> Figure | None:
    """The records in a ring, each pair a line: joined, asked about, or parted. None where they are too many to draw."""
    records = data["records"]
    if not 1 < len(records) <= MOST:
        return None
    placed = _ring(data)
    nodes = alt.Chart(values(placed.values()))
    x, y = alt.X("x:Q", axis=None).scale(domain=[-1.5, 1.5]), alt.Y("y:Q", axis=None).scale(domain=[-1.25, 1.25])
    dots = nodes.mark_circle(size=620, opacity=1).encode(x=x, y=y, color=alt.Color("colour:N", scale=None))
    letters = nodes.mark_text(fontSize=13, fontWeight="bold", color="white").encode(x=x, y=y, text="letter:N")
    beside = alt.Y("beside:Q", axis=None).scale(domain=[-1.25, 1.25])
    names = nodes.mark_text(fontSize=12, color=INK).encode(x=x, y=beside, text="agency:N")
    with debug_mode(False):
        chart = _lines(data, placed, x, y) + dots + letters + names
        return figure(
            chart.properties(width=520, height=430),
            name="cluster",
            title="The records and what holds them together",
            says=_cluster_says(data),
            table=_cluster_table(data, placed),
        )


def _ring(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A place, a letter and a colour for each record: those of the child first, others beside them."""
    made = {}
    for place, record in enumerate(sorted(data["records"], key=lambda each: each["child"] != data["child"])):
        angle = pi / 2 - 2 * pi * place / len(data["records"])
        own = record["child"] == data["child"]
        letter = chr(ord("A") + place) if place < 26 else f"A{chr(ord('A') + place - 26)}"
        made[record["record"]] = {
            **record, "x": cos(angle), "y": sin(angle), "beside": sin(angle) + (0.13 if sin(angle) > -0.01 else -0.13),
            "letter": letter, "colour": TEAL if own else SOFT,
        }  # fmt: skip
    return made


def _lines(data: dict[str, Any], placed: dict[str, dict[str, Any]], x: Any, y: Any) -> Any:
    layers = []
    for line, (colour, dash) in LINES.items():
        ends = [(placed[p["record_a"]], placed[p["record_b"]]) for p in data["pairs"] if p["line"] == line]
        rows = [{"x": a["x"], "y": a["y"], "x2": b["x"], "y2": b["y"], "line": line} for a, b in ends]
        layers.append(
            alt.Chart(values(rows))
            .mark_rule(strokeDash=dash, strokeWidth=2.2, color=colour)
            .encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
        )
    return alt.layer(*layers)


def _cluster_says(data: dict[str, Any]) -> str:
    own = sum(record["child"] == data["child"] for record in data["records"])
    count = {line: sum(pair["line"] == line for pair in data["pairs"]) for line in LINES}
    others = len(data["records"]) - own
    beside = (
        f" {others} of other children stand beside them (grey), since a question or a rule ties them." if others else ""
    )
    return (
        f"{own} records of this child.{beside} A whole line is a pair that was joined ({count['joined']}), "
        f"a broken one a pair of which a person is asked ({count['asked']}), "
        f"a dotted one a pair kept apart ({count['parted']})."
    )


def _cluster_table(data: dict[str, Any], placed: dict[str, dict[str, Any]]) -> DataTable:
    rows = [
        [
            f"{placed[pair['record_a']]['letter']} and {placed[pair['record_b']]['letter']}",
            f"{placed[pair['record_a']]['agency']}, {placed[pair['record_b']]['agency']}",
            pair["line"],
            "yes" if pair["held"] else "no",
            pair["reason"] or "the evidence is enough",
            f"{pair['weight']:+.1f}",
        ]
        for pair in data["pairs"]
    ]
    foot = "; ".join(f"{record['letter']} is record {record['record']}" for record in placed.values())
    return DataTable(
        "Pairs of records",
        ["Pair", "Agencies", "What became of it", "One child now", "Why", "Weight in bits"],
        rows,
        foot=f"{foot}.",
        numbers=1,
    )
