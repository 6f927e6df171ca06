"""Shares and changes, worked out from what is published, so that none gives back a hidden count."""

from __future__ import annotations

from trigpoint.counts.disclosure.rule import CONFIDENTIAL, DFE, NOT_APPLICABLE, NOT_AVAILABLE, ROUNDS_TO_NOUGHT, Rule


def share(part: str, whole: str, *, rule: Rule = DFE) -> str:
    """`part` of `whole` in per cent to one decimal, both as published (numbers or symbols).

    A symbol in either passes on; a whole of nought is `z`; a whole not above `rule.hide_to` is `c`, since a per cent
    of so few gives the count away. Rule: DfE, Children in need: percentages to one decimal (domain 11.4).
    """
    for shown in (whole, part):
        if not shown.isdecimal():
            return NOT_AVAILABLE if shown == ROUNDS_TO_NOUGHT else shown
    if int(whole) == 0:
        return NOT_APPLICABLE
    if int(whole) <= rule.hide_to:
        return CONFIDENTIAL
    return f"{100 * int(part) / int(whole):.1f}"


def change(before: str, after: str) -> str:
    """The change from `before` to `after`, both as published, in per cent to the nearest whole: '+13', '-4'.

    A symbol in either gives `:`, a start from nought `z`.
    """
    if not (before.isdecimal() and after.isdecimal()):
        return NOT_AVAILABLE
    if int(before) == 0:
        return NOT_APPLICABLE
    return f"{100 * (int(after) - int(before)) / int(before):+.0f}"


def per_10_000(count: str, population: int, *, rule: Rule = DFE) -> str:
    """A published count per 10,000 children of a population of known size, to one decimal."""
    if population <= 0:
        return NOT_APPLICABLE
    if not count.isdecimal():
        return NOT_AVAILABLE if count == ROUNDS_TO_NOUGHT else count
    return CONFIDENTIAL if population <= rule.hide_to else f"{10_000 * int(count) / population:.1f}"
