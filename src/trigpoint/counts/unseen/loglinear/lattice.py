"""Sums over the lattice of lists: what makes log-linear models quick.

A history is a whole number whose bit j says whether list j has the case. A term of a model is such a number too: the
lists that interact. The design matrix of a log-linear model is then "does the history hold the term", so that

- the linear predictor is the sum of the coefficients over the subsets of each history,
- the sufficient statistics are the sums of the counts over the supersets of each term, and
- the entry (s, t) of the information matrix is the sum of the means over the supersets of s | t.

Both sums take K passes over 2^K numbers for K lists (Yates' algorithm), for all tables of a batch at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def over_supersets(values: Floats) -> Floats:
    """For each history, the sum over all histories that hold it; `values` is (tables, 2^K), left as it was."""
    summed = np.array(values, dtype=float)
    for low, high in _halves(summed):
        np.add(low, high, out=low)
    return summed


def over_subsets(values: Floats) -> Floats:
    """For each history, the sum over all histories that it holds; `values` is (tables, 2^K), left as it was."""
    summed = np.array(values, dtype=float)
    for low, high in _halves(summed):
        np.add(high, low, out=high)
    return summed


def _halves(values: Floats) -> list[tuple[Floats, Floats]]:
    """For each list: the views of the histories without it and with it, in matching order."""
    rows, histories = values.shape
    steps = [1 << j for j in range(histories.bit_length() - 1)]
    split = [values.reshape(rows, histories // (2 * step), 2, step) for step in steps]
    return [(one[:, :, 0, :], one[:, :, 1, :]) for one in split]


def sizes(histories: int) -> Ints:
    """How many lists each of the histories 0 .. histories-1 holds."""
    return np.bitwise_count(np.arange(histories, dtype=np.int64)).astype(np.int64)
