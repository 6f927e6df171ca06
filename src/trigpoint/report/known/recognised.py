"""Who is missed, and what agencies do not record. Every word here is about what agencies did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from trigpoint.report.figures import AMBER, SOFT, TEAL, DataTable, Figure, figure, values
from trigpoint.report.known.saying import between, named, percent, times
from trigpoint.report.wording import listed, month, number, within

WAYS: Final = {
    "proposed": "With a proposed marker",
    "marked": "With a marker that an agency or casework set",
    "referred": "Referred to the NRM",
}
FARTHEST: Final = 8.0
SAID: Final = {
    "birth_on": "Date of birth", "sex": "Sex", "ethnicity": "Ethnic group", "disability": "Disability",
    "postcode": "Postcode", "nhs_number": "NHS number", "upn": "Unique pupil number",
}  # fmt: skip


def figures(known: Mapping[str, Any]) -> list[Figure]:
    """A picture with its table for each way of being recognised that anybody was."""
    return [
        _figure(known, way, rows)
        for way in WAYS
        if (rows := [row for row in known["recognition"] if row["way"] == way]) and any(row["ratio"] for row in rows)
    ]


def too_few(known: Mapping[str, Any]) -> list[str]:
    """The ways of being recognised that befell too few children for any group to be compared."""
    told = {row["way"] for row in known["recognition"] if row["ratio"]}
    return [within(title) for way, title in WAYS.items() if way not in told]


def _figure(known: Mapping[str, Any], way: str, rows: list[dict[str, Any]]) -> Figure:
    drawn = [_drawn(known, row) for row in rows if row["ratio"]]
    few = sum(row["reading"] == "too few to say" for row in rows)
    apart = [_group(known, row) for row in rows if row["reading"] in ("less often", "more often")]
    says = (
        "How often each group was recognised, beside other children in whom agencies had recorded findings of the "
        "same kinds: 1 is as often. " + _apart(apart) + f" For {number(few)} of {number(len(rows))} groups there are "
        "too few to say. With so many groups about one in twenty stands apart by chance alone."
    )
    return figure(
        _chart(drawn), name=f"recognised-{way}", title=WAYS[way], says=says, table=_table(known, way, rows)
    )  # fmt: skip


def _apart(groups: list[str]) -> str:
    if not groups:
        return "No group stands clearly apart from the others."
    return f"Apart from the others {'stands' if len(groups) == 1 else 'stand'}: {listed(groups)}."


def _chart(drawn: list[dict[str, Any]]) -> Any:
    scale = alt.Scale(type="log", domain=[1 / FARTHEST, FARTHEST])
    x = alt.X("low:Q", scale=scale, title="times as often as others with the same findings").axis(
        values=[0.25, 0.5, 1, 2, 4, 8], format="~g", domain=False
    )
    y = alt.Y("group:N", sort=[row["group"] for row in drawn], title=None).axis(domain=False, ticks=False)
    shade = alt.condition("datum.apart", alt.value(AMBER), alt.value(TEAL))
    base = alt.Chart(values(drawn)).encode(y=y)
    equal = alt.Chart(values([{"one": 1}])).mark_rule(color=SOFT, strokeDash=[4, 3]).encode(
        x=alt.X("one:Q", scale=scale)
    )  # fmt: skip
    whiskers = base.mark_rule(strokeWidth=2, clip=True).encode(x=x, x2="high:Q", color=shade)
    points = base.mark_point(filled=True, size=80, opacity=1).encode(x=alt.X("ratio:Q", scale=scale), color=shade)
    return alt.layer(equal, whiskers, points).properties(width=430, height=max(40, 24 * len(drawn)))


def _drawn(known: Mapping[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    held = {name: min(FARTHEST, max(1 / FARTHEST, row[name] or FARTHEST)) for name in ("ratio", "low", "high")}
    return {"group": _group(known, row), "apart": row["reading"] in ("less often", "more often"), **held}


def _group(known: Mapping[str, Any], row: dict[str, Any]) -> str:
    value = named(known, "areas", row["group"]) if row["by"] == "area" else row["group"]
    return f"{row['by']}: {value}"


def _table(known: Mapping[str, Any], way: str, rows: list[dict[str, Any]]) -> DataTable:
    body = [
        [_group(known, row).capitalize(), row["reading"], times(row["ratio"]), _limits(row),
         f"{row['observed']} ({row['expected']:.1f})", between(row["share_low"], row["share_high"]),
         percent(row["share"]), number(row["recognised"]), number(row["children"])]
        for row in rows
    ]  # fmt: skip
    head = ["Group", "Recognised", "Times as often", "95 %", "Compared: so many (expected)", "95 % of the share",
            "Share", "Recognised", "Children with a finding"]  # fmt: skip
    foot = (
        "Compared are children in whom findings of the same themes were recorded (Mantel and Haenszel; limits of "
        "Greenland and Robins). Expected is how many of the group would be recognised if it were done as often as "
        "with the others. Findings that only repeat that somebody recognised the child are left out."
    )
    return DataTable(f"{WAYS[way]}, of children with a finding", head, body, foot, numbers=3)


def _limits(row: dict[str, Any]) -> str:
    if row["ratio"] is None:
        return "–"
    return f"{times(row['low'])} to {times(row['high'], none='no limit')}"


def silent(known: Mapping[str, Any]) -> DataTable | None:
    """Months of a kind that an agency claims to report and of which nothing came."""
    rows = [
        [named(known, "agencies", row["agency"]), _kinds(known, row["never"]),
         month(row["last"]) if row["last"] else "never", between(row["low"], row["high"]), percent(row["share"]),
         number(row["silent"]), number(row["claimed"])]
        for row in known["silent"]
    ]  # fmt: skip
    head = ["Agency", "Of which nothing ever came", "Last came", "95 %", "Share", "Silent", "Months of a kind claimed"]
    foot = "A silent month may be a quiet one. The report shows month by month which agency fell silent."
    return (
        DataTable("Months of a kind that agencies claim, and that are silent", head, rows, foot, numbers=3)
        if rows
        else None
    )


def _kinds(known: Mapping[str, Any], kinds: list[str]) -> str:
    return listed([within(named(known, "kinds", kind)) for kind in kinds]) or "–"


def unsaid(known: Mapping[str, Any]) -> DataTable | None:
    """Of how many of the children whom it knows an agency does not say something."""
    agencies = list(dict.fromkeys(row["agency"] for row in known["not_said"]))
    at = {(row["agency"], row["what"]): row for row in known["not_said"]}
    rows = [
        [named(known, "agencies", agency), *(percent(at[agency, what]["share"]) for what in SAID),
         number(at[agency, "sex"]["children"])]
        for agency in agencies
    ]  # fmt: skip
    head = ["Agency", *(f"No {within(title) if title[:3] != 'NHS' else title}" for title in SAID.values()), "Children"]
    foot = (
        "Who is missed can be seen only as far as agencies say of whom they speak. Refused and not obtained count as "
        "not said."
    )
    return (
        DataTable("What agencies do not say of the children whom they know", head, rows, foot, numbers=8)
        if rows
        else None
    )
