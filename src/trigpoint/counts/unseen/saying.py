"""A report in plain words, line by line, for a screen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from trigpoint.counts.unseen.checks.linkage import Relinked
from trigpoint.counts.unseen.estimate import Estimate, Limits
from trigpoint.counts.unseen.fitness import Verdict
from trigpoint.counts.unseen.report import Report

SHOWN = 8


def say(report: Report) -> list[str]:
    """The whole report: verdict first, then lists, estimates, and how they stand up to being tried."""
    return [
        *_verdict(report),
        *_lists(report),
        *_estimates(report),
        *_near(report),
        *_tried(report),
        *_redrawn(report),
        *_changed(report),
        *_strata(report),
    ]


def _verdict(report: Report) -> Iterator[str]:
    verdict = report.fitness.verdict
    yield f"{verdict.value[:1].upper()}{verdict.value[1:]}."
    yield from (f"  {reason}" for reason in report.fitness.reasons)
    spread = report.spread
    if spread:
        lead = "For completeness only, the" if verdict is Verdict.NO_TRUST else "The"
        yield (
            f"{lead} methods say between {spread[0]:,.0f} and {spread[1]:,.0f} in all, seen and unseen. "
            "None of them is the answer."
        )
    yield from (f"  Note: {warning}" for warning in report.fitness.warnings)


def _lists(report: Report) -> Iterator[str]:
    histories = report.histories
    yield f"\nLists: {histories.seen:,} on one or more, {histories.on_several:,} of them on two or more."
    for name, cases in zip(histories.lists, histories.overlaps.diagonal(), strict=True):
        yield f"  {name}: {cases:,}"
    rows = histories.frame().to_pylist()
    shared = [row for row in rows if sum(row[name] for name in histories.lists) > 1]
    for row in shared[:SHOWN]:
        yield f"  only on {' and '.join(name for name in histories.lists if row[name])}: {row['cases']:,}"
    if len(shared) > SHOWN:
        yield f"  and {len(shared) - SHOWN} rarer combinations"


def _estimates(report: Report) -> Iterator[str]:
    if not report.estimates:
        return
    yield "\nEstimates of all, seen and unseen"
    for one in report.estimates:
        yield f"  {_one(one)}"
        yield f"      assumes: {one.assumes}"
        if one.model and one.model != one.title:
            yield f"      model: {one.model}"
        if one.total is not None:
            yield from (f"      {note}" for note in one.notes)


def _one(one: Estimate) -> str:
    if one.total is None:
        return f"{one.title}: none. {' '.join(one.notes)}"
    wide = one.at(0.95)
    return f"{one.title}: {one.total:,.0f}, 95 % {_limits(wide)}{_error(wide)} ({one.by})"


def _limits(limits: Limits | None) -> str:
    if limits is None:
        return "no interval"
    return f"{limits.low:,.0f} to {_number(limits.high, none='no upper limit')}"


def _error(limits: Limits | None) -> str:
    if limits is None or limits.low_error is None:
        return ""
    return f", limits ± {limits.low_error:,.0f} and ± {_number(limits.high_error, none='unknown')} by the draws"


def _near(report: Report) -> Iterator[str]:
    if not report.near_best:
        return
    yield "\nThe best models by BIC, which these lists can hardly tell apart when they are within about two"
    for one in report.near_best[:SHOWN]:
        yield f"  {one.total:,.0f}  (behind by {one.behind:.2f})  {one.model}"


def _tried(report: Report) -> Iterator[str]:
    if not report.predicted:
        return
    yield "\nEach list's size predicted from the others"
    for one in report.predicted:
        if one.holds is None:
            yield f"  {one.list}, {one.method}: none. {one.why}"
        else:
            held = "holds" if one.holds else "MISSES"
            yield (
                f"  {one.list}, {one.method}: {_number(one.total)}, 95 % {_limits(one.limits)}; "
                f"known {one.truth:,}: {held}"
            )


def _redrawn(report: Report) -> Iterator[str]:
    if len(report.redrawn) < 2:
        return
    yield "\nWith lists drawn up otherwise (stepwise, BIC)"
    for one in report.redrawn:
        said = " and ".join(one.lists)
        totals = ", ".join(_number(total) for total in one.totals.values())
        yield f"  {f'{said} {one.change}' if said else one.change}: {totals}"


def _changed(report: Report) -> Iterator[str]:
    if report.depending:
        totals = [one.total for one in report.depending if one.total is not None]
        if totals:
            yield (
                "\nIf the odds ratio of any two lists were half or twice what the stepwise model says: "
                f"{min(totals):,.0f} to {max(totals):,.0f}"
            )
    if report.relinked:
        yield "\nIf links were wrong or missed (median, middle 95 %)"
        yield from (_relinked(one) for one in report.relinked)


def _relinked(one: Relinked) -> str:
    return (
        f"  {one.false_links:.0%} false, {one.missed_links:.0%} missed, {one.method}: {_number(one.median)}, "
        f"{_number(one.low)} to {_number(one.high)}"
    )


def _strata(report: Report) -> Iterator[str]:
    if not report.strata:
        return
    yield "\nParts by themselves; they are not made to add up"
    for name, part in report.strata.items():
        yield f"  {name}: {part.histories.seen:,} seen. {part.fitness.verdict.value}"
        for reason in islice(part.fitness.reasons, 2):
            yield f"    {reason}"
        for one in part.main:
            yield f"    {_one(one)}"


def _number(value: float | None, *, none: str = "none") -> str:
    return none if value is None else f"{value:,.0f}"
