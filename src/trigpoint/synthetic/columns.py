"""Columns while they are made: NumPy arrays, of objects where a cell may be empty."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Objects = npt.NDArray[np.object_]
Whole = npt.NDArray[np.int64]
YesNo = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


def only_where(keep: YesNo, held: Any) -> Objects:
    """`held` (a column or one value) where `keep`, None elsewhere."""
    made: Objects = np.full(len(keep), None, dtype=object)
    made[keep] = held[keep] if isinstance(held, np.ndarray) else held
    return made


def objects(values: Any) -> Objects:
    """A list as a column of objects."""
    made: Objects = np.array(values, dtype=object)
    return made
