"""Areas beside one another, and counts under other links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import altair as alt
import numpy as np

from trigpoint.report.figures import AMBER, INK, SOFT, TEAL, DataTable, Figure, figure, values
from trigpoint.report.known.saying import named, percent
from trigpoint.report.wording import number, several

COUNTS: Final = {"proposed": "children with a proposed marker", "referred": "children referred to the NRM"}
FEW: Final = 4  # areas that are all named in the picture
LIMITS: Final = {"95 %": [4, 3], "99.8 %": [1, 0]}


def funnels(known: Mapping[str, Any]) -> list[Figure]:
    """A funnel for each count and level of areas: rates against the number of children who live there."""
    return [
        _funnel(known, compared["counts"], level, name=f"funnel-{i}-{j}")
        for i, compared in enumerate(known["areas"] or [])
        for j, level in enumerate(compared["levels"])
    ]


def _funnel(known: Mapping[str, Any], counts: str, level: dict[str, Any], *, name: str) -> Figure:
    points = [
        {"area": named(known, "areas", one["area"]), "children": one["population"], "rate": one["rate"],
         "far": one["place"] not in ("within", "no population")}
        for one in level["areas"]
    ]  # fmt: skip
    size = alt.X("children:Q", title="children who live there", scale=alt.Scale(nice=True, zero=True)).axis(
        format=",d", tickCount=6
    )
    top = 1.35 * max([level["mean"], *(point["rate"] for point in points)]) or 1.0
    scale = alt.Scale(domain=[0, top], nice=False)
    lines = (
        alt.Chart(values(_curves(level, points)))
        .mark_line(color=SOFT, clip=True, strokeWidth=1.4)
        .encode(x=size, y=alt.Y("rate:Q", title="per 10,000", scale=scale), detail="line:N",
                strokeDash=alt.StrokeDash("level:N", title=None,
                                          scale=alt.Scale(domain=list(LIMITS), range=list(LIMITS.values()))))
    )  # fmt: skip
    middle = alt.Chart(values([{"rate": level["mean"]}])).mark_rule(color=TEAL, strokeWidth=1.6).encode(y="rate:Q")
    base = alt.Chart(values(points)).encode(x=size, y=alt.Y("rate:Q", scale=scale))
    shade = alt.condition("datum.far", alt.value(AMBER), alt.value(TEAL))
    dots = base.mark_point(filled=True, size=90, opacity=1).encode(color=shade)
    words = base.mark_text(align="left", dx=8, dy=-6, fontSize=11, color=INK).encode(text="area:N")
    if len(points) > FEW:
        words = words.transform_filter("datum.far")
    chart = alt.layer(lines, middle, dots, words).properties(width=560, height=260)
    return figure(
        chart, name=name, title=f"{_title(counts)} by {_level(level)}", says=_says(level),
        table=_table(known, counts, level),
    )  # fmt: skip


def _title(counts: str) -> str:
    return COUNTS[counts][:1].upper() + COUNTS[counts][1:]


def _level(level: dict[str, Any]) -> str:
    return "area" if level["level"] == "areas" else str(level["level"]).rstrip("s")


def _says(level: dict[str, Any]) -> str:
    far = sum(one["place"] not in ("within", "no population") for one in level["areas"])
    wider = (
        f" Areas differ more than chance explains; the limits are {level['dispersion'] ** 0.5:.1f} times wider for it."
        if level["dispersion"] > 1
        else ""
    )
    return (
        f"Each dot is an area: children counted per 10,000 who live there, against how many live there. Chance alone "
        f"would put 95 in 100 areas within the inner lines and 998 in 1,000 within the outer ones, if all had the rate "
        f"of all, {level['mean']:.1f}. {several(far, 'area').capitalize()} {'lies' if far == 1 else 'lie'} outside."
        f"{wider} A high rate can be good recognition, and a low one children who go unseen: ask what is recorded, and "
        "by whom, first. Areas are not ranked."
    )


def _curves(level: dict[str, Any], points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The limits drawn through the populations from the smallest to the largest."""
    largest = max(point["children"] for point in points)
    return [
        {"children": float(lived), "rate": 10_000 * float(limit) / float(lived), "level": said, "line": f"{said}{side}"}
        for said, curve in level["curves"].items()
        for side in ("low", "high")
        for lived, limit in zip(np.array(curve["population"]), curve[side], strict=True)
        if lived <= 1.02 * largest
    ]


def _table(known: Mapping[str, Any], counts: str, level: dict[str, Any]) -> DataTable:
    rows = [
        [named(known, "areas", one["area"]), one["place"], f"{one['low']:.1f} to {one['high']:.1f}",
         f"{one['shrunk']:.1f} ({one['shrunk_low']:.1f} to {one['shrunk_high']:.1f})", percent(one["kept"]),
         f"{one['rate']:.1f}", number(one["count"]), number(one["population"])]
        for one in level["areas"]
    ]  # fmt: skip
    head = ["Area", "In the funnel", "95 % of the rate", "Rate drawn to that of all", "Kept of its own", "Per 10,000",
            "Children", "Live there"]  # fmt: skip
    left = (
        f" {several(level['without'], 'child', plural='children')} counted live in no area of the file."
        if level["without"]
        else ""
    )
    foot = (
        "Limits of rates are exact Poisson. The rate drawn to that of all is empirical Bayes (Marshall 1991): the "
        "fewer children live there, the less of its own rate an area keeps. Populations: "
        f"{'; '.join(level['sources'])}.{left}"
    )
    return DataTable(f"{_title(counts)} by {_level(level)}", head, rows, foot, numbers=4)


def tables(known: Mapping[str, Any]) -> bool:
    """Whether there are populations to compare by."""
    return bool(known["areas"])


def links(known: Mapping[str, Any]) -> DataTable | None:
    """The published cells that unsure links move most."""
    told = known["links"]
    if not told or not told["moved"]:
        return None
    widest = sorted(told["moved"], key=lambda row: (row["low"] - row["high"], row["table"], row["row_value"]))[:40]
    rows = [
        [row["table"].replace("_", " ").capitalize(), row["row_value"].replace("_", " "),
         row["column_value"].replace("_", " "), number(row["count"]), f"{number(row['low'])} to {number(row['high'])}"]
        for row in widest
    ]  # fmt: skip
    head = ["Table", "Row", "Column", "Count", "Were links to fall otherwise"]
    more = len(told["moved"]) - len(rows)
    foot = f"{number(more)} more cells move." if more > 0 else ""
    return DataTable("Counts that unsure links move", head, rows, foot, numbers=2)
