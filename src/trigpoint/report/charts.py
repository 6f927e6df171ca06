"""The pictures of the report."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

import altair as alt

from trigpoint.report.data import MOST, ReportData
from trigpoint.report.figures import AMBER, INK, PALE, RULE, SOFT, TEAL, DataTable, Figure, figure
from trigpoint.report.wording import day, month, number, several

TEALS = ["#dcecee", "#9ccbd1", "#4a9ba6", "#00626e", "#003d45"]
AMBERS = ["#fbeee2", "#f3c99f", "#e0935a", "#b4500e"]


def _values(rows: Iterable[dict[str, Any]]) -> Any:
    inline: Any = alt.Data
    return inline(values=list(rows))


def indicators(data: ReportData) -> Figure | None:
    """How many children meet each indicator, on evidence of which agency: the commonest as a heat map."""
    rows = data.indicators.to_pylist()
    if not rows:
        return None
    say = data.words.say
    widest: Counter[str] = Counter()
    for row in rows:
        widest[row["indicator"]] = max(widest[row["indicator"]], row["children"])
    ranked = [code for code, _ in sorted(widest.items(), key=lambda item: (-item[1], item[0]))]
    agencies = sorted({row["agency"] for row in rows}, key=lambda code: say("agencies", code))
    drawn = set(ranked[: MOST["indicators"]])
    most = max(widest.values())
    cells = _values(
        {
            "indicator": say("indicators", row["indicator"]),
            "agency": say("agencies", row["agency"]),
            "children": row["children"],
            "dark": row["children"] > most * 0.45,
        }
        for row in rows
        if row["indicator"] in drawn
    )
    order = [say("indicators", code) for code in ranked if code in drawn]
    base = alt.Chart(cells).encode(
        x=alt.X("agency:N", sort=[say("agencies", code) for code in agencies], title=None).axis(
            orient="top", labelAngle=-35, domain=False, ticks=False, labelPadding=6
        ),
        y=alt.Y("indicator:N", sort=order, title=None).axis(domain=False, ticks=False, labelPadding=8),
    )
    heat = base.mark_rect(cornerRadius=3, stroke="white", strokeWidth=2).encode(
        color=alt.Color("children:Q").scale(range=TEALS, domain=[0, most], type="sqrt").legend(None)
    )
    text = base.mark_text(fontSize=12).encode(
        text=alt.Text("children:Q", format=","),
        color=alt.condition("datum.dark", alt.value("white"), alt.value(INK)),
    )
    chart = (heat + text).properties(width=alt.Step(58), height=alt.Step(26))
    found = {(row["indicator"], row["agency"]): row["children"] for row in rows}
    table = DataTable(
        "Children who meet each indicator, by agency whose evidence it stands on",
        ["Indicator", *(say("agencies", code) for code in agencies)],
        [
            [say("indicators", code), *(number(found.get((code, agency), 0)) for agency in agencies)]
            for code in ranked
        ],
        numbers=len(agencies),
    )
    more = len(ranked) - len(order)
    says = f"The {len(order)} indicators that most children meet, by the agencies whose events they stand on."
    says += f" {number(more)} more stand in the table." if more > 0 else ""
    return figure(chart, name="indicators", title="Indicators by agency", says=says, table=table)


def trend(data: ReportData) -> Figure | None:
    """Children first proposed for each form, by month, one small chart a form."""
    rows = data.trend.to_pylist()
    if not rows:
        return None
    months = months_between(min(r["month"] for r in rows), max(r["month"] for r in rows))[-MOST["months"] :]
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["form"]] += row["children"]
    forms = [form for form, _ in totals.most_common(MOST["forms"])]
    counted = {(row["form"], row["month"]): row["children"] for row in rows}
    cells = _values(
        {"form": data.words.say("forms", form), "month": f"{each}-01", "children": counted.get((form, each), 0)}
        for form in forms
        for each in months
    )
    chart = (
        alt.Chart(cells)
        .mark_bar(color=TEAL, cornerRadiusEnd=2)
        .encode(
            x=alt.X("yearmonth(month):T", title=None).axis(format="%b %y", tickCount=4, labelFlush=True, grid=False),
            y=alt.Y("children:Q", title=None).axis(tickCount=3, format="d", domain=False, ticks=False, tickMinStep=1),
            facet=alt.Facet(
                "form:N",
                columns=3,
                title=None,
                sort=[data.words.say("forms", form) for form in forms],
                header=alt.Header(labelAnchor="start", labelPadding=6),
                spacing=26,
            ),
        )
        .properties(width=215, height=92)
    )
    table = DataTable(
        "Children first proposed for each form, by month",
        ["Month", *(data.words.say("forms", form) for form in forms)],
        [[month(each), *(number(counted.get((form, each), 0)) for form in forms)] for each in months],
        numbers=len(forms),
    )
    top = data.words.say("forms", forms[0])
    says = (
        f"Children by the month in which a marker of that form was first proposed, {month(months[0])} to "
        f"{month(months[-1])}. Most were proposed for {top.lower()}: {number(totals[forms[0]])}."
    )
    return figure(chart, name="trend", title="Children first proposed, by form and month", says=says, table=table)


def months_between(first: str, last: str) -> list[str]:
    """Every month from `first` to `last` ('2025-03'), both included."""
    start, end = (int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last))
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(start, end + 1)]


RINGS = (10, 25, 50, 100, 200)


def found(data: ReportData) -> Figure | None:
    """Where children were found, seen from home: direction and distance, rounded to the kilometre."""
    rows = [row for row in data.found.to_pylist() if None not in row.values()][: MOST["found"]]
    if not rows:
        return None
    away: Counter[tuple[int, int]] = Counter()
    for row in rows:
        east, north = row["easting"] - row["home_easting"], row["northing"] - row["home_northing"]
        away[round(east / 1000), round(north / 1000)] += 1
    furthest = max(math.hypot(*point) for point in away)
    rings = [ring for ring in RINGS if ring < furthest * 1.6][:4] or [RINGS[0]]
    reach = max(furthest * 1.05, rings[-1] * 1.12)
    circles = _values(
        {"ring": ring, "at": at, "x": ring * math.sin(math.tau * at / 72), "y": ring * math.cos(math.tau * at / 72)}
        for ring in rings
        for at in range(73)
    )
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    x, y = alt.X("x:Q", scale=scale, axis=None), alt.Y("y:Q", scale=scale, axis=None)
    layers = [
        alt.Chart(circles).mark_line(color=RULE, strokeWidth=1.2).encode(x=x, y=y, detail="ring:N", order="at:Q"),
        alt.Chart(_spokes(away)).mark_line(color=TEAL, opacity=0.22, strokeWidth=1).encode(x=x, y=y, detail="id:N"),
        alt.Chart(_values({"x": east, "y": north, "times": times} for (east, north), times in sorted(away.items())))
        .mark_circle(color=TEAL, opacity=0.78, stroke="white", strokeWidth=0.8)
        .encode(
            x=x,
            y=y,
            size=alt.Size("times:Q", title="times found there")
            .scale(range=[40, 420], domain=[1, max(2, *away.values())])
            .legend(None),
        ),
        alt.Chart(_values([{"x": 0, "y": 0}]))
        .mark_point(shape="triangle-up", filled=True, size=260, color=AMBER, opacity=1, stroke="white")
        .encode(x=x, y=y),
        alt.Chart(_values({"x": 0, "y": -ring, "t": f"{ring} km"} for ring in rings))
        .mark_text(fontSize=11, color=SOFT, dy=9)
        .encode(x=x, y=y, text="t:N"),
        alt.Chart(_values([{"x": 0, "y": reach * 0.985, "t": "North"}]))
        .mark_text(fontSize=11, color=SOFT)
        .encode(x=x, y=y, text="t:N"),
    ]
    chart = alt.layer(*layers).properties(width=470, height=470)
    table, says = _found_words(away, rows=len(rows))
    return figure(chart, name="found", title="Where children were found, seen from home", says=says, table=table)


def _spokes(away: Counter[tuple[int, int]]) -> Any:
    return _values(
        {"id": at, "x": x, "y": y}
        for at, (east, north) in enumerate(sorted(away))
        for x, y in ((0, 0), (east, north))
    )


_DIRECTIONS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def _found_words(away: Counter[tuple[int, int]], *, rows: int) -> tuple[DataTable, str]:
    bands = ((0, 10), (10, 25), (25, 50), (50, 100), (100, 10_000))
    counted: Counter[tuple[str, int]] = Counter()
    for (east, north), times in away.items():
        km = math.hypot(east, north)
        direction = _DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 45) % 8]
        band = next(at for at, (low, high) in enumerate(bands) if low <= km < high)
        counted[direction, band] += times
    heads = ["under 10 km", "10 to 25", "25 to 50", "50 to 100", "100 km and more"]
    table = DataTable(
        "Times children were found, by direction and distance from home",
        ["Direction", *heads],
        [[each, *(number(counted[each, at]) for at in range(len(bands)))] for each in _DIRECTIONS],
        numbers=len(bands),
    )
    far = sum(times for (_, band), times in counted.items() if band >= 2)
    says = (
        f"Each dot is a place, to the nearest kilometre, where a missing child was found, seen from that child's "
        f"home (the triangle in the middle); larger dots, more often. Of {several(rows, 'time')}, {number(far)} "
        f"{'was' if far == 1 else 'were'} 25 km from home or more."
    )
    return table, says


def recording(data: ReportData) -> Figure | None:
    """Kinds of event that an agency claims to report and of which nothing came, by month."""
    rows = data.recording.to_pylist()
    if not rows:
        return None
    until = data.as_at.strftime("%Y-%m")
    rows = [row for row in rows if row["month"] <= until]
    months = months_between(min(r["month"] for r in rows), max(r["month"] for r in rows))[-MOST["months"] :]
    agencies = sorted({row["agency"] for row in rows})
    at = {(row["agency"], row["month"]): row for row in rows}
    cells = [
        _recorded(at.get((agency, each)), agency=data.words.say("agencies", agency), month_=each)
        for agency in agencies
        for each in months
    ]
    base = alt.Chart(_values(cells)).encode(
        x=alt.X("month:N", sort=[month(each) for each in months], title=None).axis(
            labelAngle=-60, orient="top", domain=False, ticks=False
        ),
        y=alt.Y("agency:N", title=None).axis(domain=False, ticks=False, labelPadding=8),
    )
    heat = base.mark_rect(cornerRadius=3, stroke="white", strokeWidth=2).encode(
        color=alt.condition(
            "datum.state == 'nothing claimed'",
            alt.value("white"),
            alt.Color("share:Q").scale(range=[TEALS[0], *AMBERS[1:]], domain=[0, 1]).legend(None),
        )
    )
    text = base.mark_text(fontSize=11).encode(
        text="label:N",
        color=alt.condition("datum.share > 0.7", alt.value("white"), alt.value(INK)),
    )
    chart = (heat + text).properties(width=alt.Step(33), height=alt.Step(28))
    table = DataTable(
        "Kinds of event claimed of which none came, by agency and month (silent of claimed)",
        ["Month", *(data.words.say("agencies", agency) for agency in agencies)],
        [[month(each), *(_silence(at.get((agency, each))) for agency in agencies)] for each in months],
        numbers=len(agencies),
    )
    silent = sum(row["kinds_silent"] for row in rows if row["month"] in months)
    says = (
        "Each square is a month of an agency: the number of kinds of event that it says it reports and of which not "
        "one came. A dot is a month in which every claimed kind came; an empty square, a month for which nothing is "
        "claimed. "
        f"In all {several(silent, 'silent month')} of a kind."
    )
    return figure(chart, name="recording", title="Where recording falls silent", says=says, table=table)


def _recorded(row: dict[str, Any] | None, *, agency: str, month_: str) -> dict[str, Any]:
    claimed = row["kinds_claimed"] if row else 0
    silent = row["kinds_silent"] if row else 0
    return {
        "agency": agency,
        "month": month(month_),
        "share": silent / claimed if claimed else 0,
        "state": "claimed" if claimed else "nothing claimed",
        "label": (str(silent) if silent else "·") if claimed else "",
    }


def _silence(row: dict[str, Any] | None) -> str:
    if row is None or not row["kinds_claimed"]:
        return "nothing claimed"
    return f"{row['kinds_silent']} of {row['kinds_claimed']}"


def clusters(data: ReportData) -> Figure | None:
    """How many records make up one child."""
    rows = sorted(data.clusters.to_pylist(), key=lambda row: row["records"])
    if not rows:
        return None
    counted: Counter[str] = Counter()
    for row in rows:
        counted[str(row["records"]) if row["records"] < 10 else "10 and more"] += row["children"]
    chart = _bars(counted, colour=TEAL, of="records of one child")
    table = DataTable(
        "Children by number of records",
        ["Records", "Children"],
        [[k, number(n)] for k, n in counted.items()],
        numbers=1,
    )
    alone = number(counted.get("1", 0))
    says = (
        f"Children by how many records of the agencies were joined into them. {alone} are known from one record only."
    )
    return figure(chart, name="clusters", title="Records to a child", says=says, table=table)


def _bars(counted: Counter[str], *, colour: str, of: str) -> Any:
    base = alt.Chart(_values({"label": label, "n": n} for label, n in counted.items())).encode(
        y=alt.Y("label:N", sort=list(counted), title=of).axis(domain=False, ticks=False),
        x=alt.X("n:Q", title=None).axis(None),
    )
    bars = base.mark_bar(color=colour, cornerRadiusEnd=3, height=17)
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text=alt.Text("n:Q", format=","))
    return (bars + text).properties(width=300, height=alt.Step(26))


DECISIONS = {"joined": TEAL, "asked": AMBER, "parted": "#8fa3aa"}


def bands(data: ReportData) -> Figure | None:
    """Pairs of records by how likely they are one child, and what was decided."""
    rows = sorted(data.bands.to_pylist(), key=lambda row: row["from"])
    if not rows:
        return None
    labelled = [(f"{row['from']:.0%} to {row['to']:.0%}", row) for row in rows]
    order = list(dict.fromkeys(label for label, _ in labelled))[::-1]
    cells = _values({"band": label, "decision": row["decision"], "pairs": row["pairs"]} for label, row in labelled)
    base = alt.Chart(cells).encode(
        y=alt.Y("band:N", sort=order, title="probability of one child").axis(domain=False, ticks=False)
    )
    bars = base.mark_bar(cornerRadiusEnd=3, height=17).encode(
        x=alt.X("pairs:Q", title="pairs").axis(format="~s", tickCount=4, domain=False, ticks=False),
        color=alt.Color("decision:N", title=None).scale(domain=list(DECISIONS), range=list(DECISIONS.values())),
    )
    table = DataTable(
        "Pairs of records by probability and decision",
        ["Probability", "Decision", "Pairs"],
        [[label, row["decision"], number(row["pairs"])] for label, row in labelled],
        numbers=1,
    )
    says = (
        "Pairs of records that were compared, by the probability that they are one child: joined, parted, or asked."
    )
    chart = bars.properties(width=300, height=alt.Step(26))
    return figure(chart, name="bands", title="How sure the links are", says=says, table=table)


def refused(data: ReportData) -> Figure | None:
    """Rows refused of each thousand read, by source."""
    rows = [row for row in data.sources.to_pylist() if row["read"]]
    if not rows:
        return None
    shares = {data.words.say("sources", row["source"]): 1000 * row["refused"] / row["read"] for row in rows}
    ordered = dict(sorted(shares.items(), key=lambda item: -item[1]))
    base = alt.Chart(_values({"source": name, "n": share} for name, share in ordered.items())).encode(
        y=alt.Y("source:N", sort=list(ordered), title=None).axis(domain=False, ticks=False),
        x=alt.X("n:Q", title=None).axis(None),
    )
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text=alt.Text("n:Q", format=",.1f"))
    chart = (base.mark_bar(color=AMBER, cornerRadiusEnd=3, height=17) + text).properties(
        width=420, height=alt.Step(26)
    )
    table = DataTable(
        "Rows refused of each thousand read, by source",
        ["Source", "Latest extract", "Refused of 1,000"],
        [
            [
                data.words.say("sources", row["source"]),
                day(row["latest_on"]),
                f"{1000 * row['refused'] / row['read']:.1f}",
            ]
            for row in rows
        ],
        numbers=1,
    )
    says = "How many of each thousand rows read could not be taken, by source. Every one is kept with its reason."
    return figure(chart, name="refused", title="Rows refused", says=says, table=table)


__all__ = ["PALE", "bands", "clusters", "found", "indicators", "months_between", "recording", "refused", "trend"]
