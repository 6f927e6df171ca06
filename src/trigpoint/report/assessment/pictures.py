"""Pictures of published numbers: a bar where there is a number, the symbol where there is none."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from trigpoint.report.assessment.data import AssessmentData, Count, Grid, National
from trigpoint.report.assessment.saying import about, counts_table, shown
from trigpoint.report.figures import AMBER, INK, TEAL, DataTable, Figure, figure, values

WIDTH = 430
ROOM = 1.12  # so that the number beside the longest bar stands within the picture


def bars(
    rows: Sequence[tuple[str, str]], *, name: str, title: str, says: str, table: DataTable, colour: str = TEAL
) -> Figure | None:
    """A bar for each label and published number or symbol; None where no number is shown at all."""
    if not any(size.replace(".", "").isdecimal() for _, size in rows):
        return None
    cells = [
        {"label": label, "n": float(said) if said.replace(".", "").isdecimal() else 0.0, "said": _said(said)}
        for label, said in rows
    ]
    most = max(float(said) for _, said in rows if said.replace(".", "").isdecimal()) or 1.0
    base = alt.Chart(values(cells)).encode(
        y=alt.Y("label:N", sort=[label for label, _ in rows], title=None).axis(
            domain=False, ticks=False, labelLimit=230
        ),
        x=alt.X("n:Q", title=None, scale=alt.Scale(domain=[0, most * ROOM], nice=False)).axis(None),
    )
    drawn = base.mark_bar(color=colour, cornerRadiusEnd=3, height=17)
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(text="said:N")
    chart = (drawn + text).properties(width=WIDTH, height=alt.Step(27))
    return figure(chart, name=name, title=title, says=says, table=table)


def forms(data: AssessmentData) -> Figure | None:
    """Children with a proposed marker by form."""
    most = next((one for one in data.forms if one.shown.isdecimal()), None)
    says = "Children with a proposed marker by form. One child can stand under several forms."
    says += f" Most often it is {_within(most.label)}: {about(most)}." if most else ""
    table = counts_table("Children with a proposed marker, by form", data.forms, head="Form", total=data.total)
    return bars(_pairs(data.forms), name="forms", title="Which forms", says=says, table=table)


def areas(data: AssessmentData) -> Figure | None:
    """Children with a proposed marker by area of home."""
    table = counts_table("Children with a proposed marker, by area of home", data.areas, head="Area", total=data.total)
    says = "Children with a proposed marker by the area where they live. The bars are counts, not rates."
    return bars(_pairs(data.areas), name="areas", title="Where they live", says=says, table=table)


def years(grid: Grid, *, name: str, title: str, says: str, what: str) -> Figure | None:
    """The last row of a grid of years: totals, one bar a year."""
    totals = list(zip(grid.heads[:-1], grid.rows[-1][1][:-1], strict=True))
    table = DataTable(what, ["Year", "Children"], [[year, shown(cell)] for year, cell in totals], numbers=1)
    return bars(totals, name=name, title=title, says=says, table=table)


def silence(data: AssessmentData) -> Figure | None:
    """The share of months and kinds of event that each agency claims and of which nothing came."""
    rows = sorted(data.recorders, key=lambda one: -float(one.share))
    table = DataTable(
        "Months of a kind of event that were claimed, and silent",
        ["Agency", "Kinds claimed", "Months of a kind claimed", "Silent", "Silent, %"],
        [[one.agency, str(one.kinds), shown(str(one.months)), shown(str(one.silent)), one.share] for one in rows],
        numbers=4,
    )
    says = (
        "Of all the months of a kind of event that an agency says it reports, the share in which not one came. It "
        "may be "
        "a quiet month; it may be that nobody sent it."
    )
    return bars(
        [(one.agency, one.share) for one in rows],
        name="silence", title="Where recording falls silent, in per cent", says=says, table=table, colour=AMBER,
    )  # fmt: skip


def national(rows: Sequence[National], *, title: str) -> Figure | None:
    """One thing in one area over periods of one kind; None where they are fewer than two."""
    if len(rows) < 2 or len({(one.period_type, one.area, one.of) for one in rows}) != 1:
        return None
    first = rows[0]
    says = f"{first.of[:1].upper()}{first.of[1:]}, {first.area}, by {first.period_type}. Source: {first.source}."
    table = DataTable(
        f"{first.of[:1].upper()}{first.of[1:]}, {first.area}",
        [first.period_type.capitalize(), "Figure", "Published"],
        [[one.period, one.shown, one.published_on.isoformat()] for one in rows], numbers=2,
    )  # fmt: skip
    pairs = [(one.period, one.shown.replace(",", "")) for one in rows]
    return bars(pairs, name="national", title=title, says=says, table=table)


def _pairs(counts: Sequence[Count]) -> list[tuple[str, str]]:
    return [(one.label, one.shown) for one in counts]


def _said(said: str) -> str:
    return shown(said) if said.isdecimal() else said


def _within(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() else label
