"""Whole tables that agree with all that is published: proofs that a cell can be this as well as that."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse

from trigpoint.counts.disclosure.hiding.problem import TINY, Flags, Floats, Ints

KEPT: Final = 400
CELLS_KEPT: Final = 4_000_000


class Witnesses:
    """Tables found so far, beside the true one. What no longer fits is put back to the truth, part by part."""

    def __init__(self, truth: Floats, *, equal: sparse.csr_matrix, most: sparse.csr_matrix) -> None:
        self.truth, self.equal, self.most = truth, equal, most
        self._found: list[Floats] = []
        self._kept = max(20, min(KEPT, CELLS_KEPT // max(len(truth), 1)))
        self.low, self.high = truth.copy(), truth.copy()

    def fit(self, low: Floats, high: Floats, *, cells: Ints, rows: Ints) -> None:
        """Keep what still lies within the bounds; `cells` and `rows` say which part each cell and each sum hangs in."""
        self.tables = np.array(self._found[-self._kept :]).reshape(-1, len(self.truth))
        if len(self.tables):
            parts = max(int(cells.max()), int(rows.max(initial=0))) + 1
            wrong = (self.tables < low - TINY) | (self.tables > high + TINY) | (low == high)
            self._put_back(wrong, cells, of=cells, parts=parts)
            self._put_back(self._broken(), rows, of=cells, parts=parts)
            self.tables = self.tables[(self.tables != self.truth).any(axis=1)]
        self._found = list(self.tables)
        self._measure()

    def add(self, table: Floats) -> None:
        """One more table that agrees with everything."""
        if (table != self.truth).any():
            self._found.append(table)
            np.minimum(self.low, table, out=self.low)
            np.maximum(self.high, table, out=self.high)

    def spread(self) -> Floats:
        """How far each cell moves over the tables."""
        return self.high - self.low

    def _put_back(self, wrong: Flags, label: Ints, *, of: Ints, parts: int) -> None:
        """Every part in which something is wrong goes back to the truth."""
        table, at = np.nonzero(wrong)
        back = np.zeros((len(self.tables), parts), dtype=np.bool_)
        back[table, label[at]] = True
        self.tables = np.where(back[:, of], self.truth, self.tables)

    def _broken(self) -> Flags:
        """Sums that hold no longer, now that cells which are fixed went back."""
        off = np.abs(self.equal @ self.tables.T) > TINY
        over = self.most @ self.tables.T > TINY
        return np.vstack([off, over]).T

    def _measure(self) -> None:
        self.low, self.high = self.truth.copy(), self.truth.copy()
        if len(self.tables):
            np.minimum(self.low, self.tables.min(axis=0), out=self.low)
            np.maximum(self.high, self.tables.max(axis=0), out=self.high)
