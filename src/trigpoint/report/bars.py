"""Pictures that are bars: how records link, how sure that is, and what was refused."""

from __future__ import annotations

from collections import Counter
from typing import Any

import altair as alt

from trigpoint.report.data import ReportData
from trigpoint.report.figures import AMBER, INK, TEAL, DataTable, Figure, figure, values
from trigpoint.report.wording import number, short_day


def clusters(data: ReportData) -> Figure | None:
    """How many records make up one child."""
    rows = sorted(data.clusters.to_pylist(), key=lambda row: row["records"])
    if not rows:
        return None
    counted: Counter[str] = Counter()
    for row in rows:
        counted[str(row["records"]) if row["records"] < 10 else "10 and more"] += row["children"]
    chart = simple_bars(counted, colour=TEAL, of="records of one child")
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


def simple_bars(counted: Counter[str], *, colour: str, of: str, width: int = 280) -> Any:
    """A bar for each label, in the order given, each with its count beside it."""
    base = alt.Chart(values({"label": label, "n": n} for label, n in counted.items())).encode(
        y=alt.Y("label:N", sort=list(counted), title=of).axis(domain=False, ticks=False),
        x=alt.X("n:Q", title=None).axis(None),
    )
    bars = base.mark_bar(color=colour, cornerRadiusEnd=3, height=17)
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text=alt.Text("n:Q", format=","))
    return (bars + text).properties(width=width, height=alt.Step(26))


DECISIONS = {"joined": TEAL, "asked": AMBER, "parted": "#8fa3aa"}


def bands(data: ReportData) -> Figure | None:
    """Pairs of records by how likely they are one child, and what was decided."""
    rows = sorted(data.bands.to_pylist(), key=lambda row: (-row["from"], list(DECISIONS).index(row["decision"])))
    if not rows:
        return None
    labelled = [(f"{row['from']:.0%} to {row['to']:.0%}", row) for row in rows]
    cells = values({**row, "band": f"{label}, {row['decision']}"} for label, row in labelled)
    order = [f"{label}, {row['decision']}" for label, row in labelled]
    base = alt.Chart(cells).encode(
        y=alt.Y("band:N", sort=order, title="probability of one child").axis(domain=False, ticks=False)
    )
    x = alt.X("pairs:Q", title=None, axis=None)
    bars = base.mark_bar(cornerRadiusEnd=3, height=17).encode(
        x=x,
        color=alt.Color("decision:N", legend=None).scale(domain=list(DECISIONS), range=list(DECISIONS.values())),
    )
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(x=x, text=alt.Text("pairs:Q", format=","))
    table = DataTable(
        "Pairs of records by probability and decision",
        ["Probability", "Decision", "Pairs"],
        [[label, row["decision"], number(row["pairs"])] for label, row in labelled],
        numbers=1,
    )
    says = "Pairs of records that were compared, by the probability that they are one child: joined, parted, or asked."
    chart = (bars + text).properties(width=220, height=alt.Step(26))
    return figure(chart, name="bands", title="How sure the links are", says=says, table=table)


def refused(data: ReportData) -> Figure | None:
    """Rows refused of each thousand read, by source."""
    rows = [row for row in data.sources.to_pylist() if row["read"]]
    if not rows:
        return None
    shares = {data.words.say("sources", row["source"]): 1000 * row["refused"] / row["read"] for row in rows}
    ordered = dict(sorted(shares.items(), key=lambda item: -item[1]))
    base = alt.Chart(values({"source": name, "n": share} for name, share in ordered.items())).encode(
        y=alt.Y("source:N", sort=list(ordered), title=None).axis(domain=False, ticks=False),
        x=alt.X("n:Q", title=None).axis(None),
    )
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text=alt.Text("n:Q", format=",.1f"))
    chart = (base.mark_bar(color=AMBER, cornerRadiusEnd=3, height=17) + text).properties(width=420, height=alt.Step(26))
    table = DataTable(
        "Rows refused of each thousand read, by source",
        ["Source", "Latest extract", "Refused of 1,000"],
        [
            [
                data.words.say("sources", row["source"]),
                short_day(row["latest_on"]),
                f"{1000 * row['refused'] / row['read']:.1f}",
            ]
            for row in rows
        ],
        numbers=1,
    )
    says = "How many of each thousand rows read could not be taken, by source. Every one is kept with its reason."
    return figure(chart, name="refused", title="Rows refused", says=says, table=table)
