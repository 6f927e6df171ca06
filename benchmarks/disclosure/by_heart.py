"""The rule of thumb that offices use: in each line with one hidden number, hide the next smallest too."""

from __future__ import annotations

import numpy as np

from trigpoint.counts import DFE_EXACT_TOTALS
from trigpoint.counts.disclosure.family import Family
from trigpoint.counts.disclosure.hiding.attack import Attack
from trigpoint.counts.disclosure.knowledge import problem


def two_in_a_line(cells: Family) -> np.ndarray:
    """Hide small counts, then the next smallest in every line that has one hidden, until none has."""
    values = cells.values
    hidden = (values >= DFE_EXACT_TOTALS.hide_from) & (values <= DFE_EXACT_TOTALS.hide_to)
    lines = [cells.equal.indices[a:b] for a, b in zip(cells.equal.indptr, cells.equal.indptr[1:], strict=False)]
    fresh = True
    while fresh:
        fresh = False
        for line in lines:
            if hidden[line].sum() == 1:
                fresh |= _hide_next(hidden, line, cells)
    return hidden


def made_safe(cells: Family, hidden: np.ndarray) -> np.ndarray:
    """Go on in the lines of whatever lies open, until the attacker has nothing."""
    asked = problem(cells, DFE_EXACT_TOTALS)
    attack, nothing = Attack(asked), np.zeros(len(hidden), dtype=np.bool_)
    hidden = hidden.copy()
    while open_cells := attack.exposed(hidden, nothing):
        before = hidden.sum()
        for lies in open_cells:
            lines = np.flatnonzero(abs(cells.equal)[:, [lies.cell]].toarray().ravel())
            for line in lines:
                _hide_next(hidden, cells.equal.indices[cells.equal.indptr[line] : cells.equal.indptr[line + 1]], cells)
        if hidden.sum() == before:
            return asked.may
    return hidden


def _hide_next(hidden: np.ndarray, line: np.ndarray, cells: Family) -> bool:
    """Hide the smallest number of the line that is shown and not nought, totals last."""
    left = [cell for cell in line if not hidden[cell] and cells.values[cell] > 0]
    if not left:
        return False
    hidden[min(left, key=lambda cell: (cells.totals[cell], cells.values[cell]))] = True
    return True
