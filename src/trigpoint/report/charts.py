"""Pictures of indicators by agency, of months, and of where recording falls silent."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import altair as alt

from trigpoint.report.data import MOST, ReportData
from trigpoint.report.figures import INK, TEAL, DataTable, Figure, figure, values
from trigpoint.report.wording import month, number, several

# Steps of shade, each with the ink that reads on it: no shade lies where neither dark nor white would.
TEALS = (
    ("#e3f0f1", INK),
    ("#bfdde1", INK),
    ("#8ec4cb", INK),
    ("#1f7b87", "white"),
    ("#00626e", "white"),
    ("#003d45", "white"),
)
AMBERS = (("#fbe3c8", INK), ("#f3c08c", INK), ("#e39a5b", INK), ("#a3470b", "white"))  # the last: nothing came at all
COMPLETE = ("#e3f0f1", INK)


def _shade(share: float, shades: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The shade and the ink for a share between 0 and 1."""
    fill, ink = shades[min(int(share * len(shades)), len(shades) - 1)]
    return {"fill": fill, "ink": ink}


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
    cells = values(
        {
            "indicator": say("indicators", row["indicator"]),
            "agency": say("agencies", row["agency"]),
            "children": row["children"],
            **_shade(math.sqrt(row["children"] / most), TEALS),
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
    heat = base.mark_rect(cornerRadius=3, stroke="white", strokeWidth=2).encode(color=alt.Color("fill:N", scale=None))
    text = base.mark_text(fontSize=12).encode(
        text=alt.Text("children:Q", format=","), color=alt.Color("ink:N", scale=None)
    )
    chart = (heat + text).properties(width=alt.Step(54), height=alt.Step(26))
    found = {(row["indicator"], row["agency"]): row["children"] for row in rows}
    table = DataTable(
        "Children who meet each indicator, by agency whose evidence it stands on",
        ["Indicator", *(say("agencies", code) for code in agencies)],
        [[say("indicators", code), *(number(found.get((code, agency), 0)) for agency in agencies)] for code in ranked],
        numbers=len(agencies),
    )
    more = len(ranked) - len(order)
    says = f"The {len(order)} indicators that most children meet, by the agencies whose events they stand on."
    says += f" {number(more)} more stand in the table." if more > 0 else ""
    return figure(chart, name="indicators", title="The commonest indicators", says=says, table=table)


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
    cells = values(
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
    base = alt.Chart(values(cells)).encode(
        x=alt.X("month:N", sort=[month(each) for each in months], title=None).axis(
            labelAngle=-60, orient="top", domain=False, ticks=False
        ),
        y=alt.Y("agency:N", title=None).axis(domain=False, ticks=False, labelPadding=8),
    )
    heat = base.mark_rect(cornerRadius=3, stroke="white", strokeWidth=2).encode(color=alt.Color("fill:N", scale=None))
    text = base.mark_text(fontSize=11).encode(text="label:N", color=alt.Color("ink:N", scale=None))
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
        "one came. A dot is a month in which every claimed kind came, the darkest square one in which nothing came at "
        "all; where nothing is claimed there is no square. "
        f"In all {several(silent, 'silent month')} of a kind."
    )
    return figure(chart, name="recording", title="Where recording falls silent", says=says, table=table)


def _recorded(row: dict[str, Any] | None, *, agency: str, month_: str) -> dict[str, Any]:
    claimed = row["kinds_claimed"] if row else 0
    silent = row["kinds_silent"] if row else 0
    return {
        "agency": agency,
        "month": month(month_),
        **_recorded_shade(claimed, silent),
        "label": (str(silent) if silent else "·") if claimed else "",
    }


def _recorded_shade(claimed: int, silent: int) -> dict[str, str]:
    if not claimed:
        return {"fill": "white", "ink": INK}
    if not silent:
        return _shade(0, (COMPLETE,))
    return _shade(silent / claimed * 0.75 if silent < claimed else 1, AMBERS)


def _silence(row: dict[str, Any] | None) -> str:
    if row is None or not row["kinds_claimed"]:
        return "nothing claimed"
    return f"{row['kinds_silent']} of {row['kinds_claimed']}"
