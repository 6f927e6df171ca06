"""Histories by part: a table of capture histories divided by the values of one of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from trigpoint.counts.unseen.columns import as_table
from trigpoint.counts.unseen.histories import Histories
from trigpoint.errors import CountsError

NOT_KNOWN = "not known"
MOST_PARTS = 30


def by_part(
    frame: Any, column: str, *, count: str | None = None, lists: Sequence[str] | None = None
) -> tuple[Histories, dict[str, Histories]]:
    """The histories of all rows, and those of the rows of each value of `column`, by its name in order.

    `frame`, `count` and `lists` as `Histories.of` takes them; the column is none of the lists. An empty value is
    a part of its own, "not known". Raises CountsError where there is no such column or it has too many values.
    """
    table = as_table(frame)
    if column not in table.column_names:
        raise CountsError(f"There is no column '{column}'.", mend=f"There are: {', '.join(table.column_names)}.")
    said = [_word(value) for value in table.column(column).to_pylist()]
    parts = sorted(set(said))
    if len(parts) > MOST_PARTS:
        raise CountsError(
            f"Column '{column}' has {len(parts)} values; at most {MOST_PARTS} parts are dealt with.",
            mend="Put values together into broader parts first.",
        )
    rest = table.drop_columns([column])
    values = np.array(said)
    return (
        Histories.of(rest, count=count, lists=lists),
        {part: Histories.of(rest.filter(pa.array(values == part)), count=count, lists=lists) for part in parts},
    )


def _word(value: object) -> str:
    word = "" if value is None else str(value).strip()
    return word or NOT_KNOWN
