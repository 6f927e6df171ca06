"""What the headings of columns are of: an age, a sex, a type of exploitation, a place, a decision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SIGNS: Final = (
    ("age", re.compile(r"^(adult|child|age not)", re.IGNORECASE)),
    ("sex", re.compile(r"^(fe)?male\b", re.IGNORECASE)),
    ("category", re.compile(r"criminal|labour|sexual|domestic", re.IGNORECASE)),
    ("Location of exploitation", re.compile(r"^overseas\b", re.IGNORECASE)),
    ("Outcome", re.compile(r"^(positive|negative)\b", re.IGNORECASE)),
)
_TOTAL: Final = re.compile(r"^(total|all|grand total|number|referrals|people)\b", re.IGNORECASE)


def dimension_of(labels: Iterable[str]) -> str:
    """What a set of headings is of: by the one whose words give it away; `Column` where none does."""
    told = {said for label in labels for said, sign in _SIGNS if sign.search(label)}
    return next((said for said, _ in _SIGNS if said in told), "Column")


def one_of(dimension: str, label: str) -> dict[str, str]:
    """What one heading says; nothing where it is a total."""
    return {} if not label or _TOTAL.match(label) else {dimension: label}
