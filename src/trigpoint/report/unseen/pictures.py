"""Pictures of the overlaps between lists and of what the methods say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from trigpoint.report.figures import AMBER, INK, RULE, SOFT, TEAL, Figure, figure, values
from trigpoint.report.unseen.tables import estimates_table, overlaps_table
from trigpoint.report.wording import number

MOST_COMBINATIONS = 24
WIDE = 4.0  # times between the lowest and the highest limit, beyond which the axis is one of ratios


def upset(report: dict[str, Any]) -> Figure | None:
    """How many cases stand on each combination of lists: an upset plot (Lex et al. 2014)."""
    rows = report["overlaps"][:MOST_COMBINATIONS]
    if not rows:
        return None
    names = [one["name"] for one in sorted(report["lists"], key=lambda one: -one["cases"])]
    wide = 28 * len(rows)
    tops = alt.layer(_bars(rows), _bar_numbers(rows)).properties(width=wide, height=170)
    dots = _dots(rows, names).properties(width=wide, height=24 * len(names))
    chart = alt.vconcat(tops, dots, spacing=4).resolve_scale(x="shared")
    more = len(report["overlaps"]) - len(rows)
    says = f"Each column is a combination of lists; its bar says how many are on just those lists. {_shares(report)}"
    says += f" {number(more)} rarer combinations stand in the table." if more > 0 else ""
    return figure(chart, name="upset", title="Who is on which lists", says=says, table=overlaps_table(report))


def estimates(report: dict[str, Any]) -> Figure | None:
    """What each method says, with its intervals."""
    rows = [_drawn(one) for one in report["estimates"] if one["total"] is not None]
    if not rows:
        return None
    highest = max(max(row["high"], row["total"]) for row in rows)
    lowest = max(1.0, min(min(row["low"], row["total"]) for row in rows))
    kind: Any = "log" if highest > WIDE * lowest else "linear"
    scale = alt.Scale(type=kind, domain=[lowest * 0.9, highest * 1.15], nice=False)
    x = alt.X("low:Q", scale=scale, title="people in all, seen and unseen").axis(format="~s", tickCount=6)
    y = alt.Y("title:N", sort=[row["title"] for row in rows], title=None).axis(domain=False, ticks=False)
    shade = alt.Color("shade:N", scale=None)
    base = alt.Chart(values(rows)).encode(y=y)
    whiskers = base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", color=shade)
    middle = base.mark_rule(strokeWidth=7, opacity=0.45).encode(x="low80:Q", x2="high80:Q", color=shade)
    points = base.mark_point(filled=True, size=85, opacity=1).encode(x="total:Q", color=shade)
    open_ = base.transform_filter("datum.open").mark_text(align="left", dx=6, text="no upper limit", color=INK)
    chart = alt.layer(whiskers, middle, points, open_.encode(x="high:Q")).properties(width=430, height=26 * len(rows))
    says = (
        "A dot for each estimate; the thin line holds 95 %, the thick one 80 %. Methods in grey are bounds or models "
        "that treat lists as alike. The lines say how far chance alone would move an estimate, not whether it is right."
    )
    return figure(
        chart, name="estimates", title="What the methods say", says=says, table=estimates_table(report["estimates"])
    )


def _bars(rows: Sequence[dict[str, Any]]) -> Any:
    cells = [{"place": i, "cases": row["cases"], "single": len(row["lists"]) == 1} for i, row in enumerate(rows)]
    return (
        alt.Chart(values(cells))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("place:O", axis=None),
            y=alt.Y("cases:Q", title="cases").axis(tickCount=4, format="~s", domain=False, ticks=False),
            color=alt.condition("datum.single", alt.value(TEAL), alt.value(AMBER)),
        )
    )


def _bar_numbers(rows: Sequence[dict[str, Any]]) -> Any:
    cells = [{"place": i, "cases": row["cases"]} for i, row in enumerate(rows)]
    return (
        alt.Chart(values(cells))
        .mark_text(dy=-6, fontSize=10, color=SOFT)
        .encode(x=alt.X("place:O", axis=None), y="cases:Q", text=alt.Text("cases:Q", format=","))
    )


def _dots(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> Any:
    cells = [
        {"place": i, "list": name, "on": name in row["lists"], "single": len(row["lists"]) == 1}
        for i, row in enumerate(rows)
        for name in names
    ]
    ends = [
        {"place": i, "top": min(on, key=names.index), "end": max(on, key=names.index)}
        for i, row in enumerate(rows)
        if len(on := row["lists"]) > 1
    ]
    order = alt.Scale(domain=list(names))
    y = alt.Y("list:N", scale=order, title=None).axis(domain=False, ticks=False)
    dots = (
        alt.Chart(values(cells))
        .mark_circle(size=110, opacity=1)
        .encode(
            x=alt.X("place:O", axis=None),
            y=y,
            color=alt.Color("shade:N", scale=None),
        )
        .transform_calculate(shade=f"!datum.on ? '{RULE}' : datum.single ? '{TEAL}' : '{AMBER}'")
    )
    if not ends:
        return alt.layer(dots)
    lines = (
        alt.Chart(values(ends))
        .mark_rule(strokeWidth=3, color=AMBER)
        .encode(x=alt.X("place:O", axis=None), y=alt.Y("top:N", scale=order), y2="end:N")
    )
    return alt.layer(lines, dots)


def _drawn(one: dict[str, Any]) -> dict[str, Any]:
    """A row of the picture; a limit that cannot be given ends at the total, and is written."""
    by_level = {limits["level"]: limits for limits in one["limits"]}
    wide, narrow = by_level.get(0.95), by_level.get(0.8)
    total = one["total"]
    high = total if wide is None or wide["high"] is None else wide["high"]
    return {
        "title": one["title"],
        "total": total,
        "low": wide["low"] if wide else total,
        "high": high,
        "low80": narrow["low"] if narrow else total,
        "high80": min(high, narrow["high"]) if narrow and narrow["high"] is not None else high,
        "open": bool(wide and wide["high"] is None),
        "shade": TEAL if one["main"] else "#8a9aa0",
    }


def _shares(report: dict[str, Any]) -> str:
    seen, several = report["seen"], report["on_several_lists"]
    return f"Of {number(seen)} cases, {number(several)} ({several / seen:.1%}) are on two lists or more."
