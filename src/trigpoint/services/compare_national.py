"""Choose, of the published figures that are kept, those that belong beside the local ones in a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from trigpoint.counts.national import ALL, SERIES, change
from trigpoint.errors import NotFoundError
from trigpoint.report.assessment.data import National
from trigpoint.services.keep_national import latest, marks_said, said
from trigpoint.services.workspace import Workspace

COUNTRIES: Final = ("K02000001", "E92000001", "W92000004")
FACTORS: Final = ("child criminal exploitation", "gangs", "child sexual exploitation", "trafficking", "going missing")
DRUGS: Final = ("drug", "weapon")
PERIODS: Final = 3
KINDS: Final = {
    "nrm": ("calendar year", "part of a calendar year", "quarter"),
    "factors": ("financial year",),
    "arrests": ("financial year",),
    "searches": ("financial year",),
    "searches_monthly": ("month",),
}


@dataclass
class Beside:
    """The chosen figures, what each series cannot say, and what the marks among them mean."""

    figures: list[National] = field(default_factory=list)
    cautions: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)


def beside(workspace: Workspace, *, asked: Sequence[str] = ()) -> Beside:
    """The latest figures of whole countries, of the partnership and of those `asked` (ONS codes), three periods each.

    A change is given only between two periods of one kind that follow one another. A count of 1 to the partnership's
    own threshold is not shown, whoever published it: a document of the partnership names no one. Raises NotFoundError
    for an area asked for of which no figure is kept.
    """
    _refuse_unknown(workspace, asked)
    areas = [*asked, *(area.code for area in workspace.partnership.areas)]
    made = Beside()
    for series in SERIES:
        rows = [row for row in latest(workspace, series) if _belongs(row, areas)]
        chosen = [figure for of in _lines(rows) for figure in _figures(of, workspace=workspace, areas=areas)]
        if chosen:
            made.figures += chosen
            made.cautions[SERIES[series].title] = SERIES[series].caution
            made.marks += [mark for mark in marks_said(rows) if mark not in made.marks]
    return made


def _refuse_unknown(workspace: Workspace, asked: Sequence[str]) -> None:
    known = set(workspace.store.read("national", columns=["area_code"])["area_code"].to_pylist()) if asked else set()
    for code in asked:
        if code not in known:
            raise NotFoundError(
                f"No published figure that is kept is of the area '{code}'.", where="--area",
                mend="An area is named by its ONS code, as in: trigpoint national show FOLDER factors --area E08000035",
            )  # fmt: skip


def _belongs(row: dict[str, Any], areas: Sequence[str]) -> bool:
    if row["area_code"] not in (*COUNTRIES, *areas) or row["sex"] != ALL or row["ethnicity"] != ALL or row["other"]:
        return False
    if row["period_type"] not in KINDS[row["series"]]:
        return False
    category = row["category"].lower()
    if row["series"] == "nrm":
        return row["age"].lower().startswith("child") and (category == ALL or "criminal" in category)
    if row["series"] == "factors":
        return category in FACTORS
    return row["age"] == "10-17" and (category == ALL or any(word in category for word in DRUGS))


def _lines(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Figures of one thing in one area by kind of period, each in the order of time."""
    lines: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: row["from_on"]):
        key = (row["measure"], row["category"], row["age"], row["area"], row["period_type"])
        lines.setdefault(key, []).append(row)
    return [lines[key] for key in sorted(lines, key=str)]


def _figures(of: Sequence[dict[str, Any]], *, workspace: Workspace, areas: Sequence[str]) -> list[National]:
    last = of[-PERIODS:] if of[0]["period_type"] != "quarter" else of[-1:]
    return [
        _figure(row, of[of.index(row) - 1] if of.index(row) else None, workspace=workspace, areas=areas) for row in last
    ]


def _figure(
    row: dict[str, Any], before: dict[str, Any] | None, *, workspace: Workspace, areas: Sequence[str]
) -> National:
    hidden = row["value"] is not None and 0 < row["value"] <= workspace.partnership.counts.suppress_up_to
    follows = before is not None and before["to_on"] + timedelta(days=1) == row["from_on"]
    moved = change(before, row) if before is not None and follows and not hidden else None
    parts = [row["measure"], *(part for part in (row["category"], row["age"]) if part != ALL)]
    return National(
        series=SERIES[row["series"]].title,
        of=", ".join(parts),
        area=row["area"],
        period=row["period"],
        period_type=row["period_type"],
        shown="c" if hidden else said(row),
        change="" if moved is None else f"{moved:+.0%}",
        source=SERIES[row["series"]].publisher,
        published_on=row["published_on"],
        ours=row["area_code"] in areas,
    )
