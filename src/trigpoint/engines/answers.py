"""What every engine hands back, and the few rules of arithmetic that all of them share."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, Protocol

import pyarrow as pa

from trigpoint.records.facts import Facts
from trigpoint.rules.tree import Indicator

Answer = Literal["met", "not met", "not known"]
MET: Final[Answer] = "met"
NOT_MET: Final[Answer] = "not met"
NOT_KNOWN: Final[Answer] = "not known"

SEPARATOR: Final = "\x1f"
ID_LENGTH: Final = 20

ANSWERS: Final = pa.schema(
    [
        ("child_key", pa.string()),
        ("indicator", pa.string()),
        ("version", pa.int64()),
        ("answer", pa.string()),
        ("finding_id", pa.string()),
        ("from_on", pa.date32()),
        ("to_on", pa.date32()),
        ("event_ids", pa.list_(pa.string())),
        ("missing", pa.list_(pa.string())),
    ]
)
COUNTS: Final = pa.schema(
    [
        ("indicator", pa.string()),
        ("version", pa.int64()),
        ("answer", pa.string()),
        ("children", pa.int64()),
    ]
)


class Answers(Protocol):
    """The answers of one run: the few that are met as rows, the rest when asked for."""

    @property
    def met(self) -> pa.Table:
        """One row an episode, in the columns of `ANSWERS`, by child_key, indicator, from_on and finding_id."""

    def full(self, children: Collection[str] | None = None) -> pa.Table:
        """Every answer of these children (of all, without a list), also 'not met' and 'not known'."""

    def counts(self) -> pa.Table:
        """Children by indicator and answer, in the columns of `COUNTS`; nought is a row too."""


class Engine(Protocol):
    """Anything that can answer indicators for children."""

    def answer(
        self,
        indicators: Sequence[Indicator],
        facts: Facts,
        *,
        as_at: datetime | None = None,
        start: datetime | None = None,
        children: Collection[str] | None = None,
    ) -> Answers:
        """Answer every indicator for every child, or for `children` alone while the others stay in sight."""


def finding_id(child_key: str, indicator: str, *, version: int, evidence: Iterable[str]) -> str:
    """First 20 hex digits of md5 over key, indicator, version and the sorted event ids, joined by U+001F."""
    parts = (child_key, indicator, str(version), *sorted(evidence))
    return hashlib.md5(SEPARATOR.join(parts).encode(), usedforsecurity=False).hexdigest()[:ID_LENGTH]


def looks_from(indicator: Indicator, facts: Facts) -> int:
    """First second the indicator looks at: its own look back, but never before the period of the run."""
    if indicator.looks_back is None:
        return facts.start_t
    return max(facts.start_t, facts.as_at_t - indicator.looks_back)
