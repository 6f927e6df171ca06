"""Answers held as plain rows: what the memory engine hands back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from trigpoint.engines.answers import ANSWERS, COUNTS, MET, NOT_KNOWN, NOT_MET, Answer
from trigpoint.rules.tree import Indicator


@dataclass(frozen=True)
class AnswerRow:
    """One row of `ANSWERS`."""

    child_key: str
    indicator: str
    version: int
    answer: Answer
    finding_id: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    event_ids: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class AnswerRows:
    """All answers, every one a row."""

    def __init__(self, found: Collection[AnswerRow], indicators: Sequence[Indicator]) -> None:
        order = sorted(found, key=lambda r: (r.child_key, r.indicator, r.from_on or date.min, r.finding_id or ""))
        self.rows = order
        self._indicators = indicators

    @property
    def met(self) -> pa.Table:
        """One row an episode."""
        return _table([row for row in self.rows if row.answer == MET])

    def full(self, children: Collection[str] | None = None) -> pa.Table:
        """Every answer of these children, of all without a list."""
        return _table([row for row in self.rows if children is None or row.child_key in children])

    def counts(self) -> pa.Table:
        """Children by indicator and answer."""
        seen = {(row.indicator, row.answer, row.child_key) for row in self.rows}
        children = Counter((indicator, answer) for indicator, answer, _ in seen)
        return pa.Table.from_pylist(
            [
                {
                    "indicator": one.id,
                    "version": one.version,
                    "answer": answer,
                    "children": children[one.id, answer],
                }
                for one in self._indicators
                for answer in (MET, NOT_MET, NOT_KNOWN)
            ],
            schema=COUNTS,
        )


def _table(found: Sequence[AnswerRow]) -> pa.Table:
    listed: list[dict[str, Any]] = [
        {**vars(row), "event_ids": list(row.event_ids), "missing": list(row.missing)} for row in found
    ]
    return pa.Table.from_pylist(listed, schema=ANSWERS)
