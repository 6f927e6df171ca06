"""From counted tables, their rule and what was published before, to the problem that is searched and attacked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import sparse

from trigpoint.counts.disclosure.earlier import Before
from trigpoint.counts.disclosure.family import Family
from trigpoint.counts.disclosure.hiding.problem import Flags, Floats, Problem, Range
from trigpoint.counts.disclosure.rule import Rule

TOTAL_COSTS: Final = 4.0


def problem(family: Family, rule: Rule, *, before: Sequence[Before] = ()) -> Problem:
    """The problem of these tables under `rule`, joined with what each earlier release tells.

    Its first cells are those of `family`. Then come, for each earlier release, its own cells, of which everybody
    knows what was published, and the changes since: now less then, cell by cell. A small change is as confidential
    as a small count.
    """
    now = _alone(family, rule)
    return now if not before else _joined(now, rule, before=before)


def rounded(family: Family, rule: Rule) -> Flags:
    """The cells that are shown rounded."""
    if rule.round_totals_to is None:
        return np.zeros(len(family.values), dtype=np.bool_)
    return family.totals & (family.values > 0)


def small(values: Floats, rule: Rule) -> Flags:
    """The counts that are never shown."""
    return np.asarray((values >= rule.hide_from) & (values <= rule.hide_to))


def _alone(family: Family, rule: Rule) -> Problem:
    values = family.values.astype(float)
    confidential, is_rounded = small(values, rule), rounded(family, rule)
    size = len(values)
    return Problem(
        values=values,
        equal=family.equal,
        most=family.most,
        shown=_shown(values, rule, is_rounded=is_rounded),
        hidden=hidden_range(values, rule),
        withheld=(np.zeros(size), np.full(size, np.inf)),
        must=confidential & ~is_rounded,
        may=values > 0,
        may_withhold=np.ones(size, dtype=np.bool_),
        always=confidential,
        need=np.full(size, float(rule.width)),
        costs=costs(values, family.totals),
        totals=family.totals,
        out=np.zeros(size, dtype=np.bool_),
    )


def _shown(values: Floats, rule: Rule, *, is_rounded: Flags) -> Range:
    low, high = values.copy(), values.copy()
    for cell in np.flatnonzero(is_rounded):
        low[cell], high[cell] = rule.rounded_from(rule.rounded(int(values[cell])))
    return low, high


def hidden_range(values: Floats, rule: Rule) -> Range:
    """What anyone knows of a hidden count: at the worst, whether it was hidden for being small."""
    confidential = small(values, rule)
    low = np.where(confidential, rule.hide_from, rule.hide_to + 1).astype(float)
    high = np.where(confidential, rule.hide_to, np.inf)
    low = np.where((values > 0) & (values < rule.hide_from), 1.0, low)
    nought = values == 0
    return np.where(nought, 0.0, low), np.where(nought, 0.0, high)


def costs(values: Floats, totals: Flags) -> Floats:
    """A hidden cell costs one; a little more where it counts many, and four times as much where it is a total."""
    weight = 1.0 + 0.05 * np.round(np.log2(1.0 + np.abs(values)), 6)  # rounded: processors differ in the last digit
    return np.asarray(np.where(totals, TOTAL_COSTS * weight, weight))


def _joined(now: Problem, rule: Rule, *, before: Sequence[Before]) -> Problem:
    width = len(now.values)
    blocks: list[sparse.spmatrix] = []
    most: list[sparse.spmatrix] = [now.most]
    equal: list[sparse.spmatrix] = [now.equal]
    told: list[Range] = []
    values: list[Floats] = []
    watched: list[Flags] = []
    for one in before:
        size, changes = len(one.family.values), len(one.now)
        equal.append(one.family.equal)
        most.append(one.family.most)
        change = (now.values[one.now] - one.family.values[one.then]).astype(float)
        told += [one.told, one.change_told(change)]
        values += [one.family.values.astype(float), change]
        watched += [one.hidden(rule.width), small(np.abs(change), rule)]
        blocks.append(_changes(one, width=width, size=size, changes=changes))
    extra = np.concatenate(values)
    return Problem(
        values=np.concatenate([now.values, extra]),
        equal=_stack(equal, blocks, before=before),
        most=_spread(most, before=before),
        shown=_more(now.shown, told),
        hidden=_more(now.hidden, told),
        withheld=_more(now.withheld, told),
        must=_flags(now.must, len(extra)),
        may=_flags(now.may, len(extra)),
        may_withhold=_flags(now.may_withhold, len(extra)),
        always=np.concatenate([now.always, *watched]),
        need=np.concatenate([now.need, np.full(len(extra), float(rule.width))]),
        costs=np.concatenate([now.costs, np.ones(len(extra))]),
        totals=_flags(now.totals, len(extra)),
        out=_flags(now.out, len(extra)),
    )


def _flags(flags: Flags, more: int) -> Flags:
    return np.concatenate([flags, np.zeros(more, dtype=np.bool_)])


def _more(first: Range, told: Sequence[Range]) -> Range:
    return (
        np.concatenate([first[0], *(low for low, _ in told)]),
        np.concatenate([first[1], *(high for _, high in told)]),
    )


def _changes(one: Before, *, width: int, size: int, changes: int) -> tuple[sparse.spmatrix, ...]:
    """Rows now - then - change = 0, as the three blocks of their columns."""
    rows, ones = np.arange(changes), np.ones(changes)
    return (
        sparse.csr_matrix((ones, (rows, one.now)), shape=(changes, width)),
        sparse.csr_matrix((-ones, (rows, one.then)), shape=(changes, size)),
        -sparse.identity(changes, format="csr"),
    )


def _spread(first: Sequence[sparse.spmatrix], *, before: Sequence[Before]) -> sparse.csr_matrix:
    """Rows over the present, then over each earlier release, beside nothing for the changes."""
    rest = [
        part
        for matrix, one in zip(first[1:], before, strict=True)
        for part in (matrix, sparse.csr_matrix((0, len(one.now))))
    ]
    return sparse.block_diag([first[0], *rest], format="csr")


def _stack(
    equal: Sequence[sparse.spmatrix], blocks: Sequence[tuple[sparse.spmatrix, ...]], *, before: Sequence[Before]
) -> sparse.csr_matrix:
    within = _spread(equal, before=before)
    rows = []
    for at, (now, then, change) in enumerate(blocks):
        row: list[sparse.spmatrix] = [now]
        for which, one in enumerate(before):
            size = (now.shape[0], len(one.family.values)), (now.shape[0], len(one.now))
            row += [then, change] if which == at else [sparse.csr_matrix(size[0]), sparse.csr_matrix(size[1])]
        rows.append(sparse.hstack(row))
    return sparse.vstack([within, *rows]).tocsr()
