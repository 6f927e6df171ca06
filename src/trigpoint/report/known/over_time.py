"""What changes over time: flows, waits, who saw first, chances that were missed, referrals again, agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from trigpoint.report.figures import AMBER, TEAL, DataTable, Figure, figure, values
from trigpoint.report.known.saying import between, named, percent, times
from trigpoint.report.wording import listed, month, number, several

FLOWS: Final = {"newly": ("newly known", AMBER), "again": ("known again", "#e39a5b"), "still": ("still known", TEAL)}
WAITS: Final = {
    "proposed": ("proposed by a run", TEAL),
    "marked": ("a marker was set", AMBER),
    "referred": ("referred to the NRM", "#5a4a8a"),
}
TOTAL: Final = "total"
FEW: Final = 5  # children waiting still, below whom a curve is not drawn


def flows(known: Mapping[str, Any]) -> Figure | None:
    """Children known at each month's end: newly, again, still; and below the line those no longer known."""
    rows = [{**row, "month": str(row["month_end"])[:7]} for row in known["flows"]]
    if not any(row["known"] for row in rows):
        return None
    cells = [
        {"month": f"{row['month']}-01", "flow": title, "children": row[name], "place": place}
        for row in rows
        for place, (name, (title, _)) in enumerate(FLOWS.items())
    ]
    cells += [
        {"month": f"{r['month']}-01", "flow": "no longer known", "children": -r["ended"], "place": 9} for r in rows
    ]
    names = [*(title for title, _ in FLOWS.values()), "no longer known"]
    shades = [*(shade for _, shade in FLOWS.values()), "#8fa3aa"]
    bars = (
        alt.Chart(values(cells))
        .mark_bar(stroke="white", strokeWidth=0.6)
        .encode(
            x=alt.X("yearmonth(month):O", title=None).axis(
                format="%b %y", labelAngle=0, labelOverlap="greedy", domain=False, ticks=False
            ),
            y=alt.Y("children:Q", title="children").axis(format="d", tickMinStep=1, domain=False, ticks=False),
            color=alt.Color("flow:N", title=None, scale=alt.Scale(domain=names, range=shades)),
            order=alt.Order("place:Q", sort="descending"),
        )
        .properties(width=640, height=230)
    )
    head = ["Month", "Newly known", "Known again", "Still known", "No longer known", "Known"]
    body = [
        [month(r["month"]), *(number(r[name]) for name in ("newly", "again", "still", "ended", "known"))] for r in rows
    ]
    table = DataTable("Children with a proposed marker at each month's end", head, body, numbers=5)
    last = rows[-1]
    says = (
        f"What a run at the end of each month would have proposed, from what agencies had told by then. At the end, "
        f"{several(last['known'], 'child', plural='children')} known, {number(last['newly'])} of them newly. Below "
        "the line, children known a month before and no longer: what was seen had grown old, which is no recovery."
    )
    return figure(bars, name="flows", title="Newly known, still known, no longer known", says=says, table=table)


def waits(known: Mapping[str, Any]) -> Figure | None:
    """How long from the first sign: curves that rise as it has happened for more children."""
    held = {
        what: {**told, "curve": curve}
        for what, told in known["waits"].items()
        if (curve := [step for step in told["curve"] if step["at_risk"] >= FEW])
    }
    if not held:
        return None
    longest = max(told["curve"][-1]["day"] for told in held.values())
    cells: list[dict[str, Any]] = []
    drawn = ("day", "share", "low", "high")
    for what, told in held.items():
        steps = [{"day": 0, "share": 0.0, "low": 0.0, "high": 0.0}, *told["curve"]]
        steps.append({**steps[-1], "day": max(longest, steps[-1]["day"])})
        cells += [{"what": WAITS[what][0], **{name: step[name] for name in drawn}} for step in steps]
    names, shades = [title for title, _ in WAITS.values()], [shade for _, shade in WAITS.values()]
    key = alt.Legend(symbolOpacity=1, symbolType="stroke", symbolStrokeWidth=3)
    colour = alt.Color("what:N", title=None, legend=key, scale=alt.Scale(domain=names, range=shades))
    base = alt.Chart(values(cells)).encode(x=alt.X("day:Q", title="days since the first sign"))
    share = alt.Y("share:Q", title="share of children").axis(format="%", domain=False)
    bands = base.mark_area(interpolate="step-after", opacity=0.13).encode(
        y=alt.Y("low:Q", title="share of children"), y2="high:Q", color=colour
    )
    lines = base.mark_line(interpolate="step-after", strokeWidth=2.5).encode(y=share, color=colour)
    says = (
        "The share of children for whom it had happened by so many days after the first sign that anyone recorded, "
        "with 95 % limits. Children who wait still, and those who turn eighteen, are counted for as long as they "
        "waited (Kaplan and Meier). A curve ends where fewer than five wait still."
    )
    return figure(
        alt.layer(bands, lines).properties(width=600, height=250),
        name="waits", title="How long from the first sign", says=says, table=_waits(known),
    )  # fmt: skip


