"""NHS numbers that a person's word puts on one child: for linking, each of them is the smallest of them.

A judgement about two records thereby reaches every record that bears one of their numbers, near or far. So a run that
adds must know which numbers stood for one child when the known links were made, and looks again where that changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

import duckdb
import numpy as np

from trigpoint.linkage.clusters.forming import label
from trigpoint.linkage.features.people import MOMENT, one_number

# Every word "same" between records whose latest NHS numbers differ.
PAIRS: Final = f"""
WITH same AS (SELECT record_a, record_b FROM link_judged_ids WHERE verdict = 'same'),
latest AS (
    SELECT record_id, arg_max(nhs_number, {MOMENT}) AS number FROM "{{view}}"
    WHERE nhs_number IS NOT NULL AND record_id IN (SELECT unnest([record_a, record_b]) FROM same) GROUP BY record_id)
SELECT DISTINCT a.number, b.number FROM same s
JOIN latest a ON a.record_id = s.record_a JOIN latest b ON b.record_id = s.record_b WHERE a.number <> b.number
"""


def same_nhs(con: duckdb.DuckDBPyConnection, records_view: str) -> dict[str, str]:
    """NHS numbers that a person's "same" puts on one child, each mapped to the smallest of them.

    `records_view` has the columns of `records`; needs what `region.take_known` left.
    """
    if not one_number(con, "SELECT count(*) FROM link_judged_ids WHERE verdict = 'same'"):
        return {}
    rows = con.execute(PAIRS.format(view=records_view)).fetchall()
    numbers = sorted({number for row in rows for number in row})
    place = {number: at for at, number in enumerate(numbers)}
    labels = label(len(numbers), np.array([place[a] for a, _ in rows], int), np.array([place[b] for _, b in rows], int))
    return {number: numbers[labels[at]] for number, at in place.items()}


def moved_numbers(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What the numbers stood for `before` that stand for another `now`."""
    moved = (n for n in {*before, *now} if before.get(n, n) != now.get(n, n))
    return sorted({before.get(number, number) for number in moved})


def mark_of_numbers(same: Mapping[str, str]) -> str:
    """A mark of which numbers stand for one child, "" where none do; the numbers cannot be read from it."""
    return hashlib.sha256(json.dumps(sorted(same.items())).encode()).hexdigest() if same else ""
