"""Tables of the page on the unseen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trigpoint.report.figures import DataTable
from trigpoint.report.wording import listed, number

METHODS = {"independent": "independent lists", "stepwise": "stepwise", "bic": "BIC"}


def whole(value: float | None, *, none: str = "none") -> str:
    """A total to the nearest person, or a word where there is none."""
    return none if value is None else number(round(value))


def interval(limits: dict[str, Any] | None) -> str:
    """`9,977 to 13,146`, or in words where there is no limit."""
    if limits is None:
        return "none"
    return f"{whole(limits['low'])} to {whole(limits['high'], none='no upper limit')}"


def overlaps_table(report: dict[str, Any]) -> DataTable:
    """Every combination of lists with its cases."""
    rows = [[listed(one["lists"]), number(one["cases"])] for one in report["overlaps"]]
    return DataTable("Cases by the lists that they are on, and on no other", ["Lists", "Cases"], rows, numbers=1)


def lists_table(report: dict[str, Any]) -> DataTable:
    """Each list with its cases."""
    rows = [[one["name"], number(one["cases"])] for one in report["lists"]]
    return DataTable(
        "The lists", ["List", "Cases"], [*rows, ["Seen on one list or more", number(report["seen"])]], numbers=1
    )


def estimates_table(estimates: Sequence[dict[str, Any]]) -> DataTable:
    """What each method says: total, intervals, Monte Carlo error of the limits, how the interval was made."""
    rows = [
        [
            one["title"],
            one["by"] or " ".join(one["notes"]),
            _error(one, 0.95),
            interval(_at(one, 0.8)),
            interval(_at(one, 0.95)),
            whole(one["total"]),
        ]
        for one in estimates
    ]
    head = ["Method", "Interval by", "Error of the limits", "80 %", "95 %", "Total"]
    foot = "The error of the limits is their Monte Carlo standard error: how far they would move with other draws."
    return DataTable("Estimates of all, seen and unseen", head, rows, foot, numbers=4)


def assumptions_table(estimates: Sequence[dict[str, Any]]) -> DataTable:
    """What each method assumes, which model it came to, and where it was published."""
    rows = [
        [one["title"], one["assumes"], one["model"] or "", "; ".join(one["notes"]), one["source"]] for one in estimates
    ]
    return DataTable("What each method assumes", ["Method", "Assumes that", "Model", "Notes", "Source"], rows)


def near_table(report: dict[str, Any]) -> DataTable:
    """The best models by BIC."""
    rows = [[one["model"], f"{one['behind']:.2f}", whole(one["total"])] for one in report["near_best_models"]]
    return DataTable(
        "The best models by BIC", ["Model: lists that depend", "Behind the best", "Total"], rows, numbers=2
    )


def predicted_table(report: dict[str, Any]) -> DataTable:
    """What the other lists predict of each list."""
    rows = [
        [
            one["list"],
            METHODS.get(one["method"], one["method"]),
            {True: "held", False: "missed", None: one["why"] or "no prediction"}[one["holds"]],
            interval(one["limits"]),
            whole(one["total"]),
            number(one["truth"]),
        ]
        for one in report["predicted_lists"]
    ]
    head = ["List", "Method", "Its size was", "95 %", "Predicted", "Known"]
    return DataTable("Each list's size, predicted from the others", head, rows, numbers=3)


def redrawn_table(report: dict[str, Any]) -> DataTable:
    """Totals when lists are merged or left out."""
    rows = [
        [_change(one), *(whole(one["totals"].get(method)) for method in ("stepwise", "bic"))]
        for one in report["lists_redrawn"]
    ]
    return DataTable("Totals when lists are drawn up otherwise", ["Lists", "Stepwise", "BIC"], rows, numbers=2)


def depending_table(report: dict[str, Any]) -> DataTable:
    """Totals when two lists depend otherwise than the model says."""
    pairs: dict[tuple[str, ...], dict[float, float | None]] = {}
    for one in report["dependence"]:
        pairs.setdefault(tuple(one["lists"]), {})[one["times"]] = one["total"]
    times = sorted({one["times"] for one in report["dependence"]})
    rows = [[listed(pair), *(whole(found.get(factor)) for factor in times)] for pair, found in pairs.items()]
    head = ["Lists", *(f"Odds ratio × {factor:g}" for factor in times)]
    return DataTable(
        "Totals if two lists depended more or less than the stepwise model says", head, rows, numbers=len(times)
    )


def relinked_table(report: dict[str, Any]) -> DataTable:
    """Totals under errors of linkage."""
    rows = [
        [
            f"{one['false_links']:.0%} false, {one['missed_links']:.0%} missed",
            METHODS.get(one["method"], one["method"]),
            f"{whole(one['low'])} to {whole(one['high'])}",
            whole(one["median"]),
        ]
        for one in report["linkage_errors"]
    ]
    head = ["If of the links", "Method", "Middle 95 %", "Median"]
    return DataTable("Totals if links were wrong or missed", head, rows, numbers=2)


def strata_table(report: dict[str, Any]) -> DataTable:
    """The parts, each by itself."""
    rows = []
    for name, part in report["strata"].items():
        spread = part["spread"]
        said = f"{whole(spread[0])} to {whole(spread[1])}" if spread else "; ".join(part["reasons"])
        rows.append([name, part["verdict"], said, number(part["on_several_lists"]), number(part["seen"])])
    head = ["Part", "Verdict", "Methods say", "On several lists", "Seen"]
    return DataTable("Parts by themselves", head, rows, "Parts are not made to add up to the whole.", numbers=2)


def _at(one: dict[str, Any], level: float) -> dict[str, Any] | None:
    return next((limits for limits in one["limits"] if abs(limits["level"] - level) < 1e-9), None)


def _error(one: dict[str, Any], level: float) -> str:
    limits = _at(one, level)
    if limits is None or limits["low_error"] is None:
        return ""
    return f"± {whole(limits['low_error'])}, ± {whole(limits['high_error'], none='unknown')}"


def _change(one: dict[str, Any]) -> str:
    return one["change"].capitalize() if not one["lists"] else f"{listed(one['lists'])} {one['change']}"