def _waits(known: Mapping[str, Any]) -> DataTable:
    rows = []
    for what, told in known["waits"].items():
        by = {one["day"]: f"{percent(one['share'])} ({between(one['low'], one['high'])})" for one in told["at"]}
        half = "not reached" if told["median"] is None else f"{number(told['median'])} days"
        rows.append([
            WAITS[what][0].capitalize(), *(by.get(mark, "–") for mark in (30, 90, 180, 365)), half,
            number(told["before"]), number(told["ended"]), number(told["children"]),
        ])  # fmt: skip
    head = ["Until", "By 30 days", "By 90", "By 180", "By a year", "Half by", "Before any sign", "Happened", "Children"]
    foot = "Children with whom it came before any sign that was kept did not wait, and stand apart."
    return DataTable("Time from the first sign, with 95 % limits", head, rows, foot, numbers=4)


def first_seen(known: Mapping[str, Any]) -> DataTable | None:
    """Which agency saw the first sign."""
    rows = [row for row in known["first_seen"] if row["column_value"] == TOTAL]
    if not rows:
        return None
    total = next(row["count"] for row in rows if row["row_value"] == TOTAL)
    agencies = sorted((row for row in rows if row["row_value"] != TOTAL), key=lambda row: -row["count"])
    body = [
        [named(known, "agencies", row["row_value"]), number(row["count"]), percent(row["count"] / total)]
        for row in agencies
    ]
    return DataTable(
        "Children with a proposed marker, by the agency that saw the first sign",
        ["Agency", "Children", "Share"], [*body, ["Total", number(total), ""]],
        "Two agencies that saw it on one day both count. Who sees first depends on who sends what.", numbers=2,
    )  # fmt: skip


def chances(known: Mapping[str, Any]) -> DataTable:
    """How much earlier than anyone recognised the child a run would have proposed a marker."""
    learnt, shared = known["chances"], known["chances_if_shared"]
    held = [learnt] if shared is None else [learnt, shared]
    rows = [
        [one["earlier"].capitalize(), *(number(each["earlier"][i]["children"]) for each in held)]
        for i, one in enumerate(learnt["earlier"])
    ]
    head = ["Before a marker was set or a referral made", "From what was told by then"]
    return DataTable(
        "Children whom somebody recognised, by how much earlier a run would have proposed a marker",
        head if shared is None else [*head, "Had all been shared at once"],
        [*rows, ["Total", *(number(each["recognised"]) for each in held)]],
        "What professionals stated is left out: only facts that lay in several places count. No finding says that a "
        "person overlooked anything.",
        numbers=len(held),
    )


def again(known: Mapping[str, Any]) -> DataTable | None:
    """Referrals within a year of an earlier one."""
    rows = [
        [named(known, "kinds", row["kind"]), row["year"], between(row["low"], row["high"]), percent(row["share"]),
         number(row["children"]), number(row["again"]), number(row["referrals"])]
        for row in known["again"]
    ]  # fmt: skip
    head = ["Referral", "Financial year", "95 %", "Share", "Children", "Within a year of another", "Referrals"]
    foot = "The first year of what was sent is left out: what came before it is not known."
    return DataTable("Referred again within twelve months", head, rows, foot, numbers=4) if rows else None


def agreement(known: Mapping[str, Any]) -> DataTable | None:
    """How often two agencies marked the same child."""
    rows = [
        [listed([named(known, "agencies", agency) for agency in row["agencies"]]), between(row["low"], row["high"]),
         percent(row["agreed"]), number(row["both"]), number(row["first"]), number(row["second"]),
         number(row["neither"]), number(row["children"])]
        for row in known["agreement"]["pairs"]
    ]  # fmt: skip
    head = [
        "Agencies",
        "95 %",
        "Both, of either",
        "Both",
        "Only the first",
        "Only the second",
        "Neither",
        "Known to both",
    ]
    foot = (
        "An agency's own mark is a marker that it set, an assessment that found exploitation, or a referral. Counted "
        "are children with a finding whom both agencies know. A log of referrals knows those referred alone, so that "
        "there it is never neither."
    )
    return DataTable("Do agencies mark the same children?", head, rows, foot, numbers=6) if rows else None


def coefficients(known: Mapping[str, Any]) -> str:
    """Agreement beyond chance in a sentence."""
    told = known["agreement"]["all"]
    if told["ac1"] is None:
        return (
            f"Agreement beyond chance needs ten children whom two marking agencies know; there are {told['children']}."
        )
    said = [
        f"{name} {times(told[key]['value'])} ({times(told[key]['low'])} to {times(told[key]['high'])})"
        for key, name in (("alpha", "Krippendorff's alpha"), ("ac1", "Gwet's AC1"))
        if told[key] is not None
    ]
    return (
        f"Of all agencies that mark, over {several(told['children'], 'child', plural='children')}: {listed(said)}. 1 "
        "is full agreement, 0 what chance would give. Marks are rare, so that alpha is low where agencies mostly agree "
        "that there is none, and AC1 high; read them together."
    )
